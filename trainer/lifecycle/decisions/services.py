"""Enter what was decided about a certificate, recall an ending, and make it final once it can no longer be recalled."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from trainer.certificates.models import Conferral
from trainer.certificates.queries import certificate_by_id
from trainer.errors import Broken, Refused
from trainer.lifecycle import finality
from trainer.lifecycle.acts import RULES, Act, Sent, Who
from trainer.lifecycle.queries import HeldCertificate, newest_decisions_of
from trainer.lifecycle.telling import letters
from trainer.lifecycle.telling.services import write_down, write_to_holder
from trainer.moments import written
from trainer.registry import services as registry
from trainer.registry.notes import Signer
from trainer.registry.status import Word, about_to_end


def change(
    session: Session,
    held: HeldCertificate,
    sent: Sent,
    *,
    by: str,
    recall_within: timedelta,
    log: Signer,
    now: datetime,
) -> None:
    """Enter a decision, write it down and tell the holder; where it would change nothing, nothing is done.

    Args:
        by: the id of whoever decides, and may.
        recall_within: how long an ending can be recalled; nothing makes it final at once.

    Raises:
        Refused: the certificate has been ended or is about to be, or this cannot be decided about it now.
        Broken: the log cannot be continued with this key.
    """
    rule, public_id = RULES[sent.act], held.certificate.public_id
    _check_not_ending(session, public_id, now)
    if rule.by is Who.HOLDER:
        _check_may_be_given_back(session, public_id, now)
    newest, _ = newest_decisions_of(session, public_id=public_id)
    if rule.recallable and newest is not None and newest.word is rule.word:
        return
    at = max(now, newest.at) if newest else now
    decision = sent.decision(by=by, zone=held.zone, recall_within=recall_within, now=at)
    if registry.change_status(session, public_id=public_id, decision=decision, log=log):
        detail = str(decision.reason_code) if rule.is_public else ""
        write_down(session, held, by=by, act=rule.audit, detail=detail, now=now)
        letter = letters.about(held.certificate.number, decision, held.zone)
        write_to_holder(session, held, letter, now=now)


def recall(session: Session, held: HeldCertificate, sent: Sent, *, by: str, log: Signer, now: datetime) -> None:
    """Recall a revocation or a surrender before it becomes final; what stood before it holds again.

    Raises:
        Refused: nothing can be recalled, it is too late, or a holder would recall what a director decided.
        Broken: the log cannot be continued with this key.
    """
    status = registry.status_in_turn(session, public_id=held.certificate.public_id, now=now)
    if sent.act is Act.KEEP and status.becomes is Word.REVOKED:
        raise Refused("Only a director of the programme can recall a revocation. Tell them what is wrong with it.")
    ending, before = newest_decisions_of(session, public_id=held.certificate.public_id)
    if ending is None or ending.becomes is None:
        raise Refused("Nothing that can be recalled is decided about this certificate.")
    back = replace(finality.brought_back(before, now=now), private_reason=sent.private_reason, decided_by=by)
    registry.change_status(session, public_id=held.certificate.public_id, decision=back, log=log)
    act = f"{RULES[sent.act].audit} {finality.ENDING[ending.becomes]}"
    write_down(session, held, by=by, act=act, now=now)
    letter = letters.recalled(held.certificate.number, ending.becomes, back, held.zone)
    write_to_holder(session, held, letter, now=now)


def make_final(session: Session, *, public_id: str, log: Signer, now: datetime) -> bool:
    """Enter an ending that can no longer be recalled; say False where there is none, or it was entered before.

    Raises:
        Broken: the log cannot be continued with this key, or the certificate is not stored.
    """
    registry.lock_certificates(session, public_ids=(public_id,))
    ending, _ = newest_decisions_of(session, public_id=public_id)
    if ending is None or ending.becomes is None or ending.final_at is None or now < ending.final_at:
        return False
    certificate = certificate_by_id(session, public_id=public_id)
    if certificate is None:
        raise Broken(f"The certificate {public_id} is in the registry, but not stored.")
    held = HeldCertificate(certificate=certificate, conferral=session.get_one(Conferral, certificate.conferral_id))
    final = replace(ending, word=ending.becomes, at=now, becomes=None, final_at=None)
    registry.change_status(session, public_id=public_id, decision=final, log=log)
    write_down(session, held, by=None, act=f"{finality.ENDING[ending.becomes]} becomes final", now=now)
    write_to_holder(session, held, letters.about(certificate.number, final, held.zone), now=now)
    return True


def _check_not_ending(session: Session, public_id: str, now: datetime) -> None:
    """Let nothing but a recall be decided about a certificate that is about to end.

    Raises:
        Refused: it was decided that it ends; the sentence says when that becomes final.
    """
    status = registry.status_in_turn(session, public_id=public_id, now=now)
    if status.becomes is not None and status.final_at is not None:
        raise Refused(about_to_end(status.becomes, status.final_at, now=now))


def _check_may_be_given_back(session: Session, public_id: str, now: datetime) -> None:
    """Let nobody leave a review by giving back what it is about.

    Raises:
        Refused: it is suspended, or its surrender was recalled within a day.
    """
    if registry.status_in_turn(session, public_id=public_id, now=now).word is Word.SUSPENDED:
        raise Refused("A certificate that is suspended cannot be given back. Wait until the suspension has ended.")
    again = finality.surrendered_from(*newest_decisions_of(session, public_id=public_id))
    if again is not None and now < again:
        raise Refused(
            "You gave this certificate back, and that was recalled. It can be given back again from "
            f"{written(again)}; a director of the programme can decide about it before."
        )
