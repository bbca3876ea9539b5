"""Where somebody wants to be told: a mail address, or the address of a webhook."""

import ipaddress
import re
from urllib.parse import urlsplit

import idna

LONGEST = 500
LONGEST_MAIL = 254
_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_WORD}(?:\.{_WORD})*")  # RFC 5322, dot-atom: what every mail server takes
LONGEST_LOCAL = 64  # RFC 5321, 4.5.3.1.1
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_OURS_ALONE = (".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid", ".onion")
_LOOKS = "An e-mail address looks like name@example.org."
_TOO_LONG = "This address is too long to be one."


class BadTarget(ValueError):
    """Nothing can be sent there; the text says why."""


def read_mail(text: str) -> str:
    """Return a mail address to which any mail server can write: its domain in small letters, and in ASCII (RFC 5890).

    Raises:
        BadTarget: it does not look like one, or letters to it would need a server that knows more than ASCII.
    """
    name, _at, domain = text.strip().rpartition("@")
    if len(text) > LONGEST:
        raise BadTarget(_TOO_LONG)
    if not name.isascii():
        raise BadTarget("Before the @ an e-mail address has letters without accents here, digits and signs.")
    try:
        host = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError as error:
        raise BadTarget(_LOOKS) from error
    if not _LOCAL.fullmatch(name) or not _HOST.fullmatch(host) or len(name) > LONGEST_LOCAL:
        raise BadTarget(_LOOKS)
    if len(f"{name}@{host}") > LONGEST_MAIL:
        raise BadTarget(_TOO_LONG)
    return f"{name}@{host}"


def read_webhook(text: str) -> str:
    """Return the address of a webhook that may be called from here.

    Whoever delivers looks once more, at the moment of the call: what the host's name leads to can change.

    Raises:
        BadTarget: it is not an https address of a host on the public internet, or holds a password.
    """
    text = text.strip()
    if len(text) > LONGEST or not text.isascii() or not text.isprintable() or " " in text:
        raise BadTarget(f"The address of a webhook has at most {LONGEST} characters, no spaces and ASCII signs alone.")
    try:
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise BadTarget("The address of a webhook looks like https://example.org/hooks/certificates.") from error
    if parts.scheme != "https" or port not in (None, 443, 8443):
        raise BadTarget("A webhook must be reached by https, on port 443 or 8443.")
    if parts.username is not None or parts.fragment:
        raise BadTarget("The address of a webhook holds no user name, no password and no fragment.")
    if _is_number(host) or not _HOST.fullmatch(host) or f".{host}".endswith(_OURS_ALONE):
        raise BadTarget("A webhook stands on a host with a public name, such as hooks.example.org.")
    return text


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
