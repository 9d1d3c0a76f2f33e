"""Forms of city teams: asking, answering, inviting, roles, leaving and handing over."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.forms import TextField
from cities.models import TeamMember
from network.forms import DrawnForm

Role = TeamMember.Role
GIVEN_ROLES = [
    (Role.DEPUTY, _("Deputy: edits, submits and manages the team")),
    (Role.EDITOR, _("Editor: edits the profile and applications")),
]
DECLINE = "decline"
ANSWERS = [
    (Role.LEAD, _("Confirm as lead: everything a deputy may, and handing the lead over")),
    (Role.DEPUTY, _("Confirm as deputy: edits, submits and manages the team")),
    (Role.EDITOR, _("Confirm as editor: edits the profile and applications")),
    (DECLINE, _("Decline")),
]
NO_ADDRESS = _("This is not an e-mail address. Example: name@example.org")
CHOOSE_ROLE = _("Choose a role.")


class TeamRequestForm(DrawnForm, forms.Form):
    """Who asks to speak for a city, and what proves it."""

    office = TextField(
        label=_("Your office in the city"), max_length=200, missing=_("Say which office you hold."),
        help_text=_("For example: education office, head of the Learning City team."),
    )  # fmt: skip
    proof = TextField(
        label=_("What shows that you work there"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        missing=_("Say how somebody can see that you work for the city."),
        help_text=_("For example: your name on a page of the city's website, or whom to ask at the town hall."),
    )  # fmt: skip
    email = forms.EmailField(
        label=_("Official e-mail address"), required=False, error_messages={"invalid": NO_ADDRESS},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("At the city, not a private one. This address or the telephone number is needed."),
    )  # fmt: skip
    phone = TextField(
        label=_("Official telephone number"), required=False, max_length=50,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    message = TextField(
        label=_("Message"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whatever else those who answer should know."),
    )  # fmt: skip

    def clean(self) -> None:
        if not ({"email", "phone"} & self.errors.keys() or self.cleaned_data["email"] or self.cleaned_data["phone"]):
            self.add_error("email", _("Give an official e-mail address or telephone number."))


class AnswerForm(DrawnForm, forms.Form):
    """The answer to a request: into the team in one of the roles, or declined with a reason."""

    answer = forms.ChoiceField(
        label=_("Your answer"), widget=forms.RadioSelect, error_messages={"required": _("Choose an answer.")}
    )
    reason = TextField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed only if you decline. The person reads it, and it stays in the history of the team."),
    )  # fmt: skip

    def __init__(self, *args: Any, has_lead: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Where somebody else has become the lead meanwhile, the action says so beside this field.
        may_lead = not has_lead or self.data.get("answer") == Role.LEAD
        answer = self.fields["answer"]
        assert isinstance(answer, forms.ChoiceField)
        answer.choices = ANSWERS if may_lead else ANSWERS[1:]

    def clean(self) -> None:
        if self.cleaned_data.get("answer") == DECLINE and self.cleaned_data.get("reason") == "":
            self.add_error("reason", _("Give the reason. The person reads it."))


class InvitationForm(DrawnForm, forms.Form):
    """Whom a team invites, and as what."""

    email = forms.EmailField(
        label=_("E-mail address"),
        error_messages={"required": _("Enter the address of the person you invite."), "invalid": NO_ADDRESS},
        help_text=_("The invitation can be accepted only with this address."),
    )
    role = forms.ChoiceField(
        label=_("Role"), choices=GIVEN_ROLES, widget=forms.RadioSelect, error_messages={"required": CHOOSE_ROLE}
    )


class RoleForm(DrawnForm, forms.Form):
    """The role of a member."""

    role = forms.ChoiceField(
        label=_("Role"), choices=GIVEN_ROLES, widget=forms.RadioSelect, error_messages={"required": CHOOSE_ROLE}
    )


class ReasonForm(DrawnForm, forms.Form):
    """Why a member is removed."""

    reason = TextField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        missing=_("Give the reason. The person reads it."),
        help_text=_("The person reads it, and it stays in the history of the team."),
    )  # fmt: skip


class PartingForm(DrawnForm, forms.Form):
    """A reason that may be left out: of who leaves, withdraws a request, or does not want to lead."""

    reason = TextField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It stays in the history of the team."),
    )  # fmt: skip


class HandOverForm(DrawnForm, forms.Form):
    """Whom the lead asks to take over, and what becomes of the lead."""

    LATER: ClassVar[list[tuple[str, Any]]] = [("stay", _("I become deputy")), ("leave", _("I leave the team"))]
    to = forms.ChoiceField(
        label=_("Who takes over"), widget=forms.RadioSelect,
        error_messages={"required": _("Choose who takes over."), "invalid_choice": _("Choose somebody of the team.")},
    )  # fmt: skip
    later = forms.ChoiceField(
        label=_("Afterwards"), widget=forms.RadioSelect, choices=LATER,
        error_messages={"required": _("Choose what happens afterwards.")},
    )  # fmt: skip

    def __init__(self, *args: Any, candidates: list[TeamMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {str(member.pk): member.user for member in candidates}
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)
        to.choices = [(str(member.pk), f"{member.user} ({member.get_role_display()})") for member in candidates]

    @property
    def values(self) -> dict[str, Any]:
        """What the action needs, after validation."""
        return {"to": self._people[self.cleaned_data["to"]], "stays": self.cleaned_data.get("later") == "stay"}


class AppointForm(HandOverForm):
    """Whom a coordinator in charge makes the lead, what becomes of a former one, and why."""

    LATER = [("stay", _("The former lead becomes deputy")), ("leave", _("The former lead leaves the team"))]
    reason = TextField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        missing=_("Give the reason. The team reads it."),
        help_text=_("All concerned read it, and it stays in the history of the team."),
    )  # fmt: skip

    def __init__(self, *args: Any, has_lead: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not has_lead:
            del self.fields["later"]
            return
        later = self.fields["later"]
        assert isinstance(later, forms.ChoiceField)
        later.choices = self.LATER

    @property
    def values(self) -> dict[str, Any]:
        return super().values | {"reason": self.cleaned_data["reason"]}


class ReplyForm(DrawnForm, forms.Form):
    """Whether the one who was asked takes the lead over."""

    reply = forms.ChoiceField(
        label=_("Your answer"), widget=forms.RadioSelect,
        choices=[("take", _("I take over the lead")), ("decline", _("I do not take over the lead"))],
        error_messages={"required": _("Choose an answer.")},
    )  # fmt: skip
    reason = TextField(
        label=_("Reason"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only if you decline. The lead reads it, and it stays in the history of the team."),
    )  # fmt: skip


class InvitationReplyForm(DrawnForm, forms.Form):
    """Which of the two buttons was pressed."""

    reply = forms.ChoiceField(
        label=_("Your answer"), choices=[("accept", _("Accept")), ("decline", _("Decline"))],
        error_messages={"required": _("Choose an answer."), "invalid_choice": _("Choose an answer.")},
    )  # fmt: skip

    @property
    def accepts(self) -> bool:
        return bool(self.cleaned_data["reply"] == "accept")
