"""A difference of practices in words, for the terminal."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from exchange.imports.difference import Change, Difference, shown

SHOWN = 50  # new practices that are named; of changes and open points all are


def _practices(count: int) -> str:
    return ngettext("%(count)d practice", "%(count)d practices", count) % {"count": count}


def _stays(changes: Iterable[Change], sentence: str) -> Iterator[str]:
    for change in changes:
        yield "  ? " + sentence % {
            "key": change.slug, "column": change.column, "portal": shown(change.old), "file": shown(change.new),
        }  # fmt: skip


def lines(difference: Difference, *, most: int | None = SHOWN) -> Iterator[str]:
    """What would happen, most certain first. `most` shortens the list of new practices."""
    if new := difference.new:
        yield _("New: %(what)s") % {"what": _practices(len(new))}
        yield from (f"  + {row.slug} ({row.values['title_de'] or row.values['title_en']})" for row in new[:most])
        if more := len(new[most or len(new) :]):
            yield "  " + _("… and %(count)d more") % {"count": more}
    if changes := difference.changes:
        heading = ngettext("Changed: %(count)d value", "Changed: %(count)d values", len(changes))
        yield heading % {"count": len(changes)}
        yield from (f"  ~ {change}" for change in changes)
    if difference.edited or difference.emptied or difference.missing:
        yield _("For a decision (the import changes nothing here):")
        edited = _("%(key)s: %(column)s was changed in the portal to %(portal)s, the file says %(file)s. It stays.")
        yield from _stays(difference.edited, edited)
        emptied = _("%(key)s: %(column)s is empty in the file, in the portal %(portal)s. It stays.")
        yield from _stays(difference.emptied, emptied)
        missing = _("%(key)s is in the portal, but not in %(file)s. It stays.")
        yield from ("  ? " + missing % {"key": slug, "file": "practices.csv"} for slug in difference.missing)
    if difference.unchanged:
        yield _("Unchanged: %(what)s") % {"what": _practices(difference.unchanged)}
