"""The letters to the person who reads."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from network.letter_mail import as_html
from network.models import Letter

PER_PAGE = 20


@require_safe
def letter_list(request: HttpRequest) -> HttpResponse:
    """Newest first."""
    page = Paginator(Letter.objects.visible_to(request.user).for_list(), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "network/letter_list.html", {"page": page})


@require_safe
def letter_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One letter as it was written, in its own language; another person's is 404."""
    letter = get_object_or_404(Letter.objects.visible_to(request.user), pk=pk)
    return render(request, "network/letter_detail.html", {"letter": letter, "text": as_html(letter.text)})
