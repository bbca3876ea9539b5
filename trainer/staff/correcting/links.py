"""The link by which a person takes another address: sealed, so that nothing has to be kept until they follow it."""

import base64
import hashlib
import json
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken

LASTS_DAYS = 14


@dataclass(frozen=True, kw_only=True)
class AddressOffer:
    """Another address for an account.

    Attributes:
        before: the address of the account when the link was written; the link holds only while it is that.
        by: the id of whoever wrote it; None for the command line.
    """

    person_id: str
    before: str
    after: str
    reason: str
    by: str | None


def seal_link(offer: AddressOffer, *, secret: str) -> str:
    """Return the offer as one line for an address; only this installation can open it."""
    return _fernet(secret).encrypt(json.dumps(asdict(offer)).encode()).decode()


def open_link(token: str, *, secret: str) -> AddressOffer | None:
    """Return what is in a line, or None if it is none of ours or too old."""
    try:
        plain = _fernet(secret).decrypt(token.encode(), ttl=LASTS_DAYS * 24 * 3600)
    except (InvalidToken, UnicodeEncodeError):
        return None
    return AddressOffer(**json.loads(plain))


def _fernet(secret: str) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(f"address\n{secret}".encode()).digest()))
