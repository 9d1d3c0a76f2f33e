"""The letters to the person who reads, and the end of those that can be ended."""

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from network.ending import ending_of
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


@csrf_exempt  # mail programs send the form (RFC 8058); the signed address says who and what
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """Ends letters of one kind by POST, without signing in; opening the address only asks."""
    found = ending_of(token)
    about = found[0].about(found[1]) if found else None
    if found and about and request.method == "POST":
        found[0].end(found[1])
        return render(request, "network/letters_ended.html", {"about": about})
    return render(request, "network/letters_end.html", {"about": about}, status=200 if about else 410)
