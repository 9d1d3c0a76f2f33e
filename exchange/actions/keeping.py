"""Material is kept by coordinators; the daily job can ask whether its addresses still answer."""

import datetime
from collections.abc import Callable, Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from exchange.actions.acting import moderators, refuse_unless
from exchange.links import trouble_of
from exchange.models import Programme, Resource
from network.daily import Window
from network.models import Network, User
from network.outbox import post
from network.permissions import keeps_content

A_RUN = 200  # addresses asked a day, those first that were not asked for longest
SURE_AFTER = datetime.timedelta(hours=20)  # dead on two days: then its keeper gets a letter


def keep(resource: Resource, *, by: User, networks: Iterable[Network]) -> Resource:
    """Writes a piece of material; another address is asked anew. For who keeps its programme."""
    kept = resource.programme is None or Programme.objects.kept_by(by).filter(pk=resource.programme.pk).exists()
    refuse_unless(keeps_content(by) and kept)
    with transaction.atomic():
        before = Resource.objects.filter(pk=resource.pk).values_list("url", flat=True).first()
        if before != resource.url:
            resource.checked_at, resource.dead_since, resource.trouble = None, None, ""
        resource.keeper = resource.keeper or by
        resource.save()
        resource.networks.set(networks)
    return resource


def set_public(resource: Resource, *, by: User, public: bool) -> None:
    """Shows it to everybody, or takes it back to a draft."""
    refuse_unless(Resource.objects.kept_by(by).filter(pk=resource.pk).exists())
    Resource.objects.filter(pk=resource.pk).update(published_at=timezone.now() if public else None)


def check_links(window: Window, *, ask: Callable[[str], str] = trouble_of) -> None:
    """A duty of the daily job. Does nothing unless the operator has switched it on (CHECK_LINKS)."""
    if not settings.CHECK_LINKS:
        return
    waiting = Resource.objects.published().order_by(F("checked_at").asc(nulls_first=True), "pk")[:A_RUN]
    for resource in waiting:
        note_answer(resource, window.now, ask=ask)


def note_answer(resource: Resource, now: datetime.datetime, *, ask: Callable[[str], str]) -> None:
    """Asks one address and notes what came; a letter to its keeper once it was dead on two days."""
    trouble = ask(resource.url)
    since = (resource.dead_since or now) if trouble else None
    Resource.objects.filter(pk=resource.pk).update(checked_at=now, dead_since=since, trouble=trouble[:200])
    if since is not None and now - since >= SURE_AFTER:
        keeper = resource.keeper if resource.keeper and resource.keeper.is_active else None
        for person in [keeper] if keeper else moderators(resource.programme):
            words: dict[str, object] = {"resource": resource, "trouble": trouble, "since": since}
            post("resource_dead", to=person, context=words, key=f"dead:{resource.pk}:{since.date()}:{person.pk}")
