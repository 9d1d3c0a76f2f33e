"""The home page, the networks, and the members in Germany.

They tell of networks but count cities, so they live in the app above the networks.
"""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from cities.directory import directory
from cities.drawing import world_map
from cities.models import Source
from cities.portrait import Portrait, german_members
from cities.portrait import numbers as portal_numbers
from cities.profile import german_map
from network.models import Network, News
from network.pages import PublicRequest, public_page


@require_safe
@public_page
def home(request: PublicRequest) -> HttpResponse:
    """Search, the world map, the networks, the members in Germany, news, numbers."""
    now = directory(request.content_version)
    german = now.by_name(now.of_country("DE") & now.current)
    context = {
        "portraits": [Portrait(now, network) for network in now.networks.values()],
        "map": world_map(now, now.current, whole=True),
        "numbers": portal_numbers(now),
        "sources": Source.objects.count(),
        "germany": german_map(now, german),
        "german_cities": german,
        "news": News.objects.for_list()[:3],
    }
    return render(request, "network/home.html", context)


@require_safe
@public_page
def network_list(request: PublicRequest) -> HttpResponse:
    """All networks side by side."""
    now = directory(request.content_version)
    portraits = [Portrait(now, network) for network in now.networks.values()]
    return render(request, "network/network_list.html", {"portraits": portraits})


@require_safe
@public_page
def network_detail(request: PublicRequest, slug: str) -> HttpResponse:
    """One network: what it is and wants, what it gives and costs, how to join, its members."""
    now = directory(request.content_version)
    network = get_object_or_404(Network.objects.for_page(), slug=slug)
    context = {
        "network": network,
        "portrait": Portrait(now, network),
        "map": world_map(now, now.members(slug), whole=True, network=slug),
        "news": News.objects.for_list().filter(network=network)[:3],
    }
    return render(request, "network/network_detail.html", context)


@require_safe
@public_page
def germany(request: PublicRequest) -> HttpResponse:
    """The German members, Land by Land."""
    now = directory(request.content_version)
    lands = german_members(now)
    cities = [city for _land, members in lands for city in members]
    context = {
        "lands": lands,
        "lands_with_members": sum(1 for land, members in lands if land and members),
        "count": len(cities),
        "portraits": [Portrait(now, network) for network in now.networks.values()],
        "map": german_map(now, cities),
    }
    return render(request, "cities/germany.html", context)
