"""The admin site: operators see all, coordinators what belongs to their own networks."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from network.permissions import keeps_content
from network.views.account import SignOut


class Desk(AdminSite):
    """Django's admin, opened by office instead of a staff flag."""

    site_header = _("City Networks: content")
    site_title = _("City Networks")
    index_title = _("Keep content")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return keeps_content(request.user)

    @method_decorator(never_cache)
    @method_decorator(login_not_required)
    def login(self, request: HttpRequest, _extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Sends to the portal's own sign-in page; somebody signed in without such an office meets 404."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "")
        if not url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()}):
            wanted = reverse("admin:index")
        if self.has_permission(request):
            return redirect(wanted)
        if request.user.is_authenticated:
            raise Http404
        return redirect_to_login(wanted)

    def logout(self, request: HttpRequest, _extra_context: dict[str, Any] | None = None) -> Any:
        """The portal's own way out."""
        return SignOut.as_view()(request)

    def password_change(self, _request: HttpRequest, _extra_context: dict[str, Any] | None = None) -> Any:
        """The portal's own page, like everything about one's account."""
        return redirect("account_change_password")

    def get_urls(self) -> list[Any]:
        """Without the jump to any object's public page: it would tell coordinators addresses of others' drafts."""
        return [url for url in super().get_urls() if getattr(url, "name", None) != "view_on_site"]
