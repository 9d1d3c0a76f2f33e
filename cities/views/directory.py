"""The directory: one result as list, table or map, and as a file."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from cities.directory import directory
from cities.exports import export, points
from cities.filters import FORMATS, CityFilter
from cities.listing import Listing
from network.pages import PublicRequest, public_page


@require_safe
@public_page
def city_list(request: PublicRequest) -> HttpResponse:
    """The member cities that fit the query. `format=csv|geojson|json` gives all of them as a file."""
    listing = Listing(CityFilter(request.GET, directory(request.content_version)), request.GET)
    form = request.GET.get("format", "")
    if form == "points":
        return points(listing.directory, listing.bits, listing.only)
    if form in FORMATS:
        return export(listing.entries, form)
    if form:
        listing.note_unknown_format(form)
    return render(request, "cities/city_list.html", {"listing": listing})
