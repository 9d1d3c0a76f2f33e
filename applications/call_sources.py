"""What a new call can be made from: earlier rounds of one's networks, and the packs that ship for them."""

from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from applications.models import Call
from applications.moments import in_words
from applications.pack import Pack, parse, read
from applications.shipped import shipped_packs
from network.models import Network, Office, User


@dataclass(frozen=True)
class Source:
    """An earlier call, or a pack that ships; `value` names it in a form."""

    value: str
    title: str
    about: str
    call: Call | None = None
    pack: Pack | None = None


class Sources:
    """All that a person may make a call from."""

    def __init__(self, person: User) -> None:
        self.person = person

    @cached_property
    def networks(self) -> list[Network]:
        """Those the person coordinates."""
        offices = Office.objects.filter(user=self.person, role=Office.Role.COORDINATOR).select_related("network")
        return [office.network for office in offices.order_by("network__slug")]

    @cached_property
    def rounds(self) -> list[Source]:
        """Calls of these networks, the latest first."""
        calls = Call.objects.prepared_by(self.person).for_list().order_by("-closes_at", "pk")
        return [
            Source(
                f"call:{call.slug}",
                call.title,
                _("earlier call, deadline %(moment)s") % {"moment": in_words(call.closes_at, call.zone_info)},
                call=call,
            )
            for call in calls
        ]

    @cached_property
    def packs(self) -> list[Source]:
        """Packs that ship for these networks."""
        own = {network.slug for network in self.networks}
        packs = [read(parse(path.read_bytes())) for path in shipped_packs().values()]
        about = _("questions that ship with the portal, without dates")
        return [Source(f"pack:{one.key}", str(one.title), about, pack=one) for one in packs if one.network in own]

    @property
    def all(self) -> list[Source]:
        return [*self.rounds, *self.packs]

    def named(self, value: str) -> Source:
        """The one a form has named. Raises StopIteration where there is none."""
        return next(source for source in self.all if source.value == value)
