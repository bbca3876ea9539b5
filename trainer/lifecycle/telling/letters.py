"""What a holder is told, in plain words. The greeting by name is added when the letter is sent.

The letters hold no link: whoever expects one is easily led to a false page. Nor do they name the holder or repeat
what a director wrote, so that the outbox, which nobody can change, holds nothing that would have to be erased.
"""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from trainer.moments import in_zone
from trainer.notices.words import Words
from trainer.registry.status import Decision, Reason, Word

CLOSING = "\n\nIf you have a question, just ask your programme director.\n"
WHERE = "Sign in and open “Certificates” to see it."
IN_WORDS = {
    Reason.ISSUED_IN_ERROR: "it was issued in error",
    Reason.REQUIREMENTS_NOT_MET: "the requirements were not met after all",
    Reason.FALSE_INFORMATION: "it rested on false information",
    Reason.CONDUCT: "professional conduct",
    Reason.HOLDER_ASKED: "you asked for it",
    Reason.UNDER_REVIEW: "something is under review",
    Reason.REVIEW_ENDED: "the review has ended",
    Reason.CONDITIONS_OPEN: "something that was asked for is still open",
    Reason.CONDITIONS_MET: "what was asked for has been done",
    Reason.NEW_CERTIFICATE: "a new certificate was issued",
    Reason.ERASURE_ASKED: "you asked us to delete your data",
    Reason.RECALLED: "the decision was recalled",
}


def issued(number: str, credential: str, last_day: str) -> Words:
    """Return the letter that comes with a new certificate; its last valid day as the certificate counts days."""
    return Words(
        "Your certificate is ready",
        f"Congratulations! Your {_lowered(credential)} is ready, number {number}. It is valid until "
        f"{last_day}.\n\n{WHERE} There you can download it and decide what a verifier sees of your name. "
        f"Send the file as it is: anybody can check it, without an account.{CLOSING}",
    )


def about(number: str, decision: Decision, zone: ZoneInfo) -> Words:
    """Return the letter about a status that somebody decided, with moments as the clocks of the programme show them."""
    return _BY_STATUS[decision.word, decision.becomes](number, decision, zone)


def _suspended(number: str, decision: Decision, zone: ZoneInfo) -> Words:
    """Return the letter about a suspension; its end as the clocks of the programme show it."""
    return Words(
        f"Your certificate {number} is suspended",
        f"Your certificate {number} is suspended {_end(decision, zone)}. The reason that is shown: "
        f"{_why(decision)}.{_noted(decision)}\n\n"
        "Until then, whoever checks it reads “suspended”, so please do not present it as valid. A suspension is not "
        f"the end of a certificate: afterwards it holds again.{CLOSING}",
    )


def _lifted(number: str, decision: Decision, _zone: ZoneInfo) -> Words:
    """Return the letter about the end of a suspension."""
    return Words(
        f"Your certificate {number} is no longer suspended",
        f"Good news: the suspension of your certificate {number} has been lifted, because {_why(decision)}."
        f"{_noted(decision)}\n\nIts dates decide again, as before. You need no new file: yours is the same.{CLOSING}",
    )


def _revoking(number: str, decision: Decision, zone: ZoneInfo) -> Words:
    """Return the letter about a revocation that can still be recalled."""
    return Words(
        f"Your certificate {number} is to be revoked",
        f"It was decided that your certificate {number} is revoked. The reason that is shown: {_why(decision)}."
        f"{_noted(decision)}\n\nFrom now on, whoever checks it reads “suspended” and when the revocation becomes "
        f"final, so please do not present it as valid. It becomes final on {_final(decision, zone)}. Until then it can "
        "be recalled. If you think that it is a mistake, tell your programme director before that moment what is wrong "
        "and what shows it, and ask for it to be recalled. What you have learned and done stays on your record.\n",
    )


def _revoked(number: str, decision: Decision, _zone: ZoneInfo) -> Words:
    """Return the letter about a revocation."""
    return Words(
        f"Your certificate {number} was revoked",
        f"Your certificate {number} was revoked. The reason that is shown: {_why(decision)}.{_noted(decision)}\n\n"
        "From now on, whoever checks it reads “revoked”, and this is final. Please do not use it any more. What you "
        "have learned and done stays on your record. If you think that this is a mistake, ask your programme director "
        "what led to it and how you can appeal.\n",
    )


def _surrendered(number: str, _decision: Decision, _zone: ZoneInfo) -> Words:
    """Return the letter that confirms that a certificate was given back."""
    return Words(
        f"You gave back your certificate {number}",
        f"You have given back your certificate {number}. From now on, whoever checks it reads “surrendered”, and this "
        "is final. If it was not you who did this, change your password now and tell your programme director."
        f"{CLOSING}",
    )


def _surrendering(number: str, decision: Decision, zone: ZoneInfo) -> Words:
    """Return the letter that confirms a surrender which can still be recalled."""
    return Words(
        f"You are giving back your certificate {number}",
        f"You have given back your certificate {number}. From now on, whoever checks it reads “suspended”. It becomes "
        f"final on {_final(decision, zone)}. Until then you can recall it: sign in and open “Certificates”. If it was "
        f"not you who did this, change your password now, recall it and tell your programme director.{CLOSING}",
    )


def recalled(number: str, was: Word, back: Decision, zone: ZoneInfo) -> Words:
    """Return the letter about an ending that was recalled, and what holds instead.

    Args:
        was: what the certificate was to become.
        back: the earlier suspension that holds again, or that the dates decide.
    """
    what = "revocation" if was is Word.REVOKED else "surrender"
    holds = (
        f"It is suspended as it was before, {_end(back, zone)}."
        if back.word is Word.SUSPENDED
        else "Its dates decide again, as before. You need no new file: yours is the same."
    )
    return Words(
        f"The {what} of your certificate {number} was recalled",
        f"The {what} of your certificate {number} was recalled before it became final. {holds}{CLOSING}",
    )


def replaced(number: str) -> Words:
    """Return the letter about a certificate that was replaced by a new one."""
    return Words(
        "Your new certificate is ready",
        f"Your new certificate is ready; it takes the place of {number}. {WHERE}\n\nWhoever checks the old one reads "
        f"that it was replaced, so please use the new one from now on.{CLOSING}",
    )


def about_to_expire(number: str, last_day: str, days: int) -> Words:
    """Return the reminder before the last valid day. Its subject is its own for each certificate and reminder."""
    ahead = "a week" if days == 7 else f"{days} days"
    return Words(
        f"Your certificate {number} ends in {ahead}",
        f"Your certificate {number} is valid until {last_day}; that is about {ahead} from now.\n\nIf you want "
        "to renew it, tell your programme director. They can decide it from today, and the new one runs on from the "
        f"old end: you lose no time by being early.{CLOSING}",
    )


_BY_STATUS: Mapping[tuple[Word, Word | None], Callable[[str, Decision, ZoneInfo], Words]] = {
    (Word.SUSPENDED, None): _suspended,
    (Word.SUSPENDED, Word.REVOKED): _revoking,
    (Word.SUSPENDED, Word.SURRENDERED): _surrendering,
    (Word.VALID, None): _lifted,
    (Word.REVOKED, None): _revoked,
    (Word.SURRENDERED, None): _surrendered,
}
"""The letters about a status, by the word and by what it becomes."""


def _why(decision: Decision) -> str:
    return IN_WORDS[Reason(decision.reason_code)]


def _noted(decision: Decision) -> str:
    noted = bool(decision.public_note.strip())
    return " The programme added a note: check your certificate to read it." if noted else ""


def _end(decision: Decision, zone: ZoneInfo) -> str:
    if decision.until is None:
        return "until your director lifts it"
    return f"until {in_zone(decision.until, zone)}, when it ends by itself"


def _final(decision: Decision, zone: ZoneInfo) -> str:
    assert decision.final_at is not None
    return in_zone(decision.final_at, zone)


def _lowered(credential: str) -> str:
    return credential[:1].lower() + credential[1:] if credential[1:2].islower() else credential
