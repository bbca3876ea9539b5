"""Enter a certificate and change its status; the log grows in the same transaction."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.errors import Missing
from trainer.registry import entries
from trainer.registry.entries import SALT_BYTES, EntryKind
from trainer.registry.log.leaves import LogLeaf, leaf_of_change, leaf_of_document, leaves_of
from trainer.registry.log.queries import log_key, proof_of
from trainer.registry.log.services import append, begin_log
from trainer.registry.models import RegistryDocument, RegistryEntry, StatusChange
from trainer.registry.notes import Signer
from trainer.registry.proofs import LogProof
from trainer.registry.queries import anything_entered, newest_change, status_at
from trainer.registry.status import Decision, Status, follows


@dataclass(frozen=True, kw_only=True)
class Committed:
    """What the log holds about a certificate before its paper is made.

    Attributes:
        proof: that the credential is in the log, for the paper to carry; its extra line is the credential's salt.
    """

    claim_sha256: str
    salt: bytes
    credential_sha256: str
    credential_salt: bytes
    proof: LogProof


def commit(
    session: Session, *, public_id: str, claim_sha256: str, credential_sha256: str, log: Signer, now: datetime
) -> Committed:
    """Commit to the claim and the credential of a new certificate in the log.

    Raises:
        Broken: the log cannot be continued with this key.
    """
    salt, credential_salt = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(SALT_BYTES)
    begin_log(session, log=log, now=now)
    leaves = [
        LogLeaf(
            kind=EntryKind.ISSUE,
            data=entries.entry(EntryKind.ISSUE, salt, bytes.fromhex(claim_sha256)),
            public_id=public_id,
        ),
        LogLeaf(
            kind=EntryKind.CREDENTIAL,
            data=entries.entry(EntryKind.CREDENTIAL, credential_salt, bytes.fromhex(credential_sha256)),
            public_id=public_id,
        ),
    ]
    first = append(session, leaves=leaves, log=log, now=now)
    return Committed(
        claim_sha256=claim_sha256,
        salt=salt,
        credential_sha256=credential_sha256,
        credential_salt=credential_salt,
        proof=proof_of(session, index=first + 1, extra=credential_salt),
    )


@dataclass(frozen=True, kw_only=True)
class FinishedPaper:
    """The paper of a new certificate, as it is entered.

    Attributes:
        sha256: of the file, hexadecimal.
        size: of the file, in bytes.
        status_index: its place in the status lists.
        valid_until: the first moment that is no longer valid.
    """

    public_id: str
    number: str
    sha256: str
    size: int
    status_index: int
    issued_at: datetime
    valid_until: datetime


def enter_certificate(session: Session, *, paper: FinishedPaper, committed: Committed, log: Signer) -> RegistryEntry:
    """Append the entry of a new certificate, and commit to its paper in the log.

    Raises:
        Broken: the log cannot be continued with this key.
    """
    registered = RegistryEntry(
        public_id=paper.public_id,
        number=paper.number,
        sha256=paper.sha256,
        size=paper.size,
        claim_sha256=committed.claim_sha256,
        issued_at=paper.issued_at,
        valid_until=paper.valid_until,
        salt=committed.salt,
        paper_salt=secrets.token_bytes(SALT_BYTES),
        credential_sha256=committed.credential_sha256,
        credential_salt=committed.credential_salt,
        status_index=paper.status_index,
    )
    session.add(registered)
    session.flush()
    append(session, leaves=leaves_of(registered)[-1:], log=log, now=paper.issued_at)
    return registered


def enter_document(
    session: Session, *, public_id: str, kind: str, sha256: str, size: int, log: Signer, now: datetime
) -> None:
    """Append a further document about a certificate, and commit to it in the log.

    Raises:
        Broken: the log cannot be continued with this key.
    """
    document = RegistryDocument(
        sha256=sha256, public_id=public_id, kind=kind, size=size, salt=secrets.token_bytes(SALT_BYTES), at=now
    )
    session.add(document)
    session.flush()
    append(session, leaves=[leaf_of_document(document)], log=log, now=now)


def change_status(session: Session, *, public_id: str, decision: Decision, log: Signer) -> bool:
    """Append a decision, here and in the log; say False when it would change nothing.

    It counts from its moment, but never from before the one it follows: of two that are made at once, the one that is
    recorded second is the later one.

    Raises:
        Missing: no such certificate was entered.
        Refused: this status cannot follow the present one.
        Broken: the log cannot be continued with this key.
    """
    entry = session.scalar(select(RegistryEntry).where(RegistryEntry.public_id == public_id).with_for_update())
    if entry is None:
        raise Missing("There is no certificate with this id in the registry.")
    newest = newest_change(session, public_id=public_id)
    after = replace(decision, at=max(decision.at, newest.at)) if newest else decision
    if not follows(newest.decision if newest else None, after):
        return False
    change = _recorded(public_id, after)
    begin_log(session, log=log, now=after.at)
    session.add(change)
    session.flush()
    append(session, leaves=[leaf_of_change(change)], log=log, now=after.at)
    return True


def _recorded(public_id: str, decision: Decision) -> StatusChange:
    return StatusChange(
        public_id=public_id,
        status=decision.word,
        reason_code=str(decision.reason_code),
        public_note=decision.public_note.strip(),
        private_reason=decision.private_reason.strip(),
        decided_by=decision.decided_by,
        at=decision.at,
        salt=secrets.token_bytes(SALT_BYTES),
        until=decision.until,
        successor=decision.successor,
        becomes=decision.becomes,
        final_at=decision.final_at,
    )


def lock_certificates(session: Session, *, public_ids: Collection[str]) -> None:
    """Let nobody else decide about these certificates until the transaction ends.

    Whoever needs both locks the certificates first and the log after them; in another order two could wait for each
    other.
    """
    held = select(RegistryEntry.public_id).where(RegistryEntry.public_id.in_(public_ids))
    session.execute(held.order_by(RegistryEntry.public_id).with_for_update())


def log_what_is_older(session: Session, *, instance: Path, base_url: str, now: datetime) -> int:
    """Begin the log with what was issued before there was one; return how many entries that are.

    An installation without certificates stays as it is.
    """
    if not anything_entered(session):
        return 0
    return begin_log(session, log=log_key(session, instance=instance, base_url=base_url), now=now)


def status_in_turn(session: Session, *, public_id: str, now: datetime) -> Status:
    """Let nobody else decide about a certificate until the transaction ends, and say what holds.

    Raises:
        Missing: no such certificate was entered.
    """
    lock_certificates(session, public_ids=(public_id,))
    return status_at(session, public_id=public_id, now=now)
