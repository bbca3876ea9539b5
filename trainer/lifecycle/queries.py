"""What was decided about a certificate, what its holder allows, and whose certificate is about to end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.certificates.claim import Claim
from trainer.certificates.models import STANDS, Certificate, Conferral
from trainer.lifecycle.letters import Words, about_to_expire
from trainer.lifecycle.renewal import REMINDERS, reminder_due
from trainer.notices.models import Notice
from trainer.registry.models import RegistryEntry, StatusChange
from trainer.registry.services import statuses_at
from trainer.registry.status import Word


@dataclass(frozen=True, kw_only=True)
class Past:
    """One decision about a certificate.

    Attributes:
        who: the name of whoever decided, or "" for the installation itself.
        reason_code: as the public sees it, or "".
        private_reason: what the director wrote for the programme's own record.
    """

    word: Word
    at: datetime
    who: str
    reason_code: str
    public_note: str
    private_reason: str
    until: datetime | None
    successor: str | None


def history_of(session: Session, *, public_id: str) -> Sequence[Past]:
    """Return the decisions about a certificate after its issue, the newest first."""
    query = (
        select(StatusChange, Person.name)
        .outerjoin(Person, Person.id == StatusChange.decided_by)
        .where(StatusChange.public_id == public_id)
        .order_by(StatusChange.id.desc())
    )
    return [
        Past(
            word=change.status,
            at=change.at,
            who=name or "",
            reason_code=change.reason_code,
            public_note=change.public_note,
            private_reason=change.private_reason,
            until=change.until,
            successor=change.successor,
        )
        for change, name in session.execute(query)
    ]


def seen_of(session: Session, *, public_id: str, word: Word) -> str:
    """Return a mark of what a page shows about a certificate; it changes with every decision about it."""
    changes = select(func.count()).select_from(StatusChange).where(StatusChange.public_id == public_id)
    replacing = select(func.count()).select_from(Conferral).where(Conferral.supersedes == public_id)
    withdrawn = replacing.where(~STANDS)
    return f"{word}, {session.scalar(changes)}, {session.scalar(replacing)}, {session.scalar(withdrawn)}"


def newest_change_of(session: Session, *, public_id: str) -> StatusChange | None:
    """Return the newest decision about a certificate after its issue, or None."""
    query = select(StatusChange).where(StatusChange.public_id == public_id)
    return session.scalar(query.order_by(StatusChange.id.desc()).limit(1))


def name_of(session: Session, *, person_id: str) -> str:
    """Return somebody's name."""
    return session.scalar(select(Person.name).where(Person.id == person_id)) or ""


def replacement_of(session: Session, *, public_id: str) -> Conferral | None:
    """Return the decision that replaces a certificate, whether the new one has been issued yet or not, or None."""
    return session.scalar(select(Conferral).where(Conferral.supersedes == public_id, STANDS))


def withdrawn_replacement_of(session: Session, *, public_id: str) -> Conferral | None:
    """Return the newest decision to replace a certificate that was taken back, or None."""
    withdrawn = select(Conferral).where(Conferral.supersedes == public_id, ~STANDS)
    return session.scalar(withdrawn.order_by(Conferral.decided_at.desc(), Conferral.id.desc()).limit(1))


def reminders_due(session: Session, *, now: datetime) -> Sequence[tuple[str, Words]]:
    """Return the reminders that are due and not written yet: to whom, by id, and in what words.

    Nobody is reminded of a certificate that does not hold or is being replaced. The rows are held until the transaction
    ends, so that two workers do not remind twice.
    """
    replacing = select(Conferral.supersedes).where(Conferral.supersedes.is_not(None), STANDS)
    query = (
        select(RegistryEntry, Certificate.claim, Conferral.person_id)
        .join(Certificate, Certificate.public_id == RegistryEntry.public_id)
        .join(Conferral, Conferral.id == Certificate.conferral_id)
        .where(
            RegistryEntry.valid_until > now,
            RegistryEntry.valid_until <= now + timedelta(days=max(REMINDERS)),
            RegistryEntry.public_id.not_in(replacing),
        )
        .order_by(RegistryEntry.valid_until, RegistryEntry.public_id)
        .with_for_update(of=RegistryEntry)
    )
    found = session.execute(query).all()
    statuses = statuses_at(session, public_ids=[entry.public_id for entry, _, _ in found], now=now)
    wanted = [
        (person_id, about_to_expire(entry.number, claim.days.told(claim.valid_until), days))
        for entry, claim, person_id in ((entry, Claim.read(claim), person_id) for entry, claim, person_id in found)
        if statuses[entry.public_id].word is Word.VALID
        and (days := reminder_due(issued_at=entry.issued_at, ends_at=entry.valid_until, now=now))
    ]
    written = set(
        session.scalars(select(Notice.subject).where(Notice.subject.in_([words.subject for _, words in wanted])))
    )
    return [(person_id, words) for person_id, words in wanted if words.subject not in written]
