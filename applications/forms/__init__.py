"""Forms made from a pack: one section of questions, and the beginning of an application."""

from applications.forms.section import SectionForm
from applications.forms.start import StartForm

__all__ = ["SectionForm", "StartForm"]
