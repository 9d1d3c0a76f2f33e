"""Editing the working copy of a call's pack by small named edits, and taking it over as a version.

Who may, everywhere: a coordinator of the network of whose cities none applies (Call.objects.prepared_by).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from applications import letters, log
from applications.actions import MoveNotAllowedError
from applications.actions.calls import keep_pack
from applications.actions.preparing import NotReadyError, locked, note, refuse_another_network
from applications.models import Call, CallEvent, Event, PackDraft
from applications.pack import Pack, Question, Text, read, write
from applications.pack_changes import Change, Weight
from applications.pack_differences import Difference, in_words
from applications.pack_parts import (
    Part,
    Path,
    changed,
    find,
    keys_beside,
    mark_of,
    moved,
    new_key,
    of_kind,
    own_names,
    removed,
)
from applications.preparation import Preparation, is_published
from applications.problems import Problem
from applications.workflow import ENDED, Role, State
from network.models import User

FORBIDDEN = gettext_noop("This cannot change any more: the call is published. It can change for the next one.")


class ClashError(MoveNotAllowedError):
    """A colleague has changed the same part since the person began; `stored` is what stands there now, `draft` says by
    whom and when."""

    def __init__(self, stored: Part, draft: PackDraft) -> None:
        super().__init__(_("A colleague has changed this meanwhile. Nothing of yours is saved yet."))
        self.stored, self.draft = stored, draft


def _edit(call: Call, change: Callable[[Pack, PackDraft], Pack], *, by: User) -> Pack:
    """Stores what `change` makes of the working copy, which begins with the first edit. Raises MoveNotAllowedError."""
    with transaction.atomic():
        now = locked(call, by=by)
        draft = _draft_of(now)
        if draft is None:
            draft = PackDraft(call=now, document=now.pack_version.document, version=0, changed_by=by)
        pack = read(draft.document)
        try:
            new = change(pack, draft)
        except KeyError as error:
            raise MoveNotAllowedError(_("A colleague has removed this meanwhile.")) from error
        if new != pack:
            draft.document, draft.version = write(new), draft.version + 1
            draft.changed_at, draft.changed_by = timezone.now(), by
            draft.save()
        return new


def _draft_of(call: Call) -> PackDraft | None:
    drafts = PackDraft.objects.select_for_update(of=("self",)).select_related("changed_by", "call__pack_version")
    return drafts.filter(call=call).first()


def set_part(call: Call, path: Path, item: Any, *, seen: str, by: User) -> None:
    """Sets the properties of a part that are edited with it; its lists stay as they are stored. `seen` is the mark of
    the part (pack_parts.mark_of) the person had before their eyes; an empty one for a part that was not there.

    Raises ClashError where it is another by now, MoveNotAllowedError where the part is gone."""

    def change(pack: Pack, draft: PackDraft) -> Pack:
        stored = find(pack, path)
        if mark_of(stored) != seen:
            raise ClashError(stored, draft)
        if stored.item is None or item is None:
            return changed(pack, path, lambda _part: item)
        if stored.kind is Text:
            return changed(pack, path, lambda _part: item)
        own = {*own_names(stored), *own_names(Part(path, stored.kind, item))}
        new = replace(stored.item, **{name: getattr(item, name) for name in own})
        return changed(pack, path, lambda _part: of_kind(new, new.kind) if isinstance(new, Question) else new)

    _edit(call, change, by=by)


def add_part(call: Call, path: Path, item: Any, *, by: User) -> Path:
    """Adds a part at the end of the list at a path and gives it a key of its own, made from its title. The path of the
    new part. Raises MoveNotAllowedError."""
    made: list[str] = []

    def change(pack: Pack, _draft: PackDraft) -> Pack:
        part = Part(path, type(item), item)
        new = item
        if hasattr(item, "key"):
            assert part.title is not None
            new = replace(item, key=new_key(part.title, keys_beside(pack, path), type(item).__name__.lower()))
        made.append(getattr(new, "key", ""))

        def added(found: tuple[Any, ...]) -> tuple[Any, ...]:
            made[0] = made[0] or str(len(found))
            return (*found, new)

        return changed(pack, path, added)

    _edit(call, change, by=by)
    return (*path, made[0])


def remove_part(call: Call, path: Path, *, seen: str, by: User) -> None:
    """Removes a part, and what names it elsewhere. Raises ClashError where it is another by now than what was `seen`,
    MoveNotAllowedError where it is gone already."""

    def change(pack: Pack, draft: PackDraft) -> Pack:
        stored = find(pack, path)
        if mark_of(stored) != seen:
            raise ClashError(stored, draft)
        return removed(pack, path)

    _edit(call, change, by=by)


def move_part(call: Call, path: Path, step: int, *, by: User) -> None:
    """Moves a part one place up (-1) or down (1) in its list. Raises MoveNotAllowedError where it is gone."""
    _edit(call, lambda pack, _draft: moved(pack, path, step), by=by)


def put_pack(call: Call, pack: Pack, *, seen: int, by: User) -> None:
    """Puts a whole pack, from a file, into the working copy. `seen` is the version of the working copy it was compared
    with (0: there was none). Raises MoveNotAllowedError where that is another by now, PackError for a pack of another
    network."""
    refuse_another_network(pack, call)

    def change(_pack: Pack, draft: PackDraft) -> Pack:
        _refuse_another_version(draft.version, seen)
        return pack

    _edit(call, change, by=by)


def drop_changes(call: Call, *, seen: int, by: User) -> None:
    """Makes the working copy say again what the version of the call says. `seen` is the version of the working copy
    whose differences the person has read. Raises MoveNotAllowedError where that is another by now."""

    def change(_pack: Pack, draft: PackDraft) -> Pack:
        _refuse_another_version(draft.version, seen)
        return draft.call.pack

    _edit(call, change, by=by)


def _refuse_another_version(now: int, seen: int) -> None:
    if now != seen:
        raise MoveNotAllowedError(_("A colleague has changed the questions meanwhile. Look at the differences again."))


def take_over(call: Call, *, seen: int, by: User) -> list[Change]:
    """Makes the working copy the version of the call. `seen` is its version whose differences the person has read.

    Where the call is published, drafts move to the new version, each application under way gets an event, and their
    teams a letter if something changes that applicants must be told. The differences that were taken over.
    Raises NotReadyError naming every place that is wrong or, in a published call, forbidden."""
    with transaction.atomic():
        now = locked(call, by=by)
        state = Preparation(now)
        _refuse_another_version(state.version, seen)
        if state.problems:
            raise NotReadyError(_("The questions are not complete yet."), call=[], pack=state.problems)
        found = [change for changes in state.changes.values() for change in changes]
        wrong = [Problem(change.place, FORBIDDEN) for change in state.changes[Weight.FORBIDDEN]]
        if wrong and is_published(now):
            raise NotReadyError(_("Something here cannot change in a published call."), call=[], pack=wrong)
        differences = [in_words(change, now.pack, state.pack) for change in state.changes[Weight.TELL]]
        old, now.pack_version = now.pack_version, keep_pack(write(state.pack), by=by)
        now.save(update_fields=["pack_version"])
        if found:
            note(now, CallEvent.Kind.CHANGED, by=by)
        if is_published(now) and found:
            _move_along(now, old.sha256, differences, by=by)
        return found


def _move_along(call: Call, old: str, to_tell: list[Difference], *, by: User) -> None:
    """Drafts follow the call to its version; what was submitted stays with the version it was written for."""
    version = call.pack_version
    under_way = call.applications.exclude(state__in=ENDED).select_related("call__network", "city")
    for application in under_way.select_for_update(of=("self",)).order_by("pk"):
        follows = application.state == State.DRAFT
        if follows:
            application.pack_version = version
            application.save(update_fields=["pack_version"])
        data = {"old": old, "new": version.sha256, "number": version.number, "follows": int(follows)}
        event = log.record(application, Event.Kind.PACK_CHANGED, by=by, role=Role.COORDINATOR, data=data)
        if to_tell:
            letters.tell_of_pack(application, event, changes=to_tell, follows=follows)
