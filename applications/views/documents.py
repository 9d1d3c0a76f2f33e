"""Documents of an application: given out as files to whoever may read them, taken out of an answer by the city."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from applications.actions.documents import remove_document
from applications.models import Application, Document
from applications.models.document import SHEETS
from applications.permissions import may_read, may_write
from network.actions import RefusedError
from network.documents.giving import attachment
from network.models import User


def _document(application: Application, number: int) -> Document:
    document = get_object_or_404(application.documents.select_related("application__call__network"), pk=number)
    document.application = application
    return document


@require_safe
def download(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """The file as it was uploaded, under its own name; also a removed one, for it belongs to the history."""
    application = get_object_or_404(Application.objects.readable_by(request.user).for_page(), pk=pk)
    document = _document(application, number)
    if not may_read(request.user, document):
        raise Http404
    return attachment(document.file, name=document.name, kind=document.kind)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Asks, then takes the document out of its answer."""
    application = get_object_or_404(Application.objects.of_cities_of(request.user).for_page(), pk=pk)
    document = _document(application, number)
    section = application.pack.section_of.get(document.question)
    if section is None or document.question.startswith(SHEETS) or not may_write(request.user, application):
        raise Http404
    if request.method != "POST":
        context = {"application": application, "document": document, "section": section}
        return render(request, "applications/document_remove.html", context)
    assert isinstance(request.user, User)
    try:
        remove_document(document, by=request.user)
    except RefusedError as refusal:
        messages.error(request, refusal.for_reader)
    else:
        messages.success(request, _("The document is removed. It stays in the history."))
    return redirect(f"{reverse('applications:section', args=[pk, section.key])}#question.{document.question}")
