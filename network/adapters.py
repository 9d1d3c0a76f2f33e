"""How sign-in (django-allauth) meets the portal: our people, our words, our outbox, our secrets."""

import base64
import logging
import secrets
from pathlib import PurePosixPath
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as now
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from allauth.usersessions.models import UserSession
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.forms import BaseForm
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_lazy as _

from network import outbox, throttle
from network.models import Letter, User

log = logging.getLogger(__name__)

TOO_MANY = _("There were too many attempts. Wait five minutes, then try again.")
WRONG_CODE = _("This code is not right, or no longer valid. Check it, or ask for a new one.")
WITH_SECRET = {"email_confirmation", "email_confirmation_signup", "password_reset_code"}


# What is said once something is done; about all else the next page speaks for itself.
SAID = {
    "email_confirmed": _("Your e-mail address is confirmed."),
    "email_confirmation_failed": _("This address cannot be used here. Choose another one."),
    "password_changed": _("The new password is saved. All other devices are signed out."),
    "password_set": _("Your password is saved."),
    "totp_activated": _("The app is set up. From now on you are asked for its code."),
    "totp_deactivated": _("The app is removed."),
    "webauthn_added": _("The passkey is added."),
    "webauthn_removed": _("The passkey is removed."),
    "account_connected": _("The account of your town hall is connected."),
    "account_connected_other": _("This town hall account belongs to another account of the portal already."),
    "account_disconnected": _("The account of your town hall is disconnected."),
}


class AccountAdapter(DefaultAccountAdapter):
    """People without a user name; letters through the outbox; sentences that say what to do next."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("This account is closed. Ask the operator of the portal."),
        "email_password_mismatch": _(
            "E-mail address and password do not match. Check both; the password depends on capital letters."
        ),
        "email_taken": _("This address cannot be used here. Choose another one."),
        "duplicate_email": _("This is the address of your account already."),
        "same_as_current": _("This is the address of your account already."),
        "enter_current_password": _("This is not your password until now."),
        "incorrect_password": _("This is not your password."),
        "incorrect_code": WRONG_CODE,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def save_user(self, request: HttpRequest, user: User, form: BaseForm, commit: bool = True) -> User:  # noqa: FBT001, FBT002
        """A new person: the name as typed, the language of the page."""
        user.name = form.cleaned_data.get("name") or user.name
        user.language = get_language() or settings.LANGUAGE_CODE
        super().save_user(request, user, form, commit=commit)
        return user

    def login(self, request: HttpRequest, user: User) -> None:
        """The session lasts as long as any, also where it held a form for an hour until now."""
        super().login(request, user)
        request.session.set_expiry(None)

    def set_password(self, user: User, password: str) -> None:
        """A new password ends every other session of the person."""
        super().set_password(user, password)
        for session in UserSession.objects.filter(user=user).exclude(session_key=now.request.session.session_key):
            session.end()

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """`account/email/password_reset_code` becomes the letter `account_password_reset_code`.

        It goes to `email`, which need not be the address of an account, in the person's language or the page's.
        """
        kind = template_prefix.rpartition("/")[2].removeprefix("account_")
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        language = user.language if user else get_language() or settings.LANGUAGE_CODE
        with override(language):
            facts: dict[str, object] = {key: value for key, value in context.items() if isinstance(value, str)}
            facts["moment"] = date_format(timezone.localtime(), "DATETIME_FORMAT")
        outbox.post(
            f"account_{kind}",
            to=user if user and user.email == email else email,
            context=facts | {"email": email},
            key=f"account:{kind}:{secrets.token_urlsafe(16)}",
            urgency=Letter.Urgency.ACCOUNT,
            language=language,
            secret=kind in WITH_SECRET,
        )

    def add_message(
        self, request: HttpRequest, level: int, message_template: str = "", *_context: Any, **more: Any
    ) -> None:
        """Only what SAID has, or what was said in words; nothing where the person is not signed in yet."""
        text = more.get("message") or SAID.get(PurePosixPath(message_template).stem)
        if text and (request.user.is_authenticated or level >= messages.ERROR):
            messages.add_message(request, level, text)

    def get_client_ip(self, request: HttpRequest) -> str:
        return throttle.sender(request)

    def get_password_change_redirect_url(self, _request: HttpRequest) -> str:
        return reverse("account")

    def get_email_verification_redirect_url(self, _email_address: Any) -> str:
        return reverse("account")

    def get_login_stages(self) -> list[str]:
        """An address is confirmed, then the second factor asked for; nothing else."""
        return ["allauth.account.stages.EmailVerificationStage", "allauth.mfa.stages.AuthenticateStage"]

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        words = {
            "reauthenticate": _("With your password"),
            "mfa_reauthenticate": _("With a code of your app"),
            "mfa_reauthenticate:webauthn": _("With a passkey"),
        }
        methods = super().get_reauthentication_methods(user)
        return [method | {"description": words[method["id"]]} for method in methods]


class SecondFactorAdapter(DefaultMFAAdapter):
    """The name under which apps and passkeys keep us; secrets are encrypted before they reach the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": WRONG_CODE,
        "unverified_email": _("Confirm your e-mail address first."),
        "cannot_generate_recovery_codes": _("Recovery codes belong to a second factor. Set one up first."),
    }

    def _get_site_name(self) -> str:
        return gettext("City Networks")

    def generate_authenticator_name(self, user: User, _type: Any) -> str:
        return gettext("Passkey %(number)s") % {
            "number": Authenticator.objects.filter(user=user, type=Authenticator.Type.WEBAUTHN).count() + 1,
        }

    def encrypt(self, text: str) -> str:
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()


def _cipher() -> Fernet:
    key = salted_hmac("network.adapters.SecondFactorAdapter", "secrets", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))


class TownHallAdapter(DefaultSocialAccountAdapter):
    """Accounts that a town hall keeps itself (OpenID Connect)."""

    error_messages = DefaultSocialAccountAdapter.error_messages | {
        "email_taken": _("This address cannot be used here. Choose another one."),
        "no_password": _("Set a password first: without one you could not sign in any more."),
        "no_verified_email": _("Confirm your e-mail address first."),
        "disconnect_last": _("Set a password first: without one you could not sign in any more."),
        "connected_other": _("This town hall account belongs to another account of the portal already."),
    }

    def on_authentication_error(self, *_where: Any, error: Any = None, exception: Any = None, **_more: Any) -> None:
        """To a page in the reader's language; what went wrong is for the operator."""
        if error == AuthError.CANCELLED:
            return
        log.warning("Sign-in by OpenID Connect failed: %s %s", error, exception or "")
        raise ImmediateHttpResponse(redirect("socialaccount_login_error"))

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> User:
        user: User = super().populate_user(request, sociallogin, data)
        parts = (data.get("first_name") or "", data.get("last_name") or "")
        user.name = (data.get("name") or " ".join(filter(None, parts)))[:200]
        user.language = get_language() or settings.LANGUAGE_CODE
        return user
