"""Cities tell what they do with a practice of another place."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from exchange.actions import transferring
from exchange.forms import TransferForm
from exchange.models import Practice
from exchange.permissions import cities_for_transfer
from exchange.views.answering import done, person, read_and_write, show


@read_and_write
def record(request: HttpRequest, slug: str) -> HttpResponse:
    """How far one of the person's cities has come. Who speaks for no other city is told how to."""
    shown = Practice.objects.published().select_related("city__country", "country")
    practice = get_object_or_404(shown, slug=slug)
    cities = cities_for_transfer(request.user, practice)
    form = TransferForm(cities, request.POST if request.method == "POST" else None)
    if done(form, lambda: transferring.record(practice, by=person(request), **form.cleaned_data)):
        messages.success(request, _("Recorded. It stands on the page of the practice."))
        return redirect(practice)
    return show(request, "transfer_form", form, practice=practice, may_record=cities.exists())
