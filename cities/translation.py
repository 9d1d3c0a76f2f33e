"""Which texts of the directory exist in German and English."""

from modeltranslation.translator import TranslationOptions, register

from cities.models import City, Country, Land, MembershipChange, Picture


@register(City)
class CityTranslation(TranslationOptions):
    fields = ("name", "portrait")
    required_languages = {"de": ("name",)}


@register(Country)
class CountryTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("de",)


@register(Land)
class LandTranslation(TranslationOptions):
    fields = ("name",)
    required_languages = ("de",)


@register(MembershipChange)
class MembershipChangeTranslation(TranslationOptions):
    fields = ("note",)


@register(Picture)
class PictureTranslation(TranslationOptions):
    fields = ("alt",)
    required_languages = ("de",)
