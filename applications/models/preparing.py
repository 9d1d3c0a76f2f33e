"""What stands behind a call for those who prepare it: the working copy of its pack, and who did what and when."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from applications.models.call import Call, PackVersion


class PackDraft(models.Model):
    """One for each call, from the first edit on. Its document always has the shape of a pack (applications.pack.read);
    sound it must be only when it is taken over. `version` grows with each edit."""

    call = models.OneToOneField(Call, models.CASCADE, related_name="draft", verbose_name=_("call"))
    document = models.JSONField(_("document"))
    version = models.PositiveIntegerField(_("version"), default=1)
    changed_at = models.DateTimeField(_("changed at"))
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )

    if TYPE_CHECKING:
        call_id: int

    class Meta:
        verbose_name = _("working copy of a pack")
        verbose_name_plural = _("working copies of packs")

    def __str__(self) -> str:
        return f"{self.call} {self.version}"


class CallEvent(models.Model):
    """Somebody of the coordination has changed a call. Kept beside its moved dates (Extension). The database refuses to
    change a row; all go with a call that is deleted."""

    class Kind(models.TextChoices):
        MADE = "made", _("Call made")
        DATED = "dated", _("Title and dates saved, not confirmed yet")
        CONFIRMED = "confirmed", _("Title and dates confirmed")
        PUBLISHED = "published", _("Call published")
        SCHEDULED = "scheduled", _("Publication planned")
        TAKEN_BACK = "taken_back", _("Publishing taken back")
        CHANGED = "changed", _("Changes of the questions taken over")

    call = models.ForeignKey(Call, models.CASCADE, related_name="history", verbose_name=_("call"))
    kind = models.CharField(_("what"), max_length=10, choices=Kind)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))
    moment = models.DateTimeField(_("published from"), null=True, blank=True)
    pack_version = models.ForeignKey(
        PackVersion, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pack")
    )

    if TYPE_CHECKING:
        call_id: int

    class Meta:
        ordering = ["call", "-at", "-pk"]
        verbose_name = _("change of a call")
        verbose_name_plural = _("changes of calls")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["made", "dated", "confirmed", "published", "scheduled", "taken_back", "changed"]),
                name="call_event_has_a_known_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind="scheduled", moment__isnull=False) | (~Q(kind="scheduled") & Q(moment=None)),
                name="scheduled_call_event_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.call}: {self.kind}"
