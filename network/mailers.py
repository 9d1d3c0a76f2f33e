"""How mail leaves the portal: by SMTP, saying exactly when a letter may have arrived; in the demo, to the terminal."""

import contextlib
import email.policy
import re
import smtplib
import sys
from collections.abc import Callable, Sequence

from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends import base, smtp

PATIENCE = 600  # seconds; RFC 5321, 4.5.3.2.6: less leads to letters that arrive twice
LINK = re.compile(r"https?://\S+[^\s.,;:!?)]")


class NotNowError(Exception):
    """The server did not take the letter; it may later."""


class NeverError(Exception):
    """The server has refused this letter or its reader for good."""


class UnclearError(Exception):
    """The whole letter left, and no answer came: it may have arrived."""


class LetterMail(EmailMultiAlternatives):
    """A mail that is told when its body is about to leave. Until then nothing can have arrived."""

    before_body: Callable[[], None]
    in_terminal: str


def _expect(wanted: int, answer: tuple[int, bytes], *, about_letter: bool = False) -> None:
    """Raise what an answer other than the wanted one means; only about the letter itself can it be final."""
    code, words = answer
    if code // 100 == wanted // 100:
        return
    final = about_letter and code // 100 == 5
    raise (NeverError if final else NotNowError)(f"{code} {words.decode(errors='replace')}")


class SMTP(smtp.EmailBackend):
    """Django's, but step by step: what fails before the body may be tried again, a lost answer after it may not."""

    connection: smtplib.SMTP

    def _send(self, email_message: EmailMessage) -> bool:
        """Raises NotNowError, NeverError, UnclearError, and OSError where the connection broke before the end."""
        # 7bit, so that it does not matter what the servers on the way can
        policy = email.policy.SMTP.clone(cte_type="7bit")
        body = email_message.message(policy=policy).as_bytes()
        server = self.connection
        server.ehlo_or_helo_if_needed()
        _expect(250, server.mail(self.prep_address(email_message.from_email)))
        for recipient in email_message.recipients():
            _expect(250, server.rcpt(self.prep_address(recipient)), about_letter=True)
        _expect(354, server.docmd("DATA"), about_letter=True)
        if isinstance(email_message, LetterMail):
            email_message.before_body()
        server.send(re.sub(rb"(?m)^\.", b"..", body).removesuffix(b"\r\n") + b"\r\n.\r\n")
        _expect(250, self._last_answer(server), about_letter=True)
        return True

    def _last_answer(self, server: smtplib.SMTP) -> tuple[int, bytes]:
        assert server.sock is not None
        server.sock.settimeout(PATIENCE)
        try:
            answer = server.getreply()
            server.sock.settimeout(self.timeout)
        except OSError as problem:
            raise UnclearError(str(problem)) from problem
        return answer

    def _close_connection(self, connection: smtplib.SMTP) -> None:
        """Whatever goes wrong in parting changes nothing about the letter."""
        with contextlib.suppress(OSError):
            connection.quit()
        connection.close()


class Terminal(base.BaseEmailBackend):
    """The demo's: one line for each mail instead of sending it."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            words = message.in_terminal if isinstance(message, LetterMail) else str(message.body)
            sys.stdout.write(f"✉ {', '.join(message.to)} · {message.subject} · {words}\n")
            sys.stdout.flush()
        return len(email_messages)
