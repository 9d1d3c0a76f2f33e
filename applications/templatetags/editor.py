"""Where the parts of a pack stand in its editor: `{% where call line.part %}`."""

from django import template

from applications.models import Call
from applications.pack import Pack
from applications.pack_labels import place_in_words
from applications.pack_parts import Part
from applications.part_page import where_in_pack, where_is

register = template.Library()


@register.simple_tag
def where(call: Call, part: Part) -> str:
    """The address of a part."""
    return where_is(call, part.path)


@register.simple_tag
def where_place(call: Call, place: str) -> str:
    """The address of the field that a place of the pack names."""
    return where_in_pack(call, place)


@register.filter
def in_words(place: str, pack: Pack) -> str:
    """A place of the pack as people would say it."""
    return place_in_words(pack, place)
