"""Enter a certificate and change its status; the log grows in the same transaction."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.errors import Missing
from trainer.registry import entries
from trainer.registry.entries import SALT_BYTES, Kind
from trainer.registry.log.leaves import Leaf, leaf_of_change, leaf_of_document, leaves_of
from trainer.registry.log.queries import log_key, proof_of
from trainer.registry.log.services import append, begin_log
from trainer.registry.models import RegistryDocument, RegistryEntry, StatusChange
from trainer.registry.notes import Signer
from trainer.registry.proofs import LogProof
from trainer.registry.queries import anything_entered, decision_in, newest_change
from trainer.registry.status import Decision, Reason, Word, follows


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
        Leaf(kind=Kind.ISSUE, data=entries.entry(Kind.ISSUE, salt, bytes.fromhex(claim_sha256)), public_id=public_id),
        Leaf(
            kind=Kind.CREDENTIAL,
            data=entries.entry(Kind.CREDENTIAL, credential_salt, bytes.fromhex(credential_sha256)),
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


def enter(
    session: Session,
    *,
    public_id: str,
    number: str,
    sha256: str,
    size: int,
    committed: Committed,
    status_index: int,
    issued_at: datetime,
    valid_until: datetime,
    log: Signer,
) -> RegistryEntry:
    """Append the entry of a new certificate, and commit to its paper in the log.

    Raises:
        Broken: the log cannot be continued with this key.
    """
    registered = RegistryEntry(
        public_id=public_id,
        number=number,
        sha256=sha256,
        size=size,
        claim_sha256=committed.claim_sha256,
        issued_at=issued_at,
        valid_until=valid_until,
        salt=committed.salt,
        paper_salt=secrets.token_bytes(SALT_BYTES),
        credential_sha256=committed.credential_sha256,
        credential_salt=committed.credential_salt,
        status_index=status_index,
    )
    session.add(registered)
    session.flush()
    append(session, leaves=leaves_of(registered)[-1:], log=log, now=issued_at)
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


def change_status(
    session: Session,
    *,
    public_id: str,
    status: Word,
    reason: Reason,
    public_note: str,
    private_reason: str,
    decided_by: str | None,
    log: Signer,
    now: datetime,
    until: datetime | None = None,
    successor: str | None = None,
    becomes: Word | None = None,
    final_at: datetime | None = None,
) -> bool:
    """Append a change of status, here and in the log; say False when it would change nothing.

    A decision counts from `now`, but never from before the one it follows: of two that are made at once, the one that
    is recorded second is the later one.

    Args:
        until: of a suspension, the first moment at which it no longer holds; None: until it is lifted.
        successor: of a replaced certificate, the public id of the new one.
        becomes: of a suspension that is to become final, what it becomes.
        final_at: and the first moment at which it can no longer be recalled.

    Raises:
        Missing: no such certificate was entered.
        Refused: this status cannot follow the present one.
        Broken: the log cannot be continued with this key.
    """
    entry = session.scalar(select(RegistryEntry).where(RegistryEntry.public_id == public_id).with_for_update())
    if entry is None:
        raise Missing("There is no certificate with this id in the registry.")
    newest = newest_change(session, public_id=public_id)
    now = max(now, newest.at) if newest else now
    change = StatusChange(
        public_id=public_id,
        status=status,
        reason_code=reason.value,
        public_note=public_note.strip(),
        private_reason=private_reason.strip(),
        decided_by=decided_by,
        at=now,
        salt=secrets.token_bytes(SALT_BYTES),
        until=until,
        successor=successor,
        becomes=becomes,
        final_at=final_at,
    )
    after = Decision(word=status, at=now, until=until, successor=successor, becomes=becomes, final_at=final_at)
    if not follows(decision_in(newest), after):
        return False
    begin_log(session, log=log, now=now)
    session.add(change)
    session.flush()
    append(session, leaves=[leaf_of_change(change)], log=log, now=now)
    return True


def hold(session: Session, *, public_ids: Collection[str]) -> None:
    """Let nobody else decide about these certificates until the transaction ends.

    Whoever needs both holds the certificates first and the log after them; in another order two could wait for each
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
