"""Proposals: practices as their authors write them; what the public reads is the practice made from one."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from cities.models import City, Country
from cities.permissions import own_cities
from exchange.models.practice import ONE_POSITION, Practice
from exchange.models.programme import Programme
from network.models import User
from network.permissions import keeps_content


class ProposalQuerySet(models.QuerySet["Proposal"]):
    """Proposals; nobody but authors and moderators meets one."""

    def of_author(self, user: User | AnonymousUser) -> "ProposalQuerySet":
        """Those of the person's cities, and those the person began for a place that is not in the directory or, without
        being in its team, for one that is."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        return self.filter(Q(city__in=own_cities(user).values("pk")) | Q(Q(city=None) | Q(is_guest=True), by=user))

    def moderated_by(self, user: User | AnonymousUser) -> "ProposalQuerySet":
        """What came in and is in the person's charge: coordinators of the programme's networks, all coordinators where
        there is no programme or it has no networks, operators all. Never the own ones, never what is only a draft."""
        if not keeps_content(user):
            return self.none()
        arrived = self.exclude(state=Proposal.State.UNCONFIRMED).filter(proposed_at__isnull=False)
        arrived = arrived.exclude(pk__in=self.model._default_manager.of_author(user).values("pk"))
        return arrived.filter(Q(programme=None) | Q(programme__in=Programme.objects.kept_by(user).values("pk")))

    def for_list(self) -> "ProposalQuerySet":
        """With what a row shows."""
        return self.select_related("city__country", "country", "programme", "practice").fetch_mode(models.FETCH_RAISE)


class Proposal(models.Model):
    """A practice at work. Its texts lie in `values`, by the names of exchange.format, until a check has passed them."""

    class State(models.TextChoices):
        UNCONFIRMED = "unconfirmed", _("e-mail not confirmed")
        DRAFT = "draft", _("in progress")
        PROPOSED = "proposed", _("waits for a check")
        RETURNED = "returned", _("sent back")
        PUBLISHED = "published", _("published")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    state = models.CharField(max_length=11, choices=State, default=State.DRAFT)
    practice = models.OneToOneField(Practice, models.PROTECT, related_name="proposal", null=True, blank=True)
    city = models.ForeignKey(City, models.PROTECT, related_name="proposals", null=True, blank=True)
    authority = models.CharField(max_length=200, blank=True)
    country = models.ForeignKey(Country, models.PROTECT, related_name="+", null=True, blank=True)
    latitude = models.FloatField(null=True, blank=True)  # degrees, of an authority that is in no list
    longitude = models.FloatField(null=True, blank=True)
    programme = models.ForeignKey(Programme, models.PROTECT, related_name="proposals", null=True, blank=True)
    title = models.CharField(max_length=200)  # in the language it is written in, for lists
    values = models.JSONField(default=dict)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="proposals")
    is_guest = models.BooleanField(default=False)  # `by` was not in the city's team when beginning
    email = models.EmailField(blank=True)  # of a visitor
    language = models.CharField(max_length=2, default="de")  # that a visitor reads
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    proposed_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(ProposalQuerySet)()

    class Meta:
        ordering = ["-changed_at", "-pk"]
        verbose_name = _("proposal")
        verbose_name_plural = _("proposals")
        indexes = [models.Index(fields=["state", "proposed_at"], name="proposal_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(city__isnull=False, authority="", country__isnull=True)
                | Q(city__isnull=True, authority__gt="", country__isnull=False),
                name="a_proposal_has_one_place",
            ),
            models.CheckConstraint(condition=ONE_POSITION, name="a_proposal_has_one_position"),
            models.CheckConstraint(
                condition=Q(
                    state__in=["unconfirmed", "draft", "proposed", "returned", "published", "declined", "withdrawn"]
                ),
                name="a_proposal_has_a_known_state",
            ),
            models.CheckConstraint(
                condition=~Q(state="proposed") | Q(proposed_at__isnull=False), name="what_is_proposed_has_its_day"
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(practice__isnull=False), name="what_is_published_is_a_practice"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchange:proposal", args=[self.pk])

    @property
    def is_waiting(self) -> bool:
        """Whether it is with the moderators: its authors read it, but do not write."""
        return self.state == self.State.PROPOSED

    @property
    def is_demo(self) -> bool:
        return self.city is not None and self.city.is_demo

    @property
    def title_language(self) -> str:
        """`en` where it is written in English only; else the title is a German one."""
        return "en" if self.values.get("original_language") == "en" else "de"

    @property
    def place(self) -> str:
        """`Cork, Ireland`."""
        country = self.city.country if self.city else self.country
        return f"{self.city or self.authority}, {country}"


class ProposalNote(models.Model):
    """One act on a proposal. People are kept by number only, so that erasing one leaves the history as it is."""

    class Kind(models.TextChoices):
        BEGUN = "begun", _("begun")
        SUGGESTED = "suggested", _("suggested by a visitor")
        PROPOSED = "proposed", _("proposed")
        TAKEN_BACK = "taken_back", _("taken back to go on writing")
        EDITED = "edited", _("edited by a coordinator")
        RETURNED = "returned", _("sent back")
        PUBLISHED = "published", _("published")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        HIDDEN = "hidden", _("hidden")
        SHOWN = "shown", _("shown again")
        ADDED = "added", _("file added")
        REMOVED = "removed", _("file removed")
        MOVED = "moved", _("place changed")

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="notes")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    text = models.TextField(blank=True)

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("act on a proposal")
        verbose_name_plural = _("acts on proposals")

    def __str__(self) -> str:
        return self.kind


class PracticePicture(models.Model):
    """A picture of a practice; public from the next publication on. Stored as exchange/<number>.webp, never served as a
    file of the web server, since it may belong to a draft."""

    proposal = models.ForeignKey(Proposal, models.CASCADE, related_name="pictures")
    image = models.ImageField(upload_to="exchange/", width_field="width", height_field="height", max_length=200)
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt_de = models.CharField(max_length=300, blank=True)
    alt_en = models.CharField(max_length=300, blank=True)
    credit = models.CharField(max_length=200)
    licence = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64, blank=True)  # of the file as it is stored
    virus_checked = models.BooleanField(default=False)
    is_public = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        verbose_name = _("picture of a practice")
        verbose_name_plural = _("pictures of practices")

    def __str__(self) -> str:
        return self.alt_de or self.alt_en

    @property
    def alt(self) -> str:
        """What it shows, in the reader's language where that is told."""
        said = (self.alt_en, self.alt_de) if get_language() == "en" else (self.alt_de, self.alt_en)
        return said[0] or said[1]
