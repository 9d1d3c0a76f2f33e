"""How far the desk of one coordinator reaches: their networks, and the applications they must leave to a colleague."""

from functools import cached_property

from django.contrib.postgres.expressions import ArraySubquery

from applications.models import Application, Call
from applications.models.application import ApplicationQuerySet
from network.models import Office, User
from network.permissions import is_operator


class Reach:
    """Asked once for a page; every list, count, search and file of the desk starts from `cases`."""

    def __init__(self, reader: User) -> None:
        self.reader = reader

    @cached_property
    def _found(self) -> tuple[set[int], list[int]]:
        """Networks the person coordinates, and applications they are in conflict with. One query."""
        offices = self.reader.offices.filter(role=Office.Role.COORDINATOR).order_by().values("network")
        conflicts = Application.objects.order_by().in_conflict_with(self.reader).values("pk")
        networks, left = User.objects.values_list(ArraySubquery(offices), ArraySubquery(conflicts)).get(
            pk=self.reader.pk
        )
        return set(networks), left

    @property
    def networks(self) -> set[int]:
        return self._found[0]

    @property
    def is_empty(self) -> bool:
        """Whether the person is none of a coordination, and does not run the portal."""
        return not (self.networks or is_operator(self.reader))

    @cached_property
    def calls(self) -> dict[int, Call]:
        """Those whose applications the person reads, with network and pack, by primary key. One query."""
        calls = Call.objects.all() if is_operator(self.reader) else Call.objects.filter(network__in=self.networks)
        return {call.pk: call for call in calls.for_list()}

    @cached_property
    def cases(self) -> ApplicationQuerySet:
        """The same applications as `ApplicationQuerySet.cases_for`, without looking for conflicts in each query."""
        every = Application.objects.filter(submitted_at__isnull=False)
        assert isinstance(every, ApplicationQuerySet)
        if is_operator(self.reader):
            return every
        return every.filter(call__network__in=self.networks).exclude(pk__in=self._found[1])
