"""Lists of one bit for each certificate, for software that looks whether a credential still holds.

Whoever fetches a list learns nothing about the certificate they ask for, because everybody fetches the whole
list and places are given out at random. Source: W3C Bitstring Status List 1.0, with its bit order (place 0 is
the first bit of the first byte) and its least size.
"""

import base64
import binascii
import gzip
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from trainer.registry.jose import BadToken, Key, document_time, read_moment, read_signed
from trainer.registry.status import FINAL, Word

CONTEXT = "https://www.w3.org/ns/credentials/v2"
LEAST = 131_072
"""The least number of places in a list, so that a certificate is hidden among many (§2.2: 16 kB)."""
MOST_BYTES = 4 * 1024 * 1024
"""What a list may grow to when it is expanded, in bytes; a few kilobytes could otherwise fill the memory."""
IN_FORCE = timedelta(hours=24)
"""How long a list may be relied on. After half of it the next one is published."""
FRESH_SECONDS = 300
"""How long a copy may be kept without asking again; a revocation is seen everywhere after so long."""


class StatusPurpose(StrEnum):
    """What a set bit means."""

    REVOCATION = "revocation"  # it has ended for good
    SUSPENSION = "suspension"  # it does not hold at present

    def shows(self, word: Word) -> bool:
        """Say whether a certificate with this status has its bit set."""
        return word in FINAL if self is StatusPurpose.REVOCATION else word is Word.SUSPENDED


class BadStatusList(ValueError):
    """It is not a status list that can be relied on; the sentence says why."""


@dataclass(frozen=True, kw_only=True)
class StatusList:
    """A published list whose signature was checked.

    Attributes:
        jwt: as it was published, to the letter.
        bits: one for each place.
        begins: when it was made.
        ends: the first moment at which it is no longer to be relied on.
    """

    jwt: str
    bits: bytes
    begins: datetime
    ends: datetime


def places_for(given: int, highest: int = -1) -> int:
    """Return how many places a list has: at least twice as many as are given out, and always a power of two.

    Args:
        given: how many certificates have a place.
        highest: the highest place among them.
    """
    places = LEAST
    while places < 2 * given or places <= highest:
        places *= 2
    return places


def encoded(taken: Iterable[int], *, places: int) -> str:
    """Return the list with these places set, as it stands in a document: multibase (u), base64url, gzip."""
    bits = bytearray(places // 8)
    for place in taken:
        bits[place // 8] |= 0x80 >> place % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Return the bits of a list that somebody sent, of whatever size they say it has.

    Raises:
        BadStatusList: it is not such a list, it is too short to hide anybody, or it expands without end.
    """
    if not text.startswith("u"):
        raise BadStatusList("The list is not written in multibase base64url.")
    try:
        packed = base64.b64decode(text[1:] + "=" * (-len(text[1:]) % 4), altchars=b"-_", validate=True)
        expander = zlib.decompressobj(wbits=31)
        bits = expander.decompress(packed, MOST_BYTES)
    except (ValueError, binascii.Error, zlib.error) as error:
        raise BadStatusList("The list is not base64url of gzip.") from error
    if not expander.eof or expander.unused_data:
        raise BadStatusList("The list is cut short, followed by something else, or larger than any of ours.")
    if len(bits) < LEAST // 8:
        raise BadStatusList(f"The list has fewer than {LEAST:,} places.")
    return bits


def is_set(bits: bytes, place: int) -> bool:
    """Say whether the bit at this place is set.

    Raises:
        BadStatusList: the list has no such place.
    """
    if not 0 <= place < 8 * len(bits):
        raise BadStatusList("The list has no such place.")
    return bool(bits[place // 8] & 0x80 >> place % 8)


def list_address(base_url: str, purpose: StatusPurpose) -> str:
    """Return where the list is published."""
    return f"{base_url}/status/{purpose}"


def list_document(
    purpose: StatusPurpose, encoded_list: str, *, did: str, base_url: str, now: datetime
) -> dict[str, Any]:
    """Return the list as a credential, ready to be signed."""
    address = list_address(base_url, purpose)
    return {
        "@context": [CONTEXT],
        "id": address,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": document_time(now),
        "validUntil": document_time(now + IN_FORCE),
        "credentialSubject": {
            "id": f"{address}#list",
            "type": "BitstringStatusList",
            "statusPurpose": purpose.value,
            "encodedList": encoded_list,
            "ttl": 1000 * FRESH_SECONDS,
        },
    }


def read_list(
    jwt: str, *, purpose: StatusPurpose, keys: Mapping[str, Key], did: str, base_url: str, now: datetime
) -> bytes:
    """Check a published list and return its bits; the arguments say which list is wanted and who may sign it.

    Raises:
        BadStatusList: it is not that list, not signed by the issuer, or not in force at that moment.
    """
    found = opened_list(jwt, purpose=purpose, keys=keys, did=did, base_url=base_url)
    if not found.begins <= now < found.ends:
        raise BadStatusList("The status list is not in force at this moment; fetch the newest one.")
    return found.bits


def opened_list(jwt: str, *, purpose: StatusPurpose, keys: Mapping[str, Key], did: str, base_url: str) -> StatusList:
    """Check a list that was published at some time and return what it says; whether it is in force is not judged.

    Raises:
        BadStatusList: it is not that list, or not signed by the issuer.
    """
    try:
        document = read_signed(jwt, keys=keys, did=did).document
    except BadToken as error:
        raise BadStatusList(f"The status list is not the issuer's: {error}") from error
    begins, ends = read_moment(document["validFrom"]), read_moment(document["validUntil"])
    expected = list_document(
        purpose, str(document["credentialSubject"].get("encodedList")), did=did, base_url=base_url, now=begins
    )
    if document != expected:
        raise BadStatusList(f"It is not the issuer's list for {purpose}, or has another form.")
    bits = decoded(document["credentialSubject"]["encodedList"])
    return StatusList(jwt=jwt, bits=bits, begins=begins, ends=ends)
