"""Which texts of calls exist in German and English."""

from modeltranslation.translator import TranslationOptions, register

from applications.models import Call, Extension


@register(Call)
class CallTranslation(TranslationOptions):
    fields = ("title",)
    required_languages = ("de", "en")


@register(Extension)
class ExtensionTranslation(TranslationOptions):
    fields = ("reason",)
    required_languages = ("de", "en")
