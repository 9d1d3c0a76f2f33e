"""The desk of the ground: networks and what is said about them, news; for operators also people, offices, reports.

A coordinator meets only rows of networks coordinated by this person; every other row is 404, also by typed address,
in choices, in autocompletion and in actions.
"""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AnonymousUser, Group
from django.db import models
from django.db.models import QuerySet
from django.forms.models import ModelChoiceField
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from network import admin_people  # noqa: F401 - registers people
from network.models import BarrierReport, Field, Figure, Network, News, Office, Passage, User
from network.permissions import is_operator, keeps_content

LANGUAGE_NAMES = {"de": _("German"), "en": _("English")}
SOURCE: tuple[Any, Any] = (
    _("Source"),
    {"fields": ["source_label", "source_url"], "description": _("Where this can be checked, and as of when.")},
)


def own_networks(user: User | AnonymousUser) -> QuerySet[Network]:
    """The networks whose content the person keeps: all for an operator."""
    if is_operator(user):
        return Network.objects.all()
    if not isinstance(user, User) or not user.is_active:
        return Network.objects.none()
    return Network.objects.filter(offices__user=user, offices__role=Office.Role.COORDINATOR).distinct()


class InBothLanguages(admin.options.BaseModelAdmin):
    """Names the language in the label of each translated text, and gives long texts room."""

    def formfield_for_dbfield(self, db_field: models.Field, request: HttpRequest, **kwargs: Any) -> Any:
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        language = getattr(db_field, "language", None)
        if formfield and language:
            original = db_field.translated_field  # type: ignore[attr-defined]  # modeltranslation has no types
            formfield.label = f"{capfirst(original.verbose_name)} ({LANGUAGE_NAMES[language]})"
            formfield.widget.attrs["lang"] = language
        return formfield

    class Media:
        css = {"all": ["css/desk.css"]}


class OwnNetworkAdmin(InBothLanguages, admin.ModelAdmin):
    """Rows of own networks for coordinators, all rows for operators."""

    network_path = "network"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        if is_operator(request.user):
            return rows
        return rows.filter(**{f"{self.network_path}__in": own_networks(request.user)})

    def keeps(self, request: HttpRequest, row: models.Model | None) -> bool:
        """Whether the person keeps this row, or could keep some row."""
        if row is None or is_operator(request.user):
            return keeps_content(request.user)
        # A row may be moved in the form: what counts is the network it has in the database.
        return self.get_queryset(request).filter(pk=row.pk).exists()

    def has_module_permission(self, request: HttpRequest) -> bool:
        return keeps_content(request.user)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.keeps(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.keeps(request, None)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.keeps(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self.keeps(request, obj)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> ModelChoiceField | None:
        if db_field.name == "network":
            kwargs["queryset"] = own_networks(request.user)
            if not is_operator(request.user):  # only operators write news of the portal itself
                kwargs |= {"required": True, "blank": False}
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: models.Model | None = None) -> dict[str, Any]:
        """A short address is made once and then stays, for others link to it."""
        return {} if obj else dict(super().get_prepopulated_fields(request, obj))


class OfficeInline(admin.TabularInline):
    model = Office
    extra = 0
    autocomplete_fields = ["user"]


@admin.register(Network)
class NetworkAdmin(OwnNetworkAdmin):
    """A coordinator writes the texts; short address, order and mark concern all networks and are the operators'."""

    network_path = "pk"
    FOR_OPERATORS: list[Any] = ["slug", "position", "shape", "accent"]
    list_display = ["short_name", "abbreviation", "host", "position"]
    search_fields = ["name_de", "name_en", "short_name_de", "short_name_en", "abbreviation"]
    prepopulated_fields = {"slug": ["abbreviation"]}
    inlines = [OfficeInline]
    fieldsets = [
        (
            _("Names"),
            {
                "fields": [
                    ("name_de", "name_en"),
                    ("short_name_de", "short_name_en"),
                    ("member_name_de", "member_name_en"),
                    "abbreviation",
                ]
            },
        ),
        (
            _("Texts"),
            {
                "fields": [("lead_de", "lead_en"), ("about_de", "about_en"), ("fields_name_de", "fields_name_en")],
                "description": _("Where the English text is missing, the English page shows the German one."),
            },
        ),
        (
            _("Particulars"),
            {"fields": ["founded", "host", ("secretariat_city_de", "secretariat_city_en"), "website", "email"]},
        ),
        (_("On maps and in lists"), {"fields": FOR_OPERATORS}),
    ]

    def view_on_site(self, network: Network) -> str:
        return network.get_absolute_url()

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_operator(request.user)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:  # noqa: ARG002
        return is_operator(request.user)

    def get_readonly_fields(self, request: HttpRequest, _obj: models.Model | None = None) -> list[str]:
        return [] if is_operator(request.user) else self.FOR_OPERATORS


OF_NETWORK = ("network", admin.RelatedOnlyFieldListFilter)


@admin.register(Passage)
class PassageAdmin(OwnNetworkAdmin):
    list_display = ["__str__", "kind", "network", "position"]
    list_filter = [OF_NETWORK, "kind"]
    list_select_related = ["network"]
    search_fields = ["title_de", "title_en", "text_de", "text_en"]
    fieldsets = [
        (
            None,
            {
                "fields": ["network", "kind", "position", "number"],
                "description": _("Texts of one kind appear in the order of their position. Steps are numbered 1 to 4."),
            },
        ),
        (
            _("Text"),
            {"fields": [("title_de", "title_en"), ("text_de", "text_en"), ("actor_de", "actor_en"), "url"]},
        ),
        (SOURCE[0], SOURCE[1] | {"fields": ["as_of", "source_label", "source_url"]}),
    ]


@admin.register(Field)
class FieldAdmin(OwnNetworkAdmin):
    list_display = ["name", "network", "position"]
    list_filter = [OF_NETWORK]
    list_select_related = ["network"]
    search_fields = ["name_de", "name_en", "slug"]
    prepopulated_fields = {"slug": ["name_en"]}
    fieldsets = [(None, {"fields": ["network", ("name_de", "name_en"), "position", "slug"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: models.Model | None = None) -> list[str]:
        """Filters and downloads name a field by its short address."""
        return [] if obj is None or is_operator(request.user) else ["slug"]


@admin.register(Figure)
class FigureAdmin(OwnNetworkAdmin):
    list_display = ["value", "kind", "as_of", "network"]
    list_filter = [OF_NETWORK, "kind"]
    list_select_related = ["network"]
    fieldsets = [
        (
            None,
            {
                "fields": ["network", "kind", "value", "as_of", ("note_de", "note_en")],
                "description": _("A number as the network announced it. Add a new one instead of changing an old one."),
            },
        ),
        SOURCE,
    ]


@admin.register(News)
class NewsAdmin(OwnNetworkAdmin):
    list_display = ["title", "network", "published_on"]
    list_filter = [OF_NETWORK]
    list_select_related = ["network"]
    search_fields = ["title_de", "title_en"]
    prepopulated_fields = {"slug": ["title_de"]}
    fieldsets = [
        (None, {"fields": ["network", "published_on", ("title_de", "title_en"), ("text_de", "text_en"), "slug"]}),
        SOURCE,
    ]

    def view_on_site(self, news: News) -> str | None:
        return news.get_absolute_url() if news.published_on <= timezone.localdate() else None


@admin.register(Office)
class OfficeAdmin(admin.ModelAdmin):
    list_display = ["user", "role", "network"]
    list_filter = ["role", "network"]
    list_select_related = ["user", "network"]
    search_fields = ["user__email", "user__name"]
    autocomplete_fields = ["user"]


class AnswerFilter(admin.SimpleListFilter):
    """Open, overdue, answered."""

    title = _("state of the answer")
    parameter_name = "answer"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, Any]]:
        return [("open", _("not answered yet")), ("overdue", _("overdue")), ("done", _("answered"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[BarrierReport]) -> QuerySet[BarrierReport]:
        if self.value() == "done":
            return queryset.filter(answered_on__isnull=False)
        if self.value() in {"open", "overdue"}:
            queryset = queryset.filter(answered_on__isnull=True)
        return queryset.filter(due_on__lt=timezone.localdate()) if self.value() == "overdue" else queryset


@admin.register(BarrierReport)
class BarrierReportAdmin(admin.ModelAdmin):
    """What came in stays as it was written; only the answer is added."""

    list_display = ["number", "received_at", "due_on", "state", "page"]
    list_filter = [AnswerFilter]
    search_fields = ["text", "page"]
    readonly_fields = ["text", "page", "name", "email", "language", "received_at", "due_on", "state", "answered_on"]
    fieldsets = [
        (_("The report"), {"fields": ["text", "page", "name", "email", "language", "received_at"]}),
        (
            _("Answer"),
            {
                "fields": ["due_on", "state", "answer", "answered_on"],
                "description": _(
                    "The law gives one month. The portal does not send the answer: write to the person by e-mail "
                    "if there is an address, and keep the text here. The day of the answer is set by itself."
                ),
            },
        ),
    ]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    @admin.display(description=_("no."), ordering="pk")
    def number(self, report: BarrierReport) -> int:
        return report.pk

    @admin.display(description=_("state of the answer"), ordering="due_on")
    def state(self, report: BarrierReport) -> str:
        if report.answered_on:
            return str(_("✓ answered"))
        return str(_("⚠ overdue")) if report.due_on < timezone.localdate() else str(_("not answered yet"))

    def save_model(self, request: HttpRequest, obj: BarrierReport, form: Any, change: bool) -> None:  # noqa: FBT001
        """The first answer sets its day; an emptied one takes it away."""
        obj.answered_on = (obj.answered_on or timezone.localdate()) if obj.answer else None
        super().save_model(request, obj, form, change)


admin.site.unregister(Group)  # rights follow from offices and teams, never from groups
admin.site.unregister(DBTaskResult)  # the outbox tells what an operator needs of it
