"""The ground's own part of personal data: account, sign-in, offices, letters."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.db.models import Count, Q
from django.utils.translation import gettext

from network.daily import Window
from network.models import Letter, Network, Office, User
from network.permissions import is_operator
from network.personal import Part


def about(user: User) -> dict[str, object]:
    """All rows about the person, without secrets: no hash of a password, no key of a second factor."""
    return {
        "email": user.email,
        "name": user.name,
        "language": user.language,
        "letters": user.letters,
        "since": user.joined_at.isoformat(),
        "last_sign_in": user.last_login.isoformat() if user.last_login else None,
        "is_operator": user.is_superuser,
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified")),
        "second_factors": [
            {"kind": row.type, "name": str(row), "since": row.created_at.isoformat(),
             "last_used": row.last_used_at.isoformat() if row.last_used_at else None}
            for row in Authenticator.objects.filter(user=user)
        ],
        "town_hall_accounts": [
            {"provider": row.provider, "number": row.uid, "told_by_the_town_hall": row.extra_data}
            for row in SocialAccount.objects.filter(user=user)
        ],
        "signed_in_at": [
            {"network_address": row.ip, "browser": row.user_agent, "since": row.created_at.isoformat()}
            for row in UserSession.objects.filter(user=user)
        ],
        "offices": [
            {"network": office.network.slug, "office": office.role}
            for office in user.offices.select_related("network")
        ],
        "letters_received": [
            {"written": letter.created_at.isoformat(), "kind": letter.kind, "address": letter.address,
             "subject": letter.subject, "text": "" if letter.secret else letter.text}
            for letter in Letter.objects.filter(to=user).order_by("created_at")
        ],
    }  # fmt: skip


def holds(user: User) -> list[str]:
    """Networks need a coordinator, the portal an operator: nobody goes as the last one."""
    sentence = gettext(
        "You are the only coordinator of %(network)s. Ask the operator of the portal to name somebody else first."
    )
    sentences = [sentence % {"network": network.short_name or network.name} for network in _coordinated_alone_by(user)]
    if is_operator(user) and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists():
        sentences.append(gettext("You are the only operator of the portal. Make somebody else an operator first."))
    return sentences


def _coordinated_alone_by(user: User) -> list[Network]:
    coordinators = Count(
        "offices", filter=Q(offices__role=Office.Role.COORDINATOR, offices__user__is_active=True), distinct=True
    )
    own = user.offices.filter(role=Office.Role.COORDINATOR).values("network")
    return list(Network.objects.filter(pk__in=own).annotate(coordinators=coordinators).filter(coordinators__lte=1))


def ends(user: User) -> None:
    """Sessions, addresses, second factors and offices end. Letters about cases stay, without the address."""
    for session in UserSession.objects.filter(user=user):
        session.end()
    for model in (EmailAddress, Authenticator, SocialAccount):
        model.objects.filter(user=user).delete()
    user.offices.all().delete()
    received = Letter.objects.filter(to=user)
    received.filter(urgency=Letter.Urgency.ACCOUNT).delete()
    received.filter(state=Letter.State.WAITING).update(state=Letter.State.WITHHELD, next_try_at=None)
    received.update(address="")


def forget_what_has_ended(_window: Window) -> None:
    """Daily: where somebody was signed in, once the session has ended; attempts counted, once they are old."""
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM portal_cache WHERE expires < now()")


PART = Part("account", about, holds, ends)
