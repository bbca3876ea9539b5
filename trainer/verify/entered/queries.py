"""Find what was entered for something that a key of ours signed.

The bytes of a signature can be written anew by anybody, so they are not what is compared here: the signed part of the
credential and of the page is. If *that* was never entered, somebody signed who is not us, or an entry is lost.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.certificates.credential.open_badge import Credential
from trainer.certificates.models import Certificate, Document
from trainer.moments import written
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.jose import signed_part
from trainer.registry.models import RegistryEntry
from trainer.registry.published.queries import published_keys
from trainer.registry.queries import entry_by_id
from trainer.verify.models import KeyAlarm
from trainer.verify.signature_check import without_signature
from trainer.verify.verdict import Unentered


@dataclass(frozen=True, kw_only=True)
class Entered:
    """The entry of a credential.

    Attributes:
        exact: it is the very text that we issued, to the last sign of its signature.
        erased: nothing is left with which it could be compared.
    """

    entry: RegistryEntry
    exact: bool
    erased: bool


@dataclass(frozen=True, kw_only=True)
class SignedPage:
    """A file that a key of ours signed: the name of the key, and the SHA-256 of what is signed."""

    kid: str
    ranged: str


def entered_credential(session: Session, *, signed: Credential, jwt: str) -> Entered | None:
    """Return the entry of what a credential says under a good signature, or None if that was never entered."""
    entry = entry_by_id(session, public_id=signed.claim.public_id)
    if entry is None:
        return None
    erased, exact = entry.salt is None, entry.credential_sha256 == signed.sha256
    if erased or exact or _part(jwt) == _part_issued(session, entry.public_id):
        return Entered(entry=entry, exact=exact, erased=erased)
    return None


def entered_page(session: Session, *, page: SignedPage, public_ids: Collection[str]) -> bool:
    """Say whether what a file's signature is about was issued as a paper or document of one of these certificates.

    Of somebody who was erased nothing is left to compare, and no alarm follows.
    """
    erased = select(RegistryEntry.public_id).where(
        RegistryEntry.public_id.in_(public_ids), RegistryEntry.salt.is_(None)
    )
    if session.scalar(erased.limit(1)) is not None:
        return True
    papers = select(Certificate.pdf).where(Certificate.public_id.in_(public_ids))
    documents = select(Document.pdf).where(Document.public_id.in_(public_ids))
    return any(
        _sha256(without_signature(issued)) == page.ranged
        for query in (papers, documents)
        for issued in session.scalars(query)
    )


def unentered_credential(signed: Credential, jwt: str) -> Unentered:
    """Return what the operator is to know of a credential that was never entered."""
    return Unentered(
        kind="credential", kid=signed.kid, signed=_part(jwt), seen=signed.sha256, names=signed.claim.public_id
    )


def unentered_page(page: SignedPage, *, sha256: str, names: str) -> Unentered:
    """Return what the operator is to know of a file that was never entered."""
    return Unentered(kind="file", kid=page.kid, signed=page.ranged, seen=sha256, names=names)


def given_up(session: Session) -> frozenset[str]:
    """Return the names of the keys that were given up."""
    return frozenset(key.kid for key in published_keys(session) if key.status is KeyStatus.COMPROMISED)


def audit_alarms(session: Session, *, otherwise_whole: bool) -> Iterator[str]:
    """Say what follows from each alarm that is still open; `otherwise_whole` if nothing else was found wrong.

    One is answered when its key was given up, or when what it is about is in the registry again.
    """
    known = given_up(session)
    for alarm in session.scalars(select(KeyAlarm).order_by(KeyAlarm.at, KeyAlarm.signed_sha256)):
        if alarm.kid in known or _entered_since(session, alarm):
            continue
        follows = (
            "Nothing is missing here. Unless this installation was set back to an older backup, somebody else has that "
            f"key: give it up with `trainer keys compromise {alarm.kid}`."
            if otherwise_whole
            else "Mend first what else is said here, since a lost row may be all there is to it; then audit again."
        )
        yield (
            f"On {written(alarm.at)} a {alarm.kind} was shown (SHA-256 {alarm.seen_sha256}) that the key {alarm.kid} "
            f"signed, and what it signed was never entered. {follows}"
        )


def _entered_since(session: Session, alarm: KeyAlarm) -> bool:
    if alarm.kind == "credential":
        return _part_issued(session, alarm.names) == alarm.signed_sha256
    page = SignedPage(kid=alarm.kid, ranged=alarm.signed_sha256)
    return entered_page(session, page=page, public_ids=[alarm.names])


def _part_issued(session: Session, public_id: str) -> str:
    issued = session.scalar(select(Certificate.credential).where(Certificate.public_id == public_id))
    return _part(issued) if issued else ""


def _part(jwt: str) -> str:
    return _sha256(signed_part(jwt).encode())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
