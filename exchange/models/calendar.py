"""Calendars of others: what was read for a programme, and what became of it."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from exchange.models.programme import Programme
from exchange.models.session import is_zone
from exchange.models.theme import Theme
from network.models import User


class CalendarImportQuerySet(models.QuerySet["CalendarImport"]):
    def kept_by(self, user: User | AnonymousUser) -> "CalendarImportQuerySet":
        """Those of the programmes the person keeps."""
        return self.filter(programme__in=Programme.objects.kept_by(user).values("pk"))

    def waiting(self) -> "CalendarImportQuerySet":
        """Those nobody has confirmed."""
        return self.filter(done_at=None)

    def daily(self) -> "CalendarImportQuerySet":
        """The addresses that are read again every day: a programme has at most one."""
        return self.filter(done_at__isnull=False, is_daily=True)


class CalendarImport(models.Model):
    """A calendar as it was read once, from an address or a file. `content` holds only the lines the portal needs, and
    is gone once it was confirmed; `told` is then what was done, one row for each thing."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="calendar_imports")
    address = models.URLField(max_length=1000, blank=True)  # never public: it may hold a key
    name = models.CharField(max_length=200)
    zone = models.CharField(max_length=40, validators=[is_zone])
    theme = models.CharField(max_length=12, choices=Theme)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    content = models.BinaryField(blank=True)
    is_daily = models.BooleanField(default=False)
    trouble = models.CharField(max_length=200, blank=True)  # why the address could not be read the last time
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    read_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    told = models.JSONField(default=list, blank=True)

    objects = models.Manager.from_queryset(CalendarImportQuerySet)()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("import of a calendar")
        verbose_name_plural = _("imports of calendars")
        constraints = [
            models.UniqueConstraint(
                fields=["programme"], condition=Q(is_daily=True, done_at__isnull=False), name="one_daily_calendar"
            ),
            models.CheckConstraint(condition=Q(is_daily=False) | Q(address__gt=""), name="a_daily_calendar_is_asked"),
            models.CheckConstraint(condition=Q(done_at=None) | Q(content=b""), name="a_calendar_that_is_done_is_gone"),
        ]

    def __str__(self) -> str:
        return self.name
