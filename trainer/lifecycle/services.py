"""Decide about an issued certificate: each decision is appended, written down, and told to the holder."""

import dataclasses
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import check_may_decide, serves_wholly
from trainer.accounts.words import Role
from trainer.audit.services import note
from trainer.certificates.facts.claim import Claim
from trainer.certificates.facts.conferred import Conferred
from trainer.certificates.facts.number import number_from
from trainer.certificates.models import Certificate, Conferral, Consent, NameChoice
from trainer.certificates.queries import UNASKED, certificate_by_id, certificate_for, consent_of, name_choice_of
from trainer.certificates.words import ConsentLevel, Occasion
from trainer.db import new_id
from trainer.errors import Broken, Missing, Refused, Stale
from trainer.lifecycle import finality, letters, renewal
from trainer.lifecycle.letters import Words
from trainer.lifecycle.queries import (
    newest_changes_of,
    reminders_due,
    replacement_of,
    seen_of,
    withdrawn_replacement_of,
)
from trainer.moments import written
from trainer.notices.services import tell
from trainer.notices.words import Channel
from trainer.registry import services as registry
from trainer.registry.notes import Signer
from trainer.registry.queries import decision_in, status_at
from trainer.registry.status import FINAL, Reason, Status, Word, about_to_end

LONGEST_SUSPENSION = timedelta(days=5 * 366)
"""A suspension with an end is for a time that people can oversee; a longer one is lifted by a person."""


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A decision as a page sends it, to know it again when it is sent twice.

    Attributes:
        what: the status, or why another certificate takes its place.
        last_day: of a suspension.
        holder: the corrected name, or None.
        recalls: it recalls an ending; what that brings back, `what` need not say.
    """

    by: str
    what: Word | Occasion
    reason: str = ""
    public_note: str = ""
    private_reason: str = ""
    last_day: date | None = None
    holder: str | None = None
    recalls: bool = False


def is_decided(session: Session, *, public_id: str, seen: str, sent: Sent, now: datetime) -> bool:
    """Take the certificate's turn, and say whether just this was decided last: then it was sent twice.

    Args:
        seen: what the page showed, see `seen_of`.

    Raises:
        Stale: something else was decided since, or the page did not say what it showed.
    """
    status = _turn(session, public_id, now)
    shows = seen_of(session, public_id=public_id, word=status.word)
    if seen == shows:
        return False
    if not seen:
        raise Stale("What was sent does not say what it was decided in sight of. Look at what holds and decide again.")
    if _was_sent(session, public_id, sent):
        return True
    if status.becomes is not None and status.final_at is not None:
        what = f"it was decided that the certificate is {status.becomes}, finally from {written(status.final_at)}"
    elif not seen.startswith(f"{status.word},"):
        what = f"the certificate is {status.word} now"
    elif sent.what is Word.SUSPENDED and status.word is Word.SUSPENDED:
        what = "its suspension was decided anew"
    else:
        what = "something else was decided about the certificate"
    raise Stale.because(what)


def _was_sent(session: Session, public_id: str, sent: Sent) -> bool:
    if isinstance(sent.what, Occasion):
        made = replacement_of(session, public_id=public_id)
        if made is None or (made.occasion, made.decided_by) != (sent.what, sent.by):
            return False
        return sent.holder in (None, made.conferred.holder) and reason_of(made) == sent.private_reason.strip()
    newest, before = newest_changes_of(session, public_id=public_id)
    if newest is None:
        return False
    if sent.recalls:
        recalled = before is not None and before.final_at is not None and newest.status not in FINAL
        return recalled and (newest.decided_by, newest.private_reason) == (sent.by, sent.private_reason.strip())
    words = (sent.what, sent.by, sent.reason, sent.public_note.strip(), sent.private_reason.strip())
    kept = (
        newest.becomes or newest.status,
        newest.decided_by,
        newest.reason_code,
        newest.public_note,
        newest.private_reason,
    )
    zone = session.scalars(select(Conferral).where(Conferral.public_id == public_id)).one().zone
    return words == kept and newest.until == _end_of(sent.last_day, zone)


def _end_of(last_day: date | None, zone: ZoneInfo) -> datetime | None:
    """Return the first moment after a day, as days are counted in a zone."""
    return datetime.combine(last_day + timedelta(days=1), time.min, zone).astimezone(UTC) if last_day else None


def to_decide(session: Session, *, public_id: str, director: Person) -> tuple[Certificate, Conferral]:
    """Return a certificate that this director may decide about.

    Raises:
        Missing: there is no such certificate in a programme this person directs.
        Refused: it is their own, or one of the two owes the other an office, be it through others.
    """
    try:
        certificate, conferral = certificate_for(session, public_id=public_id, person=director)
    except Missing as error:
        raise Missing("There is no such certificate in a programme that you direct.") from error
    if not any(held.programme == conferral.programme and held.role is Role.DIRECTOR for held in director.memberships):
        raise Missing("There is no such certificate in a programme that you direct.")
    if conferral.person_id == director.id:
        raise Refused("Nobody decides about their own certificate. Another director of the programme must.")
    check_may_decide(session, decider_id=director.id, about_id=conferral.person_id)
    return certificate, conferral


def held_by(session: Session, *, public_id: str, holder: Person) -> tuple[Certificate, Conferral]:
    """Return a certificate to its holder, and to nobody else.

    Raises:
        Missing: there is no such certificate among theirs.
    """
    certificate, conferral = certificate_for(session, public_id=public_id, person=holder)
    if conferral.person_id != holder.id:
        raise Missing("There is no such certificate among yours.")
    return certificate, conferral


def suspend(
    session: Session,
    *,
    public_id: str,
    director: Person,
    reason: Reason,
    last_day: date | None,
    public_note: str,
    private_reason: str,
    log: Signer,
    now: datetime,
) -> None:
    """Suspend a certificate until it is lifted, or to the end of a day of its programme; repeating changes nothing.

    A certificate that is suspended already is given the other end.

    Raises:
        Missing: there is no such certificate in a programme this person directs.
        Refused: it is their own, it has been ended or is about to be, or the day is not one of the next five years.
    """
    certificate, conferral = to_decide(session, public_id=public_id, director=director)
    until, zone = None, conferral.zone
    if last_day is not None:
        today = now.astimezone(zone).date()
        if not today <= last_day <= today + LONGEST_SUSPENSION:
            raise Refused("The last day of a suspension is today or later, and within five years.")
        until = _end_of(last_day, zone)
    _check_not_ending(session, public_id, now)
    changed = registry.change_status(
        session,
        public_id=public_id,
        status=Word.SUSPENDED,
        reason=reason,
        public_note=public_note,
        private_reason=private_reason,
        decided_by=director.id,
        log=log,
        now=now,
        until=until,
    )
    if changed:
        _note(session, conferral, certificate, by=director.id, act="suspend", detail=reason.value, now=now)
        _tell(session, conferral, letters.suspended(certificate.number, reason, public_note, until, zone), now)


def lift(
    session: Session,
    *,
    public_id: str,
    director: Person,
    reason: Reason,
    public_note: str,
    private_reason: str,
    log: Signer,
    now: datetime,
) -> None:
    """Lift a suspension, so that the dates decide again; where nothing is suspended, this changes nothing.

    Raises:
        Missing: there is no such certificate in a programme this person directs.
        Refused: it is their own, or it has been ended or is about to be: that is recalled instead.
    """
    certificate, conferral = to_decide(session, public_id=public_id, director=director)
    _check_not_ending(session, public_id, now)
    changed = registry.change_status(
        session,
        public_id=public_id,
        status=Word.VALID,
        reason=reason,
        public_note=public_note,
        private_reason=private_reason,
        decided_by=director.id,
        log=log,
        now=now,
    )
    if changed:
        _note(session, conferral, certificate, by=director.id, act="lift suspension", detail=reason.value, now=now)
        _tell(session, conferral, letters.lifted(certificate.number, reason, public_note), now)


def revoke(
    session: Session,
    *,
    public_id: str,
    director: Person,
    reason: Reason,
    public_note: str,
    private_reason: str,
    recall: timedelta,
    log: Signer,
    now: datetime,
) -> None:
    """Revoke a certificate: suspend it at once, and finally after a while in which that can be recalled.

    Where it has been revoked already, this changes nothing.

    Args:
        recall: how long it can be recalled; nothing makes it final at once.

    Raises:
        Missing: there is no such certificate in a programme this person directs.
        Refused: it is their own, it has already been ended in another way, or it was decided before and can be
            recalled.
    """
    certificate, conferral = to_decide(session, public_id=public_id, director=director)
    final_at = _end_certificate(
        session,
        certificate,
        conferral,
        word=Word.REVOKED,
        by=director.id,
        reason=reason,
        public_note=public_note,
        private_reason=private_reason,
        recall=recall,
        log=log,
        now=now,
    )
    if final_at is not None:
        _tell(
            session,
            conferral,
            letters.revoking(certificate.number, reason, public_note, final_at, conferral.zone),
            now,
        )


def surrender(
    session: Session, *, public_id: str, holder: Person, recall: timedelta, log: Signer, now: datetime
) -> None:
    """Give back one's own certificate, as a suspension at once and finally after a while in which it can be recalled.

    Where it has been given back already, this changes nothing.

    Args:
        recall: how long it can be recalled; nothing makes it final at once.

    Raises:
        Missing: there is no such certificate among theirs.
        Refused: it has already been ended or is about to be, it is suspended, or its surrender was recalled within a
            day: nobody leaves a review by giving back what it is about.
    """
    certificate, conferral = held_by(session, public_id=public_id, holder=holder)
    _check_not_ending(session, public_id, now)
    if _turn(session, public_id, now).word is Word.SUSPENDED:
        raise Refused("A certificate that is suspended cannot be given back. Wait until the suspension has ended.")
    _check_not_just_recalled(session, public_id, now)
    final_at = _end_certificate(
        session,
        certificate,
        conferral,
        word=Word.SURRENDERED,
        by=holder.id,
        reason=Reason.HOLDER_ASKED,
        public_note="",
        private_reason="",
        recall=recall,
        log=log,
        now=now,
    )
    if final_at is not None:
        _tell(session, conferral, letters.surrendering(certificate.number, final_at, conferral.zone), now)


def _end_certificate(
    session: Session,
    certificate: Certificate,
    conferral: Conferral,
    *,
    word: Word,
    by: str,
    reason: Reason,
    public_note: str,
    private_reason: str,
    recall: timedelta,
    log: Signer,
    now: datetime,
) -> datetime | None:
    """Enter an ending and return when it becomes final, or None where it is so at once and its holder has been told."""
    registry.hold(session, public_ids=(certificate.public_id,))
    newest, _ = newest_changes_of(session, public_id=certificate.public_id)
    if newest is not None and newest.status is word:
        return None
    now = max(now, newest.at) if newest else now
    final_at = finality.final_from(now, recall)
    registry.change_status(
        session,
        public_id=certificate.public_id,
        status=word if final_at is None else Word.SUSPENDED,
        reason=reason,
        public_note=public_note,
        private_reason=private_reason,
        decided_by=by,
        log=log,
        now=now,
        becomes=None if final_at is None else word,
        final_at=final_at,
    )
    act = "revoke" if word is Word.REVOKED else "surrender"
    detail = reason.value if word is Word.REVOKED else ""
    _note(session, conferral, certificate, by=by, act=act, detail=detail, now=now)
    if final_at is None:
        _tell(session, conferral, _final_letter(certificate, word, reason, public_note), now)
    return final_at


def recall(
    session: Session, *, public_id: str, director: Person, private_reason: str, log: Signer, now: datetime
) -> None:
    """Recall a revocation or a surrender before it becomes final; what stood before it holds again.

    Raises:
        Missing: there is no such certificate in a programme this person directs.
        Refused: it is their own, nothing can be recalled, or it is too late.
    """
    certificate, conferral = to_decide(session, public_id=public_id, director=director)
    _recall(session, certificate, conferral, by=director.id, private_reason=private_reason, log=log, now=now)


def recall_surrender(
    session: Session, *, public_id: str, holder: Person, private_reason: str, log: Signer, now: datetime
) -> None:
    """Let the holder recall their own surrender before it becomes final.

    Raises:
        Missing: there is no such certificate among theirs.
        Refused: they did not give it back, or it is too late.
    """
    certificate, conferral = held_by(session, public_id=public_id, holder=holder)
    if _turn(session, public_id, now).becomes is Word.REVOKED:
        raise Refused("Only a director of the programme can recall a revocation. Tell them what is wrong with it.")
    _recall(session, certificate, conferral, by=holder.id, private_reason=private_reason, log=log, now=now)


def _recall(
    session: Session,
    certificate: Certificate,
    conferral: Conferral,
    *,
    by: str,
    private_reason: str,
    log: Signer,
    now: datetime,
) -> None:
    registry.hold(session, public_ids=(certificate.public_id,))
    ending, before = newest_changes_of(session, public_id=certificate.public_id)
    if ending is None or ending.becomes is None:
        raise Refused("Nothing that can be recalled is decided about this certificate.")
    back = finality.brought_back(decision_in(before), now=now)
    registry.change_status(
        session,
        public_id=certificate.public_id,
        status=back.word,
        reason=Reason(back.reason_code),
        public_note=back.public_note,
        private_reason=private_reason,
        decided_by=by,
        log=log,
        now=now,
        until=back.until,
    )
    act = f"recall {finality.ENDING[ending.becomes]}"
    _note(session, conferral, certificate, by=by, act=act, detail="", now=now)
    zone = conferral.zone
    _tell(session, conferral, letters.recalled(certificate.number, ending.becomes, back.word, back.until, zone), now)


def make_final(session: Session, *, public_id: str, log: Signer, now: datetime) -> bool:
    """Enter an ending that can no longer be recalled; say False where there is none, or it was entered before.

    Raises:
        Broken: the log cannot be continued with this key, or the certificate is not stored.
    """
    registry.hold(session, public_ids=(public_id,))
    ending, _ = newest_changes_of(session, public_id=public_id)
    if ending is None or ending.becomes is None or ending.final_at is None or now < ending.final_at:
        return False
    certificate = certificate_by_id(session, public_id=public_id)
    if certificate is None:
        raise Broken(f"The certificate {public_id} is in the registry, but not stored.")
    reason = Reason(ending.reason_code)
    registry.change_status(
        session,
        public_id=public_id,
        status=ending.becomes,
        reason=reason,
        public_note=ending.public_note,
        private_reason=ending.private_reason,
        decided_by=ending.decided_by,
        log=log,
        now=now,
    )
    conferral = session.get_one(Conferral, certificate.conferral_id)
    act = f"{finality.ENDING[ending.becomes]} becomes final"
    _note(session, conferral, certificate, by=None, act=act, detail="", now=now)
    _tell(session, conferral, _final_letter(certificate, ending.becomes, reason, ending.public_note), now)
    return True


def _final_letter(certificate: Certificate, word: Word, reason: Reason, note: str) -> Words:
    if word is Word.SURRENDERED:
        return letters.surrendered(certificate.number)
    return letters.revoked(certificate.number, reason, note)


def _check_not_ending(session: Session, public_id: str, now: datetime) -> None:
    """Let nothing but a recall be decided about a certificate that is about to end.

    Raises:
        Refused: it was decided that it ends; the sentence says when that becomes final.
    """
    status = _turn(session, public_id, now)
    if status.becomes is not None and status.final_at is not None:
        raise Refused(about_to_end(status.becomes, status.final_at, now=now))


def _check_not_just_recalled(session: Session, public_id: str, now: datetime) -> None:
    newest, before = newest_changes_of(session, public_id=public_id)
    again = finality.surrendered_from(decision_in(newest), decision_in(before))
    if again is not None and now < again:
        raise Refused(
            "You gave this certificate back, and that was recalled. It can be given back again from "
            f"{written(again)}; a director of the programme can decide about it before."
        )


def choose_consent(
    session: Session, *, public_id: str, holder: Person, level: ConsentLevel, now: datetime, seen: str = ""
) -> None:
    """Keep what the holder lets the public counter say about their name; the same again changes nothing.

    Args:
        seen: what the page had shown, or empty where it does not say.

    Raises:
        Stale: they chose otherwise on another page meanwhile.
        Missing: there is no such certificate among theirs.
    """
    certificate, conferral = held_by(session, public_id=public_id, holder=holder)
    _turn(session, public_id, now)
    chosen = consent_of(session, public_id=public_id)
    _check_choice(chosen, level, seen)
    if chosen is not level:
        session.add(Consent(public_id=public_id, level=level, at=now))
        _note(session, conferral, certificate, by=holder.id, act="choose visibility", detail=level.value, now=now)


def choose_before(session: Session, *, person: Person, level: ConsentLevel, now: datetime, seen: str = "") -> None:
    """Keep what somebody who has no certificate yet wants the counter to show; the same again changes nothing.

    Args:
        seen: what the page had shown, or empty where it does not say.

    Raises:
        Stale: they chose otherwise on another page meanwhile.
    """
    session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
    chosen = name_choice_of(session, person_id=person.id)
    _check_choice(chosen, level, seen)
    if chosen is not level:
        session.add(NameChoice(person_id=person.id, level=level, at=now))


def _check_choice(chosen: ConsentLevel | None, level: ConsentLevel, seen: str) -> None:
    """Let no older page show a name again that was hidden on another."""
    if seen and chosen is not None and chosen.value not in (seen, level.value):
        raise Stale(
            "You chose otherwise on another page since this one was opened. That choice holds and is named above; send "
            "this one again if it is what you mean."
        )


def correct_name(
    session: Session, *, public_id: str, director: Person, holder: str, reason: str, now: datetime
) -> Conferral:
    """Decide that a certificate is replaced by one with another name.

    The account then bears it as well, unless it has to do with a programme in which this director holds no office:
    there it stands beside what was decided, and is not theirs to change.

    Raises:
        Missing: there is no such certificate in a programme this person directs.
        Refused: it is their own, it is not valid, the name is the same, or it is being replaced already.
    """
    certificate, conferral = to_decide(session, public_id=public_id, director=director)
    already = replacement_of(session, public_id=public_id)
    made = replace(
        session,
        certificate=certificate,
        conferral=conferral,
        director=director,
        occasion=Occasion.CORRECTION,
        holder=holder,
        reason=reason,
        now=now,
    )
    ours = serves_wholly(session, official=director, person_id=conferral.person_id)
    if already is None and ours:  # an old form sent again must not bring back a name that was corrected since
        session.get_one(Person, conferral.person_id).name = holder
    return made


def renew(session: Session, *, public_id: str, director: Person, reason: str, now: datetime) -> Conferral:
    """Decide that a certificate is renewed. Its window is the only rule; whether the holder has kept up is for the
    director to judge.

    Raises:
        Missing: there is no such certificate in a programme this person directs.
        Refused: it is their own, its window is not open, it has been ended or suspended, or is being replaced already.
    """
    certificate, conferral = to_decide(session, public_id=public_id, director=director)
    return replace(
        session,
        certificate=certificate,
        conferral=conferral,
        director=director,
        occasion=Occasion.RENEWAL,
        holder=None,
        reason=reason,
        now=now,
    )


def replace(
    session: Session,
    *,
    certificate: Certificate,
    conferral: Conferral,
    director: Person,
    occasion: Occasion,
    holder: str | None,
    reason: str,
    now: datetime,
) -> Conferral:
    """Append the decision that a certificate is replaced; the worker issues the new one. A second call finds the first.

    The caller has made sure that this director may decide. The old certificate stays as it is until the new one has
    been issued, see `superseded`. The proof on which the old one rested goes along, with the reason beside it.

    Args:
        holder: the corrected name, or None when the certificate is renewed.

    Raises:
        Refused: the certificate cannot be replaced now, or is being replaced in another way.
    """
    status = _turn(session, certificate.public_id, now)
    already = replacement_of(session, public_id=certificate.public_id)
    if already is not None:
        if already.occasion is occasion and holder in (None, already.conferred.holder):
            return already
        raise Refused("This certificate is being replaced already; decide about the new one.")
    claim = Claim.read(certificate.claim)
    old = conferral.conferred if conferral.facts else Conferred.before(claim)
    if holder is not None:
        _check_correction(status, claim, holder)
        conferred = old.corrected(holder=holder, issued_on=claim.issued_on)
    else:
        today = now.astimezone(old.zone).date()
        _check_renewal(status, claim, today)
        conferred = old.renewed(valid_until=claim.valid_until, conferred_by=director.name, today=today)
    made = _conferral(conferral, certificate, director, occasion, conferred, reason, now)
    withdrawn = withdrawn_replacement_of(session, public_id=certificate.public_id)
    made.follows = withdrawn.id if withdrawn else None
    session.add(made)
    session.flush()
    act = "renew" if occasion is Occasion.RENEWAL else "correct name"
    _note(session, conferral, certificate, by=director.id, act=act, detail="", now=now)
    return made


def reason_of(conferral: Conferral) -> str:
    """Return what the director wrote when they decided on a replacement; "" for a first conferral."""
    return str(conferral.proof.get("reason", ""))


def begin_replacing(session: Session, *, old_public_id: str, new_public_id: str, now: datetime) -> None:
    """Take the old certificate's turn before the new one is made, and let it pass if it can still be replaced.

    Raises:
        Refused: the old one was suspended or ended since the decision.
    """
    status = _turn(session, old_public_id, now)
    if status.word is Word.SUSPENDED:
        raise Refused("The certificate that is to be replaced is suspended. It is replaced once that has ended.")
    if status.word in FINAL and status.successor != new_public_id:
        raise Refused(
            f"The certificate that was to be replaced has been {status.word} since the decision. That is final, so the "
            "new one will not be issued."
        )


def superseded(
    session: Session,
    *,
    old_public_id: str,
    new_public_id: str,
    decided_by: str,
    reason: str,
    log: Signer,
    now: datetime,
) -> None:
    """Record that the new certificate, just issued in this transaction, has taken the old one's place; tell the holder.

    A name that was corrected is shown to nobody any more, until its holder decides otherwise.

    Args:
        decided_by: the id of the director who decided it.
        reason: for the programme's own record, see `reason_of`.

    Raises:
        Missing: the old certificate was never entered.
        Refused: the old one was suspended, ended or replaced since the decision; then the new one must not be issued.
    """
    if _turn(session, old_public_id, now).word is Word.SUSPENDED:
        raise Refused("The certificate that is to be replaced is suspended. It is replaced once that has ended.")
    changed = registry.change_status(
        session,
        public_id=old_public_id,
        status=Word.SUPERSEDED,
        reason=Reason.NEW_CERTIFICATE,
        public_note="",
        private_reason=reason,
        decided_by=decided_by,
        log=log,
        now=now,
        successor=new_public_id,
    )
    old = certificate_by_id(session, public_id=old_public_id)
    if old is None:
        raise Broken(f"The certificate {old_public_id} is in the registry, but not stored.")
    if changed:
        level = consent_of(session, public_id=old_public_id)
        if level is not UNASKED:  # what the holder chose goes over to the new one
            session.add(Consent(public_id=new_public_id, level=level, at=now))
        if level is ConsentLevel.SHOWN and _was_corrected(session, old_public_id):
            session.add(Consent(public_id=old_public_id, level=UNASKED, at=now))  # a name that was given up
        _tell(session, session.get_one(Conferral, old.conferral_id), letters.replaced(old.number), now)


def _was_corrected(session: Session, public_id: str) -> bool:
    replacement = replacement_of(session, public_id=public_id)
    return replacement is not None and replacement.occasion is Occasion.CORRECTION


def tell_issued(session: Session, *, certificate: Certificate, now: datetime) -> None:
    """Tell the holder of a first certificate that it is ready; of a replacement, `superseded` tells them."""
    claim = Claim.read(certificate.claim)
    words = letters.issued(certificate.number, claim.credential, claim.days.told(claim.valid_until))
    _tell(session, session.get_one(Conferral, certificate.conferral_id), words, now)


def remind(session: Session, *, now: datetime) -> int:
    """Write the reminders that are due before certificates end; return how many. Repeating it writes none twice."""
    due = reminders_due(session, now=now)
    for person_id, words in due:
        tell(session, channel=Channel.MAIL, recipient=person_id, subject=words.subject, body=words.body, now=now)
    return len(due)


def _turn(session: Session, public_id: str, now: datetime) -> Status:
    """Take this certificate's turn until the transaction ends, and say what holds."""
    registry.hold(session, public_ids=(public_id,))
    return status_at(session, public_id=public_id, now=now)


def _check_correction(status: Status, claim: Claim, holder: str) -> None:
    if status.word is not Word.VALID:
        raise Refused(f"This certificate is {status.word}. Only a valid one can be given another name.")
    if holder == claim.holder:
        raise Refused("This is the name that the certificate has already.")


def _check_renewal(status: Status, claim: Claim, today: date) -> None:
    if status.word not in (Word.VALID, Word.EXPIRED):
        raise Refused(f"This certificate is {status.word}, so it cannot be renewed.")
    opens, closes = renewal.renewal_window(claim.valid_until)
    if not opens <= today <= closes:
        raise Refused(f"This certificate can be renewed from {claim.days.told(opens)} to {claim.days.told(closes)}.")


def _conferral(
    old: Conferral,
    certificate: Certificate,
    director: Person,
    occasion: Occasion,
    conferred: Conferred,
    reason: str,
    now: datetime,
) -> Conferral:
    public_id = new_id()
    return Conferral(
        id=new_id(),
        public_id=public_id,
        occasion=occasion,
        supersedes=certificate.public_id,
        facts=dataclasses.replace(conferred, public_id=public_id, number=number_from(secrets.randbits(128))).plain(),
        enrolment_id=old.enrolment_id,
        person_id=old.person_id,
        programme=old.programme,
        decided_by=director.id,
        decided_at=now,
        release_hash=old.release_hash,
        proof={**old.proof, "reason": reason.strip()},
    )


def _tell(session: Session, conferral: Conferral, words: Words, now: datetime) -> None:
    tell(
        session,
        channel=Channel.MAIL,
        recipient=conferral.person_id,
        subject=words.subject,
        body=words.body,
        now=now,
    )


def _note(
    session: Session,
    conferral: Conferral,
    certificate: Certificate,
    *,
    by: str | None,
    act: str,
    detail: str,
    now: datetime,
) -> None:
    note(
        session,
        actor_id=by,
        programme=conferral.programme,
        act=act,
        subject=f"certificate {certificate.number}",
        detail=detail,
        now=now,
    )
