"""The list of material, searched and filtered."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.http import QueryDict
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from exchange.languages import LANGUAGES
from exchange.models import Resource
from network.models import Network

if TYPE_CHECKING:
    from exchange.models.resource import ResourceQuerySet

TEXTS = ("title_de", "title_en", "why_de", "why_en", "maker")


@dataclass(frozen=True, slots=True)
class Choice:
    """One filter: its name in the address, its label, its values, and the chosen one."""

    name: str
    label: str
    values: list[tuple[str, str]]
    chosen: str


class MaterialList:
    """What somebody looks for; what is not understood is left out. Two queries, and one for each page."""

    def __init__(self, query: QueryDict) -> None:
        self.q = query.get("q", "").strip().replace("\0", "")[:100]
        networks = [(network.slug, network.short_name) for network in Network.objects.all()]
        known: list[tuple[str, str, Any]] = [
            ("kind", _("Kind"), Resource.Kind.choices),
            ("language", _("Language"), LANGUAGES.items()),
            ("level", _("Level"), Resource.Level.choices),
            ("audience", _("For whom"), Resource.Audience.choices),
            ("network", _("Network"), networks),
        ]
        self.choices = []
        for name, label, values in known:
            named = [(value, capfirst(str(word))) for value, word in values]
            asked = query.get(name, "")
            self.choices.append(Choice(name, label, named, asked if asked in dict(named) else ""))

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or any(choice.chosen for choice in self.choices))

    @property
    def resources(self) -> "ResourceQuerySet":
        """Every word must occur somewhere, in either language."""
        found = Resource.objects.for_list()
        for word in self.q.split():
            anywhere = Q()
            for name in TEXTS:
                anywhere |= Q(**{f"{name}__icontains": word})
            found = found.filter(anywhere)
        paths = {"language": "languages__contains", "network": "networks__slug"}
        for choice in self.choices:
            if choice.chosen:
                value = [choice.chosen] if choice.name == "language" else choice.chosen
                found = found.filter(**{paths.get(choice.name, choice.name): value})
        return found
