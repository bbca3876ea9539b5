"""What stands in the log: salted commitments, and nothing that could lead to a person.

An entry is the canonical JSON (RFC 8785) of `{"v": 1, "t": kind, "c": commitment}`. The salt stays in the
registry; once it is deleted, the entry is 32 bytes that nobody can link to anything.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from enum import StrEnum

from trainer.registry.status import Decision

DOMAIN = b"trainer/v1/commit\x00"
SALT_BYTES = 32


class EntryKind(StrEnum):
    """What an entry commits to."""

    ISSUE = "issue"  # the claim of a certificate
    ARTIFACT = "artifact"  # the finished paper
    STATUS = "status"  # a change of status
    CREDENTIAL = "credential"  # the machine-readable form of a certificate
    KEY = "key"  # open to everybody: a key was published, retired or given up
    STATUS_LIST = "statuslist"  # open to everybody: the hash of a published status list


PUBLIC = frozenset({EntryKind.KEY, EntryKind.STATUS_LIST})


def commitment(salt: bytes, digest: bytes) -> bytes:
    """Return the commitment to a SHA-256 value.

    Raises:
        ValueError: salt or digest do not have 32 bytes.
    """
    if len(salt) != SALT_BYTES or len(digest) != 32:
        raise ValueError("A commitment needs a salt and a digest of 32 bytes each.")
    return hashlib.sha256(DOMAIN + salt + digest).digest()


def entry(kind: EntryKind, salt: bytes, digest: bytes) -> bytes:
    """Return the bytes of an entry in the log."""
    return _canonical({"v": 1, "t": kind.value, "c": base64.b64encode(commitment(salt, digest)).decode()})


def public_entry(kind: EntryKind, fields: Mapping[str, str | int | None]) -> bytes:
    """Return the bytes of an entry that everybody may read: about a key of ours, or a list that anybody can fetch.

    Raises:
        ValueError: entries of this kind are never open, or a field has a reserved name.
    """
    if kind not in PUBLIC or not fields.keys().isdisjoint({"v", "t", "c"}):
        raise ValueError("Only entries about keys and status lists are open, and v, t and c are reserved.")
    return _canonical({**fields, "v": 1, "t": kind.value})


def status_digest(public_id: str, decision: Decision, *, salt: bytes) -> bytes:
    """Return the SHA-256 of a change of status.

    What is private goes in as a salted hash, so that the change can be shown without it. The end of a suspension,
    the successor of a replaced certificate, and what a suspension becomes and when go in where there are any: a change
    without them keeps the digest it had before there were any.
    """
    private = _canonical({"private_reason": decision.private_reason, "decided_by": decision.decided_by})
    change = {
        "public_id": public_id,
        "status": decision.word.value,
        "reason_code": str(decision.reason_code),
        "public_note": decision.public_note,
        "private": hashlib.sha256(salt + private).hexdigest(),
        "at": decision.at.astimezone(UTC).isoformat(),
    }
    if decision.until is not None:
        change["until"] = decision.until.astimezone(UTC).isoformat()
    if decision.successor is not None:
        change["successor"] = decision.successor
    if decision.becomes is not None:
        change["becomes"] = decision.becomes.value
    if decision.final_at is not None:
        change["final_at"] = decision.final_at.astimezone(UTC).isoformat()
    return hashlib.sha256(_canonical(change)).digest()


def _canonical(values: Mapping[str, str | int | None]) -> bytes:
    # with ASCII keys and no fractions, this is what RFC 8785 prescribes
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
