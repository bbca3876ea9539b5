"""What somebody typed, pasted or scanned: an address of ours, an id, or a number."""

import re

from trainer.certificates.number import read_number

LONGEST = 500
_ID = re.compile(r"[a-z2-7]{26}")
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
