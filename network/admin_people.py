"""The desk of people, for operators: who they are, what they may do, and the end of an account."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import ActionLocation
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm, UserChangeForm
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from network.accounts import end_account, set_address, take_away_second_factor
from network.actions import RefusedError
from network.models import Office, User


class OfficeOfPersonInline(admin.TabularInline):
    model = Office
    extra = 0


def _address_is_free(form: forms.ModelForm) -> str:
    """The address in the form, unless somebody has it already, whatever its case."""
    email: str = form.cleaned_data["email"]
    if User.objects.filter(email__iexact=email).exclude(pk=form.instance.pk).exists():
        raise ValidationError(_("Somebody with this address exists already."))
    return email


class PersonAddForm(BaseUserCreationForm):
    class Meta:
        model = User
        fields = ["email", "name", "language"]
        field_classes: dict[str, type[forms.Field]] = {}

    clean_email = _address_is_free


class PersonForm(UserChangeForm):
    class Meta:
        model = User
        fields = ["email", "name", "language", "is_active", "is_superuser", "password"]
        field_classes: dict[str, type[forms.Field]] = {}

    clean_email = _address_is_free


@admin.register(User)
class PersonAdmin(UserAdmin):
    """People sign in with their address. Rights come from offices and city teams; operators are the only exception."""

    form = PersonForm
    add_form = PersonAddForm
    ordering = ["email"]
    list_display = ["email", "name", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser", "offices__role"]
    search_fields = ["email", "name"]
    filter_horizontal = []
    readonly_fields = ["last_login", "joined_at"]
    inlines = [OfficeOfPersonInline]
    fieldsets = [
        (None, {"fields": ["email", "name", "language", "password"]}),
        (
            _("Access"),
            {
                "fields": ["is_active", "is_superuser"],
                "description": _(
                    "Superusers are operators: they see and change everything. A closed account can be opened again. "
                    "Deleting takes away name, address and rights for good; what the person did stays on record."
                ),
            },
        ),
        (_("Dates"), {"fields": ["last_login", "joined_at"]}),
    ]
    add_fieldsets = [(None, {"fields": ["email", "name", "language", "password1", "password2"]})]
    actions = ["take_away_second_factor"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        return super().get_queryset(request).filter(deleted_at=None)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:  # noqa: FBT001
        """A new address is confirmed by its owner at the next sign-in."""
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            set_address(obj, obj.email)

    def get_actions(self, request: HttpRequest, action_location: Any = ActionLocation.CHANGE_LIST) -> dict[str, Any]:
        """Nobody's account ends by the dozen."""
        actions = super().get_actions(request, action_location)
        actions.pop("delete_selected", None)
        return actions

    def get_deleted_objects(
        self, objs: Any, _request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """No row goes: the list of what would be deleted names the person alone."""
        return [str(person) for person in objs], {}, set(), []

    def delete_model(self, _request: HttpRequest, obj: User) -> None:
        end_account(obj)

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None) -> Any:
        """Where a city or a network would be left alone, it says so and nothing happens."""
        try:
            return super().delete_view(request, object_id, extra_context)
        except RefusedError as refusal:
            self.message_user(request, refusal.for_reader, messages.ERROR)
            return redirect("admin:network_user_change", object_id)

    @admin.action(description=_("Take away the second factor"))
    def take_away_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """For people who have lost it. They get a letter."""
        gone = [str(person) for person in queryset if take_away_second_factor(person)]
        self.message_user(request, ", ".join(gone) or _("Nobody of them has a second factor."))


# addresses, second factors, sessions: their owners keep them; nobody else sees them
admin.site.unregister([EmailAddress, Authenticator, UserSession, SocialAccount, SocialApp, SocialToken])
