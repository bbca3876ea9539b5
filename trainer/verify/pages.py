"""The counter, and the answer it gives."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.certificates.facts.claim import Claim
from trainer.certificates.words import ConsentLevel
from trainer.verify.forms import CounterForm, MatchForm
from trainer.verify.matching import Match
from trainer.verify.verdict import Verdict
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class CounterPage(Page):
    """Where anybody asks."""

    template: ClassVar[str] = "verify/counter.html"
    form: CounterForm
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class VerdictPage(Page):
    """The verdict first, then the facts, then how we know.

    `receipt` is the answer about a file, signed, since nobody can ask for it a second time.
    """

    template: ClassVar[str] = "verify/verdict.html"
    verdict: Verdict
    claim: Claim | None
    asked: str = ""
    consent: ConsentLevel = ConsentLevel.SHOWN
    receipt: str = ""


@dataclass(frozen=True, kw_only=True)
class MatchPage(Page):
    """Does this name match? Whether there is such a certificate at all is not said."""

    template: ClassVar[str] = "verify/match.html"
    public_id: str
    form: MatchForm
    match: Match | None = None
    waits: bool = False
