"""What somebody typed, pasted or scanned: an address of ours, an id, a number, or a whole credential."""

import json
import re
from typing import Any

from trainer.certificates.number import read_number

LONGEST = 500
LONGEST_CREDENTIAL = 256 * 1024
_ID = re.compile(r"[a-z2-7]{26}")
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_ADDRESS = re.compile(r"/c/([a-z2-7]{26})(?![a-z0-9])")


def read_id(text: str) -> str | None:
    """Return the certificate id in an address or on its own, or None."""
    text = text.strip().lower()[:LONGEST]
    if found := _ADDRESS.search(text):
        return found[1]
    return text if _ID.fullmatch(text) else None


def read_reference(text: str) -> tuple[str | None, str | None]:
    """Return (id, number): at most one of them is known; spacing and case are forgiven."""
    text = text[:LONGEST]
    public_id = read_id(text)
    return public_id, None if public_id else read_number(text)


def looks_like_credential(text: str) -> bool:
    """Say whether this is meant as a credential: a JWT, or JSON."""
    return text.lstrip().startswith(("eyJ", "{"))


def read_credential_text(content: bytes | str) -> str | None:
    """Return the JWT in a pasted or uploaded credential, "" in one without a signature, None if it is none.

    JSON may carry the JWT as W3C's enveloped credential does, in a `data:` address, or as a value of its own.
    """
    try:
        text = (content if isinstance(content, str) else content.decode()).strip()
    except UnicodeDecodeError:
        return None
    if not looks_like_credential(text) or len(text) > LONGEST_CREDENTIAL:
        return None
    if text.startswith("eyJ"):
        return text if _JWT.fullmatch(text) else ""
    try:
        values: dict[str, Any] = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    carried = [value.rpartition(",")[2] for value in values.values() if isinstance(value, str)]
    return next((value for value in carried if _JWT.fullmatch(value)), "")
