"""Which texts of the ground exist in German and English."""

from modeltranslation.translator import TranslationOptions, register

from network.models import Field, Figure, Network, News, Passage


@register(Network)
class NetworkTranslation(TranslationOptions):
    fields = ("name", "short_name", "member_name", "secretariat_city", "lead", "about", "fields_name")
    required_languages = {"de": ("name", "short_name", "member_name")}


@register(Field)
class FieldTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("de",)


@register(Figure)
class FigureTranslation(TranslationOptions):
    fields = ("note",)


@register(Passage)
class PassageTranslation(TranslationOptions):
    fields = ("title", "text", "actor")


@register(News)
class NewsTranslation(TranslationOptions):
    fields = ("title", "text")
    required_languages = ("de",)
