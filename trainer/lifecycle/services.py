"""Decide about a certificate: the one way in, for a director and for whoever holds it."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.errors import check_seen
from trainer.lifecycle.acts import RULES, Act, Sent, Who
from trainer.lifecycle.decisions.services import change, recall
from trainer.lifecycle.queries import (
    HeldCertificate,
    held_by,
    newest_decisions_of,
    reason_of,
    replacement_of,
    seen_of,
    to_decide,
)
from trainer.lifecycle.replacing.services import replace
from trainer.moments import written
from trainer.registry.notes import Signer
from trainer.registry.services import status_in_turn
from trainer.registry.status import Status, Word


def decide(
    session: Session,
    *,
    public_id: str,
    person: Person,
    sent: Sent,
    recall_within: timedelta,
    log: Signer,
    now: datetime,
) -> None:
    """Keep what a director or the holder decides about a certificate: entered, written down, and told to the holder.

    Sent twice it is kept once.

    Args:
        recall_within: how long an ending can be recalled; nothing makes it final at once.

    Raises:
        Missing: there is no such certificate in a programme that this person directs, or among theirs.
        Refused: it is their own and a director must decide, or this cannot be decided about it now.
        Stale: something else was decided since the page had been opened, or it does not say what it showed.
        Broken: the log cannot be continued with this key.
    """
    rule = RULES[sent.act]
    find = to_decide if rule.by is Who.DIRECTOR else held_by
    held = find(session, public_id=public_id, person=person)
    if _is_kept(session, held, sent, by=person.id, now=now):
        return
    if rule.occasion is not None:
        replace(session, held, sent, director=person, now=now)
    elif rule.word is None:
        recall(session, held, sent, by=person.id, log=log, now=now)
    else:
        change(session, held, sent, by=person.id, recall_within=recall_within, log=log, now=now)


def _is_kept(session: Session, held: HeldCertificate, sent: Sent, *, by: str, now: datetime) -> bool:
    """Take the certificate's turn, and say whether just this was decided last: then it was sent twice.

    Raises:
        Stale: something else was decided since, or the page did not say what it showed.
    """
    public_id = held.certificate.public_id
    status = status_in_turn(session, public_id=public_id, now=now)
    shows = seen_of(session, public_id=public_id, word=status.word)
    if sent.seen and sent.seen != shows and _was_sent(session, held, sent, by):
        return True
    check_seen(sent.seen, shows, what=_what_happened(sent, status))
    return False


def _what_happened(sent: Sent, status: Status) -> str:
    """Say in a clause what was decided since the page had been opened."""
    if status.becomes is not None and status.final_at is not None:
        return f"it was decided that the certificate is {status.becomes}, finally from {written(status.final_at)}"
    if not (sent.seen or "").startswith(f"{status.word},"):
        return f"the certificate is {status.word} now"
    if sent.act is Act.SUSPEND and status.word is Word.SUSPENDED:
        return "its suspension was decided anew"
    return "something else was decided about the certificate"


def _was_sent(session: Session, held: HeldCertificate, sent: Sent, by: str) -> bool:
    public_id = held.certificate.public_id
    if (occasion := RULES[sent.act].occasion) is not None:
        made = replacement_of(session, public_id=public_id)
        if made is None or (made.occasion, made.decided_by) != (occasion, by):
            return False
        return sent.holder in (None, made.conferred.holder) and reason_of(made) == sent.private_reason.strip()
    newest, before = newest_decisions_of(session, public_id=public_id)
    return newest is not None and sent.is_in(newest, before, by=by, zone=held.zone)
