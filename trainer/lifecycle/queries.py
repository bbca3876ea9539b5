"""Who may decide about a certificate, what was decided about it, and what another one that replaces it says."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from trainer.accounts.models import Person
from trainer.accounts.queries import check_may_decide
from trainer.accounts.words import Role
from trainer.certificates.facts.claim import Claim
from trainer.certificates.models import STANDS, Certificate, Conferral
from trainer.certificates.queries import certificate_for, conferral_of, taken_back_of
from trainer.certificates.words import Occasion
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing, Refused
from trainer.lifecycle.finality import Ending, ending_of
from trainer.lifecycle.renewal import renewal_window
from trainer.registry.models import RegistryEntry, StatusChange
from trainer.registry.queries import status_at, status_by
from trainer.registry.status import Decision, Word
from trainer.requirements.award import Award


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


@dataclass(frozen=True, kw_only=True)
class HeldCertificate:
    """A certificate that is decided about, and the decision by which it was conferred."""

    certificate: Certificate
    conferral: Conferral

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which its programme counts days."""
        return self.conferral.zone


_later = aliased(StatusChange)
_NOT_FINAL_YET = (
    StatusChange.final_at.is_not(None),
    ~exists().where(_later.public_id == StatusChange.public_id, _later.id > StatusChange.id),
)
"""The newest decision about its certificate, and one that says when it becomes final."""


def to_decide(session: Session, *, public_id: str, person: Person) -> HeldCertificate:
    """Return a certificate that this director may decide about.

    Raises:
        Missing: there is no such certificate in a programme this person directs.
        Refused: it is their own, or one of the two owes the other an office, be it through others.
    """
    try:
        certificate, conferral = certificate_for(session, public_id=public_id, person=person)
    except Missing as error:
        raise Missing("There is no such certificate in a programme that you direct.") from error
    if not any(held.programme == conferral.programme and held.role is Role.DIRECTOR for held in person.memberships):
        raise Missing("There is no such certificate in a programme that you direct.")
    if conferral.person_id == person.id:
        raise Refused("Nobody decides about their own certificate. Another director of the programme must.")
    check_may_decide(session, decider_id=person.id, about_id=conferral.person_id)
    return HeldCertificate(certificate=certificate, conferral=conferral)


def held_by(session: Session, *, public_id: str, person: Person) -> HeldCertificate:
    """Return a certificate to its holder, and to nobody else.

    Raises:
        Missing: there is no such certificate among theirs.
    """
    certificate, conferral = certificate_for(session, public_id=public_id, person=person)
    if conferral.person_id != person.id:
        raise Missing("There is no such certificate among yours.")
    return HeldCertificate(certificate=certificate, conferral=conferral)


def decisions_after_issue(session: Session, *, public_id: str) -> Sequence[Past]:
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


def newest_decisions_of(session: Session, *, public_id: str) -> tuple[Decision | None, Decision | None]:
    """Return the newest decision about a certificate after its issue, and the one before it."""
    query = select(StatusChange).where(StatusChange.public_id == public_id)
    changes = session.scalars(query.order_by(StatusChange.id.desc()).limit(2))
    newest, before, *_ = (*(change.decision for change in changes), None, None)
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


def reason_of(conferral: Conferral) -> str:
    """Return what the director wrote when they decided on a replacement; "" for a first conferral."""
    return str(conferral.proof.get("reason", ""))


def withdrawn_replacement_of(session: Session, *, public_id: str) -> Conferral | None:
    """Return the newest decision to replace a certificate that was taken back, or None."""
    withdrawn = select(Conferral).where(Conferral.supersedes == public_id, ~STANDS)
    return session.scalar(withdrawn.order_by(Conferral.decided_at.desc(), Conferral.id.desc()).limit(1))


def award_of(session: Session, enrolment: Enrolment, now: datetime) -> Award | None:
    """Return what was conferred on this trainee, and how it stands now; None where nothing was."""
    if conferral_of(session, enrolment_id=enrolment.id) is None:
        taken_back = taken_back_of(session, enrolment_id=enrolment.id)
        return Award(taken_back=taken_back) if taken_back else None
    query = select(Certificate, Conferral.occasion).join(Conferral, Conferral.id == Certificate.conferral_id)
    mine = query.where(Conferral.enrolment_id == enrolment.id).order_by(Certificate.issued_at.desc())
    found = session.execute(mine.limit(1)).first()
    if found is None:
        return Award()
    certificate, occasion = found
    claim = Claim.read(certificate.claim)
    status = status_at(session, public_id=certificate.public_id, now=now)
    opens, closes = renewal_window(claim.valid_until)
    renewable = (
        status.word in (Word.VALID, Word.EXPIRED) and opens <= now.astimezone(claim.days.at_end).date() <= closes
    )
    return Award(
        status=status,
        valid_until=claim.valid_until,
        days_of=claim.days.name,
        public_id=certificate.public_id,
        number=claim.number,
        conferred_by=claim.conferred_by,
        took_place_of=occasion.value if occasion in (Occasion.RENEWAL, Occasion.CORRECTION) else "",
        renewable_until=closes if renewable else None,
        over=status.final_at is not None and now >= status.final_at,
    )
