"""What is said about a certificate that was checked from pinned keys alone: as old as its checkpoint and its lists."""

from dataclasses import replace
from datetime import datetime

from trainer.moments import written
from trainer.registry.status import Status, Word, by_dates
from trainer.verify.offline.standing import KnownStatus
from trainer.verify.seen import Inside
from trainer.verify.verdict import Check, Doubt, Verdict
from trainer.verify.wording.status import in_words, sentence_about, within_dates


def as_signed(certificate: Inside, whole: Check, status: Status, now: datetime) -> Verdict:
    """Return the verdict about a file that is as we signed it; `status` is by the dates alone.

    Where `whole` does not hold, the key of the page was given up, and only what the log proves counts.
    """
    standing = certificate.standing
    return Verdict(
        status=standing.word or status.word,
        sentence=_sentence(status, standing, vouched=whole.holds),
        checked_at=now,
        checks=(whole, certificate.signed, *certificate.checks, _within_dates(certificate, now)),
        facts=certificate.claim.plain(),
        since=None if standing.word else status.since,
        public_id=certificate.claim.public_id,
        file_seen=whole.holds,
        as_of=standing.as_of,
        fresh=standing.fresh,
    )


def clock_behind(certificate: Inside, whole: Check, now: datetime) -> Verdict:
    """Return the verdict where this machine's clock cannot judge any date."""
    return Verdict(
        status=Doubt.UNREADABLE,
        sentence=_set_the_clock(certificate, now),
        checked_at=now,
        checks=(whole, certificate.signed, *certificate.checks),
        public_id=certificate.claim.public_id,
        as_of=certificate.standing.as_of,
        fresh=False,
    )


def signed_alone(certificate: Inside, now: datetime) -> Verdict:
    """Say what a credential without its file is worth: it was signed, and nothing shows that it was logged."""
    ended = certificate.standing.ended
    return Verdict(
        status=ended or Doubt.UNREADABLE,
        sentence=f"This credential was signed by us, but the certificate {certificate.standing.sentence}"
        if ended
        else "This credential was signed by us, but without the certificate file nothing shows offline that it is "
        "in the public log. Check the PDF, or ask online.",
        checked_at=now,
        checks=(certificate.signed, *certificate.checks),
        public_id=certificate.claim.public_id,
        as_of=certificate.standing.as_of,
        fresh=certificate.standing.fresh,
    )


def beside_pinned(altered: Verdict, certificate: Inside, *, behind: bool, now: datetime) -> Verdict:
    """Return a verdict about something altered together with what is known about the certificate inside it.

    What speaks against the certificate comes first. That nothing does is said only of what the log proves, and as of
    when: a good date alone is no status.

    Args:
        behind: this machine's clock cannot judge any date.
    """
    standing = certificate.standing
    dated = None if behind or standing.ended else _by_dates(certificate, now)
    out_of_date = dated if dated and dated.word is not Word.VALID else None
    said = [altered.sentence]
    if standing.ended:
        said.insert(0, f"The certificate inside {standing.sentence}")
    elif out_of_date:
        said.insert(0, f"The certificate inside is {in_words(out_of_date)}.")
    if behind and not standing.ended:
        said.append(_set_the_clock(certificate, now))
    elif certificate.logged and not standing.ended:
        said.append(standing.sentence)
    fresh = standing.fresh and not behind
    holds = dated.word if dated and (out_of_date or (fresh and certificate.logged)) else None
    return replace(
        altered,
        sentence=" ".join(said),
        checks=(*altered.checks, *certificate.checks, *(() if behind else (_within_dates(certificate, now),))),
        since=out_of_date.since if out_of_date else None,
        standing=standing.ended or holds,
        as_of=standing.as_of,
        fresh=fresh,
    )


def _sentence(status: Status, standing: KnownStatus, *, vouched: bool) -> str:
    subject = "This file is the one we issued" if vouched else "This certificate was issued by us"
    if standing.ended:
        about = f"{subject}, but {'the certificate' if vouched else 'it'}"
    elif standing.word:
        about = f"{subject}."
    elif status.word is Word.VALID and not standing.fresh:  # more than its dates is not known of today
        about = f"{subject}, and {'the certificate' if vouched else 'it'} is within its dates."
    else:
        about = sentence_about(status, seen="file" if vouched else "").replace("is in our registry", "was issued by us")
    shown = "" if vouched else " The page you see is not vouched for: compare it with the facts shown here."
    return f"{about} {standing.sentence}{shown}"


def _set_the_clock(certificate: Inside, now: datetime) -> str:
    made_at = certificate.trust_made_at
    assert made_at is not None
    return (
        f"The clock of this machine says {written(now)}, but the trust file was made later, on "
        f"{written(made_at)}, so no date can be judged. Set the clock right, then check again."
    )


def _by_dates(certificate: Inside, now: datetime) -> Status:
    claim = certificate.claim
    return by_dates(issued_at=claim.begins_at, valid_until=claim.ends_at, now=now)


def _within_dates(certificate: Inside, now: datetime) -> Check:
    return within_dates(certificate.claim.begins_at, certificate.claim.ends_at, now)
