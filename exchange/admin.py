"""The desk of the exchange: programmes with what they consist of. A further programme needs no code."""

from typing import Any

from django.contrib import admin
from django.db import models
from django.db.models import QuerySet
from django.forms.models import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from exchange.models import Programme, ProgrammeFigure, ProgrammePassage
from network.admin import SOURCE, InBothLanguages, OwnNetworkAdmin, own_networks
from network.permissions import is_operator, keeps_content


class PartInline(InBothLanguages, admin.StackedInline):
    """What hangs on a programme; whoever may write the programme may write it."""

    extra = 0

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return keeps_content(request.user)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return keeps_content(request.user)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return keeps_content(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return keeps_content(request.user)


class PassageInline(PartInline):
    model = ProgrammePassage
    fields = ["kind", "position", ("title_de", "title_en"), ("text_de", "text_en"), "url", "as_of", "source_label",
              "source_url"]  # fmt: skip


class FigureInline(PartInline):
    model = ProgrammeFigure
    fields = ["position", ("label_de", "label_en"), "value", "at_least", "as_of", "source_label", "source_url"]


@admin.register(Programme)
class ProgrammeAdmin(OwnNetworkAdmin):
    """A coordinator meets the programmes of own networks, and adds further ones for own networks."""

    list_display = ["name", "hosts", "position"]
    search_fields = ["name_de", "name_en", "hosts_de", "hosts_en"]
    prepopulated_fields = {"slug": ["name_en"]}
    inlines = [PassageInline, FigureInline]
    fieldsets = [
        (_("Names"), {"fields": [("name_de", "name_en"), "slug", "position", "networks"]}),
        (
            _("Texts"),
            {
                "fields": [("lead_de", "lead_en"), ("about_de", "about_en")],
                "description": _("Where the English text is missing, the English page shows the German one."),
            },
        ),
        (_("Particulars"), {"fields": [("hosts_de", "hosts_en"), ("period_de", "period_en"), "website"]}),
        (SOURCE[0], SOURCE[1] | {"fields": ["as_of", "source_label", "source_url"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        kept = Programme.objects.kept_by(request.user).values("pk")
        return Programme.objects.filter(pk__in=kept).order_by("position", "slug")

    def view_on_site(self, programme: Programme) -> str:
        return programme.get_absolute_url()

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return is_operator(request.user)

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """The networks of an existing programme decide who keeps it: only operators change them, or its address."""
        return [] if obj is None or is_operator(request.user) else ["slug", "networks"]

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField | None:
        if db_field.name == "networks" and not is_operator(request.user):
            kwargs |= {"queryset": own_networks(request.user), "required": True}
        return super().formfield_for_manytomany(db_field, request, **kwargs)
