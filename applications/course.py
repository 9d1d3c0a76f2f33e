"""Where an application stands in its course: who acts next, and by when."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from applications.models import Application
from applications.workflow import State


@dataclass(frozen=True)
class NextAct:
    """A sentence that says who acts next and what they do, and the last second for it where the call has set one."""

    sentence: str
    until: datetime.datetime | None


def next_act(application: Application) -> NextAct | None:
    """For people of the city and the coordination alike; None once nobody acts any more."""
    if application.has_ended:
        return None
    call, city = application.call, {"city": application.city.name}
    match application.state:
        case State.DRAFT:
            return NextAct(_("%(city)s fills in what is missing and submits.") % city, application.due_at)
        case State.RETURNED:
            return NextAct(_("%(city)s changes the named parts and submits anew.") % city, application.due_at)
        case State.SUBMITTED:
            sentence = _("The coordination checks whether everything is there, then has the application reviewed.")
        case State.IN_REVIEW:
            sentence = _("The reviewers read the application, then the coordination decides.")
        case State.ENDORSED if application.pack.next_pack:
            return NextAct(_("%(city)s applies in the next stage, as soon as its call is open.") % city, None)
        case State.ENDORSED:
            sentence = _("The coordination forwards the application to the network.")
        case state:
            assert state == State.FORWARDED, state
            return NextAct(_("The network decides on the admission."), call.decides_at)
    return NextAct(sentence, call.forwards_at)
