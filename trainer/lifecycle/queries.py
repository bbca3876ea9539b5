"""What was decided about a certificate, what its holder allows, and whose certificate is about to end."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import Person
from trainer.certificates.facts.claim import Claim
from trainer.certificates.models import STANDS, Certificate, Conferral
from trainer.lifecycle.finality import Ending, ending_of
from trainer.lifecycle.letters import Words, about_to_expire
from trainer.lifecycle.renewal import REMINDERS, reminder_due
from trainer.notices.models import Notice
from trainer.registry.models import RegistryEntry, StatusChange
from trainer.registry.queries import status_by, statuses_at
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
    becomes: Word | None
    final_at: datetime | None
    recalled: Word | None = None  # the ending that this decision recalled


@dataclass(frozen=True, kw_only=True)
class Pending:
    """A revocation or a surrender that has been decided and not entered as final.

    Attributes:
        who: the name of whoever decided it.
    """

    public_id: str
    programme: str
    number: str
    holder: str
    enrolment_id: str
    ending: Ending
    who: str


_later = aliased(StatusChange)
_NOT_FINAL_YET = (
    StatusChange.final_at.is_not(None),
    ~exists().where(_later.public_id == StatusChange.public_id, _later.id > StatusChange.id),
)
"""The newest decision about its certificate, and one that says when it becomes final."""


def history_of(session: Session, *, public_id: str) -> Sequence[Past]:
    """Return the decisions about a certificate after its issue, the newest first."""
    query = (
        select(StatusChange, Person.name)
        .outerjoin(Person, Person.id == StatusChange.decided_by)
        .where(StatusChange.public_id == public_id)
        .order_by(StatusChange.id.desc())
    )
    found = session.execute(query).all()
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
            becomes=change.becomes,
            final_at=change.final_at,
            recalled=before.becomes if before and change.status in (Word.VALID, Word.SUSPENDED) else None,
        )
        for (change, name), before in zip(found, [*(one for one, _ in found[1:]), None], strict=False)
    ]


def seen_of(session: Session, *, public_id: str, word: Word) -> str:
    """Return a mark of what a page shows about a certificate; it changes with every decision about it."""
    changes = select(func.count()).select_from(StatusChange).where(StatusChange.public_id == public_id)
    replacing = select(func.count()).select_from(Conferral).where(Conferral.supersedes == public_id)
    withdrawn = replacing.where(~STANDS)
    return f"{word}, {session.scalar(changes)}, {session.scalar(replacing)}, {session.scalar(withdrawn)}"


def newest_changes_of(session: Session, *, public_id: str) -> tuple[StatusChange | None, StatusChange | None]:
    """Return the newest decision about a certificate after its issue, and the one before it."""
    query = select(StatusChange).where(StatusChange.public_id == public_id)
    newest, before, *_ = (*session.scalars(query.order_by(StatusChange.id.desc()).limit(2)), None, None)
    return newest, before


def pending_in(session: Session, *, programmes: Collection[str], now: datetime) -> Sequence[Pending]:
    """Return what was decided in these programmes and is not final yet, what becomes final first before the others."""
    decider, holder = aliased(Person), aliased(Person)
    query = (
        select(StatusChange, RegistryEntry, Conferral, holder.name, decider.name)
        .join(RegistryEntry, RegistryEntry.public_id == StatusChange.public_id)
        .join(Conferral, Conferral.public_id == StatusChange.public_id)
        .join(holder, holder.id == Conferral.person_id)
        .outerjoin(decider, decider.id == StatusChange.decided_by)
        .where(*_NOT_FINAL_YET, Conferral.programme.in_(programmes))
        .order_by(StatusChange.final_at, StatusChange.id)
    )
    return [
        Pending(
            public_id=change.public_id,
            programme=conferral.programme,
            number=entry.number,
            holder=name,
            enrolment_id=conferral.enrolment_id,
            ending=ending,
            who=who or "",
        )
        for change, entry, conferral, name, who in session.execute(query)
        if (ending := ending_of(status_by([change], entry=entry, now=now), now=now))
    ]


def endings_due(session: Session, *, now: datetime) -> Sequence[str]:
    """Return the certificates, by public id, whose ending can no longer be recalled and is not entered as final."""
    due = select(StatusChange.public_id).where(*_NOT_FINAL_YET, StatusChange.final_at <= now)
    return session.scalars(due.order_by(StatusChange.final_at, StatusChange.id)).all()


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
