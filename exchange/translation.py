"""Which texts of the exchange exist in German and English."""

from typing import ClassVar

from modeltranslation.translator import TranslationOptions, register

from exchange.models import (
    BriefingSection,
    Practice,
    Programme,
    ProgrammeFigure,
    ProgrammePassage,
    Resource,
    Session,
    SessionLink,
    Speaker,
)


@register(Programme)
class ProgrammeTranslation(TranslationOptions):
    fields = ("name", "lead", "about", "hosts", "period")
    required_languages = ("de",)


@register(ProgrammePassage)
class ProgrammePassageTranslation(TranslationOptions):
    fields = ("title", "text")


@register(ProgrammeFigure)
class ProgrammeFigureTranslation(TranslationOptions):
    fields = ("label",)
    required_languages = ("de",)


@register(Practice)
class PracticeTranslation(TranslationOptions):
    """No language is required by itself: the database asks for the one a practice was written in."""

    fields = Practice.TEXTS
    fallback_languages: ClassVar[dict[str, tuple[str, ...]]] = {"default": ("de", "en")}


@register(Session)
class SessionTranslation(TranslationOptions):
    fields = ("title", "summary", "briefing")
    required_languages = {"de": ("title", "summary")}


@register(Speaker)
class SpeakerTranslation(TranslationOptions):
    fields = ("office",)
    required_languages = ("de",)


@register(BriefingSection)
class BriefingSectionTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = ("de",)


@register(Resource)
class ResourceTranslation(TranslationOptions):
    fields = ("title", "why")
    required_languages = ("de",)


@register(SessionLink)
class SessionLinkTranslation(TranslationOptions):
    fields = ("label",)
    required_languages = ("de",)
