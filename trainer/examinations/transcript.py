"""A run as words, for people who decide: what was shown, what was chosen, how long it took, and why.

It names nobody: whoever decides does not know whose run it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import TYPE_CHECKING

from trainer.cases.play.chart import clock
from trainer.cases.play.engine import TIMEOUT, Play, Step, options
from trainer.cases.play.state import looking
from trainer.cases.runs.timing import limit_of
from trainer.cases.runs.words import EventKind
from trainer.cases.script.values import Case

if TYPE_CHECKING:
    from trainer.cases.runs.models import CaseEvent, CaseRun


@dataclass(frozen=True)
class Told:
    """One decision; texts are Markdown.

    Attributes:
        clock: the time in the story.
        shown: what was on the page.
        others: the answers that were offered and not chosen.
        did: what was chosen; empty when no answer came in time.
        heard: what the answer revealed.
        reason: the line that was written beside it, or empty.
        seconds: how long it took until the answer, pauses left out.
        paused: how many seconds of pauses lie in it, in which one can think.
        limit: how many seconds the moment could last, with what was granted; None without a limit.
        failures: the critical failures that this choice is.
    """

    chapter: str
    clock: str
    scene: str
    shown: tuple[str, ...]
    did: str
    others: tuple[str, ...]
    heard: tuple[str, ...]
    reason: str
    seconds: int
    paused: int
    limit: int | None
    failures: tuple[str, ...]

    @property
    def thought_in_a_pause(self) -> bool:
        """Say whether the limit may have meant nothing, because the clock stood still in a pause."""
        return self.limit is not None and self.paused > 0


def transcript(
    case: Case, run: CaseRun, play: Play, events: Sequence[CaseEvent], reasons: Mapping[int, str]
) -> tuple[Told, ...]:
    """Tell a run, decision by decision.

    Args:
        events: everything that happened in it.
        reasons: what the person wrote, by the step (from 0) it was written with.
    """
    times = _seconds(events, run.started_at)
    return tuple(
        _told(case, run, step, reasons.get(number, ""), times[number]) for number, step in enumerate(play.steps)
    )


def _told(case: Case, run: CaseRun, step: Step, reason: str, times: tuple[int, int]) -> Told:
    scene, look = case.scenes[step.scene], looking(case, step.before)
    offered = [one for one in options(case, step.before) if one != step.choice]
    return Told(
        chapter=case.chapters[scene.chapter].name,
        clock=clock(step.before.minute),
        scene=scene.title,
        shown=tuple(one.text for one in scene.paragraphs if one.when.holds(look)),
        did="" if step.choice == TIMEOUT else case.choices[step.choice].text,
        others=tuple(case.choices[one].text for one in offered),
        heard=step.heard,
        reason=reason,
        seconds=times[0],
        paused=times[1],
        limit=limit_of(run, scene.limit),
        failures=step.failures,
    )


def _seconds(events: Sequence[CaseEvent], started_at: datetime) -> list[tuple[int, int]]:
    """Return for each decision the seconds it took without pauses, and the seconds of its pauses, rounded up."""
    times: list[tuple[int, int]] = []
    since, spent, rested, paused = started_at, 0.0, 0.0, False
    for event in events:
        passed = max(0.0, (event.at - since).total_seconds())  # of two clicks at once the later may have arrived first
        if event.kind is EventKind.PAUSE and not paused:
            since, spent, paused = event.at, spent + passed, True
        elif event.kind is EventKind.RESUME and paused:
            since, rested, paused = event.at, rested + passed, False
        elif event.kind is EventKind.CHOICE:
            times.append((int(spent if paused else spent + passed), ceil(rested)))
            since, spent, rested, paused = event.at, 0.0, 0.0, False
    return times
