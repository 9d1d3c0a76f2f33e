"""Web server and database are killed at random moments: what was acknowledged is there, and nothing is there twice."""

import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.applications.portal_to_kill import Portal

SAVES, WRITERS = 500, 4
SUBMISSIONS = 50
PATIENCE = 180  # seconds, on a machine that does much else


@pytest.fixture(scope="module")
def portal() -> Iterator[Portal]:
    portal = Portal()
    try:
        portal.start_database()
        yield portal
    finally:
        portal.end()


@pytest.fixture(scope="module")
def drafts(portal) -> list[dict[str, Any]]:
    """Some to be submitted and others to be written in, since either test may run first."""
    drafts: list[dict[str, Any]] = portal.ask("make")
    assert len(drafts) == SUBMISSIONS + WRITERS
    portal.start_web()
    portal.wait()
    return drafts


class Killer:
    """Kills one of the two after every few acknowledged answers, and starts it anew, until it is told to stop."""

    def __init__(self, portal: Portal, *, after: tuple[int, int]) -> None:
        self.portal, self.after = portal, after
        self.enough = threading.Event()
        self.acknowledged = 0
        self.failure: BaseException | None = None
        self.thread = threading.Thread(target=self.run)

    def run(self) -> None:
        try:
            self.work()
        except BaseException as failure:
            self.failure = failure

    def work(self) -> None:
        chance = random.Random(20260101)
        wanted = chance.randint(*self.after)
        while not self.enough.wait(0.01):
            if self.acknowledged < wanted:
                continue
            time.sleep(chance.uniform(0, 0.05))
            if chance.random() < 0.5:
                self.portal.kill_web()
                self.portal.start_web()
            else:
                self.portal.kill_database()
                time.sleep(chance.uniform(0, 0.3))
                self.portal.start_database()
            self.portal.wait()
            wanted = self.acknowledged + chance.randint(*self.after)

    def __enter__(self) -> "Killer":
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.enough.set()
        self.thread.join()
        assert self.failure is None, self.failure


def save_until_acknowledged(killer: Killer, draft: dict[str, Any], value: str, version: int) -> int:
    """Sends the same text again until the portal says which version it has; that version."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert killer.failure is None, killer.failure
        answer = killer.portal.post(
            f"/de/applications/{draft['pk']}/council/",
            {"q.council_body": value, "seen.council_body": str(version)},
            session=draft["session"],
        )
        if answer.status == 200:
            killer.acknowledged += 1
            return int(answer.json()["versions"]["council_body"])
        assert answer.status in {0, 500, 502, 503}, answer
        time.sleep(0.05)
    raise AssertionError(f"no answer for three minutes, the last was {answer.status}: {killer.portal.last_words()}")


def write(killer: Killer, draft: dict[str, Any]) -> list[tuple[int, str]]:
    """One person writes one text again and again; what the portal has acknowledged."""
    acknowledged, version = [], draft["version"]
    for number in range(SAVES // WRITERS):
        value = f"Fassung {number}"
        version = save_until_acknowledged(killer, draft, value, version)
        acknowledged.append((version, value))
    return acknowledged


def test_killed_during_500_saves_then_every_acknowledged_one_is_there(portal, drafts):
    before = portal.kills
    with Killer(portal, after=(50, 110)) as killer, ThreadPoolExecutor(WRITERS) as writers:
        written = list(writers.map(lambda draft: write(killer, draft), drafts[-WRITERS:]))
    assert portal.kills - before >= 5
    told = portal.ask("tell")
    for draft, acknowledged in zip(drafts[-WRITERS:], written, strict=True):
        stored = {
            version: value for pk, key, version, value in told["versions"] if (pk, key) == (draft["pk"], "council_body")
        }
        assert {version: stored[version] for version, _value in acknowledged} == dict(acknowledged)
        assert sorted(stored) == list(range(1, len(stored) + 1))
        last = [answer[2:] for answer in told["answers"] if answer[:2] == [draft["pk"], "council_body"]]
        assert last == [list(acknowledged[-1])]
    assert told["faults"] == []
    assert told["waits_for_the_disk"]


def submit_until_acknowledged(killer: Killer, draft: dict[str, Any]) -> str:
    """Sends the submission again until the portal leads to the receipt; its address."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        assert killer.failure is None, killer.failure
        answer = killer.portal.post(
            f"/de/applications/{draft['pk']}/check/", {"seen": draft["sha256"]}, session=draft["session"]
        )
        if answer.status == 302 and "/receipt/" in answer.location:
            killer.acknowledged += 1
            return answer.location
        assert answer.status in {0, 500, 502, 503}, answer
        time.sleep(0.05)
    raise AssertionError(f"no answer for three minutes, the last was {answer.status}: {killer.portal.last_words()}")


def test_killed_during_50_submissions_then_none_is_double_or_half(portal, drafts):
    to_submit = drafts[:SUBMISSIONS]
    with Killer(portal, after=(15, 30)) as killer, ThreadPoolExecutor(WRITERS * 2) as people:
        # everybody presses the button twice
        receipts = list(people.map(lambda draft: submit_until_acknowledged(killer, draft), [*to_submit, *to_submit]))
    told = portal.ask("tell")
    pks = sorted(draft["pk"] for draft in to_submit)
    assert receipts[:SUBMISSIONS] == receipts[SUBMISSIONS:]
    assert sorted(pk for pk, *_rest in told["submissions"]) == pks
    assert sorted(pk for pk, _sequence in told["events"]) == pks
    assert sorted(pk for pk, _key in told["receipts"]) == pks
    assert sorted(pk for pk, state in told["states"].items() if state == "submitted") == sorted(map(str, pks))
    assert told["faults"] == []
    assert told["waits_for_the_disk"]
