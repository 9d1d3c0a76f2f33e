"""What those who decide fill in: an outcome, the words of its letter, the moment of a release, how it was forwarded."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from applications.actions.deciding import Draft
from applications.actions.moving import Sent
from applications.forms.coordinating import CITY_READS, NOTE_LENGTH, MomentForm, NativeInput
from applications.models import Application, Call, Outcome
from applications.models.deciding import OUTCOMES
from applications.scores import released_reasons, released_words
from applications.workflow import Action, Channel, Move
from network.forms import DrawnForm
from network.models import Field

DAY_ERRORS = {
    "required": gettext_lazy("Give the day."),
    "invalid": gettext_lazy("This is not a date. Example: 2027-05-31."),
}


def _words(label: Any, help_text: Any = "", rows: int = 6, *, missing: Any = CITY_READS) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=help_text, required=False, max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": rows}), error_messages={"required": missing},
    )  # fmt: skip


class OutcomeForm(DrawnForm, forms.Form):
    """What is to become of one application; which fields are there follows from its state and its call."""

    action = forms.ChoiceField(
        label=gettext_lazy("Outcome"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose an outcome.")},
    )
    decided_on = forms.DateField(
        label=gettext_lazy("Day of the decision"), widget=NativeInput("date"), error_messages=DAY_ERRORS
    )
    source_label = forms.CharField(
        label=gettext_lazy("Source"),
        help_text=gettext_lazy("Where it can be read, or who told it, for example: result list of the network."),
        max_length=200,
        error_messages={"required": gettext_lazy("Say where the decision can be read, or who told it.")},
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address of the source"),
        required=False,
        max_length=500,
        error_messages={"invalid": gettext_lazy("This is no address. Example: https://www.example.org/results")},
    )
    fields_of_city = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Fields of the membership"),
        queryset=Field.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason_de = _words(
        gettext_lazy("Reasons, in German"), gettext_lazy("The city reads them in a letter and in the history.")
    )
    reason_en = _words(gettext_lazy("Reasons, in English"))
    without_quorum = _words(
        gettext_lazy("Why it is decided with fewer reviews"), gettext_lazy("Only the coordination reads it."), rows=3,
        missing=gettext_lazy(
            "Fewer reviews stand than this call wants. Wait for them, or say why it is decided without them."
        ),
    )  # fmt: skip
    NAMES = {"fields": "fields_of_city"}  # what the action calls it, and what the form

    def __init__(
        self, *args: Any, application: Application, moves: Sequence[Move], outcome: Outcome | None, lacks: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(*args, initial=_initial(application, moves, outcome), **kwargs)
        self.moves = moves
        action, fields = self.fields["action"], self.fields["fields_of_city"]
        assert isinstance(action, forms.ChoiceField)
        assert isinstance(fields, forms.ModelMultipleChoiceField)
        action.choices = [(str(move.action), OUTCOMES[move.action]) for move in moves]
        fields.queryset = application.call.network.fields.all()
        of_jury = any(move.by_jury for move in moves)
        gone = {
            "without_quorum": not lacks,
            "decided_on": not of_jury,
            "source_label": not of_jury,
            "source_url": not of_jury,
            "fields_of_city": not (of_jury and fields.queryset.exists()),
        }
        for name in (name for name, is_gone in gone.items() if is_gone):
            del self.fields[name]
        always = {"decided_on", "source_label", "without_quorum"}
        if all(move.needs_note for move in moves):
            always |= {"reason_de", "reason_en"}
        else:
            needed = _("Needed for a refusal. Else in both languages, or in none.")
            self.fields["reason_de"].help_text = f"{self.fields['reason_de'].help_text} {needed}"
            self.fields["reason_en"].help_text = needed
        for name in always & self.fields.keys():
            self.fields[name].required = True

    @property
    def draft(self) -> Draft:
        """Once the form is valid."""
        values = {name: value for name, value in self.cleaned_data.items() if name != "fields_of_city"}
        return Draft(fields=list(self.cleaned_data.get("fields_of_city", [])), **values)


def _initial(application: Application, moves: Sequence[Move], outcome: Outcome | None) -> dict[str, Any]:
    """What is prepared already; else the words of reviewers that were released for the city, and the field it applied
    for."""
    if outcome is not None:
        names = ("action", "decided_on", "source_label", "source_url", "reason_de", "reason_en", "without_quorum")
        return {name: getattr(outcome, name) for name in names} | {"fields_of_city": list(outcome.fields.all())}
    own = application.call.network.fields.filter(slug=application.field) if application.field else []
    initial: dict[str, Any] = {"fields_of_city": list(own)}
    if len(moves) == 1:
        initial["action"] = str(moves[0].action)
    if any(move.action == Action.ENDORSE for move in moves):
        for language in ("de", "en"):
            with translation.override(language):
                initial[f"reason_{language}"] = released(application)
    return initial


def released(application: Application) -> str:
    """What reviewers wrote and the coordination has released for the city, criterion by criterion."""
    parts = [f"{criterion.title}: {' '.join(words)}" for criterion, words in released_reasons(application)]
    return "\n\n".join([*parts, *released_words(application)])


class LetterForm(DrawnForm, forms.Form):
    """The words of one letter in one language."""

    subject = forms.CharField(
        label=gettext_lazy("Subject"), max_length=200, error_messages={"required": gettext_lazy("Give a subject.")}
    )
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=4 * NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 18}),
        error_messages={"required": CITY_READS},
    )


class ReleaseForm(MomentForm):
    """When the checked list becomes known. `seen` stands for what the second person has read."""

    NOW, LATER = "now", "later"

    when = forms.ChoiceField(
        label=gettext_lazy("When does it become known?"),
        widget=forms.RadioSelect,
        choices=[(NOW, gettext_lazy("At once")), (LATER, gettext_lazy("At a set moment"))],
        error_messages={"required": gettext_lazy("Choose when it becomes known.")},
    )
    seen = forms.CharField(widget=forms.HiddenInput)
    field_order = ("when", "day", "clock", "seen")

    def __init__(self, *args: Any, call: Call, **kwargs: Any) -> None:
        super().__init__(*args, zone=call.zone_info, **kwargs)
        self.fields["day"].required = self.fields["clock"].required = False
        self.fields["clock"].initial = "10:00:00"
        self.fields["day"].help_text = _("Only for a set moment.")
        self.fields["clock"].help_text = _("In the time zone %(zone)s.") % {"zone": self.zone.key.replace("_", " ")}

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("when") == self.LATER and "moment" not in self.cleaned_data and not self.errors:
            name = "clock" if self.cleaned_data.get("day") else "day"
            self.add_error(name, _("Give the day and the time of day."))

    @property
    def at(self) -> Any:
        """The moment; None for at once. Once the form is valid."""
        return self.moment if self.cleaned_data["when"] == self.LATER else None


class ForwardForm(DrawnForm, forms.Form):
    """Which endorsed applications went to the network, on which day and how."""

    applications = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Applications"),
        queryset=Application.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one application."),
            "invalid_choice": gettext_lazy("One of these is not endorsed any more. Look at the list again."),
        },
    )
    on = forms.DateField(label=gettext_lazy("Forwarded on"), widget=NativeInput("date"), error_messages=DAY_ERRORS)
    channel = forms.ChoiceField(
        label=gettext_lazy("By which channel"),
        widget=forms.RadioSelect,
        choices=Channel.choices,
        error_messages={"required": gettext_lazy("Choose the channel.")},
    )
    note = _words(
        gettext_lazy("To whom, and under which reference"),
        gettext_lazy("The city reads it in a letter and in the history."),
        rows=3,
    )

    def __init__(self, *args: Any, waiting: Sequence[Application], **kwargs: Any) -> None:
        keys = [one.pk for one in waiting]
        super().__init__(*args, initial={"applications": keys}, **kwargs)
        chosen = self.fields["applications"]
        assert isinstance(chosen, forms.ModelMultipleChoiceField)
        chosen.queryset = Application.objects.filter(pk__in=keys).select_related("city", "call__network")
        chosen.label_from_instance = lambda obj: str(obj.city)  # type: ignore[method-assign]

    @property
    def sent(self) -> Sent:
        """Once the form is valid."""
        return Sent(self.cleaned_data["on"], self.cleaned_data["channel"])
