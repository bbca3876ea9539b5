"""Write down what was decided about a certificate, write to its holder, and remind them before its end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.audit.services import note
from trainer.certificates.facts.claim import Claim
from trainer.certificates.models import STANDS, Certificate, Conferral
from trainer.lifecycle.queries import HeldCertificate
from trainer.lifecycle.renewal import REMINDERS, reminder_due
from trainer.lifecycle.telling import letters
from trainer.lifecycle.telling.letters import about_to_expire
from trainer.notices.models import Notice
from trainer.notices.services import tell
from trainer.notices.words import Channel, Words
from trainer.registry.models import RegistryEntry
from trainer.registry.queries import statuses_at
from trainer.registry.status import Word


def write_down(
    session: Session, held: HeldCertificate, *, by: str | None, act: str, detail: str = "", now: datetime
) -> None:
    """Append to the audit what was done about a certificate; `by` is None for the installation itself."""
    subject = f"certificate {held.certificate.number}"
    note(session, actor_id=by, programme=held.conferral.programme, act=act, subject=subject, detail=detail, now=now)


def write_to_holder(session: Session, held: HeldCertificate, words: Words, *, now: datetime) -> None:
    """Let a letter be sent to whoever holds a certificate."""
    _write(session, held.conferral.person_id, words, now)


def tell_issued(session: Session, *, certificate: Certificate, now: datetime) -> None:
    """Tell the holder of a first certificate that it is ready; of a replacement, `superseded` tells them."""
    claim = Claim.read(certificate.claim)
    words = letters.issued(certificate.number, claim.credential, claim.days.told(claim.valid_until))
    _write(session, session.get_one(Conferral, certificate.conferral_id).person_id, words, now)


def remind(session: Session, *, now: datetime) -> int:
    """Write the reminders that are due before certificates end; return how many. Repeating it writes none twice."""
    due = reminders_due(session, now=now)
    for person_id, words in due:
        _write(session, person_id, words, now)
    return len(due)


def _write(session: Session, person_id: str, words: Words, now: datetime) -> None:
    tell(session, channel=Channel.MAIL, recipient=person_id, subject=words.subject, body=words.body, now=now)


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
