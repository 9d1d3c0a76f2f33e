"""The first page after signing in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from applications.my_desk import MyDesk
from network.models import User


@never_cache
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What waits for the person. For everybody who is signed in."""
    assert isinstance(request.user, User)
    desk = MyDesk(request.user, page=request.GET.get("page", ""))
    return render(request, "applications/desk_home.html", {"desk": desk})
