"""E-mail addresses: one rule for accounts, invitations, watches and letters.

What is taken can be mailed by any mail server: before the @ ASCII (RFC 5322, dot-atom), since few servers take letters
to others (SMTPUTF8, RFC 6531); behind it a host, also one with letters of its own, which letters reach by its name in
ASCII (IDNA 2008, RFC 5891). Pages show an address as it was typed, in small letters.
"""

import re
from collections.abc import Sequence
from unicodedata import normalize

import idna

LONGEST_ADDRESS = 254
LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_WORD}(?:\.{_WORD})*")  # RFC 5322, dot-atom: what every mail server takes
HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
"""The name of a host on the open internet, in ASCII and small letters."""
_LOOKS = "An e-mail address looks like name@example.org."
_TOO_LONG = "This address is too long to be one."


class BadAddress(ValueError):
    """Nothing can be sent there; the text says why."""


def kept(email: str) -> str:
    """Return the address in the form in which it is kept and shown: composed (NFC), in small letters.

    Small letters only: to fold ß to ss would lead into the mailbox of somebody else.
    """
    return normalize("NFC", normalize("NFC", email.strip()).lower())


def mailable(email: str) -> str:
    """Return the address as letters are sent to it: its host in ASCII.

    Raises:
        BadAddress: it does not look like one, or letters to it would need a server that knows more than ASCII.
    """
    name, _at, domain = email.rpartition("@")
    if len(email) > LONGEST_ADDRESS:
        raise BadAddress(_TOO_LONG)
    if not name.isascii():
        raise BadAddress("Before the @ an e-mail address has letters without accents here, digits and signs.")
    host = _in_ascii(domain)
    if host is None or not _LOCAL.fullmatch(name) or not HOST.fullmatch(host) or len(name) > LONGEST_LOCAL:
        raise BadAddress(_LOOKS)
    if len(f"{name}@{host}") > LONGEST_ADDRESS:
        raise BadAddress(_TOO_LONG)
    return f"{name}@{host}"


def spellings(email: str) -> Sequence[str]:
    """Return the forms in which this address may be kept: as typed, and with its host in ASCII and in letters."""
    whole = kept(email)
    name, at, domain = whole.rpartition("@")
    if not at or (host := _in_ascii(domain)) is None:
        return (whole,)
    return tuple(dict.fromkeys((whole, f"{name}@{host}", f"{name}@{idna.decode(host)}")))


def folded_address(email: str) -> str:
    """Return the form in which addresses were kept before 0.2, in which ß had become ss."""
    return email.strip().casefold()


def _in_ascii(domain: str) -> str | None:
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return None
