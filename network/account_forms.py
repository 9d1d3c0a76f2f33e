"""The forms of sign-in and account: allauth's, drawn like all others, with our words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as mfa
from allauth.mfa.recovery_codes.forms import GenerateRecoveryCodesForm
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as webauthn
from allauth.socialaccount import forms as social
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from network.forms import DrawnForm
from network.models import User

ADDRESS = {
    "required": _("Enter your e-mail address."),
    "invalid": _("This is not an e-mail address. Example: name@example.org"),
}
PASSWORD = {"required": _("Enter your password.")}
NEW_PASSWORD = {"required": _("Choose a password.")}
CODE = {"required": _("Enter the code.")}


class AccountForm(DrawnForm):
    """Says what each field needs in our words, and puts no text into empty fields."""

    LABELS = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "oldpassword": _("Password until now"),
        "password1": _("New password"),
        "code": _("Code"),
        "name": _("Name"),
    }
    HELP = {
        "password1": _("At least 10 characters; not your name, not your address, no word that everybody uses."),
    }
    ERRORS = {"login": ADDRESS, "email": ADDRESS, "password": PASSWORD, "oldpassword": PASSWORD,
              "password1": NEW_PASSWORD, "code": CODE}  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("password2", None)  # whoever mistypes a new password gets another one by e-mail
        for name, field in self.fields.items():
            field.label = self.LABELS.get(name, field.label)
            field.help_text = self.HELP.get(name, "")
            field.error_messages |= self.ERRORS.get(name, {})
            field.widget.attrs.pop("placeholder", None)


class SignInForm(AccountForm, account.LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs["autocomplete"] = "username"


class RegisterForm(AccountForm, account.SignupForm):
    """Name, address, password. Nothing here tells whether there is an account with this address already."""

    field_order = ["name", "email", "password1"]
    LABELS = AccountForm.LABELS | {"password1": _("Password")}
    HELP = AccountForm.HELP | {
        "name": _("As colleagues and coordinators shall see it."),
        "email": _("We send a code to this address. Your city's own address is best."),
    }
    name = forms.CharField(
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Enter your name.")},
    )


class CodeForm(AccountForm, account.ConfirmEmailVerificationCodeForm):
    """The code that came by e-mail, for an address."""


class ResetCodeForm(AccountForm, account.ConfirmPasswordResetCodeForm):
    """The code that came by e-mail, for a new password."""


class AddressForm(AccountForm, account.AddEmailForm):
    LABELS = AccountForm.LABELS | {"email": _("New e-mail address")}
    HELP = {"email": _("We send a code to this address. Until you have entered it, the address until now stays.")}


class ForgottenForm(AccountForm, account.ResetPasswordForm):
    pass


class NewPasswordForm(AccountForm, account.ResetPasswordKeyForm):
    pass


class FirstPasswordForm(AccountForm, account.SetPasswordForm):
    pass


class ChangePasswordForm(AccountForm, account.ChangePasswordForm):
    pass


class AgainForm(AccountForm, account.ReauthenticateForm):
    pass


class SecondFactorForm(AccountForm, mfa.AuthenticateForm):
    HELP = {"code": _("Six digits from your app, or one of your recovery codes.")}


class SecondFactorAgainForm(AccountForm, mfa.ReauthenticateForm):
    HELP = SecondFactorForm.HELP


class AppForm(AccountForm, totp.ActivateTOTPForm):
    HELP = {"code": _("The six digits that the app shows now.")}


class AppAwayForm(AccountForm, totp.DeactivateTOTPForm):
    pass


class RecoveryCodesForm(AccountForm, GenerateRecoveryCodesForm):
    pass


class PasskeyForm(AccountForm, webauthn.AddWebAuthnForm):
    LABELS = {"name": _("Name of the passkey"), "passwordless": _("Sign in with it alone, without a password")}
    HELP = {
        "name": _("So that you can tell it from others, for example “Work laptop”."),
        "passwordless": _("The device then asks for a fingerprint, a face or a PIN."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].initial = self.initial["name"] = ""
        self.fields["name"].widget.attrs["maxlength"] = 60


class TownHallForm(AccountForm, social.SignupForm):
    """What a town hall's own account does not tell of a person."""

    field_order = ["name", "email"]
    name = RegisterForm.base_fields["name"]


class SettingsForm(DrawnForm, forms.ModelForm):
    """What a person says about themselves."""

    class Meta:
        model = User
        fields = ["name", "language", "letters"]
        widgets = {"name": forms.TextInput(attrs={"autocomplete": "name"}), "language": forms.RadioSelect,
                   "letters": forms.RadioSelect}  # fmt: skip
        labels = {"name": _("Name"), "language": _("Language of letters"), "letters": _("Letters by e-mail")}
        help_texts = {
            "name": _("As colleagues and coordinators see it."),
            "language": _("Pages follow the address you open; letters come in this language."),
            "letters": _(
                "This is about letters on cases. Letters about deadlines and your account always come at once."
            ),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].error_messages["required"] = _("Enter your name.")


class LeaveForm(DrawnForm, forms.Form):
    """Who deletes an account proves to be its owner: by password, or where there is none, by writing the address."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages=PASSWORD,
    )
    email = forms.EmailField(label=_("E-mail address of this account"), error_messages=ADDRESS)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        del self.fields["email" if user.has_usable_password() else "password"]

    def clean_password(self) -> str:
        if not self.user.check_password(self.cleaned_data["password"]):
            raise ValidationError(_("This is not your password."))
        return str(self.cleaned_data["password"])

    def clean_email(self) -> str:
        if self.cleaned_data["email"].lower() != self.user.email.lower():
            raise ValidationError(_("This is not the address of this account."))
        return str(self.cleaned_data["email"])
