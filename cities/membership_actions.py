"""What the coordination of a network does to a membership: admit, set dormant, end, reinstate, change its fields, take
an admission back that was recorded by mistake. Each act stands in the membership's history."""

import datetime
from collections.abc import Collection, Iterable
from itertools import zip_longest

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from cities.actions import wait_for_imports
from cities.models import City, Membership, MembershipChange, Source
from cities.permissions import keeps_membership
from network.actions import RefusedError
from network.models import Field, Network, User
from network.outbox import post

Status = Membership.Status
# What may become of a membership, and what the history calls it.
KINDS = {
    Status.ACTIVE: MembershipChange.Kind.REINSTATED,
    Status.DORMANT: MembershipChange.Kind.DORMANT,
    Status.ENDED: MembershipChange.Kind.ENDED,
}


class MembershipRefusedError(RefusedError):
    """`field` is the name of the entry that the sentence belongs beside, empty where it belongs to none."""

    def __init__(self, for_reader: str, *, field: str = "") -> None:
        super().__init__(for_reader)
        self.field = field


def statuses_for(membership: Membership) -> list[Membership.Status]:
    """What the membership can become: everything but what it is, and only an active one can be dormant."""
    every = [Status.DORMANT, Status.ENDED] if membership.status == Status.ACTIVE else [Status.ACTIVE, Status.ENDED]
    return [status for status in every if status != membership.status]


def _held(membership: Membership, by: User) -> Membership:
    """The membership read anew, its row locked. Raises MembershipRefusedError for whoever does not keep it."""
    wait_for_imports()
    rows = Membership.objects.select_for_update(of=("self",)).select_related("city", "network")
    held = rows.get(pk=membership.pk)
    if not keeps_membership(by, held):
        raise MembershipRefusedError(
            _("Only the coordination of the network may change this, and nobody for their own city.")
        )
    return held


# --- by a decision


def admit(
    city: City,
    network: Network,
    *,
    fields: Collection[Field] = (),
    decided_on: datetime.date,
    source_label: str,
    source_url: str = "",
    by: User,
) -> bool:
    """Makes the city a member of the network by a decision of this day, or one again whose membership is dormant or
    has ended; since the year of the decision. A city that is a member already stays one since then, with the fields and
    the source of the decision. The directory shows it with the caller's commit, demo cities never.

    Who may is asked by the caller, inside whose transaction this runs. The city's team gets a letter that asks it to
    complete the profile. Returns whether the membership begins with this decision.
    """
    wait_for_imports()
    there = Membership.objects.select_for_update().filter(city=city, network=network).first()
    begins = there is None or there.status != Status.ACTIVE
    membership = there or Membership(city=city, network=network)
    if begins:
        membership.since, membership.status = decided_on.year, Status.ACTIVE
        membership.ended_on, membership.status_reason = None, ""
    membership.recorded_here = True
    membership.save()
    if fields:
        membership.fields.set(fields)
    membership.sources.add(_source(network, decided_on, source_label, source_url))
    change = MembershipChange.objects.create(
        membership=membership,
        kind=MembershipChange.Kind.ADMITTED,
        happened=decided_on.isoformat(),
        source_label=source_label,
        source_url=source_url,
        by=by,
    )
    for member in city.team.filter(user__is_active=True).select_related("user").order_by("pk"):
        context: dict[str, object] = {"city": city, "network": network}
        post("membership_began", to=member.user, context=context, key=f"membership:{change.pk}:{member.user_id}")
    return begins


def _source(network: Network, decided_on: datetime.date, label: str, url: str) -> Source:
    """The source of a decision; all admitted by the same one share it."""
    if there := Source.objects.filter(what=label, url=url).first():
        return there
    tag, number = f"{network.slug}-{decided_on.isoformat()}", 1
    while Source.objects.filter(tag=tag).exists():
        number += 1
        tag = f"{network.slug}-{decided_on.isoformat()}-{number}"
    return Source.objects.create(tag=tag, url=url, what=label)


def take_admission_back(city: City, network: Network, *, by: User) -> None:
    """An admission was recorded by mistake: the membership that began with it ends today, and the history says so.

    Who may is asked by the caller, inside whose transaction this runs.
    """
    wait_for_imports()
    membership = Membership.objects.select_for_update().get(city=city, network=network)
    membership.status, membership.ended_on, membership.status_reason = Status.ENDED, timezone.localdate(), ""
    membership.save()
    change = MembershipChange(
        membership=membership, kind=MembershipChange.Kind.CORRECTED, happened=timezone.localdate().isoformat(), by=by
    )
    with override("de"):
        change.note_de = _("The admission had been recorded by mistake.")
    with override("en"):
        change.note_en = _("The admission had been recorded by mistake.")
    change.save()


# --- by the coordination


def set_status(
    membership: Membership,
    status: Membership.Status,
    *,
    on: datetime.date,
    words_de: str,
    words_en: str,
    reason: str,
    by: User,
) -> MembershipChange:
    """Sets a membership dormant, ends it or reinstates it from this day on (today or earlier). `words` are neutral and
    public, `reason` is for the coordination alone. Who may: coordinators of the network, never for their own city.

    Raises MembershipRefusedError.
    """
    with transaction.atomic():
        held = _held(membership, by)
        if status not in statuses_for(held):
            raise MembershipRefusedError(
                _("The membership is “%(status)s” by now. Look at the page again.")
                % {"status": held.get_status_display()}
            )
        _refuse_without_reason(on, words_de, words_en, reason)
        held.status, held.status_reason = status, ""
        held.ended_on = on if status == Status.ENDED else None
        held.save()
        return _note(held, KINDS[status], on, words_de, words_en, reason, by)


def change_fields(
    membership: Membership,
    fields: Collection[Field],
    *,
    on: datetime.date,
    words_de: str,
    words_en: str,
    reason: str,
    by: User,
) -> list[MembershipChange]:
    """Gives a membership other fields from this day on; one row of history for each field that takes the place of
    another, comes or goes. Who may: as in `set_status`. Raises MembershipRefusedError."""
    with transaction.atomic():
        held = _held(membership, by)
        before, after = list(held.fields.order_by("position", "slug")), list(fields)
        if any(field.network_id != held.network_id for field in after):
            raise ValueError("a field of another network")
        gone = [field for field in before if field not in after]
        new = [field for field in after if field not in before]
        if not (gone or new):
            raise MembershipRefusedError(_("These are its fields already. Choose others."), field="fields")
        _refuse_without_reason(on, words_de, words_en, reason)
        held.fields.set(after)
        held.recorded_here = True
        held.save(update_fields=["recorded_here"])
        return [
            _note(held, MembershipChange.Kind.FIELD, on, words_de, words_en, reason, by, old_field=old, field=field)
            for old, field in _in_place_of(gone, new)
        ]


def _in_place_of(gone: Iterable[Field], new: Iterable[Field]) -> Iterable[tuple[Field | None, Field | None]]:
    return zip_longest(gone, new)


def _refuse_without_reason(on: datetime.date, words_de: str, words_en: str, reason: str) -> None:
    if on > timezone.localdate():
        raise MembershipRefusedError(_("This day lies in the future. Record it when it has come."), field="on")
    if not reason.strip():
        raise MembershipRefusedError(_("Give the reason; only the coordination reads it."), field="reason")
    if bool(words_de.strip()) != bool(words_en.strip()):
        missing = "words_en" if words_de.strip() else "words_de"
        raise MembershipRefusedError(_("Everybody reads these words: give them in both languages."), field=missing)


def _note(
    membership: Membership,
    kind: MembershipChange.Kind,
    on: datetime.date,
    words_de: str,
    words_en: str,
    reason: str,
    by: User,
    **fields: Field | None,
) -> MembershipChange:
    change = MembershipChange(
        membership=membership, kind=kind, happened=on.isoformat(), reason=reason.strip(), by=by, **fields
    )
    change.note_de, change.note_en = words_de.strip(), words_en.strip()
    change.save()
    return change
