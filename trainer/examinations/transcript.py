"""A run as words, for people who decide: what was shown, what was chosen, how long it took, and why.

It names nobody: whoever decides does not know whose run it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.cases.chart import clock
from trainer.cases.engine import TIMEOUT, Play, Step, options
from trainer.cases.models import CaseEvent, EventKind
from trainer.cases.state import looking
from trainer.cases.values import Case


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
        seconds: how long the page was open before the answer, pauses left out.
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
    failures: tuple[str, ...]


def transcript(
    case: Case, play: Play, events: Sequence[CaseEvent], reasons: Mapping[int, str], started_at: datetime
) -> tuple[Told, ...]:
    """Tell a run, decision by decision.

    Args:
        events: everything that happened in it.
        reasons: what the person wrote, by the step (from 0) it was written with.
    """
    times = _seconds(events, started_at)
    return tuple(_told(case, step, reasons.get(number, ""), times[number]) for number, step in enumerate(play.steps))


def _told(case: Case, step: Step, reason: str, seconds: int) -> Told:
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
        seconds=seconds,
        failures=step.failures,
    )


def _seconds(events: Sequence[CaseEvent], started_at: datetime) -> list[int]:
    times: list[int] = []
    since, spent, paused = started_at, 0.0, False
    for event in events:
        if event.kind is EventKind.PAUSE:
            spent, paused = spent + (event.at - since).total_seconds(), True
        elif event.kind is EventKind.RESUME and paused:
            since, paused = event.at, False
        elif event.kind is EventKind.CHOICE:
            times.append(int(spent + (event.at - since).total_seconds()))
            since, spent = event.at, 0.0
    return times
