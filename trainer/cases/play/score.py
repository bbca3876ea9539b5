"""What a play is worth, compared with the expert in the same variant and with the same seed.

Points balance each other within a competency and never between two. What the variant did not ask
for is “not shown”, never nought.
"""

from dataclasses import dataclass

from trainer.cases.play.engine import Play, Step, expert_play
from trainer.cases.play.state import Done
from trainer.cases.script.values import Case

RUBRIC = "1"
"""Changes whenever equal plays would score differently."""

LATE_ALLOWED = 1
"""So many duties may be late."""


@dataclass(frozen=True)
class Mark:
    """One competency: `percent` of the expert's points, 0 to 100, or None when it was not shown."""

    competency: str
    points: int
    expert: int
    percent: int | None
    needed: int

    @property
    def met(self) -> bool:
        """Whether the pass mark is reached; what was not shown asks for nothing."""
        return self.percent is None or self.percent >= self.needed


@dataclass(frozen=True)
class Kept:
    """One duty; `after` is the simulated minutes from its beginning until it was done, or None."""

    duty: str
    state: Done
    after: int | None
    within: int


@dataclass(frozen=True)
class Failure:
    """A critical failure, and the steps (from 0) at which it was committed."""

    rule: str
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Result:
    """What a finished play is worth.

    Attributes:
        failures: possible critical failures; in an examination a person confirms them.
        minutes, expert_minutes: simulated time, shown and never scored.
    """

    marks: tuple[Mark, ...]
    duties: tuple[Kept, ...]
    failures: tuple[Failure, ...]
    ending: str
    minutes: int
    expert_minutes: int

    @property
    def passed(self) -> bool:
        """Whether there was no critical failure, no missed duty, at most one late, and every mark was met."""
        states = [one.state for one in self.duties]
        in_time = Done.MISSED not in states and states.count(Done.LATE) <= LATE_ALLOWED
        return bool(self.ending) and not self.failures and in_time and all(one.met for one in self.marks)

    def plain(self) -> dict[str, object]:
        """Return the result as plain values that can be kept as JSON."""
        return {
            "rubric": RUBRIC,
            "passed": self.passed,
            "ending": self.ending,
            "competencies": {one.competency: one.percent for one in self.marks},
            "duties": {one.duty: one.state.value for one in self.duties},
            "failures": [one.rule for one in self.failures],
            "minutes": self.minutes,
        }


def score(case: Case, play: Play) -> Result:
    """Score a play; equal plays score equally, whoever played them and whenever."""
    expert = expert_play(case, play.state.variant, play.state.seed)
    marks = []
    for one in case.head.competencies:
        best, points = expert.points[one.name], play.points[one.name]
        percent = min(100, max(0, 100 * points // best)) if best > 0 else None
        marks.append(Mark(one.name, points, best, percent, one.mark))
    return Result(
        marks=tuple(marks),
        duties=tuple(_kept(case, play, position) for position in range(len(case.duties))),
        failures=_failures(case, play),
        ending=play.state.ending,
        minutes=sum(_spent(case, step) for step in play.steps),
        expert_minutes=sum(_spent(case, step) for step in expert.steps),
    )


def _kept(case: Case, play: Play, position: int) -> Kept:
    duty, standing = case.duties[position], play.state.duties[position]
    return Kept(duty.id, standing.state, standing.took, duty.within)


def _failures(case: Case, play: Play) -> tuple[Failure, ...]:
    steps = {
        rule.id: tuple(number for number, step in enumerate(play.steps) if rule.id in step.failures)
        for rule in case.must_nots
    }
    return tuple(Failure(rule, numbers) for rule, numbers in steps.items() if numbers)


def _spent(case: Case, step: Step) -> int:
    choice = case.choices.get(step.choice)
    return choice.takes if choice else -(-(case.scenes[step.scene].limit or 0) // 60)
