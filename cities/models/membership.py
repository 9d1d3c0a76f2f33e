"""Memberships of cities in networks, their sources and their history."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import OuterRef, Q
from django.db.models.functions import JSONObject
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from cities.models.city import City
from network.models import Field, Network
from network.models.network import PARTIAL_DATE

IN_ORDER = ("field__position", "field__slug")  # of the fields of a membership


class Source(models.Model):
    """Where a membership was read."""

    tag = models.SlugField(_("tag"), max_length=100, unique=True)
    url = models.URLField(_("address"), max_length=1000, blank=True)
    what = models.TextField(_("what it says"), blank=True)

    class Meta:
        ordering = ["tag"]
        verbose_name = _("source")
        verbose_name_plural = _("sources")

    def __str__(self) -> str:
        return self.tag


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Memberships with what belongs to them as arrays, so that a page needs one query for all."""

    def for_rows(self) -> "MembershipQuerySet":
        """With the keys of their fields; network and fields themselves are known to the directory."""
        through = Membership.fields.through
        return self.annotate(
            field_ids=ArraySubquery(
                through._default_manager.filter(membership_id=OuterRef("pk")).order_by(*IN_ORDER).values("field_id")
            )
        ).fetch_mode(models.FETCH_RAISE)

    def bare_rows(self) -> Iterator[tuple[int, int, int | None, str, list[int]]]:
        """(city, network, since, status, fields) as keys, in the order of networks."""
        through = Membership.fields.through
        fields = ArraySubquery(
            through._default_manager.filter(membership_id=OuterRef("pk")).order_by(*IN_ORDER).values("field_id")
        )
        return (
            self.annotate(field_keys=fields)
            .order_by("network__position", "network__slug")
            .values_list("city_id", "network_id", "since", "status", "field_keys")
            .iterator()
        )

    def for_page(self) -> "MembershipQuerySet":
        """With sources (`read_in`) and later changes (`history`) as lists of dictionaries."""
        through = Membership.sources.through
        return self.for_rows().annotate(  # type: ignore[no-redef]  # named below for their readers
            read_in=ArraySubquery(
                through._default_manager.filter(membership_id=OuterRef("pk"))
                .order_by("source__tag")
                .values(json=JSONObject(tag="source__tag", url="source__url", what="source__what"))
            ),
            history=ArraySubquery(
                MembershipChange.objects.filter(membership_id=OuterRef("pk"))
                .order_by("happened", "pk")
                .annotate(
                    json=JSONObject(
                        kind="kind",
                        happened="happened",
                        old_field="old_field_id",
                        field="field_id",
                        note_de="note_de",
                        note_en="note_en",
                        source="source_label",
                        url="source_url",
                    )
                )
                .values("json")
            ),
        )


class Membership(models.Model):
    """One city in one network; it is never deleted, it ends."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        DORMANT = "dormant", _("dormant")
        ENDED = "ended", _("ended")

    city = models.ForeignKey(City, models.CASCADE, related_name="memberships", verbose_name=_("city"))
    network = models.ForeignKey(Network, models.PROTECT, related_name="memberships", verbose_name=_("network"))
    fields = models.ManyToManyField(Field, blank=True, related_name="memberships", verbose_name=_("fields"))
    since = models.PositiveSmallIntegerField(
        _("member since"), null=True, blank=True, help_text=_("The year; leave empty where it is not known.")
    )
    status = models.CharField(_("status"), max_length=8, choices=Status, default=Status.ACTIVE)
    status_reason = models.CharField(_("reason, in neutral public words"), max_length=300, blank=True)
    ended_on = models.DateField(_("ended on"), null=True, blank=True)
    role = models.CharField(_("office in the network"), max_length=200, blank=True)
    profile_url = models.URLField(_("page of the city at the network"), max_length=500, blank=True)
    sources = models.ManyToManyField(Source, blank=True, related_name="memberships", verbose_name=_("sources"))
    recorded_here = models.BooleanField(
        _("recorded by the coordination"),
        default=False,
        help_text=_("Year and field were recorded in the portal; an import leaves them."),
    )

    # filled by MembershipQuerySet and Directory.complete
    field_ids: list[int]
    read_in: list[dict[str, Any]]
    history: list[dict[str, Any]]
    shown_fields: list[Any]
    title: str

    objects = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        ordering = ["city", "network__position", "pk"]
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(fields=["city", "network"], name="one_membership_per_city_and_network"),
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(since__range=(1900, 2100)), name="a_membership_has_a_possible_year"
            ),
            models.CheckConstraint(
                condition=Q(status="ended") | Q(ended_on__isnull=True), name="only_an_ended_membership_has_an_end"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}: {self.network}"

    @property
    def public_words(self) -> str:
        """Why it is dormant or has ended, in neutral words and in the reader's language where they are in it."""
        if self.status == Membership.Status.ACTIVE:
            return ""
        kinds = {Membership.Status.DORMANT: {"dormant"}, Membership.Status.ENDED: {"ended", "corrected"}}
        told = [change for change in self.history if change["kind"] in kinds[Membership.Status(self.status)]]
        last = told[-1] if told else {}
        in_english = last.get("note_en") if get_language() == "en" else ""
        return in_english or last.get("note_de") or self.status_reason


class MembershipChange(models.Model):
    """One event of a membership: admitted by a decision, field changed, dormant, ended, reinstated, corrected."""

    class Kind(models.TextChoices):
        ADMITTED = "admitted", pgettext_lazy("membership", "admitted")
        FIELD = "field", _("field changed")
        DORMANT = "dormant", _("dormant")
        ENDED = "ended", _("ended")
        REINSTATED = "reinstated", _("reinstated")
        CORRECTED = "corrected", _("corrected")

    membership = models.ForeignKey(Membership, models.CASCADE, related_name="changes")
    kind = models.CharField(_("what happened"), max_length=12, choices=Kind)
    happened = models.CharField(_("when"), max_length=10, validators=[PARTIAL_DATE])
    old_field = models.ForeignKey(Field, models.PROTECT, null=True, blank=True, related_name="+")
    field = models.ForeignKey(Field, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("note"), max_length=300, blank=True)
    reason = models.TextField(_("internal reason"), blank=True, help_text=_("Only the coordination reads it."))
    source_label = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    if TYPE_CHECKING:
        note_de: str | None
        note_en: str | None

    class Meta:
        ordering = ["membership", "happened", "pk"]
        verbose_name = _("change of a membership")
        verbose_name_plural = _("changes of memberships")

    def __str__(self) -> str:
        return f"{self.membership}: {self.get_kind_display()} {self.happened}"
