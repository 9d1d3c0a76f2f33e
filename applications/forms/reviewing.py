"""What reviewers fill in: where they come from, their answers to what is asked of them, and the review itself."""

import datetime
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from applications.actions.reviewing import Entry
from applications.forms.coordinating import NOTE_LENGTH, some_words
from applications.models import Review, ReviewerStatement, Score
from applications.pack import Criterion, Pack
from cities.models import City, Country, Land
from network.forms import DrawnForm

ABSTAIN = "abstain"
GERMANY = "DE"
COORDINATION_READS = gettext_lazy("Give a reason: the coordination reads it.")


class StatementForm(DrawnForm, forms.Form):
    """Where somebody comes from, and for which cities they work or have worked: one in a line, by their names."""

    country = forms.ModelChoiceField(
        queryset=Country.objects.none(),
        label=gettext_lazy("Country you live or work in"),
        empty_label=gettext_lazy("Choose"),
        error_messages={"required": gettext_lazy("Choose the country.")},
    )
    land = forms.ModelChoiceField(
        queryset=Land.objects.none(),
        label=gettext_lazy("Land (German state)"),
        help_text=gettext_lazy("Only if you live or work in Germany."),
        empty_label=gettext_lazy("None"),
        required=False,
    )
    cities = forms.CharField(
        label=gettext_lazy("Cities, districts or counties you work for or have worked for"),
        help_text=gettext_lazy("One in a line, by its name. Leave it empty if there is none."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    sure = forms.BooleanField(
        label=gettext_lazy("This is complete to the best of my knowledge. I will change it here if it changes."),
        error_messages={"required": gettext_lazy("Confirm your statement.")},
    )

    def __init__(self, *args: Any, statement: ReviewerStatement | None = None, **kwargs: Any) -> None:
        if statement:
            values = {"country": statement.country_id, "land": statement.land_id, "cities": statement.words}
            kwargs["initial"] = values
        super().__init__(*args, **kwargs)
        name = "name_en" if get_language() == "en" else "name_de"
        for field, model in (("country", Country), ("land", Land)):
            choice = self.fields[field]
            assert isinstance(choice, forms.ModelChoiceField)
            choice.queryset = model._default_manager.order_by(name)

    def clean(self) -> None:
        country, land = self.cleaned_data.get("country"), self.cleaned_data.get("land")
        if country and country.pk == GERMANY and not land:
            self.add_error("land", _("Choose the Land."))
        if country and country.pk != GERMANY and land:
            self.add_error("land", _("A Land belongs to Germany. Choose “None”, or Germany as the country."))

    @property
    def known(self) -> list[City]:
        """The cities of the portal by the names that were typed, once the form is valid; where several have the same
        name, all of them."""
        found: dict[int, City] = {}
        for line in self.cleaned_data["cities"].splitlines():
            exact = [pk for pk, rank in City.objects.named(line) if rank == 0] if line.strip() else []
            found |= City.objects.in_bulk(exact)
        return list(found.values())

    @property
    def values(self) -> dict[str, Any]:
        """For applications.actions.inviting.state_origin."""
        given = self.cleaned_data
        return {"country": given["country"], "land": given["land"], "cities": self.known, "words": given["cities"]}


class AcceptForm(DrawnForm, forms.Form):
    """A review is taken on."""

    free = forms.BooleanField(
        label=gettext_lazy("I know of no conflict of interest with this city and its application."),
        error_messages={
            "required": gettext_lazy("Confirm that there is no conflict of interest, or say that there is one.")
        },
    )


class DeclineForm(DrawnForm, forms.Form):
    """A review is declined for want of time or another reason that is no conflict."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The coordination reads it."),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class RecuseForm(DrawnForm, forms.Form):
    """A reviewer steps back from one application for good."""

    reason = some_words(
        gettext_lazy("What is the conflict?"),
        gettext_lazy("One sentence is enough. The coordination reads it, the city does not."),
        missing=COORDINATION_READS,
    )


class ReviewForm(DrawnForm, forms.Form):
    """The review: for each criterion a score or an abstention, and a reason. Saving asks for nothing at all."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        pack: Pack,
        review: Review | None,
        scores: Mapping[str, Score],
        touched: set[str],
    ) -> None:
        super().__init__(data)
        self.pack, self.review, self.touched = pack, review, touched
        for criterion in pack.criteria:
            self._add(criterion, scores.get(criterion.key))
        self.fields["general"] = _words(_("Words for the city"), review.general if review else "")
        self.fields["private_note"] = _words(_("Private note"), review.private_note if review else "")
        self.fields["general"].help_text = _(
            "What you would like to say to the city beside the scores. It reads this only if the coordination releases "
            "it, and without your name."
        )
        self.fields["private_note"].help_text = _("For you alone. Nobody else ever sees it.")
        self.initial["seen"] = review.changed_at.isoformat() if review else ""

    def _add(self, criterion: Criterion, score: Score | None) -> None:
        steps = [(str(value), str(value)) for value in range(criterion.lowest, criterion.highest + 1)]
        chosen = ABSTAIN if score and score.abstained else str(score.value) if score and score.value is not None else ""
        self.fields[f"score.{criterion.key}"] = forms.ChoiceField(
            label=str(criterion.title),
            help_text=_("%(lowest)s: not met at all. %(highest)s: fully met.")
            % {"lowest": criterion.lowest, "highest": criterion.highest},
            choices=[*steps, (ABSTAIN, _("Abstain"))],
            widget=forms.RadioSelect,
            required=False,
            initial=chosen,
            error_messages={"invalid_choice": _("Choose one of the scores.")},
        )
        self.fields[f"reason.{criterion.key}"] = _words(_("Reason for the score"), score.reason if score else "")
        if criterion.key in self.touched:
            self.fields[f"confirm.{criterion.key}"] = forms.BooleanField(
                label=_("I have read what has changed, and my score stands."), required=False
            )

    def score(self, criterion: Criterion) -> BoundField:
        return self[f"score.{criterion.key}"]

    def reason(self, criterion: Criterion) -> BoundField:
        return self[f"reason.{criterion.key}"]

    def confirm(self, criterion: Criterion) -> BoundField | None:
        return self[f"confirm.{criterion.key}"] if criterion.key in self.touched else None

    @property
    def entries(self) -> dict[str, Entry]:
        """What was filled in, once the form is valid."""
        return {one.key: self._entry(one.key) for one in self.pack.criteria}

    def _entry(self, key: str) -> Entry:
        given = self.cleaned_data
        chosen = given[f"score.{key}"]
        value = int(chosen) if chosen not in {"", ABSTAIN} else None
        confirmed = bool(given.get(f"confirm.{key}"))
        return Entry(value, chosen == ABSTAIN, given[f"reason.{key}"], confirmed)

    @property
    def seen_at(self) -> datetime.datetime | None:
        """When the review had been changed last as far as the reader knew; None also for what is no moment."""
        try:
            return parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            return None

    def renew(self, changed_at: datetime.datetime) -> None:
        """What was typed is now set against this state of the review: saving once more keeps it."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data["seen"] = changed_at.isoformat()
        self.data = data

    def tell(self, missing: Mapping[str, str], *, saved_at: datetime.datetime) -> None:
        """Sentences beside the criteria they are about; what was typed is saved since that moment."""
        self.renew(saved_at)
        for key, sentence in missing.items():
            self.add_error(f"score.{key}", sentence)


def _words(label: str, initial: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        initial=initial,
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
