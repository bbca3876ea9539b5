"""A receipt: what was asked, what we answered, and what the log was then, as a signed text (JWS, ES256).

It proves to others what the counter said on a day; it says nothing about today. It names no person: what was
asked for goes in as it was given only when it is a number or an id, otherwise as a SHA-256 value.
"""

import json
import re
from base64 import urlsafe_b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from joserfc import jws
from joserfc.jwk import ECKey

from trainer.registry.jose import BadToken, open_signed

TYPE = "verification-receipt+jwt"
LONGEST_RECEIPT = 20_000  # of a pasted text, in characters
NOTHING_BESIDE: Mapping[str, str] = MappingProxyType({})
_UNSIGNED = (
    "(These lines are for your file. The signed line at the end holds no name: only the number or the id, and the "
    "answer.)"
)
_JWS = re.compile(  # it begins where no sign of it stands before: tried from every sign, a long text takes seconds
    r"(?<![A-Za-z0-9_-])[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{86}(?![A-Za-z0-9_-])"
)


class BadReceipt(ValueError):
    """What was read is not a receipt of ours, to the letter."""


@dataclass(frozen=True, kw_only=True)
class LogState:
    """The newest checkpoint of the log at the moment of the answer.

    Attributes:
        root: of the tree, as base64.
        at: the moment that was signed with the checkpoint.
    """

    origin: str
    size: int
    root: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One answer, dated.

    Attributes:
        issuer: the DID of the installation.
        asked: how it was asked (`number`, `id`, `text`, `file`, `table`) and for what.
        answer: the verdict without its facts; of a table, the SHA-256 of the result and the counts.
        log: None where nothing was logged yet.
        at: when it was answered, in whole seconds.
    """

    issuer: str
    asked: Mapping[str, Any]
    answer: Mapping[str, Any]
    log: LogState | None
    at: datetime


def signed_receipt(receipt: Receipt, key: ECKey) -> str:
    """Return the receipt as a compact JWS."""
    log = receipt.log
    payload = {
        "iss": receipt.issuer,
        "iat": int(receipt.at.timestamp()),
        "at": _written(receipt.at),
        "asked": dict(receipt.asked),
        "answer": dict(receipt.answer),
        "checkpoint": {"origin": log.origin, "size": log.size, "root": log.root, "time": _written(log.at)}
        if log
        else None,
    }
    header = {"alg": "ES256", "typ": TYPE, "kid": key.thumbprint()}
    text = json.dumps(payload, ensure_ascii=False, separators=(",", ":"))
    return jws.serialize_compact(header, text.encode(), key, algorithms=["ES256"])


def read_receipt(text: str, key: ECKey) -> Receipt:
    """Read the receipt that stands in a text, perhaps among other words.

    Raises:
        BadReceipt: there is none, it was altered, or another key signed it.
    """
    found = _JWS.search(text[:LONGEST_RECEIPT])
    if found is None:
        raise BadReceipt("There is no receipt in this text. A receipt is one long line with two dots in it.")

    def known(name: str) -> EllipticCurvePublicKey:
        if name != key.thumbprint():
            raise BadToken("Another key signed it.")
        return key.public_key

    try:
        opened = open_signed(found[0], known)
    except BadToken as error:
        raise BadReceipt("This receipt was not signed by us, or a sign of it was changed since.") from error
    if opened.header["typ"] != TYPE:
        raise BadReceipt("This was signed by us, but it is not a receipt.")
    return _read(opened.payload)


def holds_receipt(text: str) -> bool:
    """Say whether a receipt stands in a text, whoever signed it."""
    found = _JWS.search(text[:LONGEST_RECEIPT])
    if found is None:
        return False
    head = found[0].partition(".")[0]
    try:
        header = json.loads(urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and header.get("typ") == TYPE


def receipt_text(receipt: Receipt, token: str, *, address: str, about: Mapping[str, str] = NOTHING_BESIDE) -> str:
    """Return the receipt as a text for a person's file: sentences first, then the signed line.

    Args:
        about: what the certificate is, by the names of its lines. It is not signed: the text says so.
    """
    answer, log = receipt.answer, receipt.log
    lines = [
        "Receipt of a verification",
        "",
        *(f"{name}: {' '.join(value.split())}" for name, value in about.items()),
        *([_UNSIGNED, ""] if about else []),
        f"Asked: {asked_in_words(receipt.asked)}",
        f"Answered: {answer.get('sentence', '')}",
        f"On: {receipt.at:%-d %B %Y, %H:%M:%S} UTC",
        f"By: {receipt.issuer}",
        f"The log then had {log.size:,} entries; its root was {log.root}." if log else "Nothing was logged then.",
        "",
        "It says what we answered at that moment and nothing about later days.",
        f"To have this receipt checked, paste the following line at {address}/verify/receipt",
        "",
        token,
        "",
    ]
    return "\n".join(lines)


def receipt_name(receipt: Receipt, *, number: str = "") -> str:
    """Return what the file of a receipt is called, without its ending, so that one is told from the other in a folder.

    Args:
        number: of the certificate; without one, the beginning of what was asked for stands there.
    """
    asked = receipt.asked.get("value") or receipt.asked.get("sha256", "")[:12]
    return f"receipt-{number or asked}-{receipt.at:%Y-%m-%d}"


def asked_in_words(asked: Mapping[str, Any]) -> str:
    """Say in words what was asked for."""
    words = {
        "number": "the certificate with the number {value}",
        "id": "the certificate with the id {value}",
        "text": "a text with the SHA-256 {sha256}",
        "file": "a file with the SHA-256 {sha256}",
        "table": "a table of {rows} rows with the SHA-256 {sha256}",
    }
    return words[asked["kind"]].format_map(asked)


def _read(payload: Mapping[str, Any]) -> Receipt:
    log = payload["checkpoint"]
    return Receipt(
        issuer=payload["iss"],
        asked=payload["asked"],
        answer=payload["answer"],
        log=LogState(origin=log["origin"], size=log["size"], root=log["root"], at=datetime.fromisoformat(log["time"]))
        if log
        else None,
        at=datetime.fromisoformat(payload["at"]),
    )


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).replace(microsecond=0).isoformat()
