"""The desk of the directory: memberships of own networks for coordinators, everything for operators."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import models
from django.db.models import QuerySet
from django.forms.models import ModelChoiceField, ModelMultipleChoiceField
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cities.actions import redrawn
from cities.models import City, Country, Fact, Land, Membership, MembershipChange, Picture, Source, TeamMember
from network.actions import RefusedError
from network.admin import InBothLanguages, OwnNetworkAdmin, own_networks
from network.models import Field
from network.permissions import is_operator, keeps_content


class SeenByCoordinators(admin.options.BaseModelAdmin):
    """Coordinators read it; only operators change it."""

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return keeps_content(request.user)


class OfFields(ModelMultipleChoiceField):
    """Fields with the network they belong to."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.network})"


class MembershipForm(forms.ModelForm):
    """A membership can only be about fields of its own network."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and isinstance(fields := self.fields.get("fields"), ModelMultipleChoiceField):
            fields.queryset = Field.objects.filter(network=self.instance.network_id).select_related("network")

    def clean(self) -> dict[str, Any] | None:
        values = super().clean() or self.cleaned_data
        network = values.get("network") or getattr(self.instance, "network", None)
        if network and any(field.network_id != network.pk for field in values.get("fields") or ()):
            self.add_error("fields", _("Choose only fields of this network."))
        return values


class ChangeInline(InBothLanguages, admin.StackedInline):
    """The history of a membership: added to, never deleted by coordinators."""

    model = MembershipChange
    extra = 0
    readonly_fields = ["by", "recorded_at"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("kind", "happened"),
                    ("old_field", "field"),
                    ("note_de", "note_en"),
                    ("source_label", "source_url"),
                    ("by", "recorded_at"),
                ]
            },
        )
    ]
    membership: Membership | None = None

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        self.membership = obj
        return super().get_formset(request, obj, **kwargs)

    def _keeps(self, request: HttpRequest, membership: Any) -> bool:
        return membership is None or own_networks(request.user).filter(pk=membership.network_id).exists()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._keeps(request, obj)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._keeps(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._keeps(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> ModelChoiceField | None:
        if db_field.name in {"field", "old_field"}:
            fields = Field.objects.filter(network__in=own_networks(request.user))
            kwargs["queryset"] = fields.filter(network=self.membership.network_id) if self.membership else fields
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(Membership)
class MembershipAdmin(OwnNetworkAdmin):
    """A membership ends, it is not deleted; operators alone may remove one entered by mistake."""

    form = MembershipForm
    list_display = ["city", "network", "since", "status"]
    list_filter = [("network", admin.RelatedOnlyFieldListFilter), "status"]
    list_select_related = ["city", "network"]
    search_fields = ["city__name_de", "city__name_en", "city__search_text"]
    autocomplete_fields = ["city", "sources"]
    inlines = [ChangeInline]
    fieldsets = [
        (None, {"fields": ["city", "network", "since", "fields", "role", "profile_url"]}),
        (
            _("Status"),
            {
                "fields": ["status", "status_reason", "ended_on"],
                "description": _("The reason is public. Note every change of status or field below, with its source."),
            },
        ),
        (_("Source"), {"fields": ["sources"]}),
    ]

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return is_operator(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        if is_operator(request.user):
            return []
        return ["city", "network", "sources"] if obj else ["sources"]

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.name == "fields":
            fields = Field.objects.filter(network__in=own_networks(request.user)).select_related("network")
            kwargs |= {"queryset": fields, "form_class": OfFields, "widget": forms.CheckboxSelectMultiple}
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:  # noqa: FBT001
        for row in formset.save(commit=False):
            if isinstance(row, MembershipChange) and row.by_id is None:
                row.by = request.user if request.user.is_authenticated else None
        super().save_formset(request, form, formset, change)


class PictureForm(forms.ModelForm):
    """A new file is redrawn before it is kept (cities.actions.redrawn)."""

    def clean_image(self) -> Any:
        image = self.cleaned_data["image"]
        if not isinstance(image, UploadedFile) or image.file is None:
            return image
        image.seek(0)
        try:
            return redrawn(image.file)
        except RefusedError as refusal:
            raise ValidationError(refusal.for_reader) from refusal


PICTURE: list[Any] = ["image", ("alt_de", "alt_en"), ("credit", "licence"), "position"]


class PictureInline(SeenByCoordinators, InBothLanguages, admin.StackedInline):
    model = Picture
    form = PictureForm
    extra = 0
    fieldsets = [(None, {"fields": PICTURE})]


class FactInline(SeenByCoordinators, admin.TabularInline):
    model = Fact
    extra = 0


class MembershipInline(admin.TabularInline):
    """For operators only: it would show coordinators the rows of other networks."""

    model = Membership
    extra = 0
    fields = ["network", "since", "status"]
    show_change_link = True


class OnlyRead(admin.options.BaseModelAdmin):
    """Who is in a team changes on the team's own page, where every act is noted and told."""

    def has_add_permission(self, *_args: Any) -> bool:
        return False

    def has_change_permission(self, *_args: Any) -> bool:
        return False

    def has_delete_permission(self, *_args: Any) -> bool:
        return False


class TeamInline(OnlyRead, admin.TabularInline):
    model = TeamMember
    extra = 0


@admin.register(City)
class CityAdmin(SeenByCoordinators, InBothLanguages, admin.ModelAdmin):
    list_display = ["name", "country", "land", "kind", "is_demo"]
    list_filter = ["country__region", "kind", "land", "is_demo"]
    list_select_related = ["country", "land"]
    search_fields = ["name_de", "name_en", "search_text"]
    autocomplete_fields = ["country"]
    prepopulated_fields = {"slug": ["name_en"]}
    inlines = [FactInline, PictureInline, MembershipInline, TeamInline]
    fieldsets = [
        (None, {"fields": [("name_de", "name_en"), "kind", ("country", "land"), "website", "slug"]}),
        (_("Place"), {"fields": [("latitude", "longitude"), ("ags", "geoname_id", "wikidata_id")]}),
        (
            _("Portrait"),
            {
                "fields": [("portrait_de", "portrait_en"), "confirmed_on", "is_demo"],
                "description": _("Where the English text is missing, the English page shows the German one."),
            },
        ),
    ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return keeps_content(request.user)

    def view_on_site(self, city: City) -> str:
        return city.get_absolute_url()

    def get_queryset(self, request: HttpRequest) -> QuerySet[City]:
        """Demo cities belong to the operators."""
        cities = super().get_queryset(request)
        return cities if is_operator(request.user) else cities.filter(is_demo=False)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """A short address is made once and then stays, for others link to it."""
        return {} if obj else dict(super().get_prepopulated_fields(request, obj))


@admin.register(Picture)
class PictureAdmin(InBothLanguages, admin.ModelAdmin):
    form = PictureForm
    list_display = ["alt", "city", "credit", "licence"]
    list_select_related = ["city"]
    search_fields = ["alt_de", "alt_en", "city__search_text", "credit"]
    autocomplete_fields = ["city"]
    fieldsets = [(None, {"fields": ["city", *PICTURE]})]


@admin.register(Country)
class CountryAdmin(InBothLanguages, admin.ModelAdmin):
    list_display = ["iso2", "name", "region"]
    list_filter = ["region"]
    search_fields = ["iso2", "name_de", "name_en"]
    fieldsets = [(None, {"fields": ["iso2", ("name_de", "name_en"), "region"]})]


@admin.register(Land)
class LandAdmin(InBothLanguages, admin.ModelAdmin):
    list_display = ["key", "name"]
    fieldsets = [(None, {"fields": ["key", ("name_de", "name_en")]})]


@admin.register(Source)
class SourceAdmin(admin.ModelAdmin):
    list_display = ["tag", "url"]
    search_fields = ["tag", "url", "what"]


@admin.register(TeamMember)
class TeamMemberAdmin(OnlyRead, admin.ModelAdmin):
    list_display = ["user", "city", "role", "since"]
    list_filter = ["role"]
    list_select_related = ["user", "city"]
    search_fields = ["user__email", "user__name", "city__search_text"]

    def view_on_site(self, member: TeamMember) -> str:
        return reverse("cities:team", args=[member.city.slug])
