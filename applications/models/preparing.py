"""The working copy of a call's pack: what its coordinators edit until they take it over as a version."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from applications.models.call import Call


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
