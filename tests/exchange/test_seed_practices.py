"""Practices of a demo: one in each state for its coordinators, and nothing of it in public."""

import pytest
from django.core.management import CommandError, call_command

from exchange.models import Practice, Proposal
from exchange.workplace import Queue
from network.models import User
from tests.factories import a_network

pytestmark = pytest.mark.django_db
PUBLIC = ("/de/", "/de/practices/", "/de/practices/?q=Demo", "/de/practices/?format=csv", "/de/practices/?format=json",
          "/de/practices/?format=atom", "/de/practices/?format=points", "/sitemap-practices.xml")  # fmt: skip


def test_demo_practices_then_a_queue_for_its_coordinator_nothing_in_public_and_a_second_run_changes_nothing(
    client, settings, tmp_path, monkeypatch
):
    settings.DEMO, settings.MEDIA_ROOT = True, tmp_path
    monkeypatch.setenv("DEMO_PASSWORD", "demo-kennwort-1")
    a_network("gnlc")
    a_network("uccn")
    call_command("seed_demo", verbosity=0)
    for _ in range(2):
        call_command("seed_practices", verbosity=0)
    states = sorted(Proposal.objects.values_list("state", flat=True))
    assert states == ["draft", "proposed", "proposed", "proposed", "published", "published", "returned"]
    queue = Queue(User.objects.get(email="coordinator@gnlc.example"))
    assert (queue.proposed, queue.reported, len(queue.done)) == (3, 1, 3)
    assert (Practice.objects.count(), Practice.objects.published().count()) == (2, 0)
    found = {path: client.get(path).getvalue().decode() for path in PUBLIC}
    words = ("Lesebus", "Schulgärten", "school gardens", "Wochenmarkt", "musterstadt", "beispielhausen")
    assert [(path, word) for path, text in found.items() for word in words if word in text] == []


def test_demo_practices_in_a_real_portal_then_refused(settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="never in a real portal"):
        call_command("seed_practices")
