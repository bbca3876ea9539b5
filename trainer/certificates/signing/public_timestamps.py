"""Ask a public timestamp authority over HTTP, and believe nothing it answers before it is checked.

Loaded only where one is configured.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar

import httpx
from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from trainer import moments
from trainer.certificates.signing.cms import sequence
from trainer.certificates.signing.cms_check import BadSignature, certificates_in, leads_to, names, valid_path, verified
from trainer.certificates.signing.timestamps import imprint_of
from trainer.clock import utc_now
from trainer.errors import Broken

_TIMEOUT = 10.0
"""How long an authority may take in all, in seconds."""
ANSWER_LIMIT = 64 * 1024
"""The largest answer that is read, in bytes; real ones have up to 8,000."""
CLOCKS_DIFFER = timedelta(minutes=5)
UNREADABLE = (ValueError, TypeError, KeyError, AttributeError, RecursionError)  # what anybody's bytes may cause
_RETRY = "Nothing was issued; the next try completes it."


@dataclass(frozen=True)
class TimestampsByHttp:
    """A public authority, asked over HTTP.

    Attributes:
        url: where it listens.
        root: what its tokens must lead to.
        timeout: in all, in seconds.
        clock: our own time, to compare.
    """

    url: str
    root: x509.Certificate
    timeout: float = _TIMEOUT
    clock: Callable[[], datetime] = utc_now

    def stamp(self, digest: bytes) -> bytes:
        """Return a timestamp token over a SHA-256 value, checked.

        Raises:
            Broken: the authority does not answer, or its answer is not the one asked for.
        """
        nonce = secrets.randbits(63) | 1 << 63  # never short
        answer = self._asked(request_for(digest, nonce=nonce))
        try:
            return checked_token(answer, digest=digest, nonce=nonce, root=self.root, now=self.clock())
        except BadTimestamp as error:
            raise Broken(f"The timestamp authority {self.url} cannot be relied on: {error} {_RETRY}") from error

    def _asked(self, request: bytes) -> bytes:
        ends = time.monotonic() + self.timeout
        headers = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}
        answer = bytearray()
        try:
            with httpx.stream("POST", self.url, content=request, headers=headers, timeout=self.timeout) as response:
                if response.status_code != 200:
                    raise Broken(
                        f"The timestamp authority {self.url} answered with HTTP status {response.status_code}. {_RETRY}"
                    )
                for piece in response.iter_raw():  # as it arrives
                    answer += piece
                    if len(answer) > ANSWER_LIMIT or time.monotonic() > ends:  # one that drips would hold us for ever
                        raise Broken(f"The timestamp authority {self.url} is too slow or says too much. {_RETRY}")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            what = str(error) or type(error).__name__
            raise Broken(f"The timestamp authority {self.url} does not answer ({what}). {_RETRY}") from error
        return bytes(answer)


class _Response(core.Sequence):  # type: ignore[misc]  # asn1crypto has no types
    """RFC 3161 §2.4.2; unlike asn1crypto's own class, it knows that a refusal comes without a token."""

    _fields: ClassVar = [("status", tsp.PKIStatusInfo), ("time_stamp_token", cms.ContentInfo, {"optional": True})]


class BadTimestamp(ValueError):
    """An answer that is not the timestamp that was asked for; the text says why."""


def request_for(digest: bytes, *, nonce: int) -> bytes:
    """Return a request for a timestamp that carries its certificates (RFC 3161 §2.4.1)."""
    asked = {"version": "v1", "message_imprint": imprint_of(digest), "nonce": nonce, "cert_req": True}
    return bytes(tsp.TimeStampReq(asked).dump())


def checked_token(answer: bytes, *, digest: bytes, nonce: int, root: x509.Certificate, now: datetime) -> bytes:
    """Return the token of an answer, once everything about it is right.

    Raises:
        BadToken: it was refused, is about something else, not fresh, not of this time, or not signed as it must be.
    """
    try:
        parsed = _Response.load(answer, strict=True)
        status = parsed["status"]["status"].native
        if status not in ("granted", "granted_with_mods"):
            raise BadTimestamp(f"it refused ({status}).")
        token = parsed["time_stamp_token"]
        signed = token["content"]
        info = signed["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]
        about = (imprint["hash_algorithm"]["algorithm"].native, imprint["hashed_message"].native)
        repeated, at = info["nonce"].native, info["gen_time"].native
        drift = abs(at - now)
        raw = sequence(token.contents)
    except BadTimestamp:
        raise
    except UNREADABLE as error:
        raise BadTimestamp("its answer is not a timestamp.") from error
    if about != ("sha256", digest):
        raise BadTimestamp("its timestamp is about something else.")
    if repeated != nonce:
        raise BadTimestamp("its timestamp does not answer this question (another nonce).")
    if drift > CLOCKS_DIFFER:
        raise BadTimestamp(f"its timestamp says {moments.written(at)}, where our clock says {moments.written(now)}.")
    _check_signature(signed, root, now)
    return raw


def _check_signature(signed: cms.SignedData, root: x509.Certificate, now: datetime) -> None:
    """Let a token pass that is signed as it must be today, and as the counter will ask of it in years."""
    try:
        if len(signed["signer_infos"]) != 1:
            raise BadSignature("It does not have exactly one signer.")
        signer, attributes = verified(signed, signed["encap_content_info"]["content"].contents)
        if not names(attributes, signer):
            raise BadSignature("It names another certificate than its signer's.")
        others = certificates_in(signed)
    except (BadSignature, *UNREADABLE) as error:
        raise BadTimestamp("its timestamp was altered, or is not signed as it must be.") from error
    if not (
        leads_to(signer, others, [root], ExtendedKeyUsageOID.TIME_STAMPING) and valid_path(signer, others, root, now)
    ):
        raise BadTimestamp("its timestamp does not lead to the root in TRAINER_TIMESTAMP_ROOT.")
