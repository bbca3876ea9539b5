"""Decide that another certificate takes the place of one, and let it do so once it has been issued."""

import dataclasses
import secrets
from datetime import date, datetime

from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import serves_wholly
from trainer.certificates.facts.claim import Claim
from trainer.certificates.facts.conferred import Conferred
from trainer.certificates.facts.number import number_from
from trainer.certificates.models import Conferral, Consent
from trainer.certificates.queries import UNASKED, certificate_by_id, consent_of
from trainer.certificates.words import ConsentLevel, Occasion
from trainer.db import new_id
from trainer.errors import Broken, Refused
from trainer.lifecycle.acts import RULES, Sent
from trainer.lifecycle.queries import (
    HeldCertificate,
    reason_of,
    replacement_of,
    withdrawn_replacement_of,
)
from trainer.lifecycle.renewal import renewal_window
from trainer.lifecycle.telling import letters
from trainer.lifecycle.telling.services import write_down, write_to_holder
from trainer.registry import services as registry
from trainer.registry.notes import Signer
from trainer.registry.status import FINAL, Decision, Reason, Status, Word


def replace(session: Session, held: HeldCertificate, sent: Sent, *, director: Person, now: datetime) -> Conferral:
    """Append the decision that a certificate is replaced; the worker issues the new one. A second call finds the first.

    The old certificate stays as it is until the new one has been issued, see `superseded`. The proof on which the old
    one rested goes along, with the reason beside it. Where a name is corrected, the account bears it as well, unless
    it has to do with a programme in which this director holds no office: there it stands beside what was decided, and
    is not theirs to change. Whether a holder has kept up is for the director to judge: a renewal's window is its only
    rule.

    Args:
        director: who decides, and may.

    Raises:
        Refused: the certificate cannot be replaced now, or is being replaced in another way.
    """
    status = registry.status_in_turn(session, public_id=held.certificate.public_id, now=now)
    occasion, already = RULES[sent.act].occasion, replacement_of(session, public_id=held.certificate.public_id)
    if already is not None:
        if already.occasion is occasion and sent.holder in (None, already.conferred.holder):
            return already
        raise Refused("This certificate is being replaced already; decide about the new one.")
    made = _conferral(held, sent, director=director, conferred=_conferred(held, sent, status, director, now), now=now)
    withdrawn = withdrawn_replacement_of(session, public_id=held.certificate.public_id)
    made.follows = withdrawn.id if withdrawn else None
    session.add(made)
    session.flush()
    write_down(session, held, by=director.id, act=RULES[sent.act].audit, now=now)
    if sent.holder is not None and serves_wholly(session, official=director, person_id=made.person_id):
        session.get_one(Person, made.person_id).name = sent.holder
    return made


def _conferred(held: HeldCertificate, sent: Sent, status: Status, director: Person, now: datetime) -> Conferred:
    """Return what the new certificate is to say.

    Raises:
        Refused: the certificate cannot be replaced so now.
    """
    claim = Claim.read(held.certificate.claim)
    old = held.conferral.conferred if held.conferral.facts else Conferred.before(claim)
    if sent.holder is not None:
        _check_correction(status, claim, sent.holder)
        return old.corrected(holder=sent.holder, issued_on=claim.issued_on)
    today = now.astimezone(old.zone).date()
    _check_renewal(status, claim, today)
    return old.renewed(valid_until=claim.valid_until, conferred_by=director.name, today=today)


def _check_correction(status: Status, claim: Claim, holder: str) -> None:
    if status.word is not Word.VALID:
        raise Refused(f"This certificate is {status.word}. Only a valid one can be given another name.")
    if holder == claim.holder:
        raise Refused("This is the name that the certificate has already.")


def _check_renewal(status: Status, claim: Claim, today: date) -> None:
    if status.word not in (Word.VALID, Word.EXPIRED):
        raise Refused(f"This certificate is {status.word}, so it cannot be renewed.")
    opens, closes = renewal_window(claim.valid_until)
    if not opens <= today <= closes:
        raise Refused(f"This certificate can be renewed from {claim.days.told(opens)} to {claim.days.told(closes)}.")


def _conferral(
    held: HeldCertificate, sent: Sent, *, director: Person, conferred: Conferred, now: datetime
) -> Conferral:
    public_id, old = new_id(), held.conferral
    return Conferral(
        id=new_id(),
        public_id=public_id,
        occasion=RULES[sent.act].occasion,
        supersedes=held.certificate.public_id,
        facts=dataclasses.replace(conferred, public_id=public_id, number=number_from(secrets.randbits(128))).plain(),
        enrolment_id=old.enrolment_id,
        person_id=old.person_id,
        programme=old.programme,
        decided_by=director.id,
        decided_at=now,
        release_hash=old.release_hash,
        proof={**old.proof, "reason": sent.private_reason.strip()},
    )


def begin_replacing(session: Session, *, replacement: Conferral, now: datetime) -> None:
    """Take the old certificate's turn before the new one is made, and let it pass if it can still be replaced.

    Args:
        replacement: the decision that names the old certificate.

    Raises:
        Refused: the old one was suspended or ended since the decision.
    """
    status = registry.status_in_turn(session, public_id=_old_id(replacement), now=now)
    _check_not_suspended(status)
    if status.word in FINAL and status.successor != replacement.public_id:
        raise Refused(
            f"The certificate that was to be replaced has been {status.word} since the decision. That is final, so the "
            "new one will not be issued."
        )


def superseded(session: Session, *, replacement: Conferral, log: Signer, now: datetime) -> None:
    """Record that the new certificate, just issued in this transaction, has taken the old one's place; tell the holder.

    A name that was corrected is shown to nobody any more, until its holder decides otherwise.

    Args:
        replacement: the decision that the new certificate follows.

    Raises:
        Missing: the old certificate was never entered.
        Refused: the old one was suspended, ended or replaced since the decision; then the new one must not be issued.
    """
    public_id = _old_id(replacement)
    _check_not_suspended(registry.status_in_turn(session, public_id=public_id, now=now))
    decision = Decision(
        word=Word.SUPERSEDED,
        at=now,
        reason_code=Reason.NEW_CERTIFICATE,
        private_reason=reason_of(replacement),
        decided_by=replacement.decided_by,
        successor=replacement.public_id,
    )
    changed = registry.change_status(session, public_id=public_id, decision=decision, log=log)
    old = certificate_by_id(session, public_id=public_id)
    if old is None:
        raise Broken(f"The certificate {public_id} is in the registry, but not stored.")
    if changed:
        _hand_on_consent(session, replacement, public_id, now)
        held = HeldCertificate(certificate=old, conferral=session.get_one(Conferral, old.conferral_id))
        write_to_holder(session, held, letters.replaced(old.number), now=now)


def _hand_on_consent(session: Session, replacement: Conferral, old_id: str, now: datetime) -> None:
    level = consent_of(session, public_id=old_id)
    if level is not UNASKED:  # what the holder chose goes over to the new one
        session.add(Consent(public_id=replacement.public_id, level=level, at=now))
    if level is ConsentLevel.SHOWN and replacement.occasion is Occasion.CORRECTION:
        session.add(Consent(public_id=old_id, level=UNASKED, at=now))  # a name that was given up


def _check_not_suspended(status: Status) -> None:
    if status.word is Word.SUSPENDED:
        raise Refused("The certificate that is to be replaced is suspended. It is replaced once that has ended.")


def _old_id(replacement: Conferral) -> str:
    if replacement.supersedes is None:
        raise ValueError("Only a decision that replaces a certificate names it.")
    return replacement.supersedes
