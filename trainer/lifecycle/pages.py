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
from trainer.lifecycle.forms import (
    ConsentForm,
    CorrectionForm,
    KeepForm,
    LiftingForm,
    RecallForm,
    RecordedForm,
    RenewalForm,
    RevocationForm,
    SurrenderForm,
    SuspensionForm,
)
from trainer.lifecycle.queries import Past
from trainer.registry.status import Status, Word
from trainer.web.pages import Page


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


@dataclass(frozen=True, kw_only=True)
class StatusPage(Page):
    """What holds, what can be decided now, and everything that was decided."""

    template: ClassVar[str] = "lifecycle/status.html"
    subject: Subject
    history: Sequence[Past]
    conferred_at: datetime
    conferred_by: str
    opens: date  # of renewal
    closes: date


@dataclass(frozen=True, kw_only=True)
class DecisionPage(Page):
    """One decision."""

    act: ClassVar[Act]
    subject: Subject
    form: RecordedForm
    changed: str = ""  # why what was sent was not decided

    @property
    def possible(self) -> bool:
        """Say whether this can be decided now."""
        return self.act in self.subject.acts


@dataclass(frozen=True, kw_only=True)
class SuspensionPage(DecisionPage):
    """Suspend, or give a suspension another end."""

    template: ClassVar[str] = "lifecycle/suspension.html"
    act: ClassVar[Act] = Act.SUSPEND
    form: SuspensionForm


@dataclass(frozen=True, kw_only=True)
class LiftingPage(DecisionPage):
    """Lift a suspension."""

    template: ClassVar[str] = "lifecycle/lifting.html"
    act: ClassVar[Act] = Act.LIFT
    form: LiftingForm


@dataclass(frozen=True, kw_only=True)
class RevocationPage(DecisionPage):
    """A grave decision, calmly asked for."""

    template: ClassVar[str] = "lifecycle/revocation.html"
    act: ClassVar[Act] = Act.REVOKE
    form: RevocationForm
    final_at: datetime | None  # if it is sent now; None: at once


@dataclass(frozen=True, kw_only=True)
class RecallPage(DecisionPage):
    """Recall a revocation or a surrender before it becomes final."""

    template: ClassVar[str] = "lifecycle/recall.html"
    act: ClassVar[Act] = Act.RECALL
    form: RecallForm


@dataclass(frozen=True, kw_only=True)
class CorrectionPage(DecisionPage):
    """A new certificate with another name."""

    template: ClassVar[str] = "lifecycle/correction.html"
    act: ClassVar[Act] = Act.CORRECT
    form: CorrectionForm


@dataclass(frozen=True, kw_only=True)
class RenewalPage(DecisionPage):
    """A new certificate for another term."""

    template: ClassVar[str] = "lifecycle/renewal.html"
    act: ClassVar[Act] = Act.RENEW
    form: RenewalForm
    opens: date
    closes: date


@dataclass(frozen=True, kw_only=True)
class SurrenderPage(Page):
    """The holder gives a certificate back."""

    template: ClassVar[str] = "lifecycle/surrender.html"
    claim: Claim
    status: Status
    form: SurrenderForm
    final_at: datetime | None  # if it is sent now; None: at once
    changed: str = ""  # why what was sent was not done


@dataclass(frozen=True, kw_only=True)
class KeepPage(Page):
    """The holder recalls their surrender before it becomes final."""

    template: ClassVar[str] = "lifecycle/keep.html"
    claim: Claim
    status: Status
    form: KeepForm
    now: datetime
    changed: str = ""  # why what was sent was not done

    @property
    def possible(self) -> bool:
        """Say whether there is a surrender that can still be recalled."""
        ending = ending_of(self.status, now=self.now)
        return ending is not None and ending.becomes is Word.SURRENDERED and not ending.over


@dataclass(frozen=True, kw_only=True)
class ConsentPage(Page):
    """What a verifier sees of my name.

    Attributes:
        claim: of the certificate that the choice is about; None while I have none.
        level: what I chose; None while I have not chosen.
        otherwise: I chose it on another page, while this one was open.
    """

    template: ClassVar[str] = "lifecycle/visibility.html"
    claim: Claim | None
    level: ConsentLevel | None
    form: ConsentForm
    saved: bool
    otherwise: bool = False

    @property
    def holds(self) -> str:
        """Return what I chose, in words."""
        labels = {choice.value: str(choice.label) for choice in self.form.level.choices}
        return labels[self.level.value] if self.level else ""
