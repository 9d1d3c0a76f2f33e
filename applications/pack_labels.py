"""What the parts and properties of a pack are called on the screens of its editor, and what helps to fill them in."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from applications import pack as p
from applications.pack import ColumnKind, Kind, Pack
from applications.pack_parts import Path, find, is_list, kind_in, path_of, prefixes
from network.documents.kinds import FileKind

type Words = str | Promise


@dataclass(frozen=True)
class PartWords:
    """A kind of part: what one is called, what its list is called, and what the list is for."""

    one: Words
    several: Words
    about: Words = ""
    new: Words = ""  # the button that adds one


PARTS: dict[type, PartWords] = {
    p.Pack: PartWords(gettext_lazy("Texts and rules of the call"), ""),
    p.Step: PartWords(gettext_lazy("Step"), gettext_lazy("Steps")),
    p.Section: PartWords(
        gettext_lazy("Section"),
        gettext_lazy("Sections"),
        gettext_lazy("A section is one page of questions."),
        gettext_lazy("Add a section"),
    ),
    p.Question: PartWords(
        gettext_lazy("Question"),
        gettext_lazy("Questions"),
        gettext_lazy("Asked in this order."),
        gettext_lazy("Add a question"),
    ),
    p.Choice: PartWords(
        gettext_lazy("Choice"),
        gettext_lazy("Choices"),
        gettext_lazy("Offered in this order."),
        gettext_lazy("Add a choice"),
    ),
    p.Column: PartWords(
        gettext_lazy("Column"),
        gettext_lazy("Columns"),
        gettext_lazy("The columns of the table, from left to right."),
        gettext_lazy("Add a column"),
    ),
    p.Criterion: PartWords(
        gettext_lazy("Criterion"),
        gettext_lazy("Criteria"),
        gettext_lazy("What reviewers score, and the questions it looks at. All weights together are 100 per cent."),
        gettext_lazy("Add a criterion"),
    ),
    p.Readiness: PartWords(
        gettext_lazy("Statement"),
        gettext_lazy("Readiness check"),
        gettext_lazy("Statements with which a city finds out, before it begins, whether it is ready."),
        gettext_lazy("Add a statement"),
    ),
    p.Endorsement: PartWords(
        gettext_lazy("Endorsement"),
        gettext_lazy("Endorsements"),
        gettext_lazy("Who signs for the application, one after the other."),
        gettext_lazy("Add an endorsement"),
    ),
    p.Check: PartWords(
        gettext_lazy("Line of the formal check"),
        gettext_lazy("Formal check"),
        gettext_lazy("What the coordination looks at when an application has arrived."),
        gettext_lazy("Add a check"),
    ),
    p.Text: PartWords(
        gettext_lazy("Note to be verified"),
        gettext_lazy("Notes to be verified"),
        gettext_lazy("What the known facts do not support. Only coordinators see these notes."),
        gettext_lazy("Add a note"),
    ),
    p.Quota: PartWords(gettext_lazy("Quota"), "", gettext_lazy("How many applications may be endorsed in this call.")),
    p.Reporting: PartWords(
        gettext_lazy("Reports of members"),
        "",
        gettext_lazy("What a city reports after it was admitted, and how often."),
    ),
    p.Retention: PartWords(
        gettext_lazy("How long applications are kept"),
        "",
        gettext_lazy("In months after the end of the call. After that they are deleted."),
    ),
    p.Condition: PartWords(gettext_lazy("Condition"), ""),
}
REPORT = PartWords(
    gettext_lazy("Question"), gettext_lazy("Questions of the report"), gettext_lazy("Asked in this order."),
    gettext_lazy("Add a question"),
)  # fmt: skip


@dataclass(frozen=True)
class Property:
    """A property: its label, and what helps to fill it in."""

    label: Words
    help: Words = ""


VERIFY = Property(
    gettext_lazy("Note for coordinators"),
    gettext_lazy("What is still to be verified before the call is published. Cities never see it."),
)
AT_MOST_EMPTY = gettext_lazy("Empty: no limit.")
PROPERTIES: dict[type, dict[str, Property]] = {
    p.Text: {"text": Property(gettext_lazy("Note to be verified"))},
    p.Pack: {
        "title": Property(
            gettext_lazy("Title of the questions"), gettext_lazy("It stands above the printed questions.")
        ),
        "summary": Property(
            gettext_lazy("Summary"), gettext_lazy("Two or three sentences: what it is about and for whom.")
        ),
        "decides": Property(gettext_lazy("Who decides, and when")),
        "answer_languages": Property(gettext_lazy("Languages in which cities may answer")),
        "field_question": Property(
            gettext_lazy("Question that names the field applied for"),
            gettext_lazy("A choice among the fields of the network. Leave it empty where there are no fields."),
        ),
        "outside": Property(
            gettext_lazy("Somebody outside the portal decides"),
            gettext_lazy("The portal then prepares the application and records the outcome."),
        ),
        "national": Property(
            gettext_lazy("Only cities of one country apply"),
            gettext_lazy("Reviewers must then not come from the same Land or state as the city."),
        ),
        "next_pack": Property(
            gettext_lazy("Questions that follow after an endorsement"),
            gettext_lazy("An endorsed city goes on with these, in a call of its own. Usually empty."),
        ),
        "reviewers_per_application": Property(gettext_lazy("Reviewers for each application")),
        "names_hidden": Property(gettext_lazy("Reviewers do not see each other’s names")),
        "max_bytes": Property(gettext_lazy("All documents of an application together, in MB"), AT_MOST_EMPTY),
        "verify": VERIFY,
    },
    p.Step: {
        "title": Property(gettext_lazy("Title")),
        "explanation": Property(gettext_lazy("Explanation"), gettext_lazy("What happens in this step.")),
        "actor": Property(gettext_lazy("Who acts"), gettext_lazy("For example: education office with the council.")),
    },
    p.Section: {
        "title": Property(gettext_lazy("Title")),
        "explanation": Property(
            gettext_lazy("Explanation"), gettext_lazy("Stands above the questions of the section.")
        ),
    },
    p.Question: {
        "kind": Property(
            gettext_lazy("Kind of answer"),
            gettext_lazy("After another kind is saved, the page shows the fields that belong to it."),
        ),
        "label": Property(gettext_lazy("Question")),
        "help": Property(gettext_lazy("Help"), gettext_lazy("What makes a good answer, or where to find it.")),
        "required": Property(gettext_lazy("An answer is required to submit")),
        "public": Property(gettext_lazy("The answer becomes public after the admission")),
        "verify": VERIFY,
        "words": Property(gettext_lazy("At most so many words")),
        "characters": Property(gettext_lazy("At most so many characters")),
        "unit": Property(gettext_lazy("Unit"), gettext_lazy("For example: euros, per cent.")),
        "minimum": Property(gettext_lazy("Smallest number allowed"), AT_MOST_EMPTY),
        "maximum": Property(gettext_lazy("Largest number allowed"), AT_MOST_EMPTY),
        "with_year": Property(gettext_lazy("Also ask which year the number is from")),
        "choices_from_fields": Property(
            gettext_lazy("Offer the fields of the network"), gettext_lazy("Instead of choices of your own.")
        ),
        "fact": Property(
            gettext_lazy("Name of the fact"),
            gettext_lazy("“population” is taken from the directory. Any other name stands for a fact of your own."),
        ),
        "at_least": Property(gettext_lazy("At least so many"), gettext_lazy("Counts where an answer is required.")),
        "at_most": Property(gettext_lazy("At most so many"), AT_MOST_EMPTY),
        "accepts": Property(gettext_lazy("Kinds of file")),
        "max_bytes": Property(gettext_lazy("Largest size of a file, in MB")),
        "max_pages": Property(
            gettext_lazy("At most so many pages"), gettext_lazy("Counted in PDF files only. Empty: no limit.")
        ),
        "min_pixels": Property(
            gettext_lazy("Shorter side of a picture, in pixels"), gettext_lazy("At least so many. Empty: no limit.")
        ),
        "one_for_each": Property(
            gettext_lazy("One for each document of another question"),
            gettext_lazy("For example a release of rights for each photo."),
        ),
        "statement": Property(gettext_lazy("Words that are confirmed")),
        "version": Property(
            gettext_lazy("Version of what is confirmed"), gettext_lazy("Another version must be confirmed anew.")
        ),
        "url": Property(gettext_lazy("Address where it can be read"), gettext_lazy("Beginning with https://")),
        "only_if": Property(gettext_lazy("Condition")),
    },
    p.Choice: {"label": Property(gettext_lazy("Choice"))},
    p.Column: {
        "label": Property(gettext_lazy("Head of the column")),
        "kind": Property(gettext_lazy("Kind of entry")),
        "required": Property(gettext_lazy("Every line must have it")),
    },
    p.Readiness: {
        "statement": Property(
            gettext_lazy("Statement"), gettext_lazy("The city answers with met, partly, not yet or do not know.")
        ),
        "evidence": Property(gettext_lazy("What shows it")),
        "office": Property(gettext_lazy("Who can make it true")),
        "days": Property(gettext_lazy("Days before the deadline on which that must begin")),
        "essential": Property(gettext_lazy("Without it, this round is too early")),
        "criterion": Property(gettext_lazy("Criterion it belongs to")),
        "seeds": Property(
            gettext_lazy("Question it prepares"), gettext_lazy("What the city has said here is shown there.")
        ),
        "verify": VERIFY,
    },
    p.Endorsement: {
        "role": Property(gettext_lazy("Who endorses"), gettext_lazy("An office, not a person. For example: mayor.")),
        "pledge": Property(gettext_lazy("What they confirm"), gettext_lazy("These words stand above the signature.")),
        "days": Property(gettext_lazy("Days they have for it")),
        "by_city": Property(
            gettext_lazy("The city obtains the signature and uploads it"),
            gettext_lazy("Otherwise the coordination obtains it after the submission."),
        ),
        "covers": Property(
            gettext_lazy("Sections that are signed"), gettext_lazy("None chosen: the whole application.")
        ),
        "verify": VERIFY,
    },
    p.Criterion: {
        "title": Property(gettext_lazy("Title")),
        "explanation": Property(
            gettext_lazy("Explanation"), gettext_lazy("What reviewers look for. Cities read it, too.")
        ),
        "weight": Property(gettext_lazy("Weight in per cent"), gettext_lazy("All weights together must be 100.")),
        "questions": Property(
            gettext_lazy("Questions it looks at"), gettext_lazy("Reviewers read these answers beside it.")
        ),
        "lowest": Property(gettext_lazy("Lowest score")),
        "highest": Property(gettext_lazy("Highest score")),
        "verify": VERIFY,
    },
    p.Quota: {
        "count": Property(gettext_lazy("At most so many")),
        "per_country": Property(gettext_lazy("For each country, not in all")),
        "different_fields": Property(gettext_lazy("They must apply in different fields")),
        "tie_break": Property(
            gettext_lazy("Criteria that decide between equals"),
            gettext_lazy("The first decides first. None chosen: equals stay equal."),
        ),
        "verify": VERIFY,
    },
    p.Check: {"text": Property(gettext_lazy("What is looked at"))},
    p.Reporting: {"months": Property(gettext_lazy("Every so many months")), "verify": VERIFY},
    p.Retention: {
        "admitted": Property(gettext_lazy("Applications of admitted cities")),
        "not_admitted": Property(gettext_lazy("Applications that were not admitted")),
        "draft": Property(gettext_lazy("Drafts that were never submitted")),
        "verify": VERIFY,
    },
}

KINDS: dict[Kind, Words] = {
    Kind.SHORT_TEXT: gettext_lazy("Short text, one line"),
    Kind.LONG_TEXT: gettext_lazy("Long text with a word limit"),
    Kind.NUMBER: gettext_lazy("Number"),
    Kind.DATE: gettext_lazy("Date"),
    Kind.CHOICE: gettext_lazy("One of several choices"),
    Kind.SEVERAL: gettext_lazy("Several choices"),
    Kind.RATING: gettext_lazy("Rating of several things, 1 to 5"),
    Kind.SDGS: gettext_lazy("Sustainable Development Goals"),
    Kind.CITY_FACT: gettext_lazy("Fact about the city, with year and source"),
    Kind.CONTACT: gettext_lazy("Contact person"),
    Kind.LINKS: gettext_lazy("Links"),
    Kind.TABLE: gettext_lazy("Table"),
    Kind.STAKEHOLDERS: gettext_lazy("Partners who were informed"),
    Kind.DOCUMENT: gettext_lazy("Documents"),
    Kind.CONFIRM: gettext_lazy("Confirmation"),
}
COLUMN_KINDS: dict[ColumnKind, Words] = {
    ColumnKind.TEXT: pgettext_lazy("kind of a column", "Text"),
    ColumnKind.NUMBER: gettext_lazy("Number"),
    ColumnKind.DATE: gettext_lazy("Date"),
}
FILE_KINDS = {
    FileKind.PDF: "PDF",
    FileKind.JPEG: "JPEG",
    FileKind.PNG: "PNG",
    FileKind.DOCX: "Word (.docx)",
    FileKind.ODT: "OpenDocument (.odt)",
}
LANGUAGES: dict[str, Words] = {
    "de": gettext_lazy("German"),
    "en": gettext_lazy("English"),
    "fr": gettext_lazy("French"),
    "es": gettext_lazy("Spanish"),
}


def words_of_list(path: Path) -> PartWords:
    """How the list at a path is called."""
    return REPORT if path[:1] == ("reporting",) else PARTS[kind_in(path)]


def title_of(pack: Pack, path: Path) -> str:
    """A part, or a list of them, in the reader's words: its own, or else what one of its kind is called; "" for what is
    not there."""
    if path and is_list(path):
        return str(words_of_list(path).several)
    try:
        part = find(pack, path)
    except KeyError:
        return ""
    own = None if part.kind is p.Text else part.title
    words = (str(own) or own.de or own.en) if own else ""
    return words.strip() or str(PARTS[part.kind].one)


def place_in_words(pack: Pack, place: str) -> str:
    """A place as problems and changes name it, as people would: “Plan › Vision › At most so many words”."""
    path, name = path_of(place)
    titles = [title for one in prefixes(path) if (title := title_of(pack, one))] or [str(PARTS[p.Pack].one)]
    property_ = _property(kind_in(path) if path else Pack, name)
    where = " › ".join(dict.fromkeys(titles))
    return f"{where} › {property_}" if property_ else where


def _property(kind: type, name: str) -> str:
    language = name.rpartition("_")[2]
    plain = name.removesuffix(f"_{language}") if language in {"de", "en"} else name
    known = PROPERTIES.get(kind, {}).get(plain)
    if known is None:
        return ""
    if plain != name:
        return _("%(label)s (%(language)s)") % {"label": known.label, "language": LANGUAGES[language]}
    return str(known.label)
