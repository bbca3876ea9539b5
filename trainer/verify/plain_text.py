"""A verdict in plain text, for a terminal."""

from trainer.certificates.facts.claim import Claim
from trainer.moments import written
from trainer.registry.status import Word
from trainer.verify.verdict import Verdict


def as_text(verdict: Verdict) -> str:
    """Return a verdict as lines of text: the sentence, what is certified, then how we know."""
    lines = [f"{_word(verdict)}: {verdict.sentence}"]
    lines += [f"  Reason: {verdict.reason_code}."] if verdict.reason_code else []
    lines += [f"  Note of the programme: {verdict.public_note}"] if verdict.public_note else []
    lines += [f"  {name}: {value}" for name, value in _facts(verdict).items()]
    lines += [f"  {'yes' if check.holds else 'no '}  {check.question} {check.evidence}" for check in verdict.checks]
    return "\n".join(lines)


def _word(verdict: Verdict) -> str:
    """Return the first word; whoever reads no further must not take a page that nobody vouches for as valid."""
    if verdict.status is not Word.VALID:
        return verdict.status.upper()
    if not verdict.holds:
        return "GENUINE FACTS IN A PAGE THAT IS NOT VOUCHED FOR"
    return f"VALID AS OF {written(verdict.as_of).upper()}" if verdict.as_of else "VALID"


def _facts(verdict: Verdict) -> dict[str, str]:
    if not verdict.facts:
        return {}
    claim = Claim.read(verdict.facts)
    return {
        "Holder": claim.holder or "not shown, at the holder's wish",
        "Credential": claim.credential,
        "Programme": f"{claim.programme}, version {claim.version}",
        "Number": claim.number,
        "Issued": claim.days.told(claim.issued_on),
        "Valid until": claim.days.told(claim.valid_until),
        "Issuer": claim.issuer,
        "Conferred by": claim.conferred_by,
        "Cohort": claim.cohort,
        "Hours of learning": claim.hours_in_words,
        **({"They consist of": claim.hours_apart} if claim.hours_apart else {}),
        "What it covers": "; ".join(claim.covered),
        "Statement": claim.statement,
    }
