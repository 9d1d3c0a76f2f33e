"""The page of one city."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cities.directory import directory
from cities.models import City, Membership
from cities.profile import Profile
from network.pages import PublicRequest, public_page


@require_safe
@public_page
def city_detail(request: PublicRequest, slug: str) -> HttpResponse:
    """A member city with its memberships, facts, neighbours and pictures. Five queries."""
    now = directory(request.content_version)
    city = get_object_or_404(City.objects.filter(pk__in=now.number).for_page(), slug=slug)
    city.shown_memberships = now.complete(Membership.objects.filter(city=city).for_page())
    city.people = now.people(city.pk)
    return render(request, "cities/city_detail.html", {"city": city, "profile": Profile(now, city)})
