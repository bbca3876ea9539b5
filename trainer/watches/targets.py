"""Where somebody wants to be told: a mail address, or the address of a webhook."""

import ipaddress
from urllib.parse import urlsplit

from trainer.accounts.email_addresses import HOST, BadAddress, mailable

LONGEST_TARGET = 500
_OURS_ALONE = (".localhost", ".local", ".internal", ".home.arpa", ".test", ".invalid", ".onion")


class BadTarget(ValueError):
    """Nothing can be sent there; the text says why."""


def read_mail(text: str) -> str:
    """Return a mail address to which any mail server can write.

    Raises:
        BadTarget: it does not look like one, or letters to it would need a server that knows more than ASCII.
    """
    try:
        return mailable(text.strip())
    except BadAddress as error:
        raise BadTarget(str(error)) from error


def read_webhook(text: str) -> str:
    """Return the address of a webhook that may be called from here.

    Whoever delivers looks once more, at the moment of the call: what the host's name leads to can change.

    Raises:
        BadTarget: it is not an https address of a host on the public internet, or holds a password.
    """
    text = text.strip()
    if len(text) > LONGEST_TARGET or not text.isascii() or not text.isprintable() or " " in text:
        raise BadTarget(
            f"The address of a webhook has at most {LONGEST_TARGET} characters, no spaces and ASCII signs alone."
        )
    try:
        parts = urlsplit(text)
        port, host = parts.port, (parts.hostname or "").rstrip(".")
    except ValueError as error:
        raise BadTarget("The address of a webhook looks like https://example.org/hooks/certificates.") from error
    if parts.scheme != "https" or port not in (None, 443, 8443):
        raise BadTarget("A webhook must be reached by https, on port 443 or 8443.")
    if parts.username is not None or parts.fragment:
        raise BadTarget("The address of a webhook holds no user name, no password and no fragment.")
    if _is_number(host) or not HOST.fullmatch(host) or f".{host}".endswith(_OURS_ALONE):
        raise BadTarget("A webhook stands on a host with a public name, such as hooks.example.org.")
    return text


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
