"""The whole story of an application as a table: states, actions, and which action leads where, for whom. Data only."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an application stands, in the words an applicant reads."""

    DRAFT = "draft", _("In progress")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("More needed")
    IN_REVIEW = "in_review", _("Under review")
    ENDORSED = "endorsed", _("Endorsed")
    NOT_ENDORSED = "not_endorsed", _("Not endorsed")
    FORWARDED = "forwarded", _("Forwarded")
    ADMITTED = "admitted", _("Admitted")
    NOT_ADMITTED = "not_admitted", _("Not admitted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")


class Role(StrEnum):
    """What a person is to one application. Who edits for the city need not be one who may speak for it."""

    EDITOR = "editor"
    LEAD = "lead"  # lead and deputy of the city's team
    COORDINATOR = "coordinator"
    REVIEWER = "reviewer"
    PORTAL = "portal"  # the daily job


class Action(StrEnum):
    """What moves an application."""

    SUBMIT = "submit"
    RETURN = "return"
    REVIEW = "review"
    ENDORSE = "endorse"
    REFUSE = "refuse"
    FORWARD = "forward"
    ADMIT = "admit"
    NOT_ADMIT = "not_admit"
    CORRECT = "correct"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"


class Channel(models.TextChoices):
    """How an application was forwarded."""

    FORM = "form", _("online form of the network")
    EMAIL = "email", _("e-mail")
    POST = "post", _("post")
    BY_HAND = "by_hand", _("handed over in person")


@dataclass(frozen=True)
class Move:
    """One line of the table."""

    action: Action
    sources: frozenset[State]
    target: State
    role: Role
    label: Promise
    needs_note: bool = False
    needs_until: bool = False
    by_release: bool = False  # prepared quietly, released by a second person (applications.actions.deciding)
    by_jury: bool = False  # only where the call does not end with the endorsement (next_pack)
    needs_sending: bool = False  # on which day, and by which channel


@dataclass(frozen=True)
class Standing:
    """What a state means to an applicant, who acts next, and its tone (a class of the design system)."""

    explanation: Promise
    turn: Promise | None
    tone: str


S = State
MOVES = (
    Move(Action.SUBMIT, frozenset({S.DRAFT, S.RETURNED}), S.SUBMITTED, Role.LEAD, _("Submit")),
    Move(
        Action.RETURN, frozenset({S.SUBMITTED, S.IN_REVIEW}), S.RETURNED, Role.COORDINATOR, _("Ask for more"),
        needs_note=True, needs_until=True,
    ),
    Move(Action.REVIEW, frozenset({S.SUBMITTED}), S.IN_REVIEW, Role.COORDINATOR, _("Have it reviewed")),
    Move(
        Action.ENDORSE, frozenset({S.IN_REVIEW}), S.ENDORSED, Role.COORDINATOR, _("Endorse"), by_release=True,
    ),
    Move(
        Action.REFUSE, frozenset({S.SUBMITTED, S.IN_REVIEW}), S.NOT_ENDORSED, Role.COORDINATOR, _("Do not endorse"),
        needs_note=True, by_release=True,
    ),
    Move(
        Action.FORWARD, frozenset({S.ENDORSED}), S.FORWARDED, Role.COORDINATOR, _("Forward"),
        needs_sending=True, by_jury=True,
    ),
    Move(
        Action.ADMIT, frozenset({S.FORWARDED}), S.ADMITTED, Role.COORDINATOR, _("Record the admission"),
        by_release=True, by_jury=True,
    ),
    Move(
        Action.NOT_ADMIT, frozenset({S.FORWARDED}), S.NOT_ADMITTED, Role.COORDINATOR, _("Record the refusal"),
        needs_note=True, by_release=True, by_jury=True,
    ),
    Move(
        Action.CORRECT, frozenset({S.ENDORSED, S.NOT_ENDORSED}), S.IN_REVIEW, Role.COORDINATOR,
        _("Correct the decision"), needs_note=True, by_release=True,
    ),
    Move(
        Action.CORRECT, frozenset({S.ADMITTED, S.NOT_ADMITTED}), S.FORWARDED, Role.COORDINATOR,
        _("Correct the result"), needs_note=True, by_release=True,
    ),
    Move(
        Action.WITHDRAW, frozenset({S.DRAFT, S.SUBMITTED, S.RETURNED, S.IN_REVIEW, S.ENDORSED, S.FORWARDED}),
        S.WITHDRAWN, Role.LEAD, _("Withdraw"), needs_note=True,
    ),
    Move(Action.LAPSE, frozenset({S.DRAFT, S.RETURNED}), S.LAPSED, Role.PORTAL, _("Let lapse")),
)  # fmt: skip

WRITABLE = frozenset({S.DRAFT, S.RETURNED})
ENDED = frozenset({S.NOT_ENDORSED, S.ADMITTED, S.NOT_ADMITTED, S.WITHDRAWN, S.LAPSED})
GONE = frozenset({S.WITHDRAWN, S.LAPSED})  # by the city, or by time
REVIEWABLE = frozenset({S.SUBMITTED, S.RETURNED, S.IN_REVIEW})

STANDINGS = {
    S.DRAFT: Standing(_("Your city is still working on it."), _("your city"), "info"),
    S.SUBMITTED: Standing(
        _("It has arrived. The coordination checks whether it is complete."), _("the coordination"), "success"
    ),
    S.RETURNED: Standing(
        _("The coordination asks for something more. Only the named parts are open."), _("your city"), "warning"
    ),
    S.IN_REVIEW: Standing(
        _("It is complete, and experts are reading it."), _("the reviewers and the coordination"), "info"
    ),
    S.ENDORSED: Standing(
        _("It is endorsed. The coordination forwards it to the network."), _("the coordination"), "success"
    ),
    S.NOT_ENDORSED: Standing(
        _("It was not endorsed. You may start the next round from this application."), None, "danger"
    ),
    S.FORWARDED: Standing(_("The network has it and decides."), _("the network"), "info"),
    S.ADMITTED: Standing(_("Your city is a member."), None, "success"),
    S.NOT_ADMITTED: Standing(
        _("The network has not admitted your city. You may start the next round from this application."),
        None,
        "danger",
    ),
    S.WITHDRAWN: Standing(_("Your city has withdrawn it. It stays readable."), None, "info"),
    S.LAPSED: Standing(
        _("Its time has run out. It stays readable, and the next round may start from it."), None, "info"
    ),
}


# The end of a call that another one follows.
SELECTED = Standing(_("It is endorsed. Your city may now apply in the next stage."), _("your city"), "success")


def move_for(action: str, state: str) -> Move | None:
    """The line of the table for an action in a state, or None."""
    return next((move for move in MOVES if move.action == action and state in move.sources), None)


def moves_for(state: str, roles: Collection[Role]) -> list[Move]:
    """What somebody with these roles may do in this state by themselves: buttons and permission in one. Decisions need
    a second person (`decisions_for`)."""
    return [move for move in MOVES if state in move.sources and move.role in roles and not move.by_release]


def decisions_for(state: str) -> list[Move]:
    """What may be decided in this state."""
    return [move for move in MOVES if state in move.sources and move.by_release]
