"""The counter, and the answer it gives."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.certificates.facts.claim import Claim
from trainer.certificates.facts.number import Slips, slips_in
from trainer.certificates.facts.seal import Ring, seal_of
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

    Attributes:
        home: the address of this site.
        asked: the number or address that was typed, where nothing was found.
        elsewhere: the foreign place to which the typed address leads, or "".
        receipt: the answer about a file, signed, since nobody can ask for it a second time.
        address: of the public page about this certificate, or "".
        profile_link: for its holder, while it is valid: a form elsewhere, filled in with this certificate; else "".
    """

    template: ClassVar[str] = "verify/verdict.html"
    verdict: Verdict
    claim: Claim | None
    home: str
    asked: str = ""
    elsewhere: str = ""
    consent: ConsentLevel = ConsentLevel.SHOWN
    receipt: str = ""
    address: str = ""
    profile_link: str = ""

    @property
    def slips(self) -> Slips | None:
        """Return what is wrong in a number that was typed, or None."""
        return slips_in(self.asked) if self.asked and not self.elsewhere else None

    @property
    def seal(self) -> tuple[Ring, ...]:
        """Return the rings of the seal of the certificate; none where its facts are not known."""
        return seal_of(self.claim.release, self.claim.number) if self.claim else ()


@dataclass(frozen=True, kw_only=True)
class MatchPage(Page):
    """Does this name match? Whether there is such a certificate at all is not said."""

    template: ClassVar[str] = "verify/match.html"
    public_id: str
    form: MatchForm
    match: Match | None = None
    waits: bool = False
