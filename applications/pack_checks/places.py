"""Where the parts of a pack stand: each with its place, also those that are there twice."""

from collections.abc import Iterator

from applications.pack import Pack, Question, Section


def sections_of(pack: Pack) -> Iterator[tuple[str, Section]]:
    """All sections with their places, in order."""
    for step in pack.steps:
        for section in step.sections:
            yield f"steps[{step.key}].sections[{section.key}]", section


def questions_of(pack: Pack) -> Iterator[tuple[str, Question]]:
    """All questions of the application with their places, in order; not those of the report."""
    for place, section in sections_of(pack):
        for question in section.questions:
            yield f"{place}.questions[{question.key}]", question
