"""A city tells what it does with a practice of another place."""

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.models import City
from exchange.actions.acting import ExchangeRefusedError, authors, refuse_unless
from exchange.models import Practice, Proposal, TransferStep
from exchange.permissions import cities_for_transfer
from exchange.placeholders import placeholder_in
from network.models import User
from network.outbox import post
from network.throttle import too_often

PER_DAY = 30


def record(practice: Practice, *, city: City, stage: str, note: str, by: User) -> TransferStep:
    """The team of a city says how far it has come; the newest such step of a city counts. Those who wrote the practice
    get a letter. Who has dropped a practice says why."""
    refuse_unless(cities_for_transfer(by, practice).filter(pk=city.pk).exists())
    if stage == TransferStep.Stage.DROPPED and not note:
        raise ExchangeRefusedError(_("Say why. It spares others the same way."), field="note")
    if filler := placeholder_in(note):
        raise ExchangeRefusedError(_("“%(text)s” only fills the place.") % {"text": filler}, field="note")
    if too_often("transfer", sender=str(by.pk), times=PER_DAY, seconds=24 * 3600):
        raise ExchangeRefusedError(_("You have recorded thirty steps within a day. Go on tomorrow."))
    with transaction.atomic():
        step = TransferStep.objects.create(
            practice=practice,
            city=city,
            stage=stage,
            note=note,
            by=by,
            language="en" if get_language() == "en" else "de",
        )
        proposal = Proposal.objects.filter(practice=practice).first()
        for person in [] if proposal is None or city.is_demo else authors(proposal):
            words: dict[str, object] = {"practice": practice, "step": step}
            post("practice_transfer", to=person, context=words, key=f"transfer:{step.pk}:{person.pk}")
    return step
