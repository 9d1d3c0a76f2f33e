"""A section as a city will see it, with empty fields and without anything behind it."""

from dataclasses import dataclass

from applications.forms.question import QuestionField
from applications.freezing import File
from applications.models import Application, Call
from applications.pack import Pack, Section


@dataclass(frozen=True)
class PreviewFile(File):
    """The file of an application that is nowhere stored, written for the working copy of a pack."""

    working_copy: Pack

    @property
    def pack(self) -> Pack:
        return self.working_copy


def preview_of(call: Call, pack: Pack, section: Section) -> list[QuestionField]:
    """The fields of the section's questions, also of those that only some answers lead to."""
    application = Application(
        call=call, pack_version=call.pack_version, language=next(iter(pack.answer_languages), "de")
    )
    file = PreviewFile(application, {}, {}, {}, pack)
    return [QuestionField(question, file, answer=None, value=None, is_open=True) for question in section.questions]
