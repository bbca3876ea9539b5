"""Keep an alarm about a key of ours."""

import logging
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.verify.entered.queries import given_up
from trainer.verify.models import KeyAlarm
from trainer.verify.verdict import Unentered

_log = logging.getLogger(__name__)


def raise_alarm(session: Session, *, about: Unentered, now: datetime) -> None:
    """Tell the operator once of something that a key of ours signed and that was never entered.

    What to do about it depends on what the audit finds, so the audit says it. Of a key that was given up nothing more
    is to be told: whoever has it could write alarms without end, and none of them can ever be deleted.
    """
    if session.get(KeyAlarm, about.signed) is not None or about.kid in given_up(session):
        return
    row = KeyAlarm(
        signed_sha256=about.signed, kind=about.kind, kid=about.kid, seen_sha256=about.seen, names=about.names, at=now
    )
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:  # somebody else was shown the same at this moment
        return
    _log.error(
        "A %s with the SHA-256 %s bears a good signature of ours (key %s), and what it signs is not in the registry. "
        "Run `trainer registry audit`: it says whether something of ours is lost, and what to do.",
        about.kind,
        about.seen,
        about.kid,
    )
