"""Signing in and out. The language of the page stays; `next` leads back to where somebody came from."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_not_required
from django.utils.decorators import method_decorator

from network.forms import SignInForm


class SignIn(views.LoginView):
    authentication_form = SignInForm
    redirect_authenticated_user = True


@method_decorator(login_not_required, name="dispatch")
class SignOut(views.LogoutView):
    """Only by POST, so that no link or picture elsewhere signs anybody out; harmless where a session has ended."""
