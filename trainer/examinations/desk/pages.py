"""The pages of those who decide. Before a decision they name nobody who played."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.authoring.markdown import block, inline
from trainer.authoring.messages import Message
from trainer.cases.pages import seconds_in_words, words_behind_id
from trainer.cases.runs.timing import Standstill
from trainer.examinations.desk.forms import FlagForm, GreyForm
from trainer.examinations.models import Flag, FlagDecision, SittingDecision
from trainer.examinations.plot import Plot
from trainer.examinations.queries import SittingRecord
from trainer.examinations.run_in_words import Told
from trainer.examinations.words import Zone
from trainer.web.pages import Page

MOST_SHOWN = 100
"""So many decided sittings stand below those that wait."""


@dataclass(frozen=True, kw_only=True)
class QueuePage(Page):
    """What waits for an examiner, and what has been decided."""

    template: ClassVar[str] = "examinations/queue.html"
    standings: Sequence[SittingRecord]
    names: Mapping[str, str]
    titles: Mapping[str, str]  # of examinations, by their slug; what is in the newest release no more has none
    examines: bool  # whether I supervise, and so decide flags
    waiting: Sequence[Message]

    words = staticmethod(words_behind_id)

    @property
    def flags(self) -> Sequence[Flag]:
        """Return the flags that nobody has decided, the oldest first."""
        found = [flag for standing in self.standings for flag, decision in standing.flags if decision is None]
        return sorted(found, key=lambda flag: (flag.raised_at, flag.id))

    @property
    def grey(self) -> Sequence[SittingRecord]:
        """Return the sittings that people can decide now, the oldest first."""
        return [standing for standing in reversed(self.standings) if standing.awaits_people]

    @property
    def decided(self) -> Sequence[SittingRecord]:
        """Return the newest sittings that have come out; by now names matter again."""
        return [standing for standing in self.standings if standing.decided_at][:MOST_SHOWN]


@dataclass(frozen=True, kw_only=True)
class Chapters:
    """One run as words.

    Attributes:
        title: of the case.
        percent: what the case came to, or None where that is not shown yet.
    """

    title: str
    told: Sequence[Told]
    percent: float | None = None

    @property
    def thought_in_pauses(self) -> int:
        """Return how many moments with a limit were paused."""
        return sum(message.thought_in_a_pause for message in self.told)


@dataclass(frozen=True, kw_only=True)
class FlagPage(Page):
    """One possible critical failure, with everything needed to judge it."""

    template: ClassVar[str] = "examinations/flag.html"
    flag: Flag
    decision: FlagDecision | None
    name: str  # empty until it has been decided
    run: Chapters
    clock: Standstill  # of the whole sitting
    form: FlagForm

    block = staticmethod(block)
    inline = staticmethod(inline)
    words = staticmethod(words_behind_id)
    duration = staticmethod(seconds_in_words)


@dataclass(frozen=True, kw_only=True)
class GreyPage(Page):
    """One sitting near the cut."""

    template: ClassVar[str] = "examinations/grey.html"
    standing: SittingRecord
    title: str
    zone: Zone
    result: Mapping[str, object]
    plot: Plot
    decision: SittingDecision | None
    name: str  # empty until it has been decided
    runs: Sequence[Chapters]
    clock: Standstill  # of the whole sitting
    form: GreyForm

    block = staticmethod(block)
    inline = staticmethod(inline)
    words = staticmethod(words_behind_id)
    duration = staticmethod(seconds_in_words)
