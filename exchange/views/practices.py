"""Practices: one result as list or map and as a file, and the page of one practice."""

from django.conf import settings
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cities.directory import directory
from exchange.catalogue import catalogue
from exchange.detail import PracticePage
from exchange.exports import TYPES, export, feed, points
from exchange.filters import PracticeFilter
from exchange.listing import PracticeListing
from exchange.models import Practice
from network.pages import PublicRequest, public_page


@require_safe
@public_page
def practice_list(request: PublicRequest) -> HttpResponseBase:
    """The practices that fit the query. `format=csv|json` gives all as a file, `atom` the last ones as a feed."""
    now = catalogue(directory(request.content_version))
    listing = PracticeListing(PracticeFilter(request.GET, now), request.GET)
    form = request.GET.get("format", "")
    if form == "points":
        return points(now, listing.bits)
    if form == "atom":
        return feed(now, listing.bits, site=settings.SITE_ADDRESS, address=request.get_full_path())
    if form in TYPES:
        return export(listing.keys(), form, now)
    if form:
        listing.note_unknown_format(form)
    return render(request, "exchange/practice_list.html", {"listing": listing})


@require_safe
@public_page
def practice_detail(request: PublicRequest, slug: str) -> HttpResponse:
    """One practice: what was done, what another city needs to know, and where that was read."""
    practice = get_object_or_404(Practice.objects.published().for_page(), slug=slug)
    page = PracticePage(catalogue(directory(request.content_version)), practice)
    return render(request, "exchange/practice_detail.html", {"practice": practice, "page": page, "entry": page.entry})
