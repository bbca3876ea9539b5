"""What a receipt says: the state of the log, and what was looked at."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from trainer.receipts.receipt import LogState, Receipt
from trainer.registry.did import did_of
from trainer.registry.log.queries import newest_checkpoint
from trainer.registry.notes import Verifier, read_checkpoint


def log_state(session: Session, *, log: Verifier | None) -> LogState | None:
    """Return what the newest checkpoint says, or None while there is no log.

    Raises:
        BadNote: the newest checkpoint was not signed by that key.
    """
    newest = newest_checkpoint(session)
    if newest is None or log is None:
        return None
    signed = read_checkpoint(newest.note, log)
    root = newest.note.split("\n", 3)[2]
    return LogState(origin=signed.origin, size=signed.size, root=root, at=newest.at)


def receipt_for(
    session: Session,
    *,
    asked: Mapping[str, Any],
    answer: Mapping[str, Any],
    log: Verifier | None,
    base_url: str,
    now: datetime,
) -> Receipt:
    """Return the receipt of an answer that was just given, not signed yet."""
    return Receipt(
        issuer=did_of(base_url),
        asked=asked,
        answer=answer,
        log=log_state(session, log=log),
        at=now.replace(microsecond=0),
    )
