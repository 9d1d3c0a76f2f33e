"""Forms around sessions: for who keeps them, and for who takes part."""

import datetime
import zoneinfo
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms import BaseInlineFormSet, inlineformset_factory
from django.utils.translation import gettext_lazy as _

from cities.forms import ENGLISH, GERMAN, TextField
from cities.models import City
from exchange.forms_public import EmailField, GuardedForm
from exchange.languages import LANGUAGES
from exchange.models import BriefingSection, Practice, Programme, Session, SessionLink, Speaker, Theme
from exchange.models.session import is_zone
from network.forms import DrawnForm
from network.models import User

WEEKS = {"weekly": 1, "fortnightly": 2, "four-weekly": 4}
CLOCK = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
DATE = {"type": "date"}
DEFAULT_ZONE = "Europe/Berlin"
NO_CLOCK = _("Write the time as 15:30.")


def _date(**attrs: str) -> forms.DateInput:
    return forms.DateInput(attrs=DATE | attrs, format="%Y-%m-%d")


def _last_part(line: str) -> str:
    """`cork` of an address such as /en/cities/cork/, or of the word itself."""
    parts = [part for part in urlsplit(line.strip()).path.split("/") if part]
    return parts[-1] if parts else ""


class SlugsField(forms.CharField):
    """Pages of the portal, one address a line; gives the rows of `rows` with these short addresses."""

    def __init__(self, *, rows: Any, unknown: Any, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)
        self.rows, self.unknown = rows, unknown

    def clean(self, value: Any) -> Any:
        wanted = list(dict.fromkeys(filter(None, map(_last_part, super().clean(value).splitlines()))))
        found: QuerySet[Any] = self.rows().filter(slug__in=wanted)
        missing = set(wanted) - set(found.values_list("slug", flat=True))
        if missing:
            raise ValidationError(self.unknown, params={"words": ", ".join(sorted(missing))})
        return found


class SessionForm(DrawnForm, forms.ModelForm):
    """A session. Times are those of the clock at the place; the form turns them into moments."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)  # drawn by hand, from saved_at
    begins = forms.TimeField(
        label=_("Begins at"), required=False, widget=CLOCK, error_messages={"invalid": NO_CLOCK},
        help_text=_("As the clock at the place shows it."),
    )  # fmt: skip
    ends = forms.TimeField(label=_("Ends at"), required=False, widget=CLOCK, error_messages={"invalid": NO_CLOCK})
    languages = forms.MultipleChoiceField(
        label=_("Languages"), required=False, choices=LANGUAGES.items(), widget=forms.CheckboxSelectMultiple
    )
    interpreted = forms.MultipleChoiceField(
        label=_("Interpreted into"), required=False, choices=LANGUAGES.items(), widget=forms.CheckboxSelectMultiple
    )
    last_day = forms.DateField(
        label=_("Registration until the end of this day"), required=False, widget=_date(),
        help_text=_("Empty: until it begins."),
    )  # fmt: skip
    told_practices = SlugsField(
        label=_("Related practices"), rows=lambda: Practice.objects.published(),
        unknown=_("No such practice: %(words)s"), help_text=_("Addresses of their pages, one a line."),
    )  # fmt: skip
    told_cities = SlugsField(
        label=_("Related cities"), rows=lambda: City.objects.filter(is_demo=False),
        unknown=_("No such city: %(words)s"), help_text=_("Addresses of their pages, one a line."),
    )  # fmt: skip
    repeat = forms.ChoiceField(
        label=_("Repeat"), required=False,
        choices=[("", _("no")), ("weekly", _("every week")), ("fortnightly", _("every two weeks")),
                 ("four-weekly", _("every four weeks"))],
    )  # fmt: skip
    times = forms.IntegerField(
        label=_("How many sessions in all"), required=False, min_value=2, max_value=26,
        help_text=_("From 2 to 26. Each is a draft of its own, at the same time of the clock."),
    )  # fmt: skip

    class Meta:
        model = Session
        fields = [
            "title_de", "title_en", "summary_de", "summary_en", "theme", "programme", "day", "zone", "hosts",
            "partners", "languages", "interpreted", "contact_email", "link", "link_minutes", "takes_registrations",
            "places", "networks",
        ]  # fmt: skip
        widgets = {
            "title_de": forms.TextInput(attrs=GERMAN),
            "title_en": forms.TextInput(attrs=ENGLISH),
            "summary_de": forms.Textarea(attrs=GERMAN | {"rows": 3}),
            "summary_en": forms.Textarea(attrs=ENGLISH | {"rows": 3}),
            "day": _date(),
            "networks": forms.CheckboxSelectMultiple,
        }
        labels = {
            "title_de": _("Title (German)"), "title_en": _("Title (English)"),
            "summary_de": _("In one or two sentences (German)"), "summary_en": _("In one or two sentences (English)"),
            "takes_registrations": _("People must register"),
        }  # fmt: skip
        help_texts = {
            "link": _("Never public: who takes part gets it shortly before."),
            "contact_email": _("The address of an office, never of a person."),
            "zone": _("For example Europe/Berlin or America/New_York."),
        }

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        session: Session = self.instance
        programme = self.fields["programme"]
        assert isinstance(programme, forms.ModelChoiceField)
        programme.queryset = Programme.objects.kept_by(user).order_by("position", "slug")
        programme.empty_label = str(_("in no programme"))
        theme = self.fields["theme"]
        assert isinstance(theme, forms.ChoiceField)
        theme.choices = [("", _("choose")), *Theme.choices]
        self.fields["title_en"].required = self.fields["summary_en"].required = False
        self.fields["zone"].required = True
        self.initial.setdefault("seen", session.changed_at.isoformat() if session.changed_at else "")
        self.initial["zone"] = session.zone or DEFAULT_ZONE
        self.saved_at: str = self.initial["seen"]  # what the form carries when it is shown
        if session.pk:
            del self.fields["repeat"], self.fields["times"]
            self._show(session)

    def _show(self, session: Session) -> None:
        zone = session.zone_info
        for name, moment in (("begins", session.starts_at), ("ends", session.ends_at)):
            self.initial[name] = moment and moment.astimezone(zone).time()
        if session.registration_until:
            self.initial["last_day"] = session.registration_until.astimezone(zone).date()
        self.initial["told_practices"] = "\n".join(session.practices.values_list("slug", flat=True))
        self.initial["told_cities"] = "\n".join(session.cities.values_list("slug", flat=True))

    def clean_zone(self) -> str:
        zone: str = self.cleaned_data["zone"]
        is_zone(zone)
        return zone

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        now = Session.objects.filter(pk=self.instance.pk).values_list("changed_at", flat=True).first()
        if now is not None and values.get("seen") != now.isoformat():
            self.saved_at = now.isoformat()
            sentence = _("Somebody else has saved meanwhile. Your words are still here: saving again replaces theirs.")
            raise ValidationError(sentence)
        if values.get("repeat") and not values.get("times"):
            self.add_error("times", _("Say how many sessions there are in all."))
        if {"day", "zone", "begins", "ends"} <= values.keys():
            self._set_moments(values)
        return values

    def _set_moments(self, values: dict[str, Any]) -> None:
        session: Session = self.instance
        zone = zoneinfo.ZoneInfo(values["zone"])

        def moment(clock: datetime.time | None) -> datetime.datetime | None:
            return None if clock is None else datetime.datetime.combine(values["day"], clock, zone)

        if values["ends"] and (values["begins"] is None or values["ends"] <= values["begins"]):
            self.add_error("ends", _("The session cannot end before it begins."))
            return
        if values["takes_registrations"] and values["begins"] is None:
            self.add_error("begins", _("A session with registration needs a time."))
        session.starts_at, session.ends_at = moment(values["begins"]), moment(values["ends"])
        last = values.get("last_day")
        session.registration_until = last and datetime.datetime.combine(last, datetime.time(23, 59), zone)


class SpeakerForm(DrawnForm, forms.ModelForm):
    """Who speaks: the office counts, a name only with consent."""

    city_slug = forms.CharField(
        label=_("Address of the city's page"), required=False, max_length=300, help_text=_("Where it has one.")
    )

    class Meta:
        model = Speaker
        fields = ["office_de", "office_en", "name", "has_agreed"]
        labels = {"office_de": _("Office (German)"), "office_en": _("Office (English)")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["office_en"].required = False
        if self.instance.city_id:
            self.initial["city_slug"] = self.instance.city.slug

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if values.get("name") and not values.get("has_agreed") and "name" in self.changed_data:
            self.add_error("has_agreed", _("A name is shown only with the person's consent. Or leave the name out."))
        slug = _last_part(values.get("city_slug", ""))
        self.instance.city = City.objects.filter(slug=slug, is_demo=False).first() if slug else None
        if slug and self.instance.city is None:
            self.add_error("city_slug", _("No such city."))
        return values


class LinkForm(DrawnForm, forms.ModelForm):
    """A recording, slides, a report kept elsewhere."""

    class Meta:
        model = SessionLink
        fields = ["kind", "label_de", "label_en", "url", "language"]
        labels = {"label_de": _("Label (German)"), "label_en": _("Label (English)")}
        widgets = {"language": forms.Select(choices=[("", "–"), *LANGUAGES.items()])}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["label_en"].required = False
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)
        kind.choices = [("", _("choose")), *SessionLink.Kind.choices]


class SectionForm(DrawnForm, forms.ModelForm):
    """One part of the report."""

    class Meta:
        model = BriefingSection
        fields = ["title_de", "title_en", "text_de", "text_en"]
        labels = {
            "title_de": _("Heading (German)"), "title_en": _("Heading (English)"),
            "text_de": _("Text (German)"), "text_en": _("Text (English)"),
        }  # fmt: skip
        widgets = {
            "text_de": forms.Textarea(attrs=GERMAN | {"rows": 6}),
            "text_en": forms.Textarea(attrs=ENGLISH | {"rows": 6}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["title_en"].required = self.fields["text_en"].required = False


SpeakerFormSet = inlineformset_factory(Session, Speaker, form=SpeakerForm, extra=1, max_num=30)
LinkFormSet = inlineformset_factory(Session, SessionLink, form=LinkForm, extra=1, max_num=30)
SectionFormSet = inlineformset_factory(Session, BriefingSection, form=SectionForm, extra=1, max_num=30)


class SessionParts:
    """Speakers, links and sections of the report of one session as forms."""

    def __init__(self, session: Session, data: Any = None) -> None:
        self.speakers: BaseInlineFormSet[Any, Any, Any] = SpeakerFormSet(
            data, instance=session, prefix="speakers", queryset=session.speakers.select_related("city")
        )
        self.links: BaseInlineFormSet[Any, Any, Any] = LinkFormSet(data, instance=session, prefix="links")
        self.sections: BaseInlineFormSet[Any, Any, Any] = SectionFormSet(data, instance=session, prefix="sections")
        self.all = (self.speakers, self.links, self.sections)

    def is_valid(self) -> bool:
        return all(part.is_valid() for part in self.all)


class RegistrationForm(GuardedForm):
    """Who takes part."""

    name = TextField(label=_("Your name"), max_length=200, missing=_("Enter your name."))
    place = TextField(label=_("City or organisation"), max_length=200, required=False)
    email = EmailField()
    consent = forms.BooleanField(
        label=_("The hosts may keep my name and address until a month after the session and write to me about it."),
        error_messages={"required": _("Without your consent you cannot be registered.")},
    )


class CancelForm(DrawnForm, forms.Form):
    """Why a session does not take place."""

    reason = TextField(
        label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 4}),
        missing=_("Give the reason. Everybody who has registered reads it."),
    )  # fmt: skip
