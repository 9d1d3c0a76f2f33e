"""What is submitted and what is signed: the content of an application as plain data with one fingerprint."""

import copy
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from applications.answers import Answers, Value, asked, documents_of
from applications.models import Answer, Application, Document, Endorsement, PackVersion, Submission
from applications.pack import Endorsement as Link
from applications.pack import Pack, StepKey, fingerprint
from network.models import Field

CONTENT_FORMAT = 1


@dataclass(frozen=True)
class File:
    """One application as stored at one moment: three queries, everything else is computed."""

    application: Application
    answers: Answers
    documents: dict[int, Document]  # those not removed, by primary key
    endorsements: dict[str, Endorsement]  # the latest of each link, given ones before prepared ones

    @property
    def pack(self) -> Pack:
        return self.application.pack

    @cached_property
    def fields(self) -> dict[str, Field]:
        """The fields of the network by their address, in order: what questions with `choices_from_fields` offer."""
        return {field.slug: field for field in Field.objects.filter(network=self.application.call.network_id)}

    @cached_property
    def content(self) -> dict[str, Any]:
        """What a submission freezes: texts, whole numbers, lists and objects only. Answers that are not asked, since
        their condition does not hold, are left out."""
        call, city, pack = self.application.call, self.application.city, self.pack
        return {
            "format": CONTENT_FORMAT,
            "application": self.application.pk,
            "call": {
                "slug": call.slug,
                "network": call.network.slug,
                "title": {"de": call.title_de, "en": call.title_en or call.title_de},
            },
            "pack": {
                "key": pack.key,
                "version": self.application.pack_version.number,
                "sha256": self.application.pack_version.sha256,
            },
            "city": {
                "slug": city.slug,
                "name": {"de": city.name_de, "en": city.name_en or city.name_de},
                "country": city.country_id,
                "ags": city.ags,
            },
            "language": self.application.language,
            "answers": self._answers([question.key for question in asked(pack, self.answers)]),
            "documents": self._documents(documents_of(pack, self.answers)),
            "endorsements": [
                self._endorsement(one)
                for link, one in sorted(self.endorsements.items())
                if one.is_given and link not in self.outside_links
            ],
        }

    @cached_property
    def outside_links(self) -> set[str]:
        """The links of the chain that are given after the submission, by others than the city."""
        return {link.key for link in self.pack.endorsements if not link.by_city}

    @property
    def field(self) -> str:
        """The key of the field applied for, among the answers that are asked; empty where the call asks for none."""
        return str(self.content["answers"].get(self.pack.field_question) or "")

    @cached_property
    def sha256(self) -> str:
        """The fingerprint of the whole content."""
        return fingerprint(self.content)

    def sections_of(self, link: Link) -> tuple[str, ...]:
        """The keys of the sections a link of the chain covers: those it names, else all but the step of submitting,
        which comes afterwards."""
        return link.covers or tuple(
            key for key in self.pack.sections if self.pack.step_of[key].key is not StepKey.SUBMIT
        )

    def covered(self, link: Link) -> dict[str, Any]:
        """What a link of the chain signs: the pledge, and the answers and documents of the sections it covers."""
        sections = self.sections_of(link)
        keys = [
            question.key
            for question in asked(self.pack, self.answers)
            if self.pack.section_of[question.key].key in sections
        ]
        named = [pk for pk in documents_of(self.pack, self.answers) if self._question_of(pk) in keys]
        whole = self.content
        return {
            "format": CONTENT_FORMAT,
            "call": whole["call"],
            "pack": whole["pack"],
            "city": whole["city"],
            "pledge": {"de": link.pledge.de, "en": link.pledge.en},
            "answers": self._answers(keys),
            "documents": self._documents(named),
        }

    def is_current(self, endorsement: Endorsement) -> bool:
        """Whether the application still says what was signed."""
        link = next((link for link in self.pack.endorsements if link.key == endorsement.link), None)
        return link is not None and fingerprint(self.covered(link)) == endorsement.sha256

    def _question_of(self, pk: int) -> str:
        return self.documents[pk].question if pk in self.documents else ""

    def _answers(self, keys: list[str]) -> dict[str, Any]:
        return {key: self.answers[key] for key in keys if self.answers.get(key) is not None}

    def _documents(self, named: list[int]) -> list[dict[str, Any]]:
        present = [self.documents[pk] for pk in named if pk in self.documents]
        return [
            {
                "id": document.pk,
                "question": document.question,
                "name": document.name,
                "kind": document.kind,
                "size": document.size,
                "sha256": document.sha256,
            }
            for document in present
        ]

    def _endorsement(self, one: Endorsement) -> dict[str, Any]:
        assert one.signed_on is not None
        assert one.document is not None
        return {
            "link": one.link,
            "sha256": one.sha256,
            "signed_on": one.signed_on.isoformat(),
            "signatory": one.signatory,
            "office": one.office,
            "document": one.document.sha256,
        }


def file_of(application: Application) -> File:
    """The application as it is stored now."""
    return files_of([application])[0]


def files_of(applications: Sequence[Application]) -> list[File]:
    """Several at once, in the same order: three queries, whatever their number."""
    answers: dict[int, dict[str, Value]] = defaultdict(dict)
    stored = Answer.objects.filter(application__in=applications)
    for pk, question, value in stored.values_list("application", "question", "value"):
        answers[pk][question] = value
    documents: dict[int, dict[int, Document]] = defaultdict(dict)
    for document in Document.objects.filter(application__in=applications, removed_at__isnull=True):
        documents[document.application_id][document.pk] = document
    endorsements: dict[int, dict[str, Endorsement]] = defaultdict(dict)
    for one in Endorsement.objects.filter(application__in=applications).select_related("document").order_by("pk"):
        before = endorsements[one.application_id].get(one.link)
        if before is None or one.is_given or not before.is_given:
            endorsements[one.application_id][one.link] = one
    return [File(one, answers[one.pk], documents[one.pk], endorsements[one.pk]) for one in applications]


def as_submitted(
    submission: Submission,
    documents: Iterable[Document] | None = None,
    endorsements: Iterable[Endorsement] | None = None,
) -> File:
    """The application as it was frozen, with the questions of that time and the endorsements of others that have come
    since. `documents` and `endorsements` are all that the application ever had, by primary key, where they are known.
    None to three queries."""
    content, application = submission.content, copy.copy(submission.application)
    if content["pack"]["sha256"] != application.pack_version.sha256:
        application.pack_version = PackVersion.objects.defer("document").get(
            network=application.call.network_id, key=content["pack"]["key"], number=content["pack"]["version"]
        )
    named = {one["id"] for one in content["documents"]}
    if documents is None:
        documents = application.documents.filter(pk__in=named)
    if endorsements is None:
        endorsements = (
            application.endorsements.filter(recorded_at__isnull=False).select_related("document").order_by("pk")
        )
    outside = {link.key for link in application.pack.endorsements if not link.by_city}
    signed = {one["sha256"] for one in content["endorsements"]}
    return File(
        application=application,
        answers=content["answers"],
        documents={one.pk: one for one in documents if one.pk in named},
        endorsements={
            one.link: one
            for one in endorsements
            if one.is_given and (one.link in outside or (one.sha256 in signed and one.document_id))
        },
    )
