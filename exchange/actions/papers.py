"""Pictures and documents of a practice: looked into, kept, described, removed. A file whose description is not whole
yet is kept all the same: it only stands against publishing."""

import datetime
import hashlib
from functools import partial

from django.core.files.uploadedfile import UploadedFile
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.actions import redrawn
from exchange.actions.acting import ExchangeRefusedError, holding, note, refuse_unless
from exchange.models import PracticeDocument, PracticePicture, Proposal, ProposalNote
from exchange.models.document import private_path
from exchange.permissions import WRITABLE, may_write
from network.documents import MEGABYTE, FileKind, Rules, inspect, virus_scan_configured
from network.documents.keeping import stored
from network.documents.scanner import scan
from network.models import User
from network.throttle import too_often

State, Kind = Proposal.State, ProposalNote.Kind
DOCUMENTS = Rules(accepts=(FileKind.PDF, FileKind.DOCX, FileKind.ODT), max_bytes=10 * MEGABYTE, max_pages=200)
MOST_PICTURES = MOST_DOCUMENTS = 8
FILES_PER_DAY = 60  # of one person
KEPT = datetime.timedelta(days=90)  # a removed document, for those who write and check the practice

type Paper = PracticeDocument | PracticePicture


def add_picture(proposal: Proposal, upload: UploadedFile, *, by: User, **words: str) -> PracticePicture:
    """Redraws and stores a picture, public from the next publication on; at most eight. `words` are columns of the
    picture, each may be missing. Raises RefusedError for what is no picture, or what the virus scanner objects to."""
    _refuse_writing(proposal, by)
    if virus_scan_configured():
        scan(upload)
    upload.seek(0)
    image = redrawn(upload)
    sha256 = hashlib.sha256(image.read()).hexdigest()
    image.seek(0)
    with holding(proposal, *WRITABLE, State.PROPOSED) as held:
        refuse_unless(may_write(by, held))
        if held.pictures.count() >= MOST_PICTURES:
            raise ExchangeRefusedError(_("There are eight pictures already. Remove one first."), field="file")
        _is_changed(held)
        picture = PracticePicture.objects.create(
            proposal=held, image=image, sha256=sha256, virus_checked=virus_scan_configured(), **words
        )
        note(held, Kind.ADDED, by=by, text=picture.alt or _("a picture"))
    return picture


def add_document(proposal: Proposal, upload: UploadedFile, *, by: User, **words: str) -> PracticeDocument:
    """Looks into a document and stores it as it came, public from the next publication on; at most eight. The same
    content once more gives the one that is there. `words` are columns of the document, each may be missing. Raises
    RefusedError with one sentence for the reader; then nothing has changed and no file stays behind."""
    _refuse_writing(proposal, by)
    facts = inspect(upload, DOCUMENTS)
    storage = PracticeDocument._meta.get_field("file").storage
    with stored(storage, private_path(None, ""), upload) as path, holding(proposal, *WRITABLE, State.PROPOSED) as held:
        refuse_unless(may_write(by, held))
        present = held.documents.present()
        if twin := present.filter(sha256=facts.sha256).first():
            storage.delete(path)
            return twin
        if present.count() >= MOST_DOCUMENTS:
            raise ExchangeRefusedError(_("There are eight documents already. Remove one first."), field="file")
        _is_changed(held)
        document = PracticeDocument.objects.create(
            proposal=held, file=path, name=facts.name, kind=facts.kind, size=facts.size, sha256=facts.sha256,
            pages=facts.pages, virus_checked=facts.virus_checked, **words,
        )  # fmt: skip
        note(held, Kind.ADDED, by=by, text=facts.name)
    return document


def _refuse_writing(proposal: Proposal, by: User) -> None:
    """Before anything is read: looking into files takes a while."""
    refuse_unless(may_write(by, proposal))
    if too_often("practice-file", sender=str(by.pk), times=FILES_PER_DAY, seconds=24 * 3600):
        raise ExchangeRefusedError(_("You have added sixty files within a day. Go on tomorrow."), field="file")


def _is_changed(proposal: Proposal) -> None:
    """What was published or withdrawn is at work again."""
    if proposal.state in {State.PUBLISHED, State.WITHDRAWN}:
        proposal.state = State.DRAFT
    proposal.save()


def describe(paper: Paper, *, by: User, **words: str) -> None:
    """Writes what is said about a picture or document that is not public yet. What is public was checked as it stands:
    it can be removed, and added anew with other words."""
    with holding(paper.proposal, *WRITABLE, State.PROPOSED) as held:
        refuse_unless(may_write(by, held))
        if not type(paper)._default_manager.filter(pk=paper.pk, is_public=False).update(**words):
            raise ExchangeRefusedError(_("This is public by now. Remove it and add it anew to change what is said."))


def remove_picture(picture: PracticePicture, *, by: User) -> None:
    """At once, also from the public page; the file goes after the commit, the history keeps what it showed."""
    with holding(picture.proposal, *WRITABLE, State.PROPOSED) as held:
        refuse_unless(may_write(by, held))
        file = str(picture.image.name)
        note(held, Kind.REMOVED, by=by, text=picture.alt or _("a picture"))
        picture.delete()
        transaction.on_commit(partial(picture.image.storage.delete, file), robust=True)


def remove_document(document: PracticeDocument, *, by: User) -> None:
    """At once, also from the public page. Those who write and check the practice can read it for ninety days more.
    Removing twice changes nothing more."""
    with holding(document.proposal, *WRITABLE, State.PROPOSED) as held:
        refuse_unless(may_write(by, held))
        present = held.documents.present().filter(pk=document.pk)
        if present.update(removed_at=timezone.now(), is_public=False):
            note(held, Kind.REMOVED, by=by, text=document.name)


# --- throwing away


def forget_removed(now: datetime.datetime) -> None:
    """Throws away documents that were removed ninety days ago."""
    _throw_away(PracticeDocument.objects.filter(removed_at__lt=now - KEPT))


def throw_away(proposals: "models.QuerySet[Proposal]") -> None:
    """Deletes proposals that were never public, with their files."""
    with transaction.atomic():
        keys = list(proposals.values_list("pk", flat=True))
        _throw_away(PracticeDocument.objects.filter(proposal__in=keys))
        _throw_away(PracticePicture.objects.filter(proposal__in=keys))
        Proposal.objects.filter(pk__in=keys).delete()


def _throw_away(papers: "models.QuerySet[PracticeDocument] | models.QuerySet[PracticePicture]") -> None:
    with transaction.atomic():
        for paper in papers:
            file = paper.file if isinstance(paper, PracticeDocument) else paper.image
            transaction.on_commit(partial(file.storage.delete, str(file.name)), robust=True)
            paper.delete()
