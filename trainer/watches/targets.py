"""Where somebody wants to be told: a mail address, or the address of a webhook."""

import ipaddress
import re
from urllib.parse import urlsplit

LONGEST = 500
LONGEST_MAIL = 254
# no sign fits two places of this pattern, so a hostile address is refused as fast as a good one is taken
_MAIL = re.compile(r"[^@\s\x00-\x1f\x7f<>\",;:]+@[^@\s.\x00-\x1f\x7f<>\",;:]+(?:\.[^@\s.\x00-\x1f\x7f<>\",;:]+)+")
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
_OURS_ALONE = (".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid", ".onion")


class BadTarget(ValueError):
    """Nothing can be sent there; the text says why."""


def read_mail(text: str) -> str:
    """Return a mail address, with its domain in small letters.

    Raises:
        BadTarget: it does not look like one.
    """
    text = text.strip()
    if len(text) > LONGEST_MAIL or not text.isprintable() or not _MAIL.fullmatch(text):
        raise BadTarget("An e-mail address looks like name@example.org.")
    name, _at, domain = text.rpartition("@")
    return f"{name}@{domain.lower()}"


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
