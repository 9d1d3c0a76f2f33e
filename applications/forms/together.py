"""The words to an act on several applications at once."""

from django import forms
from django.http import QueryDict

from applications.case_together import Act
from applications.forms.caring import FlagForm, MessageForm
from applications.forms.coordinating import MoveForm
from applications.models import Call
from applications.permissions import colleagues_of
from applications.workflow import Action, State, move_for
from network.models import User


def form_for(act: Act, data: QueryDict | None, *, call: Call, reader: User) -> forms.Form:
    """What is filled in for the act: the same as for one application."""
    if act is Act.FLAG:
        return FlagForm(data, call=call, owners=colleagues_of(reader), reader=reader)
    if act is Act.MESSAGE:
        return MessageForm(data)
    move = move_for(Action.REVIEW, State.SUBMITTED)
    assert move is not None
    return MoveForm(data, move=move)
