"""Every address of the portal × everybody who may come: what they meet. A new address fails here until it has its row.

The same table proves that reading writes nothing and that every page is sound HTML in both languages.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

import pytest
from django.contrib import admin
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation

from applications.actions import inviting
from applications.actions.caring import raise_flag
from applications.actions.documents import add_document
from applications.actions.drafting import save_answers
from applications.actions.endorsing import prepare_sheet
from applications.models import Application, Assignment, Document, Endorsement, Flag, Outcome, ReviewerInvitation
from applications.workflow import Action, State
from cities.models import City, Membership, Picture
from cities.teams.invitations import code_of
from exchange.actions import alerts, registering, suggesting, yearly
from exchange.models import (
    CalendarImport,
    Practice,
    PracticeDocument,
    PracticePicture,
    Proposal,
    Registration,
    Report,
    Resource,
    SavedSearch,
    TransferStep,
)
from network.ending import path_of
from network.models import BarrierReport, DailyRun, Letter, Network, User
from network.outbox import post
from network.views.legal import RECEIPT
from tests.data import directory_in_step
from tests.factories import (
    Role,
    a_city,
    a_country,
    a_land,
    a_member,
    a_membership,
    a_network,
    a_person,
    a_team_in_motion,
    some_news,
)
from tests.factories_applications import a_call, a_pack_version, a_pdf, an_application, prepared
from tests.factories_exchange import a_practice, a_programme, a_session, some_writing
from tests.factories_reviewing import an_assignment
from tests.guards import only_reads, problems

__all__ = ["directory_in_step"]
pytestmark = pytest.mark.django_db

VISITOR, LEAD, OTHER_LEAD, COORDINATOR = "visitor", "lead", "other lead", "coordinator"
OTHER_COORDINATOR, REVIEWER, OPERATOR = "other coordinator", "reviewer", "operator"
SIGNED_IN = [LEAD, OTHER_LEAD, COORDINATOR, OTHER_COORDINATOR, REVIEWER, OPERATOR]
EVERYBODY = [VISITOR, *SIGNED_IN]
OUTSIDE_THE_DESK = [VISITOR, LEAD, REVIEWER]
VISION = "steps/apply/sections/plan/questions/vision"


@dataclass
class World:
    """Two cities with their leads, two networks with their coordinators, and one of every other thing."""

    city: City
    network: Network
    receipt: str
    picture: str
    application: Application
    people: dict[str, User] = field(default_factory=dict)

    @cached_property
    def case(self) -> Application:
        """One that was submitted, made only where a row asks for it, since that takes a while."""
        return an_application(State.SUBMITTED, call=self.application.call, city=a_city("koeln"))

    @cached_property
    def outcome(self) -> Outcome:
        """Prepared, and known to nobody else."""
        return prepared(self.case, Action.REFUSE)

    @cached_property
    def assignment(self) -> Assignment:
        """The case is given to the reviewer, who has taken it on."""
        inviting.state_origin(by=self.people[REVIEWER], country=a_country("FR"), land=None, cities=[])
        return an_assignment(self.case, self.people[REVIEWER])

    @cached_property
    def invited(self) -> ReviewerInvitation:
        """Somebody whom nobody knows yet is asked to review."""
        return inviting.invite(self.application.call, "neu@example.org", by=self.people[COORDINATOR])

    @property
    def membership(self) -> Membership:
        return Membership.objects.get(city=self.city, network=self.network)

    @cached_property
    def flag(self) -> Flag:
        by, day = self.people[COORDINATOR], timezone.localdate()
        return raise_flag(self.case, "Beschluss ansehen", owner=by, due_on=day, by=by)

    @cached_property
    def document(self) -> Document:
        return add_document(self.application, "plan_file", a_pdf(), by=self.people[LEAD])

    @cached_property
    def sheet(self) -> Endorsement:
        return prepare_sheet(self.application, "mayor", by=self.people[LEAD])


def _a_proposal() -> Proposal:
    """The one of the lead's city, which waits for a check."""
    return Proposal.objects.get(title="Was wartet")


def _a_suggestion() -> Proposal:
    return Proposal.objects.exclude(email="").get()


type Arguments = Callable[[World], dict[str, object]]


def _none(_world: World) -> dict[str, object]:
    return {}


def _of_the_call(world: World) -> dict[str, object]:
    return {"slug": world.application.call.slug}


@dataclass(frozen=True)
class Row:
    """What each meets at an address (status of a GET), and how the address is made."""

    meets: dict[str, int]
    arguments: Arguments = _none
    tells_of: tuple[str, ...] = ()  # whose names, beside the reader's own, stand on the page
    tells_more: dict[str, tuple[str, ...]] = field(default_factory=dict)  # to one of them


def everybody(status: int, **others: int) -> dict[str, int]:
    return dict.fromkeys(EVERYBODY, status) | {name.replace("_", " "): value for name, value in others.items()}


def _a_letter() -> Letter:
    """The one to the lead."""
    return Letter.objects.get(key="to the lead")


def _end_of_alerts() -> str:
    """Of the letters about the search that a visitor has saved."""
    return path_of("alert", SavedSearch.objects.get(query="theme=health").pk, "de").split("/")[-2]


SIGNED_IN_ELSEWHERE = {name.replace(" ", "_"): 302 for name in SIGNED_IN}
OWN_ACCOUNT = everybody(200, visitor=302)
OF_THE_TEAM = everybody(404, visitor=302, lead=200, operator=200)
OF_THE_CITY = everybody(404, visitor=302, lead=200)
# the city is in the networks of both coordinators, so both are in charge
IN_CHARGE = everybody(404, visitor=302, coordinator=200, other_coordinator=200, operator=200)
OF_THE_COORDINATION = everybody(404, visitor=302, coordinator=200)
OF_ANY_COORDINATION = everybody(404, visitor=302, coordinator=200, other_coordinator=200, operator=200)
# what is in no network's programme is every coordinator's to check, and the operators'
CHECKED = everybody(404, visitor=302, coordinator=200, other_coordinator=200, operator=200)
TABLE = {
    "root": Row(everybody(302)),
    "favicon": Row(everybody(302)),
    "robots": Row(everybody(200)),
    "sitemap-index": Row(everybody(200)),
    "django.contrib.sitemaps.views.sitemap": Row(everybody(200), lambda _world: {"section": "cities"}),
    "home": Row(everybody(200)),
    "account_login": Row(everybody(200, **SIGNED_IN_ELSEWHERE)),
    "account_logout": Row(everybody(405)),
    "account_inactive": Row(everybody(200)),
    "account_signup": Row(everybody(200, **SIGNED_IN_ELSEWHERE)),
    "account_reset_password": Row(everybody(200)),
    "account_password_reset_completed": Row(everybody(200)),
    # nothing waits for a code, a second factor or a new password
    "account_email_verification_sent": Row(everybody(302)),
    "account_confirm_password_reset_code": Row(everybody(302)),
    "account_complete_password_reset": Row(everybody(302)),
    "mfa_authenticate": Row(everybody(302)),
    "mfa_login_webauthn": Row(everybody(302)),
    "account": Row(OWN_ACCOUNT),
    "account_data": Row(OWN_ACCOUNT),
    "account_sessions": Row(OWN_ACCOUNT),
    "account_delete": Row(OWN_ACCOUNT),
    "account_email": Row(OWN_ACCOUNT),
    "account_change_password": Row(OWN_ACCOUNT),
    "account_set_password": Row(everybody(302)),  # they have one
    "account_reauthenticate": Row(OWN_ACCOUNT),
    "mfa_index": Row(OWN_ACCOUNT),
    # "Is it you?" comes first
    "mfa_activate_totp": Row(everybody(302)),
    "mfa_add_webauthn": Row(everybody(302)),
    "mfa_remove_webauthn": Row(everybody(302), lambda _world: {"pk": 1}),
    "mfa_generate_recovery_codes": Row(everybody(302)),
    "mfa_reauthenticate": Row(everybody(302)),
    "mfa_reauthenticate_webauthn": Row(everybody(302)),
    # nobody has these yet
    "mfa_deactivate_totp": Row(everybody(404, visitor=302)),
    "mfa_view_recovery_codes": Row(everybody(404, visitor=302)),
    "mfa_download_recovery_codes": Row(everybody(404, visitor=302)),
    "socialaccount_connections": Row(OWN_ACCOUNT),
    "socialaccount_signup": Row(everybody(302)),
    "socialaccount_login_cancelled": Row(everybody(200)),
    "socialaccount_login_error": Row(everybody(401)),
    "openid_connect_login": Row(everybody(405)),
    "openid_connect_callback": Row(everybody(404)),  # no town hall's provider is set
    "unsent": Row(everybody(302)),
    "news:list": Row(everybody(200)),
    "news:detail": Row(everybody(200), lambda _world: {"slug": "neu"}),
    "letters:list": Row(everybody(200, visitor=302)),
    "letters:end": Row(everybody(200), lambda _world: {"token": _end_of_alerts()}),
    "letters:detail": Row(everybody(404, visitor=302, lead=200), lambda _world: {"pk": _a_letter().pk}),
    "outbox:list": Row(everybody(404, visitor=302, operator=200)),
    "outbox:detail": Row(everybody(404, visitor=302, operator=200), lambda _world: {"pk": _a_letter().pk}),
    "outbox:settle": Row(everybody(405, visitor=302), lambda _world: {"pk": _a_letter().pk}),
    "legal:imprint": Row(everybody(200)),
    "legal:privacy": Row(everybody(200)),
    "legal:accessibility": Row(everybody(200)),
    "legal:easy": Row(everybody(200)),
    "legal:sign": Row(everybody(200)),
    "legal:sources": Row(everybody(200)),
    "legal:barrier": Row(everybody(200)),
    "legal:barrier_thanks": Row(everybody(200), lambda world: {"receipt": world.receipt}),
    "networks:list": Row(everybody(200)),
    "networks:detail": Row(everybody(200), lambda world: {"slug": world.network.slug}),
    "cities:list": Row(everybody(200)),
    "cities:detail": Row(everybody(200), lambda world: {"slug": world.city.slug}),
    "cities:edit": Row(OF_THE_TEAM, lambda world: {"slug": world.city.slug}),
    # reached by a link it confirms nothing and leads to the profile
    "cities:confirm": Row(OF_THE_TEAM | {LEAD: 302, OPERATOR: 302}, lambda world: {"slug": world.city.slug}),
    "cities:picture_add": Row(OF_THE_TEAM, lambda world: {"slug": world.city.slug}),
    "cities:picture_remove": Row(
        OF_THE_TEAM, lambda world: {"slug": world.city.slug, "pk": world.city.pictures.get().pk}
    ),
    "cities:team": Row(IN_CHARGE | {LEAD: 200}, lambda world: {"slug": world.city.slug}, (LEAD,)),
    # who is in the team is led to it
    "cities:team_ask": Row(everybody(200, visitor=302, lead=302), lambda world: {"slug": world.city.slug}),
    "cities:team_answer": Row(
        IN_CHARGE | {LEAD: 200}, lambda world: {"slug": world.city.slug, "pk": world.city.team_requests.get().pk}
    ),
    "cities:team_withdraw": Row(
        everybody(404, visitor=302), lambda world: {"slug": world.city.slug, "pk": world.city.team_requests.get().pk}
    ),
    "cities:team_invite": Row(OF_THE_TEAM, lambda world: {"slug": world.city.slug}),
    "cities:team_send_again": Row(
        OF_THE_TEAM, lambda world: {"slug": world.city.slug, "pk": world.city.team_invitations.get().pk}
    ),
    "cities:team_revoke": Row(
        OF_THE_TEAM, lambda world: {"slug": world.city.slug, "pk": world.city.team_invitations.get().pk}
    ),
    "cities:team_member": Row(
        OF_THE_TEAM, lambda world: {"slug": world.city.slug, "pk": world.city.team.get(role="editor").pk}
    ),
    "cities:team_remove": Row(
        OF_THE_TEAM, lambda world: {"slug": world.city.slug, "pk": world.city.team.get(role="editor").pk}
    ),
    "cities:team_leave": Row(everybody(404, visitor=302, lead=200), lambda world: {"slug": world.city.slug}),
    "cities:team_hand_over": Row(everybody(404, visitor=302, lead=200), lambda world: {"slug": world.city.slug}),
    # for the one who was asked, which is nobody here
    "cities:team_take_over": Row(everybody(404, visitor=302), lambda world: {"slug": world.city.slug}),
    "cities:team_appoint": Row(IN_CHARGE, lambda world: {"slug": world.city.slug}, (LEAD,)),
    "cities:mine": Row(everybody(200, visitor=302)),
    # for the one whose address it is, which is nobody here
    "cities:own_invitation": Row(
        everybody(404, visitor=302), lambda world: {"pk": world.city.team_invitations.get().pk}
    ),
    "cities:invitation": Row(
        everybody(200), lambda world: {"code": code_of(world.city.team_invitations.get())}, (LEAD,)
    ),
    "cities:germany": Row(everybody(200)),
    "exchange:list": Row(everybody(200)),
    "exchange:practice": Row(everybody(200), lambda _world: {"slug": "fest"}),
    "exchange:programmes": Row(everybody(200)),
    "exchange:programme": Row(everybody(200), lambda _world: {"slug": "reihe"}),
    "exchange:sessions": Row(everybody(200)),
    "exchange:session": Row(everybody(200), lambda _world: {"slug": "abend"}),
    "exchange:session_calendar": Row(everybody(200), lambda _world: {"slug": "abend"}),
    "exchange:import": Row(everybody(404, visitor=302, operator=200)),
    # the file of another session: an operator is led back to begin anew
    "exchange:import_check": Row(everybody(404, visitor=302, operator=302), lambda _world: {"key": UUID(int=2)}),
    "exchange:resources": Row(everybody(200)),
    "exchange:resources_kept": Row(CHECKED),
    "exchange:resource_new": Row(CHECKED),
    "exchange:resource_edit": Row(CHECKED, lambda _world: {"pk": Resource.objects.get().pk}),
    "exchange:resource_act": Row(
        everybody(405, visitor=302), lambda _world: {"pk": Resource.objects.get().pk, "what": "publish"}
    ),
    "exchange:programme_calendar": Row(everybody(200), lambda _world: {"slug": "reihe"}),
    "exchange:sessions_kept": Row(CHECKED),
    "exchange:session_new": Row(CHECKED),
    "exchange:calendar_import": Row(CHECKED),
    "exchange:calendar_check": Row(CHECKED, lambda _world: {"pk": CalendarImport.objects.get().pk}),
    "exchange:calendar_drop": Row(everybody(405, visitor=302), lambda _world: {"pk": CalendarImport.objects.get().pk}),
    "exchange:session_edit": Row(CHECKED, lambda _world: {"slug": "mit-anmeldung"}),
    "exchange:session_act": Row(everybody(405, visitor=302), lambda _world: {"slug": "abend", "what": "announce"}),
    "exchange:session_cancel": Row(CHECKED, lambda _world: {"slug": "mit-anmeldung"}),
    "exchange:registered": Row(CHECKED, lambda _world: {"slug": "mit-anmeldung"}),
    "exchange:register": Row(everybody(200), lambda _world: {"slug": "mit-anmeldung"}),
    "exchange:registration": Row(
        everybody(200), lambda _world: {"token": registering.token_of(Registration.objects.get())}
    ),
    "exchange:join": Row(everybody(200), lambda _world: {"slug": "offen"}),
    "exchange:mine": Row(everybody(200, visitor=302)),
    "exchange:start": Row(everybody(200, visitor=302)),
    "exchange:suggest": Row(everybody(200)),
    "exchange:places": Row(everybody(200)),
    "exchange:suggestion": Row(everybody(200), lambda _world: {"token": suggesting.token_of(_a_suggestion())}),
    "exchange:alert_ask": Row(everybody(200)),
    "exchange:alert": Row(
        everybody(200), lambda _world: {"token": alerts.token_of(SavedSearch.objects.get(query="theme=health"))}
    ),
    "exchange:still_correct": Row(
        everybody(200), lambda _world: {"token": signing.dumps(Practice.objects.get(slug="fest").pk, salt=yearly.SALT)}
    ),
    "exchange:picture": Row(everybody(200), lambda _world: {"pk": PracticePicture.objects.get(is_public=True).pk}),
    "exchange:proposal": Row(CHECKED | {LEAD: 200}, lambda _world: {"pk": _a_proposal().pk}),
    "exchange:preview": Row(CHECKED | {LEAD: 200}, lambda _world: {"pk": _a_proposal().pk}),
    "exchange:withdraw": Row(OF_THE_CITY, lambda _world: {"pk": _a_proposal().pk}),
    # for who began it alone, before it was ever public
    "exchange:place": Row(OF_THE_CITY, lambda _world: {"pk": Proposal.objects.get(title="Was entsteht").pk}),
    "exchange:act": Row(everybody(405, visitor=302), lambda _world: {"pk": _a_proposal().pk, "what": "propose"}),
    # while it waits for a check, only who checks it writes
    "exchange:picture_add": Row(CHECKED, lambda _world: {"pk": _a_proposal().pk}),
    "exchange:picture_remove": Row(
        CHECKED, lambda _world: {"pk": _a_proposal().pk, "number": _a_proposal().pictures.get().pk}
    ),
    "exchange:picture_edit": Row(
        CHECKED, lambda _world: {"pk": _a_proposal().pk, "number": _a_proposal().pictures.get().pk}
    ),
    "exchange:document": Row(everybody(200), lambda _world: {"pk": PracticeDocument.objects.get(is_public=True).pk}),
    "exchange:document_add": Row(CHECKED, lambda _world: {"pk": _a_proposal().pk}),
    "exchange:document_edit": Row(
        CHECKED, lambda _world: {"pk": _a_proposal().pk, "number": _a_proposal().documents.get().pk}
    ),
    "exchange:document_remove": Row(
        CHECKED, lambda _world: {"pk": _a_proposal().pk, "number": _a_proposal().documents.get().pk}
    ),
    "exchange:moderation": Row(CHECKED),
    "exchange:check": Row(CHECKED, lambda _world: {"pk": _a_proposal().pk}),
    "exchange:refuse": Row(CHECKED, lambda _world: {"pk": _a_proposal().pk, "how": "decline"}),
    "exchange:report_answer": Row(CHECKED, lambda _world: {"pk": Report.objects.get().pk}),
    "exchange:step_remove": Row(everybody(405, visitor=302), lambda _world: {"pk": TransferStep.objects.get().pk}),
    "exchange:change": Row(OF_THE_CITY, lambda _world: {"slug": "fest"}),
    "exchange:transfer": Row(everybody(200, visitor=302), lambda _world: {"slug": "fest"}),
    "exchange:report": Row(everybody(200), lambda _world: {"slug": "fest"}),
    "exchange:hide": Row(CHECKED, lambda _world: {"slug": "fest"}),
    "calls:list": Row(everybody(200)),
    "calls:schema": Row(everybody(200)),
    "calls:detail": Row(everybody(200), lambda world: {"slug": world.application.call.slug}),
    "calls:questions": Row(everybody(200), lambda world: {"slug": world.application.call.slug}),
    "calls:calendar": Row(everybody(200), lambda world: {"slug": world.application.call.slug}),
    "calls:readiness": Row(everybody(200), lambda world: {"slug": world.application.call.slug}),
    "calls:readiness_keep": Row(everybody(405, visitor=302), lambda world: {"slug": world.application.call.slug}),
    "desk:home": Row(everybody(200, visitor=302)),
    "coordination:home": Row(OF_ANY_COORDINATION),
    "coordination:list": Row(OF_ANY_COORDINATION),
    "coordination:export": Row(OF_ANY_COORDINATION, lambda _world: {"form": "csv"}),
    # nothing is ticked: back to the list
    "coordination:together": Row(OF_ANY_COORDINATION | {COORDINATOR: 302, OTHER_COORDINATOR: 302, OPERATOR: 302}),
    "coordination:as_city": Row(OF_THE_COORDINATION | {OPERATOR: 200}, lambda world: {"pk": world.case.pk}),
    "coordination:note": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk}),
    "coordination:message": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk}),
    "coordination:check": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk}),
    "coordination:flag": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk}),
    "coordination:flag_settle": Row(
        OF_THE_COORDINATION, lambda world: {"pk": world.flag.application_id, "number": world.flag.pk}
    ),
    "coordination:outside": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk, "link": "commission"}),
    "coordination:application": Row(OF_THE_COORDINATION | {OPERATOR: 200}, lambda world: {"pk": world.case.pk}),
    "coordination:return": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk}),
    "coordination:move": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk, "action": "review"}),
    "coordination:late": Row(OF_THE_COORDINATION, lambda world: {"slug": world.application.call.slug}),
    "coordination:extend": Row(OF_THE_COORDINATION, lambda world: {"slug": world.application.call.slug}),
    "editor:list": Row(everybody(404, visitor=302, coordinator=200, other_coordinator=200)),
    "editor:new": Row(everybody(404, visitor=302, coordinator=200, other_coordinator=200)),
    "editor:new_from_file": Row(everybody(405, visitor=302)),
    "editor:call": Row(OF_THE_COORDINATION, _of_the_call),
    "editor:dates": Row(OF_THE_COORDINATION | {COORDINATOR: 302}, _of_the_call),  # published: they stay
    "editor:publish": Row(OF_THE_COORDINATION | {COORDINATOR: 302}, _of_the_call),
    "editor:take_back": Row(everybody(405, visitor=302), _of_the_call),
    "editor:delete": Row(OF_THE_COORDINATION | {COORDINATOR: 302}, _of_the_call),  # published: it stays
    "editor:contents": Row(OF_THE_COORDINATION, _of_the_call),
    "editor:texts": Row(OF_THE_COORDINATION, _of_the_call),
    "editor:part": Row(OF_THE_COORDINATION, lambda world: _of_the_call(world) | {"path": "criteria/planning"}),
    "editor:listed": Row(OF_THE_COORDINATION, lambda world: _of_the_call(world) | {"path": "readiness"}),
    "editor:condition": Row(OF_THE_COORDINATION, lambda world: _of_the_call(world) | {"path": VISION}),
    "editor:move": Row(everybody(405, visitor=302), lambda world: _of_the_call(world) | {"path": VISION}),
    "editor:remove": Row(OF_THE_COORDINATION, lambda world: _of_the_call(world) | {"path": VISION}),
    "editor:changes": Row(OF_THE_COORDINATION, _of_the_call),
    "editor:drop": Row(everybody(405, visitor=302), _of_the_call),
    "editor:preview": Row(OF_THE_COORDINATION, _of_the_call),
    "editor:preview_section": Row(OF_THE_COORDINATION, lambda world: _of_the_call(world) | {"section": "plan"}),
    "editor:export": Row(OF_THE_COORDINATION, _of_the_call),
    "editor:import": Row(OF_THE_COORDINATION, _of_the_call),
    "deciding:call": Row(OF_THE_COORDINATION, lambda world: {"slug": world.application.call.slug}),
    "deciding:release": Row(OF_THE_COORDINATION, lambda world: {"slug": world.outcome.application.call.slug}),
    "deciding:released": Row(OF_THE_COORDINATION, lambda world: {"slug": world.outcome.application.call.slug}),
    "deciding:forward": Row(OF_THE_COORDINATION, lambda world: {"slug": world.application.call.slug}),
    "deciding:prepare": Row(
        OF_THE_COORDINATION, lambda world: {"slug": world.application.call.slug, "pk": world.case.pk}
    ),
    "deciding:letter": Row(
        OF_THE_COORDINATION,
        lambda world: {"slug": world.application.call.slug, "pk": world.outcome.pk, "language": "en"},
    ),
    "deciding:drop": Row(
        everybody(405, visitor=302), lambda world: {"slug": world.application.call.slug, "pk": world.case.pk}
    ),
    "deciding:take_back": Row(
        everybody(405, visitor=302), lambda world: {"slug": world.application.call.slug, "pk": 1}
    ),
    "deciding:carry_out": Row(
        everybody(405, visitor=302), lambda world: {"slug": world.application.call.slug, "pk": 1}
    ),
    # the leads of the cities are the contacts of their memberships
    "members:list": Row(
        CHECKED, tells_of=(LEAD,), tells_more={OTHER_COORDINATOR: (OTHER_LEAD,), OPERATOR: (OTHER_LEAD,)}
    ),
    "members:export": Row(CHECKED),
    "members:detail": Row(OF_THE_COORDINATION | {OPERATOR: 200}, lambda world: {"pk": world.membership.pk}, (LEAD,)),
    "members:status": Row(OF_THE_COORDINATION, lambda world: {"pk": world.membership.pk, "status": "dormant"}),
    "members:fields": Row(OF_THE_COORDINATION, lambda world: {"pk": world.membership.pk}),
    "reviewing:list": Row(everybody(404, visitor=302, reviewer=200)),
    "reviewing:statement": Row(everybody(404, visitor=302, reviewer=200)),
    # for the one whose address it is, which is nobody here
    "reviewing:own_invitation": Row(everybody(404, visitor=302), lambda world: {"pk": world.invited.pk}),
    "reviewing:invitation": Row(
        everybody(200), lambda world: {"code": inviting.code_of(world.invited)}, (COORDINATOR,)
    ),
    "reviewing:review": Row(everybody(404, visitor=302, reviewer=200), lambda world: {"pk": world.assignment.pk}),
    "reviewing:recuse": Row(everybody(404, visitor=302, reviewer=200), lambda world: {"pk": world.assignment.pk}),
    "reviewing:reopen": Row(everybody(405, visitor=302), lambda world: {"pk": world.assignment.pk}),
    "reviewing:reviewers": Row(OF_THE_COORDINATION | {OPERATOR: 200}, _of_the_call, (REVIEWER,)),
    "reviewing:invite": Row(OF_THE_COORDINATION, _of_the_call),
    "reviewing:invited": Row(OF_THE_COORDINATION, lambda world: _of_the_call(world) | {"pk": world.invited.pk}),
    "reviewing:assignments": Row(
        OF_THE_COORDINATION | {OPERATOR: 200},
        lambda world: {"slug": world.assignment.application.call.slug},
        (REVIEWER,),
    ),
    "reviewing:propose": Row(
        OF_THE_COORDINATION, lambda world: {"slug": world.assignment.application.call.slug}, (REVIEWER,)
    ),
    "reviewing:case": Row(
        OF_THE_COORDINATION | {OPERATOR: 200}, lambda world: {"pk": world.assignment.application.pk}, (REVIEWER,)
    ),
    "reviewing:assign": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk}, (REVIEWER,)),
    "reviewing:take_back": Row(
        OF_THE_COORDINATION, lambda world: {"pk": world.case.pk, "number": world.assignment.pk}, (REVIEWER,)
    ),
    "reviewing:conflict": Row(OF_THE_COORDINATION, lambda world: {"pk": world.case.pk}, (REVIEWER,)),
    "applications:start": Row(everybody(200, visitor=302), lambda world: {"slug": world.application.call.slug}),
    "applications:detail": Row(OF_THE_CITY, lambda world: {"pk": world.application.pk}),
    "applications:section": Row(OF_THE_CITY, lambda world: {"pk": world.application.pk, "section": "plan"}),
    "applications:presence": Row(everybody(405, visitor=302), lambda world: {"pk": world.application.pk}),
    "applications:answer_history": Row(OF_THE_CITY, lambda world: {"pk": world.application.pk, "question": "vision"}),
    "applications:restore": Row(
        everybody(405, visitor=302), lambda world: {"pk": world.application.pk, "question": "vision"}
    ),
    "applications:document": Row(
        OF_THE_COORDINATION | {OPERATOR: 200},
        lambda world: {"pk": world.case.pk, "number": world.case.documents.get().pk},
    ),
    "applications:document_remove": Row(
        OF_THE_CITY, lambda world: {"pk": world.application.pk, "number": world.document.pk}
    ),
    "applications:sheet": Row(OF_THE_CITY, lambda world: {"pk": world.application.pk, "link": "mayor"}),
    "applications:sheet_print": Row(
        OF_THE_CITY, lambda world: {"pk": world.application.pk, "link": "mayor", "number": world.sheet.pk}
    ),
    "applications:check": Row(OF_THE_CITY, lambda world: {"pk": world.application.pk}),
    "applications:receipt": Row(
        OF_THE_COORDINATION | {OPERATOR: 200}, lambda world: {"pk": world.case.pk, "number": 1}
    ),
    "applications:withdraw": Row(OF_THE_CITY, lambda world: {"pk": world.application.pk}),
    "applications:answer": Row(everybody(405, visitor=302), lambda world: {"pk": world.case.pk}),
    "applications:case": Row(OF_THE_COORDINATION | {OPERATOR: 200}, lambda world: {"pk": world.case.pk}),
    "cities:import": Row(everybody(404, visitor=302, coordinator=200, other_coordinator=200, operator=200)),
    # the parcel of another session: whoever may import is led back to begin anew
    "cities:import_check": Row(
        everybody(404, visitor=302, coordinator=302, other_coordinator=302, operator=302),
        lambda _world: {"key": UUID(int=1)},
    ),
    "media": Row(everybody(200), lambda world: {"path": world.picture}),
}
NO_LANGUAGE = {
    "root",
    "favicon",
    "robots",
    "sitemap-index",
    "django.contrib.sitemaps.views.sitemap",
    "media",
    "openid_connect_login",
    "openid_connect_callback",
}
# The same page with other words in the address, for the checks of HTML and writing.
MORE_PAGES = {
    "cities:mine": ["?q=bon", "?q=gibtesnicht"],
    "cities:list": ["?view=table", "?view=map", "?q=bon&network=gnlc&network=nirgends&page=7", "?q=gibtesnicht",
                    "?country=FR&network=gnlc&network=uccn&network_mode=all", "?sort=since&view=table"],
    "exchange:list": ["?view=map", "?q=tittel&theme=learning&theme=magic&page=7", "?q=gibtesnicht", "?sort=title",
                      "?theme=climate&country=DE", "?theme=climate&view=map"],
    "news:list": ["?network=gnlc", "?page=99"],
    "legal:barrier": ["?page=/de/cities/"],
    "outbox:list": ["?state=unclear", "?state=sent"],
}  # fmt: skip


def _walk(patterns: list[URLPattern | URLResolver], spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*spaces, pattern.namespace) if pattern.namespace else spaces
            yield from _walk(pattern.url_patterns, inner)
        else:
            yield ":".join((*spaces, pattern.name or "")), pattern


ADDRESSES = dict(_walk(get_resolver().url_patterns))
OF_THE_DESK = sorted(name for name in ADDRESSES if name.startswith("admin:") and name != "admin:")


@pytest.fixture
def picture() -> Iterator[str]:
    """The address of an uploaded picture inside the folder of pictures."""
    kept = default_storage.save("cities/picture.png", ContentFile(b"not really"))
    yield kept.removeprefix("cities/")
    default_storage.delete(kept)


@pytest.fixture
def world(picture) -> World:
    gnlc, uccn = a_network("gnlc", accent="petrol"), a_network("uccn", shape="diamond")
    bonn = a_city("bonn", people=330_579, land=a_land(), portrait_de="Eine Stadt am Rhein.")
    a_membership(bonn, gnlc)
    a_membership(bonn, uccn, since=None)
    row = Picture(
        city=bonn, image=f"cities/{picture}", width=60, height=40, alt_de="Rathaus", credit="E. M.", licence="CC0"
    )
    Picture.objects.bulk_create([row])  # as it is: there is nothing to measure in this file
    lyon = a_member("lyon", uccn, country="FR")
    lead = a_person(Role.LEAD, city=bonn)
    a_team_in_motion(bonn, lead)
    some_news("neu", network=gnlc, text_en="")
    _an_exchange(bonn, gnlc)
    some_writing(Practice.objects.get(slug="fest"), by=lead, elsewhere=lyon)
    report = BarrierReport.objects.create(text="Das Menü geht nicht auf.")
    post("barrier", to=lead, context={"report": report}, key="to the lead")
    Letter.objects.filter(key="to the lead").update(state=Letter.State.UNCLEAR, error="no answer")
    DailyRun.objects.create(duty="tidy", started_at=timezone.now(), error="broken")
    application = an_application(call=a_call("runde", pack=a_pack_version()), city=bonn)
    save_answers(application, {"vision": "Lernen gelingt in jedem Alter."}, seen={}, by=lead)
    return World(
        city=bonn,
        network=gnlc,
        receipt=signing.dumps(report.pk, salt=RECEIPT),
        picture=picture,
        application=application,
        people={
            LEAD: lead,
            OTHER_LEAD: a_person(Role.LEAD, city=lyon),
            COORDINATOR: a_person(Role.COORDINATOR, network=gnlc),
            OTHER_COORDINATOR: a_person(Role.COORDINATOR, network=uccn),
            REVIEWER: a_person(Role.REVIEWER, network=gnlc),
            OPERATOR: a_person(Role.OPERATOR),
        },
    )


def _an_exchange(city: City, network: Network) -> None:
    """A practice in each state of its texts, a programme, a session of each kind."""
    reihe = a_programme("reihe", lead_en="", website="https://example.org/")
    a_practice("fest", city=city, programme=reihe, networks=[network], goals=[4], measures_de="Bücher.")
    a_practice("only-english", city=city, original_language="en", title_de="", summary_de="", first_year=2020)
    a_practice("anderswo", authority="Pays de Bray", country=city.country, contact_email="office@example.org")
    a_session("abend", programme=reihe, speakers=["Amt"], briefing_de="Worte.")
    a_session("bald", in_days=9)


def become(client: Client, world: World, who: str) -> None:
    """One client for all people: to make one takes longer than a page."""
    client.cookies.clear()
    if who != VISITOR:
        client.force_login(world.people[who])


def address(name: str, world: World, language: str) -> str:
    with translation.override(language):
        return reverse(name, kwargs=TABLE[name].arguments(world))


def languages(name: str) -> list[str]:
    return ["de"] if name in NO_LANGUAGE else ["de", "en"]


def test_every_address_has_its_row_and_every_row_an_address():
    assert {name for name in ADDRESSES if not name.startswith("admin:")} == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_page_then_everybody_meets_what_the_table_says(client, world, name):
    for who in EVERYBODY:
        become(client, world, who)
        for language in languages(name):
            where = address(name, world, language)
            with only_reads():
                response = client.get(where)
            assert (who, where, response.status_code) == (who, where, TABLE[name].meets[who])
            assert "Content-Security-Policy" in response.headers
            if response.streaming:
                response.getvalue()  # to the end, so that the file is closed
            elif response.status_code == 200 and "html" in response["Content-Type"]:
                told = {x for x in SIGNED_IN if str(world.people[x]) in response.content.decode()}
                row = TABLE[name]
                assert told == ({who} & set(SIGNED_IN)) | {*row.tells_of, *row.tells_more.get(who, ())}


@pytest.mark.parametrize("name", sorted(name for name in TABLE if name not in NO_LANGUAGE))
def test_page_then_its_html_is_sound_in_both_languages(client, world, name):
    for who in (VISITOR, OPERATOR):
        become(client, world, who)
        for language in languages(name):
            for query in ["", *(MORE_PAGES.get(name, []) if who == VISITOR else [])]:
                where = address(name, world, language) + query
                with only_reads():
                    response = client.get(where)
                if response.streaming:
                    response.getvalue()
                elif response.status_code == 200 and "html" in response["Content-Type"]:
                    assert problems(response, language) == [], f"{who} {language} {name} {query}"


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("path", ["cities/nirgends/", "networks/nirgends/", "news/nirgends/", "nirgends/"])
def test_unknown_page_then_404_is_sound_html(client, language, path):
    with only_reads():
        response = client.get(f"/{language}/{path}")
    assert response.status_code == 404
    assert problems(response, language) == []


@pytest.mark.parametrize("method", ["post", "put", "delete"])
@pytest.mark.parametrize("name", ["home", "cities:list", "cities:germany", "networks:list", "news:list", "calls:list"])
def test_public_page_then_it_can_only_be_read(client, name, method):
    assert getattr(client, method)(reverse(name)).status_code == 405


def test_sign_in_then_only_people_and_sessions_are_written(client, world):
    person = world.people[LEAD]
    with only_reads(but=("django_session", "network_user", "usersessions_usersession")):
        response = client.post(reverse("account_login"), {"login": person.email, "password": "ein-langes-kennwort"})
    assert response.status_code == 302


def test_sign_out_when_the_session_has_ended_then_it_leads_to_a_page(client, world):
    """The button is still there in a window left open; whoever signs in again must not end at an error."""
    response = client.post(reverse("account_logout"))
    client.force_login(world.people[LEAD])
    target = response.headers["Location"]
    if "next=" in target:
        target = client.get(target).headers["Location"]
    assert client.get(target).status_code == 200


# --- the desk (Django's admin) as one group


def desk_address(name: str, world: World) -> str:
    """An address of the desk, for an object that exists."""
    with translation.override("de"):
        if name == "admin:app_list":
            return reverse(name, kwargs={"app_label": "cities"})
        if name == "admin:auth_user_password_change":
            return reverse(name, args=[world.people[LEAD].pk])
        for model in admin.site._registry:
            if name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
                row = model._default_manager.first()
                needs_row = name.endswith(("_change", "_delete", "_history"))
                return reverse(name, args=[row.pk if row else 1] if needs_row else [])
        return reverse(name)


def test_desk_then_who_keeps_no_content_sees_nothing_of_it(client, world):
    for who in OUTSIDE_THE_DESK:
        become(client, world, who)
        for name in OF_THE_DESK:
            where = desk_address(name, world)
            with only_reads():
                response = client.get(where)
            expected = {302}
            if name == "admin:login":
                expected = {302} if who == VISITOR else {404}
            elif name == "admin:logout":
                expected = {302, 405}
            assert response.status_code in expected, f"{who} {where}: {response.status_code}"
            if name == "admin:index":
                assert client.get(where, follow=True).status_code == (200 if who == VISITOR else 404)


@pytest.mark.parametrize("who", [COORDINATOR, OPERATOR])
def test_desk_then_its_pages_open_or_refuse_but_never_break_or_write(client, world, who):
    become(client, world, who)
    refusals = {403, 404} if who == COORDINATOR else set()
    for name in OF_THE_DESK:
        if name.endswith(("_delete", "_history")):
            continue  # as the page of the object itself, and dear
        where = desk_address(name, world)
        with only_reads():
            response = client.get(where)
        special = name in {
            "admin:autocomplete",
            "admin:cities_teammember_add",
            "admin:network_barrierreport_add",
            "admin:password_change",
        }
        allowed = {200, 302, 405} | (refusals or ({403, 404} if special else set()))
        assert response.status_code in allowed, f"{who} {where}: {response.status_code}"
        assert "unsafe" not in response.headers["Content-Security-Policy"]


def test_desk_then_coordinators_change_only_rows_of_their_own_network(client, world):
    own = reverse("admin:network_network_change", args=[world.network.pk])
    for who, statuses in {COORDINATOR: {200}, OTHER_COORDINATOR: {302, 404}, OPERATOR: {200}}.items():
        become(client, world, who)
        assert client.get(own).status_code in statuses, who


@pytest.mark.parametrize("name", ["network_user", "network_office", "network_barrierreport", "cities_teammember"])
def test_desk_then_people_and_reports_are_for_operators_only(client, world, name):
    where = reverse(f"admin:{name}_changelist")
    for who, status in {COORDINATOR: 403, OTHER_COORDINATOR: 403, OPERATOR: 200}.items():
        become(client, world, who)
        assert client.get(where).status_code == status, who
