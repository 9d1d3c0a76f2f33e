"""A proposal as everybody would read it once it is published."""

from django.utils import timezone

from exchange.actions.moderating import filled
from exchange.catalogue import Catalogue
from exchange.detail import PracticePage
from exchange.format import whole
from exchange.models import Practice, Proposal

PICTURE = ("pk", "alt_de", "alt_en", "credit", "licence", "width", "height")
DOCUMENT = ("pk", "title_de", "title_en", "language", "credit", "licence", "kind", "size", "pages")


class PreviewPage(PracticePage):
    """The page of the practice that publishing would make; nothing is written. Only for proposals without faults."""

    is_preview = True

    def __init__(self, catalogue: Catalogue, proposal: Proposal) -> None:
        self.proposal = proposal
        super().__init__(catalogue, _practice(proposal))


def _practice(proposal: Proposal) -> Practice:
    """With what for_page() would have read."""
    practice, values = filled(proposal, timezone.now()), whole(proposal.values)
    practice.prepare()
    practice.programme_slug, practice.network_slugs = values["programme"], values["networks"]
    practice.transfer_stages, practice.trail = [], []
    practice.further_links = [{"label": label, "url": url} for label, url in values["links"]]
    practice.shown_pictures = list(proposal.pictures.order_by("pk").values(*PICTURE))
    practice.shown_documents = list(proposal.documents.present().order_by("pk").values(*DOCUMENT))
    return practice
