"""The counter, and the answer it gives."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.certificates.claim import Claim
from trainer.verify.forms import CounterForm
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
    """The verdict first, then the facts, then how we know."""

    template: ClassVar[str] = "verify/verdict.html"
    verdict: Verdict
    claim: Claim | None
    asked: str = ""
