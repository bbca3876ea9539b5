"""One certificate and what was decided about it; each decision; what its holder decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from trainer.certificates.facts.claim import Claim
from trainer.certificates.words import ConsentLevel
from trainer.lifecycle.acts import Act
from trainer.lifecycle.finality import Ending, ending_of
from trainer.lifecycle.forms import ConsentForm, DecisionForm
from trainer.lifecycle.queries import Past
from trainer.lifecycle.renewal import renewal_window
from trainer.registry.status import FINAL, Status, Word
from trainer.web.pages import Page, SeenPage


@dataclass(frozen=True, kw_only=True)
class Subject:
    """The certificate that is decided about.

    Attributes:
        acts: what can be decided now.
        seen: a mark of what this page shows.
        replaced_since: when it was decided that another one takes its place, or None.
        now: the moment at which all this holds.
    """

    claim: Claim
    zone: ZoneInfo
    status: Status
    enrolment_id: str
    acts: Sequence[Act]
    seen: str
    replaced_since: datetime | None
    now: datetime

    @property
    def ending(self) -> Ending | None:
        """Return the ending that is not final yet, or None."""
        return ending_of(self.status, now=self.now)

    @property
    def renewal(self) -> tuple[date, date]:
        """Return the first and the last day on which it can be renewed."""
        return renewal_window(self.claim.valid_until)


@dataclass(frozen=True, kw_only=True)
class StatusPage(Page):
    """What holds, what can be decided now, and everything that was decided."""

    template: ClassVar[str] = "lifecycle/status.html"
    subject: Subject
    history: Sequence[Past]
    conferred_at: datetime
    conferred_by: str


@dataclass(frozen=True, kw_only=True)
class DecisionPage(SeenPage):
    """One decision of a director: what it brings about, why, and a tick."""

    template: ClassVar[str] = "lifecycle/decision.html"
    act: Act
    subject: Subject
    form: DecisionForm
    final_at: datetime | None  # of an ending, if it is sent now; None: at once

    @property
    def possible(self) -> bool:
        """Say whether this can be decided now."""
        return self.act in self.subject.acts


@dataclass(frozen=True, kw_only=True)
class OwnPage(SeenPage):
    """The holder gives a certificate back, or keeps it after all before that becomes final."""

    template: ClassVar[str] = "lifecycle/own.html"
    act: Act
    claim: Claim
    status: Status
    form: DecisionForm
    now: datetime
    final_at: datetime | None  # of a surrender, if it is sent now; None: at once

    @property
    def possible(self) -> bool:
        """Say whether the certificate can be given back, or whether there is a surrender that can be recalled."""
        ending = ending_of(self.status, now=self.now)
        if self.act is Act.KEEP:
            return ending is not None and ending.becomes is Word.SURRENDERED and not ending.over
        return self.status.word is not Word.SUSPENDED and self.status.word not in FINAL


@dataclass(frozen=True, kw_only=True)
class ConsentPage(SeenPage):
    """What a verifier sees of my name.

    Attributes:
        claim: of the certificate that the choice is about; None while I have none.
        level: what I chose; None while I have not chosen.
        changed: I chose otherwise on another page, while this one was open.
    """

    template: ClassVar[str] = "lifecycle/visibility.html"
    claim: Claim | None
    level: ConsentLevel | None
    form: ConsentForm
    saved: bool

    @property
    def holds(self) -> str:
        """Return what I chose, in words."""
        labels = {choice.value: str(choice.label) for choice in self.form.level.choices}
        return labels[self.level.value] if self.level else ""
