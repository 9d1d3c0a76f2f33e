"""A whole round as its people walk it, in both languages: a call made from the last one, twelve cities, four reviewers
with two conflicts of interest, a quota of three, and memberships that nobody meets before the set moment."""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.utils import timezone, translation
from playwright.sync_api import Page, expect

from applications.actions import inviting
from applications.actions.assigning import accept
from applications.actions.caring import Marked, mark
from applications.actions.deciding import forward
from applications.actions.drafting import start
from applications.actions.moving import Sent, submit
from applications.actions.releasing import carry_out_due
from applications.freezing import file_of
from applications.models import Application, Assignment, Call, CheckState, Event, Outcome, Release, ReviewerInvitation
from applications.workflow import Action, State
from cities.models import City, Membership, TeamMember
from cities.teams.members import leave_team
from network.models import Letter, User
from tests.browser.test_application import sign_in
from tests.factories import Role, a_city, a_country, a_person
from tests.factories_applications import (
    a_call,
    a_coordinator,
    a_lead,
    a_pack_version,
    a_second_coordinator,
    complete,
    let_time_pass,
    prepared,
    sign,
)
from tests.factories_reviewing import a_review

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
DAY = datetime.timedelta(days=1)
NAMES = [f"Musterort {letter}" for letter in "ABCDEFGHIJKL"]
REVIEWERS = ["Rita Rat", "Otto Ort", "Uta Urteil", "Vera Votum"]
EXPECTED = ("status of 422", "status of 404")  # refusals and pages that must not be there
SECRET = "Noch nicht für fremde Augen"
GOOD = {"de": "Ein tragfähiger Plan.", "en": "A sound plan."}


@dataclass
class Round:
    """The language it is walked in, its people, and how a page is opened for one of them."""

    language: str
    open_for: Callable[[User | None], Page]
    earlier: Call
    pages: dict[User | None, Page] = field(default_factory=dict)
    slug: str = ""

    def page_of(self, person: User | None) -> Page:
        if person not in self.pages:
            self.pages[person] = self.open_for(person)
        return self.pages[person]

    def go(self, person: User | None, path: str) -> Page:
        page = self.page_of(person)
        page.goto(f"/{self.language}/{path}")
        return page

    def says(self, german: str, english: str) -> str:
        return german if self.language == "de" else english

    @property
    def call(self) -> Call:
        return Call.objects.get(slug=self.slug)

    @property
    def first(self) -> User:
        return a_coordinator(self.earlier.network)

    @property
    def second(self) -> User:
        return a_second_coordinator(self.earlier.network)

    def case(self, name: str) -> Application:
        return Application.objects.for_page().get(call__slug=self.slug, city__name_de=name)

    def lead(self, name: str) -> User:
        return a_lead(City.objects.get(name_de=name))


@pytest.fixture(params=["de", "en"])
def a_round(request: Any, live_server: Any, open_page: Callable[..., Page]) -> Round:
    """A round that is over; its network has no member, and twelve cities have a lead each."""
    language: str = request.param

    def open_for(person: User | None) -> Page:
        page = open_page(locale=language, may_fail=EXPECTED, reduced_motion="reduce")
        if person is not None:
            sign_in(page, person, live_server.url)
        return page

    now = timezone.now()
    pack = a_pack_version(quota={"count": 3})
    earlier = a_call(
        "alt", pack=pack, opens_at=now - 120 * DAY, closes_at=now - 30 * DAY, title_de="Runde 2025",
        title_en="Round 2025",
    )  # fmt: skip
    for name in NAMES:
        a_lead(a_city(name.lower().replace(" ", "-"), name_de=name, name_en=name))
    User.objects.update(language=language)
    return Round(language, open_for, earlier)


def test_a_round_from_the_last_call_to_the_directory(a_round):
    make_the_call_from_the_last_one(a_round)
    begin_and_extend(a_round)
    hand_in(a_round)
    check_formally(a_round)
    return_one_and_have_it_changed(a_round)
    invite_reviewers(a_round)
    find_conflicts_before_asking(a_round)
    review(a_round)
    decide_within_the_quota(a_round)
    release_by_a_second_person(a_round)
    forward_and_record_the_result(a_round)
    let_the_moment_come(a_round)


# --- the call


def make_the_call_from_the_last_one(it: Round) -> None:
    page = it.go(it.first, "coordination/calls/")
    page.locator("a[href$='/calls/new/']").click()
    tick(page, "input[value='call:alt']")
    submit_form(page)
    tick(page, "#id_confirmed")
    submit_form(page)
    it.slug = page.url.rstrip("/").rpartition("/")[2]
    expect(page.locator("h1")).to_contain_text(it.says("Runde 20", "Round 20"))
    assert not Call.objects.published().filter(slug=it.slug).exists()
    page.locator(f"a[href$='/{it.slug}/publish/']").click()
    submit_form(page)
    assert Call.objects.published().filter(slug=it.slug).exists()
    expect(page.locator("#history + ol")).to_contain_text(it.first.name)
    let_time_pass(Call.objects.filter(slug=it.slug), opens_at=timezone.now() - DAY)


def begin_and_extend(it: Round) -> None:
    for name in NAMES:
        city = City.objects.get(name_de=name)
        start(it.call, city, by=a_lead(city), language=it.language)
    before, moved = it.call.closes_at, it.call.closes_at + 14 * DAY
    page = it.go(it.first, f"coordination/calls/{it.slug}/extend/")
    expect(page.locator("main .facts dd").first).to_have_text("12")
    page.fill("[name=day]", moved.astimezone(it.call.zone_info).date().isoformat())
    page.fill("[name=clock]", "23:59:59")
    page.fill("[name=reason_de]", "Wegen der Ferien.")
    page.fill("[name=reason_en]", "Because of the holidays.")
    submit_form(page)
    assert before < it.call.closes_at <= moved + DAY
    assert {one.due_at for one in it.call.applications.all()} == {it.call.closes_at}
    assert Event.objects.filter(kind=Event.Kind.DEADLINE_MOVED).count() == len(NAMES)
    assert Letter.objects.filter(kind="application_extension").count() == len(NAMES)
    reason = it.says("Wegen der Ferien.", "Because of the holidays.")
    expect(it.go(None, f"calls/{it.slug}/").locator("main")).to_contain_text(reason)
    expect(it.go(it.lead(NAMES[0]), "letters/").locator("main")).to_contain_text(it.says("Runde 20", "Round 20"))
    expect(it.go(it.first, f"coordination/calls/{it.slug}/").locator("#history + ol")).to_contain_text(reason)


def hand_in(it: Round) -> None:
    """Ten by their actions, two by the page."""
    for name in NAMES:
        case, lead = it.case(name), it.lead(name)
        complete(case, by=lead)
        if name not in NAMES[:2]:
            submit(case, by=lead, seen=file_of(it.case(name)).sha256)
    for name in NAMES[:2]:
        submit_by_page(it, name, number=1)
    assert {one.state for one in it.call.applications.all()} == {State.SUBMITTED}
    let_time_pass(Call.objects.filter(slug=it.slug), closes_at=timezone.now() - DAY / 2)


def submit_by_page(it: Round, name: str, *, number: int) -> None:
    page = it.go(it.lead(name), f"applications/{it.case(name).pk}/check/")
    page.get_by_role("button", name=it.says(f"Für {name} einreichen", f"Submit for {name}")).click()
    page.wait_for_url(f"**/receipt/{number}/")
    expect(page.locator("h1")).to_contain_text(it.case(name).submissions.get(number=number).receipt)


# --- the formal check


def check_formally(it: Round) -> None:
    """Two by the page, one of which lacks something."""
    for name in NAMES[2:]:
        mark(it.case(name).submissions.get(), {"signed": Marked("fine", "", 0)}, by=it.first)
    for name, verdict, note in ((NAMES[0], "fine", ""), (NAMES[1], "faulty", "Der Stempel fehlt.")):
        page = it.go(it.first, f"coordination/applications/{it.case(name).pk}/")
        tick(page, f"input[name='verdict.signed'][value={verdict}]")
        page.locator("[name='note.signed']").fill(note)
        submit_form(page, ".check-form .kern-btn--primary")
    states = {one.city.name_de: one.check_state for one in it.call.applications.select_related("city")}
    assert states == dict.fromkeys(NAMES, CheckState.PASSED) | {NAMES[1]: CheckState.FAULTY}


def return_one_and_have_it_changed(it: Round) -> None:
    """Only the named part opens, until a date; the rest goes to review."""
    name = NAMES[1]
    case, lead = it.case(name), it.lead(name)
    page = it.go(it.first, f"coordination/applications/{case.pk}/return/")
    expect(page.locator("[name=note]")).to_have_value(re.compile("Der Stempel fehlt"))
    tick(page, "input[name=parts][value=vision]")
    submit_form(page)
    assert it.case(name).state == State.RETURNED
    city = it.go(lead, f"applications/{case.pk}/")
    expect(city.locator("main")).to_contain_text("Der Stempel fehlt.")
    city.goto(f"/{it.language}/applications/{case.pk}/plan/")
    expect(city.locator("input[name='q.has_plan']:enabled")).to_have_count(0)
    city.fill("[name='q.vision']", "Jetzt mit Stempel.")
    submit_form(city, "form[data-section] button.kern-btn--primary")
    sign(it.case(name), by=lead)  # what was signed has changed
    submit_by_page(it, name, number=2)
    mark(it.case(name).submissions.get(number=2), {"signed": Marked("fine", "", 0)}, by=it.first)
    page = it.go(it.first, f"coordination/applications/together/?act=review&all=1&call={it.slug}")
    assert it.call.applications.filter(state=State.IN_REVIEW).count() == 0  # a preview does nothing
    submit_form(page)
    assert {one.state for one in it.call.applications.all()} == {State.IN_REVIEW}


# --- reviewers


def invite_reviewers(it: Round) -> None:
    """Two of them have to do with a city, which the coordination reads before it invites; one answers by the pages."""
    country = a_country("FR")
    rita, otto, *others = (a_person(Role.NEWCOMER, name=name) for name in REVIEWERS)
    third, fourth = (City.objects.get(name_de=name) for name in NAMES[2:4])
    inviting.state_origin(by=rita, country=country, land=None, cities=[third], words=str(third))
    TeamMember.objects.create(city=fourth, user=otto, role=TeamMember.Role.EDITOR)
    leave_team(fourth, by=otto)
    for person, city in ((rita, third), (otto, fourth)):
        page = it.go(it.first, f"coordination/calls/{it.slug}/reviewers/invite/")
        page.fill("[name=email]", person.email)
        submit_form(page)
        expect(page.locator("main")).to_contain_text(reason_of(it, person, city))
        assert not ReviewerInvitation.objects.filter(email=person.email).exists()
        submit_form(page)
    page = it.go(rita, "reviews/")
    page.locator("main a[href*='/reviews/invitations/']").first.click()
    page.locator("button[name=reply][value=accept]").click()
    expect(page.locator("[name=cities]")).to_have_value(NAMES[2])
    tick(page, "[name=sure]")
    submit_form(page)
    inviting.accept(ReviewerInvitation.objects.get(email=otto.email), by=otto)
    for person in others:
        inviting.accept(inviting.invite(it.call, person.email, by=it.first), by=person)
    for person in (otto, *others):
        inviting.state_origin(by=person, country=country, land=None, cities=[])
    assert ReviewerInvitation.objects.filter(call=it.call, state="accepted").count() == len(REVIEWERS)


def reason_of(it: Round, person: User, city: City) -> str:
    if person.name == REVIEWERS[0]:
        return it.says(
            f"Arbeitet oder arbeitete nach eigener Angabe für {city}.",
            f"Works or has worked for {city}, by their own statement.",
        )
    return it.says(f"Gehörte zum Team von {city}.", f"Was in the team of {city}.")


def find_conflicts_before_asking(it: Round) -> None:
    page = it.go(it.first, f"coordination/calls/{it.slug}/reviews/")
    assert not Assignment.objects.exists()
    found = page.locator("li[id^=conflict-]")
    expect(found).to_have_count(2)
    for place, name, reviewer in zip(range(2), NAMES[2:4], REVIEWERS, strict=False):
        person, city = User.objects.get(name=reviewer), City.objects.get(name_de=name)
        expect(found.nth(place)).to_contain_text(f"{name}: {reviewer}")
        expect(found.nth(place)).to_contain_text(reason_of(it, person, city))
    page.locator(f"a[href$='/{it.slug}/reviews/propose/']").first.click()
    for box in page.locator("input[name=people]").all():
        tick(page, f"[id='{box.get_attribute('id')}']")
    submit_form(page)
    assert not Assignment.objects.exists()
    submit_form(page)
    pairs = set(Assignment.objects.values_list("reviewer__name", "application__city__name_de"))
    assert len(pairs) == 2 * len(NAMES)
    assert pairs.isdisjoint(zip(REVIEWERS, NAMES[2:4], strict=False))
    rita = User.objects.get(name=REVIEWERS[0])
    expect(it.go(rita, "reviews/").locator("main h3").filter(has_text=NAMES[2])).to_have_count(0)


def review(it: Round) -> None:
    """One by the page, which shows no other review before its own is finished; the others by their actions. The earlier
    in the alphabet, the better."""
    rita = User.objects.get(name=REVIEWERS[0])
    own = Assignment.objects.filter(reviewer=rita).order_by("application__city__name_de").first()
    assert own is not None
    for one in Assignment.objects.exclude(pk=own.pk).select_related("reviewer", "application__city"):
        one.application = Application.objects.for_page().get(pk=one.application_id)
        value = 5 - NAMES.index(one.application.city.name_de) // 3
        a_review(accept(one, by=one.reviewer), value=value, reason=SECRET)
    page = it.go(rita, f"reviews/{own.pk}/")
    tick(page, "[name=free]")
    submit_form(page, "main form >> nth=0 >> button[type=submit]")
    expect(page.locator("main")).not_to_contain_text(SECRET)
    tick(page, "input[name='score.planning'][value='5']")
    page.locator("textarea[name^='reason.planning']").fill(GOOD[it.language])
    with page.expect_navigation():
        page.locator("button[name=finish]").click()
    expect(page.locator("main")).to_contain_text(SECRET)
    assert Assignment.objects.filter(state=Assignment.State.DONE).count() == 2 * len(NAMES)


# --- the decision


def decide_within_the_quota(it: Round) -> None:
    """Three places: the fourth is refused. Nobody else learns that anything is prepared."""
    before = what_others_meet(it)
    page = it.go(it.first, f"coordination/calls/{it.slug}/decisions/")
    expect(page.locator(".quota-row")).to_contain_text("3")
    for name in NAMES[1:3]:
        prepared(it.case(name), Action.ENDORSE, reason_de=SECRET, reason_en=SECRET, without_quorum="")
    prepare_by_page(it, NAMES[0], Action.ENDORSE)
    refused = prepare_by_page(it, NAMES[3], Action.ENDORSE)
    expect(refused.locator(".error-summary")).to_contain_text(it.says("höchstens 3", "at most 3"))
    tick(refused, "input[name=action][value=refuse]")
    submit_form(refused)
    for name in NAMES[4:]:
        prepared(it.case(name), Action.REFUSE, reason_de=SECRET, reason_en=SECRET, without_quorum="")
    assert Outcome.objects.listed().count() == len(NAMES)
    assert what_others_meet(it) == before


def prepare_by_page(it: Round, name: str, action: str) -> Page:
    page = it.go(it.first, f"coordination/calls/{it.slug}/decisions/{it.case(name).pk}/")
    tick(page, f"input[name=action][value={action}]")
    page.fill("[name=reason_de]", GOOD["de"])
    page.fill("[name=reason_en]", GOOD["en"])
    submit_form(page)
    return page


def release_by_a_second_person(it: Round) -> None:
    path = f"coordination/calls/{it.slug}/decisions/release/"
    own = it.go(it.first, path)
    expect(own.locator("#release form")).to_have_count(0)
    page = it.go(it.second, path)
    sheet = page.locator(".outcome-sheet").filter(has_text=NAMES[0])
    for code, words in GOOD.items():
        expect(sheet.locator(f".letter-body[lang={code}]")).to_contain_text(words)
    tick(page, "input[name=when][value=now]")
    submit_form(page)
    endorsed = it.call.applications.filter(state=State.ENDORSED).values_list("city__name_de", flat=True)
    assert sorted(endorsed) == NAMES[:3]
    assert it.call.applications.filter(state=State.NOT_ENDORSED).count() == len(NAMES) - 3
    assert not Membership.objects.exists()
    letter = it.go(it.lead(NAMES[0]), "letters/").locator("main")
    expect(letter).to_contain_text(NAMES[0])
    assert GOOD[it.language] in Letter.objects.get(kind="application_decided", to=it.lead(NAMES[0])).text


def forward_and_record_the_result(it: Round) -> None:
    """The network has admitted all three, which is prepared; a second person sets the moment."""
    cases = [it.case(name) for name in NAMES[:3]]
    forward(cases, sent=Sent(timezone.localdate(), "email"), note="", by=it.first)
    before = what_others_meet(it)
    for case in cases:
        prepared(case, Action.ADMIT, reason_de="", reason_en="", without_quorum="")
    page = it.go(it.second, f"coordination/calls/{it.slug}/decisions/release/")
    tick(page, "input[name=when][value=later]")
    page.fill("[name=day]", (timezone.localdate() + DAY).isoformat())
    page.fill("[name=clock]", "10:00:00")
    submit_form(page)
    expect(page.locator("#waiting")).to_be_visible()
    carry_out_due()
    assert what_others_meet(it) == before
    assert nobody_is_listed(it)


def let_the_moment_come(it: Round) -> None:
    Release.objects.waiting().update(at=timezone.now() + datetime.timedelta(seconds=10))
    carry_out_due()
    assert nobody_is_listed(it)  # not before
    Release.objects.waiting().update(at=timezone.now())
    carry_out_due()
    visitor = it.go(None, "cities/?q=musterort")
    for name in NAMES[:3]:
        expect(visitor.locator("main")).to_contain_text(name)
    expect(visitor.locator("main")).not_to_contain_text(NAMES[3])
    visitor = it.go(None, "cities/musterort-a/")
    expect(visitor.locator("h1")).to_contain_text(NAMES[0])
    expect(it.go(None, "networks/gnlc/").locator("main")).to_contain_text(NAMES[2])
    lead = it.go(it.lead(NAMES[0]), f"applications/{it.case(NAMES[0]).pk}/case/")
    expect(lead.locator("main")).to_contain_text(it.says("Aufgenommen", "Admitted"))
    expect(it.go(it.lead(NAMES[3]), "my-desk/").locator("main")).to_contain_text(
        it.says("Nicht befürwortet", "Not endorsed")
    )
    assert {one.city.name_de for one in Membership.objects.select_related("city")} == set(NAMES[:3])


# --- what others meet


PUBLIC = [
    "", "cities/?q=musterort", "cities/?network=gnlc", "cities/?view=table&network=gnlc", "cities/?format=csv",
    "cities/?format=json", "cities/?format=geojson", "cities/musterort-a/", "networks/gnlc/", "networks/", "germany/",
    "news/", "practices/",
]  # fmt: skip


def what_others_meet(it: Round) -> dict[str, tuple[int, str]]:
    """Status and words of the public pages for a visitor, and of what a city reads of its own application."""
    met = {path: asked(it, None, path) for path in PUBLIC}
    for name in (NAMES[0], NAMES[3]):
        for path in (f"applications/{it.case(name).pk}/case/", "my-desk/", "letters/", "account/data/"):
            met[f"{name} {path}"] = asked(it, it.lead(name), path)
    return met


def asked(it: Round, person: User | None, path: str) -> tuple[int, str]:
    answer = it.page_of(person).context.request.get(f"/{it.language}/{path}")
    return answer.status, CHANCE.sub("", answer.text())


# Signs that differ from answer to answer, and say nothing.
CHANCE = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"|nonce="[^"]+"')


def nobody_is_listed(it: Round) -> bool:
    """Whether no public page names one of the cities; its own page is not there."""
    met = [asked(it, None, path) for path in PUBLIC]
    with translation.override(it.language):
        named = [text for _status, text in met if any(name in text for name in NAMES)]
    return not named and asked(it, None, "cities/musterort-a/")[0] == 404 and not Membership.objects.exists()


def submit_form(page: Page, button: str = "main form button.kern-btn--primary") -> None:
    """Send the form, and wait for the page it leads to."""
    with page.expect_navigation():
        page.locator(button).first.click()


def tick(page: Page, selector: str) -> None:
    """Choose a box or a radio button by its label, as a mouse does."""
    box = page.locator(selector)
    if not box.is_checked():
        page.locator(f"label[for='{box.get_attribute('id')}']").first.click()
    expect(box).to_be_checked()
