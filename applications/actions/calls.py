"""Calls: loading packs as versions, opening a call, moving its deadlines."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from applications import letters, log
from applications.actions import MoveNotAllowedError
from applications.models import Call, Event, Extension, PackVersion
from applications.pack import fingerprint, read, write
from applications.permissions import own_applicants
from applications.workflow import ENDED, Role
from network.models import Network, User
from network.permissions import coordinates


def keep_pack(document: dict[str, Any], *, by: User | None) -> PackVersion:
    """Keeps a pack as a version of its network; the same content again gives the version that is there.

    Who may is asked by the caller. Raises PackError for what is no pack, Network.DoesNotExist for an unknown network.
    """
    pack = read(document)
    network = Network.objects.get(slug=pack.network)
    tidy = write(pack)
    sha256 = fingerprint(tidy)
    with transaction.atomic():
        Network.objects.select_for_update().get(pk=network.pk)
        versions = PackVersion.objects.filter(network=network, key=pack.key)
        if there := versions.filter(sha256=sha256).first():
            return there
        last = versions.first()
        return PackVersion.objects.create(
            network=network,
            key=pack.key,
            number=last.number + 1 if last else 1,
            document=tidy,
            sha256=sha256,
            created_by=by,
        )


def extend(call: Call, deadline: str, *, new: datetime.datetime, reason_de: str, reason_en: str, by: User) -> Extension:
    """Moves a deadline of a call (a value of Extension.Deadline) for a reason in both languages. Who may: a
    coordinator of its network who speaks for no city that applies.

    All open applications move along, since they follow the call; each gets an event, and their teams a letter. The
    cities' deadline only ever moves to a later moment. Raises MoveNotAllowedError.
    """
    if not coordinates(by, call.network):
        raise MoveNotAllowedError(_("Only the coordination of the network may move a deadline."))
    if own_applicants(by, call):
        raise MoveNotAllowedError(_("Your own city applies in this call. Another coordinator moves its dates."))
    if not (reason_de.strip() and reason_en.strip()):
        raise MoveNotAllowedError(_("Give the reason in German and in English: it is shown on the call's page."))
    with transaction.atomic():
        now = Call.objects.select_for_update(of=("self",)).select_related("network").get(pk=call.pk)
        if now.published_at is None:
            raise MoveNotAllowedError(_("This call is in preparation: change its dates directly, without a reason."))
        old = getattr(now, Extension.Deadline(deadline))
        if new <= timezone.now() or (old is not None and new <= old):
            raise MoveNotAllowedError(_("A deadline can only be moved to a later moment in the future."))
        setattr(now, deadline, new)
        if now.forwards_at and now.forwards_at < now.closes_at:
            raise MoveNotAllowedError(
                _("The National Commission's deadline would lie before that of the cities. Move that one first.")
            )
        now.save(update_fields=[deadline])
        extension = Extension(call=now, deadline=deadline, old=old, new=new, by=by)
        extension.reason_de, extension.reason_en = reason_de.strip(), reason_en.strip()
        extension.save()
        data = {"deadline": deadline, "old": old.isoformat() if old else "", "new": new.isoformat()}
        for application in now.applications.exclude(state__in=ENDED).select_for_update(of=("self",)).order_by("pk"):
            log.record(application, Event.Kind.DEADLINE_MOVED, by=by, role=Role.COORDINATOR, data=data)
            letters.tell_of_extension(application, extension)
    return extension
