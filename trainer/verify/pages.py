"""The counter, and the answer it gives."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.certificates.facts.claim import Claim
from trainer.certificates.facts.number import Slips, slips_in
from trainer.certificates.facts.seal import Ring, seal_of
from trainer.certificates.words import ConsentLevel
from trainer.verify.forms import CounterForm, MatchForm
from trainer.verify.handed_in.mistakes import Mistake
from trainer.verify.matching import Match
from trainer.verify.verdict import Verdict
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class CounterPage(Page):
    """Where anybody asks."""

    template: ClassVar[str] = "verify/counter.html"
    form: CounterForm
    problem: str = ""
    is_receipt: bool = False  # what was pasted is a receipt, which is checked elsewhere


@dataclass(frozen=True, kw_only=True)
class VerdictPage(Page):
    """The verdict first, then the facts, then how we know.

    Attributes:
        home: the address of this site.
        asked: the number or address that was typed, where nothing was found.
        elsewhere: the foreign place to which the typed address leads, or "".
        leads_away: what was typed is an address that is not ours, perhaps one that looks like ours.
        mistake: what was typed instead of a number or an address, where that is known.
        fits: something was typed beside the file, and it is of the same certificate.
        receipt: the answer about a file, signed, since nobody can ask for it a second time.
        receipt_name: what its file is called.
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
    leads_away: bool = False
    mistake: Mistake | None = None
    fits: bool = False
    receipt: str = ""
    receipt_name: str = ""
    address: str = ""
    profile_link: str = ""

    @property
    def slips(self) -> Slips | None:
        """Return what is wrong in a number that was typed, or None."""
        return None if self.leads_away or self.mistake or not self.asked else slips_in(self.asked)

    @property
    def seal(self) -> tuple[Ring, ...]:
        """Return the rings of the seal of the certificate; none where its facts are not known."""
        return seal_of(self.claim.release, self.claim.number) if self.claim else ()


@dataclass(frozen=True, kw_only=True)
class BothPage(Page):
    """What was typed and a file, sent together, that are not of one certificate: the worse of the two comes first.

    Attributes:
        typed_text: what was typed, or "" where it was a whole credential.
        receipt: the answer about the file, signed.
    """

    template: ClassVar[str] = "verify/both.html"
    typed: Verdict
    shown: Verdict
    typed_text: str
    receipt: str
    receipt_name: str

    @property
    def typed_claim(self) -> Claim | None:
        """Return the facts of what was typed, where they are known."""
        return Claim.read(self.typed.facts) if self.typed.facts else None

    @property
    def shown_claim(self) -> Claim | None:
        """Return the facts that the file bears, where they are known."""
        return Claim.read(self.shown.facts) if self.shown.facts else None


@dataclass(frozen=True, kw_only=True)
class MatchPage(Page):
    """Does this name match? Whether there is such a certificate at all is not said."""

    template: ClassVar[str] = "verify/match.html"
    public_id: str
    form: MatchForm
    match: Match | None = None
    waits: bool = False
