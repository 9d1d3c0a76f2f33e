"""The letters about accounts: every one that sign-in may send is ours, in both languages, and leaves by the outbox."""

from pathlib import Path

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context as now
from django.conf import settings
from django.test import RequestFactory
from django.utils import translation

from network.models import Letter
from tests.network.people import a_person

pytestmark = pytest.mark.django_db

THEIRS = sorted(
    f"{path.parent.parent.name}/email/{path.name.removesuffix('_message.txt')}"
    for path in Path(allauth.__file__).parent.glob("templates/*/email/*_message.txt")
    if path.name != "base_message.txt"
)
# ways that are closed here: links instead of codes, several addresses, signing in by a mailed code
NOT_HERE = {"account/email/email_confirm", "account/email/email_deleted", "account/email/login_code",
            "account/email/password_reset_key"}  # fmt: skip
FACTS = {
    "code": "ABCD-EFGH", "ip": "192.0.2.1", "user_agent": "Firefox & <Co>", "provider": "Stadt Musterstadt",
    "from_email": "alt@example.org", "to_email": "neu@example.org",
}  # fmt: skip


def send(template: str, to: str) -> Letter:
    with now.request_context(RequestFactory().get("/")):
        get_adapter().send_mail(template, to, dict(FACTS))
    return Letter.objects.latest("pk")


def test_list_of_letters_is_not_empty():
    assert len(THEIRS) > 10
    assert set(THEIRS) > NOT_HERE


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("template", [name for name in THEIRS if name not in NOT_HERE])
def test_letter_is_ours_and_complete(template, language):
    person = a_person("erika", language=language)
    letter = send(template, "erika@example.org")
    assert (letter.to, letter.language) == (person, language)
    assert letter.urgency == Letter.Urgency.ACCOUNT
    assert letter.subject
    assert len(letter.text) > 60
    for place in ("None", "{{", "%(", "&amp;"):
        assert place not in letter.text
    assert letter.secret == ("ABCD-EFGH" in letter.text)
    if "Firefox" in letter.text:
        assert "Firefox & <Co>" in letter.text
    for address in [word for word in letter.text.split() if "://" in word]:
        assert address.startswith(f"{settings.SITE_ADDRESS}/{language}/")


def test_letter_to_somebody_unknown_is_in_the_language_of_the_page():
    with translation.override("en"):
        letter = send("account/email/unknown_account", "niemand@example.org")
    assert (letter.to, letter.language) == (None, "en")


def test_two_letters_of_a_kind_are_two_letters():
    a_person("erika")
    assert send(THEIRS[0], "erika@example.org") != send(THEIRS[0], "erika@example.org")
