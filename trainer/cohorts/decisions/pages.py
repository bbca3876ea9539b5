"""The pages on which a decision is taken back, or a certificate conferred again."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.models import Person
from trainer.cohorts.decisions.forms import AgainForm, WithdrawalForm
from trainer.cohorts.decisions.queries import Again
from trainer.enrolment.models import Enrolment
from trainer.web.pages import SeenPage


@dataclass(frozen=True, kw_only=True)
class TakeBackPage(SeenPage):
    """A decision that no certificate has followed yet."""

    template: ClassVar[str] = "cohorts/withdrawal.html"
    enrolment: Enrolment
    person: Person
    number: str  # that the certificate would have had
    possible: bool  # whether it waits still
    form: WithdrawalForm


@dataclass(frozen=True, kw_only=True)
class AgainPage(SeenPage):
    """A new decision after one that came to nothing."""

    template: ClassVar[str] = "cohorts/again.html"
    enrolment: Enrolment
    person: Person
    again: Again
    met: bool  # whether every requirement is met
    form: AgainForm
