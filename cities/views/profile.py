"""A city's own team keeps its profile and its pictures."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.actions import ProfileChangedError, add_picture, confirm_profile, edit_profile, remove_picture
from cities.forms import PictureForm, ProfileForm
from cities.models import City
from cities.particulars import LABELS, history, particulars
from cities.permissions import kept_by
from network.actions import RefusedError
from network.models import User


def _own(request: HttpRequest, slug: str) -> tuple[City, User]:
    """The city and who keeps it; strangers meet 404."""
    city = get_object_or_404(kept_by(request.user).select_related("country"), slug=slug)
    assert isinstance(request.user, User)
    return city, request.user


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str) -> HttpResponse:
    """The profile as a form. What two people have changed at the same time is asked for, and nothing saved before."""
    city, person = _own(request, slug)
    now = particulars(city)
    form = ProfileForm(request.POST, now=now) if request.method == "POST" else ProfileForm(now=now)
    if form.is_valid():
        try:
            saved = edit_profile(city, by=person, seen=now, **form.values)
        except ProfileChangedError as refusal:
            form = ProfileForm(request.POST, now=refusal.now)
            form.add_error(None, refusal.for_reader)
        else:
            _tell(request, saved, form.kept)
            return redirect("cities:edit", slug=slug)
    context = {
        "city": city,
        "form": form,
        "pictures": city.pictures.order_by("position", "pk"),
        "changes": history(city),
        "is_public": City.objects.in_directory().filter(pk=city.pk).exists(),
    }
    status = 409 if form.questions or form.non_field_errors() else 422
    return render(request, "cities/profile_form.html", context, status=status if form.errors else 200)


def _tell(request: HttpRequest, saved: list[str], kept: list[str]) -> None:
    def names(of: list[str]) -> dict[str, str]:
        return {"names": ", ".join(str(LABELS[name]) for name in of)}

    if saved:
        messages.success(request, _("Saved: %(names)s.") % names(saved))
    else:
        messages.info(request, _("Nothing was changed."))
    if kept:
        sentence = _("Somebody else had changed this meanwhile, and it stays: %(names)s.")
        messages.info(request, sentence % names(kept))


@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, slug: str) -> HttpResponse:
    """POST: everything is still right. Whoever comes by a link, after signing in again, is led to the profile."""
    city, person = _own(request, slug)
    if request.method == "POST":
        confirm_profile(city, by=person)
        messages.success(request, _("Thank you. The profile is confirmed as of today."))
    return redirect("cities:edit", slug=slug)


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """A new picture with what it shows, credit and licence."""
    city, person = _own(request, slug)
    form = PictureForm(request.POST, request.FILES) if request.method == "POST" else PictureForm()
    if form.is_valid():
        values = form.cleaned_data
        try:
            add_picture(city, values.pop("image").file, by=person, **values)
        except RefusedError as refusal:
            form.add_error("image", refusal.for_reader)
        else:
            messages.success(request, _("The picture is added."))
            return redirect("cities:edit", slug=slug)
    context = {"city": city, "form": form}
    return render(request, "cities/picture_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Asks before the picture is removed."""
    city, person = _own(request, slug)
    picture = get_object_or_404(city.pictures, pk=pk)
    if request.method != "POST":
        return render(request, "cities/picture_remove.html", {"city": city, "picture": picture})
    remove_picture(picture, by=person)
    messages.success(request, _("The picture is removed."))
    return redirect("cities:edit", slug=slug)
