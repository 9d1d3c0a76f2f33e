"""Addresses of sign-in and account. The names are those django-allauth asks for; what it has beside is not there."""

from typing import Any

from allauth.account import views as account
from allauth.mfa.base import views as mfa
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.socialaccount import views as social
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, reverse_lazy
from django.utils.translation import gettext_lazy as _

from network.views import account as own
from network.views import unsent


def page(address: str, view: Any, name: str, template: str, **words: Any) -> URLPattern:
    """One of allauth's views on a page of ours. `words` are for the template: `heading`, and for a plain form
    (account/form.html) also `lead` and `button`."""
    pattern: URLPattern = path(address, view.as_view(template_name=f"{template}.html", extra_context=words), name=name)
    return pattern


FORM, CODE, NOTE = "account/form", "account/code", "account/note"

urlpatterns = [
    # signing in and out
    page("sign-in/", account.LoginView, "account_login", "account/sign_in", heading=_("Sign in")),
    path("sign-out/", own.SignOut.as_view(), name="account_logout"),
    page(
        "sign-in/second-factor/", mfa.AuthenticateView, "mfa_authenticate", "mfa/sign_in",
        heading=_("Second factor"),
    ),
    path("sign-in/passkey/", webauthn.LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    page(
        "sign-in/closed/", account.AccountInactiveView, "account_inactive", NOTE,
        heading=_("Account closed"), lead=_("This account is closed. Ask the operator of the portal."),
    ),
    # registering
    page("register/", account.SignupView, "account_signup", "account/register", heading=_("Register")),
    path(
        "register/code/",
        login_not_required(
            account.ConfirmEmailVerificationCodeView.as_view(
                template_name="account/code.html", extra_context={"heading": _("Confirm your e-mail address")}
            )
        ),
        name="account_email_verification_sent",
    ),
    # a forgotten password
    page(
        "password/", account.PasswordResetView, "account_reset_password", FORM,
        heading=_("Forgotten password"), button=_("Send the code"),
        lead=_("We send a code to your e-mail address. With it you choose a new password."),
    ),
    page(
        "password/code/", account.ConfirmPasswordResetCodeView, "account_confirm_password_reset_code", CODE,
        heading=_("Enter the code"),
    ),
    page(
        "password/new/", account.CompletePasswordResetView, "account_complete_password_reset", FORM,
        heading=_("Choose a new password"), button=_("Save the password"),
        lead=_("All other devices are signed out then."),
    ),
    page(
        "password/done/", account.PasswordResetFromKeyDoneView, "account_password_reset_completed", NOTE,
        heading=_("The new password is saved"), lead=_("Sign in with it now. All other devices are signed out."),
    ),
    # one's own account
    path("account/", own.settings_page, name="account"),
    path("account/data/", own.data, name="account_data"),
    path("account/sessions/", own.sessions, name="account_sessions"),
    path("account/delete/", own.leave, name="account_delete"),
    page(
        "account/confirm/", account.ReauthenticateView, "account_reauthenticate", "account/again",
        heading=_("Is it you?"), button=_("Confirm"), lead=_("This is about the safety of your account."),
    ),
    page(
        "account/address/", account.EmailView, "account_email", "account/address",
        heading=_("Change the e-mail address"), button=_("Send the code"),
    ),
    page(
        "account/password/", account.PasswordChangeView, "account_change_password", FORM,
        heading=_("Change the password"), button=_("Save the password"),
        lead=_("All other devices are signed out then."),
    ),
    page(
        "account/first-password/", account.PasswordSetView, "account_set_password", FORM,
        heading=_("Set a password"), button=_("Save the password"),
        lead=_("So far you sign in with an account of your town hall. With a password you can sign in here too."),
    ),
    # second factor
    page("account/second-factor/", mfa.IndexView, "mfa_index", "mfa/index", heading=_("Second factor")),
    page(
        "account/second-factor/confirm/", mfa.ReauthenticateView, "mfa_reauthenticate", "account/again",
        heading=_("Is it you?"), button=_("Confirm"), lead=_("This is about the safety of your account."),
    ),
    page(
        "account/second-factor/app/", totp.ActivateTOTPView, "mfa_activate_totp", "mfa/app",
        heading=_("Set up an app"), button=_("Switch on"),
    ),
    page(
        "account/second-factor/app/remove/", totp.DeactivateTOTPView, "mfa_deactivate_totp", FORM,
        heading=_("Remove the app"), button=_("Remove the app"),
        lead=_("Its codes are not asked for any more. Without another second factor the recovery codes end too."),
    ),
    page(
        "account/second-factor/codes/", recovery_codes.ViewRecoveryCodesView, "mfa_view_recovery_codes",
        "mfa/recovery_codes", heading=_("Recovery codes"),
    ),
    page(
        "account/second-factor/codes/new/", recovery_codes.GenerateRecoveryCodesView, "mfa_generate_recovery_codes",
        FORM, heading=_("New recovery codes"), button=_("Make new codes"),
        lead=_("The codes you have now are void then."),
    ),
    path(
        "account/second-factor/codes/file/",
        recovery_codes.DownloadRecoveryCodesView.as_view(template_name="mfa/recovery_codes.txt"),
        name="mfa_download_recovery_codes",
    ),
    page(
        "account/second-factor/passkey/", webauthn.AddWebAuthnView, "mfa_add_webauthn", "mfa/passkey",
        heading=_("Add a passkey"),
    ),
    page(
        "account/second-factor/passkey/confirm/", webauthn.ReauthenticateWebAuthnView, "mfa_reauthenticate_webauthn",
        "mfa/passkey_again", heading=_("Is it you?"),
    ),
    path(
        "account/second-factor/passkey/<int:pk>/remove/",
        webauthn.RemoveWebAuthnView.as_view(
            template_name="mfa/passkey_remove.html",
            success_url=reverse_lazy("mfa_index"),
            extra_context={"heading": _("Remove the passkey")},
        ),
        name="mfa_remove_webauthn",
    ),
    # accounts of a town hall (OpenID Connect)
    page(
        "account/town-hall/", social.ConnectionsView, "socialaccount_connections", "socialaccount/connections",
        heading=_("Sign in with an account of your town hall"),
    ),
    page(
        "register/town-hall/", social.SignupView, "socialaccount_signup", FORM,
        heading=_("Register"), button=_("Register"),
        lead=_("Your town hall has told us who you are. Check it."),
    ),
    page(
        "sign-in/cancelled/", social.LoginCancelledView, "socialaccount_login_cancelled", NOTE,
        heading=_("Not signed in"), lead=_("You have ended the sign-in at your town hall."),
    ),
    path(
        "sign-in/failed/",
        login_not_required(
            social.LoginErrorView.as_view(
                template_name="account/note.html",
                extra_context={
                    "heading": _("Not signed in"),
                    "lead": _("Signing in at your town hall did not work. Try again, or use your password."),
                },
            )
        ),
        name="socialaccount_login_error",
    ),
    # what somebody sent while signed out
    path("unsent/", unsent.held_page, name="unsent"),
]  # fmt: skip
