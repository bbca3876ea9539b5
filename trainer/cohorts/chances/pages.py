"""The page on which a director decides how somebody goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.models import Person
from trainer.chances.granted import GrantedChance
from trainer.cohorts.chances.forms import ChanceForm, RefusalForm
from trainer.enrolment.models import Enrolment
from trainer.requirements.rules import Proof
from trainer.web.pages import SeenPage


@dataclass(frozen=True, kw_only=True)
class ChancePage(SeenPage):
    """Where somebody stands with one requirement, what was decided about it, and what can be."""

    template: ClassVar[str] = "cohorts/chance.html"
    enrolment: Enrolment
    person: Person
    leaf: Proof
    granted: Sequence[GrantedChance]
    waiting: GrantedChance | None  # a waiver that waits for a second director
    own: bool  # whether it is I who proposed that waiver
    others: bool  # whether another director may decide about this person
    form: ChanceForm
    refusal_form: RefusalForm
