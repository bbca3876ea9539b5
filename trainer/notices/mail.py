"""Hand a letter to a mail server (SMTP, RFC 5321), in the clear only where nobody else can listen."""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import unquote, urlsplit

from trainer.accounts.email_addresses import mailable
from trainer.errors import Broken
from trainer.notices.network_addresses import is_loopback_host
from trainer.notices.outcome import Undelivered
from trainer.school.reading import school_in
from trainer.settings import Settings

_TIMEOUT = 15
"""Seconds that a mail server may take for each answer."""
PORTS = {"smtp": 25, "starttls": 587, "smtps": 465}


class Postbox(Protocol):
    """Something that takes letters."""

    def send(self, letter: "Letter") -> str:
        """Hand over one letter and return what was answered.

        Raises:
            Undelivered: it was not taken.
        """
        ...


@dataclass(frozen=True, kw_only=True)
class Letter:
    """One letter to one address.

    Attributes:
        reference: what makes it known again when it is sent twice; it stands in the Message-ID.
        at: when it was written.
    """

    to: str
    subject: str
    body: str
    reference: str
    at: datetime

    @property
    def recipient(self) -> str:
        """Return the address in the form that mail servers know.

        Raises:
            BadAddress: no letter can be sent to it.
        """
        return mailable(self.to)

    def message(self, sender: str, *, from_name: str = "", closing: str = "") -> EmailMessage:
        """Return the letter as a mail; nothing in it can become a header of its own.

        Args:
            sender: the address that it comes from.
            from_name: whose address that is, or "".
            closing: the last words of every letter, or "".

        Raises:
            Undelivered: the address cannot be one, or a line break stands where none can be.
        """
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = Address(from_name, addr_spec=sender)
            message["To"] = Address(addr_spec=self.recipient)  # exactly one, whatever commas it has
            message["Subject"] = self.subject
            message["Date"] = format_datetime(self.at)
            message["Message-ID"] = f"<{self.reference}@{Address(addr_spec=sender).domain}>"
            message["Auto-Submitted"] = "auto-generated"
            message.set_content(f"{self.body}\n\n-- \n{closing}\n" if closing else self.body)
        except (ValueError, IndexError, MessageError) as error:
            raise Undelivered("the address or the subject cannot stand in a mail") from error
        return message


@dataclass(frozen=True, kw_only=True, repr=False)
class MailServer:
    """The mail server of an installation, from its address.

    Attributes:
        scheme: `smtps` speaks TLS from the first byte, `starttls` turns to it before anything is said, and `smtp`
            turns to it where the server offers it. A password never travels in the clear but on this machine.
        from_name, closing: as in `Letter.message`.
    """

    scheme: str
    host: str
    port: int
    user: str
    password: str
    sender: str
    from_name: str = ""
    closing: str = ""

    @classmethod
    def at(cls, url: str, *, sender: str) -> "MailServer":
        """Read an address such as `smtps://user:password@mail.example.org:465`.

        Raises:
            Broken: it is not such an address; the sentence does not repeat it, since it may hold a password.
        """
        try:
            parts = urlsplit(url)
            port = parts.port
            Address(addr_spec=sender)
        except (ValueError, IndexError, MessageError) as error:
            raise Broken(_UNREADABLE) from error
        if parts.scheme not in PORTS or not parts.hostname or parts.path.strip("/") or parts.query:
            raise Broken(_UNREADABLE)
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            sender=sender,
        )

    def send(self, letter: Letter) -> str:
        """Hand over one letter and return what was answered.

        Raises:
            Undelivered: the server could not be reached, or did not take it.
        """
        message = letter.message(self.sender, from_name=self.from_name, closing=self.closing)
        try:
            with self._connected() as server:
                server.send_message(message, from_addr=self.sender, to_addrs=[letter.recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, _words = error.recipients[letter.recipient]
            raise Undelivered(f"the mail server does not take letters to this address ({code})") from error
        except smtplib.SMTPResponseException as error:  # its words may repeat the address, which must be erasable
            raise Undelivered(f"the mail server refused the letter ({error.smtp_code})") from error
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise Undelivered(f"the mail server could not be used ({type(error).__name__})") from error
        return "taken by the mail server"

    def answers(self) -> None:
        """Reach the server and sign in, and send nothing.

        Raises:
            Undelivered: that is not possible.
        """
        try:
            with self._connected():
                pass
        except smtplib.SMTPResponseException as error:
            raise Undelivered(f"the mail server refused the sign-in ({error.smtp_code})") from error
        except (smtplib.SMTPException, OSError, UnicodeError) as error:
            raise Undelivered(f"the mail server could not be used ({type(error).__name__})") from error

    @contextmanager
    def _connected(self) -> Iterator[smtplib.SMTP]:
        trusted = ssl.create_default_context()
        if self.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=_TIMEOUT, context=trusted)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=_TIMEOUT)
        with server:
            server.ehlo()
            hidden = self.scheme == "smtps"
            if not hidden and (self.scheme == "starttls" or server.has_extn("starttls")):
                server.starttls(context=trusted)
                server.ehlo()
                hidden = True
            if self.user:
                if not hidden and not is_loopback_host(self.host):
                    raise Undelivered("the mail server offers no TLS, so that the password was not sent")
                server.login(self.user, self.password)
            yield server


_UNREADABLE = (
    "TRAINER_SMTP_URL or TRAINER_MAIL_FROM cannot be read. The first is written like "
    "smtps://user:password@mail.example.org:465 (or starttls:// or smtp://), the second like office@example.org."
)


def mail_server_of(settings: Settings) -> MailServer | None:
    """Return the mail server of an installation, or None when it has none: then letters wait.

    Raises:
        Broken: its address cannot be read.
    """
    if not settings.smtp_url:
        return None
    host = urlsplit(settings.base_url).hostname or "localhost"
    server = MailServer.at(settings.smtp_url, sender=settings.mail_from or f"no-reply@{host}")
    school = school_in(settings.school)
    return replace(server, from_name=school.name if settings.school else "", closing=school.letters)
