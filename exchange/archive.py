"""The archive of sessions, searched and filtered."""

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.text import capfirst

from exchange.models import Programme, Session, Theme

TEXTS = ("title_de", "title_en", "summary_de", "summary_en", "briefing_de", "briefing_en", "hosts", "partners")


class SessionArchive:
    """What somebody looks for among sessions that are over; what is not understood is left out."""

    def __init__(self, query: QueryDict) -> None:
        self.q = query.get("q", "").strip().replace("\0", "")[:100]
        theme = query.get("theme", "")
        self.theme = theme if theme in Theme.values else ""
        self.programmes = [(programme.slug, programme.name) for programme in Programme.objects.for_list()]
        programme = query.get("programme", "")
        self.programme = programme if programme in dict(self.programmes) else ""

    @property
    def themes(self) -> list[tuple[str, str]]:
        return [(value, capfirst(str(label))) for value, label in Theme.choices]

    @property
    def is_filtered(self) -> bool:
        return bool(self.q or self.theme or self.programme)

    @property
    def sessions(self) -> "QuerySet[Session]":
        """Every word must occur somewhere, in either language."""
        found = Session.objects.archive()
        for word in self.q.split():
            anywhere = Q(sections__text_de__icontains=word) | Q(sections__text_en__icontains=word)
            for name in TEXTS:
                anywhere |= Q(**{f"{name}__icontains": word})
            found = found.filter(pk__in=Session.objects.filter(anywhere).values("pk"))
        if self.theme:
            found = found.filter(theme=self.theme)
        if self.programme:
            found = found.filter(programme__slug=self.programme)
        return found
