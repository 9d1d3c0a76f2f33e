"""What happens to accounts: an address changes at the desk, a second factor is taken away, an account ends."""

import secrets

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils import timezone

from network import outbox, personal
from network.actions import RefusedError
from network.models import Letter, User


def set_address(user: User, email: str) -> None:
    """The address of an account, set by an operator. It is confirmed by a code at the next sign-in."""
    with transaction.atomic():
        EmailAddress.objects.filter(user=user).exclude(email=email.lower()).delete()
        user.email = email
        user.save(update_fields=["email"])


def take_away_second_factor(user: User) -> bool:
    """For somebody who has lost it; by operators only, who have made sure who asks. The person gets a letter.

    False where there was none.
    """
    with transaction.atomic():
        gone, _by_table = Authenticator.objects.filter(user=user).delete()
        if gone:
            outbox.post(
                "account_second_factor_gone",
                to=user,
                context={},
                key=f"account:second_factor_gone:{secrets.token_urlsafe(16)}",
                urgency=Letter.Urgency.ACCOUNT,
            )
    return bool(gone)


def end_account(user: User) -> None:
    """Ends an account for good, at the wish of its owner or by an operator.

    The row stays without name and address, so that logs and decisions keep pointing at somebody ("deleted person").
    Raises RefusedError where a city or a network would be left without anybody.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        if sentences := personal.what_holds(user):
            raise RefusedError(" ".join(sentences))
        personal.end(user)
        user.email = f"deleted-{user.pk}@deleted.invalid"
        user.name = ""
        user.is_active = user.is_superuser = False
        user.last_login = None
        user.deleted_at = timezone.now()
        user.set_unusable_password()
        user.groups.clear()
        user.user_permissions.clear()
        user.save()
