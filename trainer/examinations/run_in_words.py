"""A run as words, for people who decide: what was shown, what was chosen, how long it took, and why.

It names nobody: whoever decides does not know whose run it is.
"""

from dataclasses import dataclass
from math import ceil

from trainer.cases.play.chart import clock
from trainer.cases.play.engine import TIMEOUT, Step, options
from trainer.cases.play.state import values_in
from trainer.cases.runs.run import Run
from trainer.cases.runs.timing import limit_of
from trainer.cases.runs.transcript import Deliberation


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


def told_after_sitting(run: Run) -> tuple[Told, ...]:
    """Tell a run, decision by decision."""
    reasons, moments = run.transcript.reasons, run.transcript.deliberations
    return tuple(
        _told(run, step, reasons.get(number, ""), moments[number]) for number, step in enumerate(run.play.steps)
    )


def _told(run: Run, step: Step, reason: str, moment: Deliberation) -> Told:
    case = run.case
    scene, value_of = case.scenes[step.scene], values_in(case, step.before)
    offered = [choice for choice in options(case, step.before) if choice != step.choice]
    return Told(
        chapter=case.chapters[scene.chapter].name,
        clock=clock(step.before.minute),
        scene=scene.title,
        shown=tuple(paragraph.text for paragraph in scene.paragraphs if paragraph.when.holds(value_of)),
        did="" if step.choice == TIMEOUT else case.choices[step.choice].text,
        others=tuple(case.choices[choice].text for choice in offered),
        heard=step.heard,
        reason=reason,
        seconds=int(moment.thought()),
        paused=ceil(moment.rested),
        limit=limit_of(run.record, scene.limit),
        failures=step.failures,
    )
