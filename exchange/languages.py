"""The languages that sessions and material may be in, by their codes (ISO 639-1)."""

from django.utils.translation import gettext_lazy as _

LANGUAGES = {
    "de": _("German"), "en": _("English"), "fr": _("French"), "es": _("Spanish"), "pt": _("Portuguese"),
    "ar": _("Arabic"), "zh": _("Chinese"), "ru": _("Russian"),
}  # fmt: skip
