"""What a play is worth, compared with the expert in the same variant and with the same seed.

Points balance each other within a competency and never between two. What the variant did not ask
for is “not shown”, never nought.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from trainer.cases.play.engine import Play, Step, expert_play
from trainer.cases.play.state import Done
from trainer.cases.script.values import Case

RUBRIC = "1"
"""Changes whenever equal plays would score differently."""

PERCENTS = "competencies"
"""The key under which the per cent of each competency is kept; queries may ask for it alone."""

LATE_ALLOWED = 1
"""So many duties may be late."""


@dataclass(frozen=True)
class CompetencyMark:
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
class KeptMark:
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

    marks: tuple[CompetencyMark, ...]
    duties: tuple[KeptMark, ...]
    failures: tuple[Failure, ...]
    ending: str
    minutes: int
    expert_minutes: int

    @property
    def passed(self) -> bool:
        """Whether there was no critical failure, no missed duty, at most one late, and every mark was met."""
        states = [kept.state for kept in self.duties]
        in_time = Done.MISSED not in states and states.count(Done.LATE) <= LATE_ALLOWED
        return bool(self.ending) and not self.failures and in_time and all(mark.met for mark in self.marks)

    def plain(self) -> dict[str, object]:
        """Return the result as plain values that can be kept as JSON; `KeptResult.read` reads them."""
        return {
            "rubric": RUBRIC,
            "passed": self.passed,
            "ending": self.ending,
            PERCENTS: {mark.competency: mark.percent for mark in self.marks},
            "duties": {kept.duty: kept.state.value for kept in self.duties},
            "failures": [failure.rule for failure in self.failures],
            "minutes": self.minutes,
        }


@dataclass(frozen=True)
class KeptResult:
    """What a kept result says, whatever its case has become since.

    Attributes:
        percents: of the expert's points, 0 to 100 by competency; None where it was not shown.
        duties: how each stood at the end.
        failures: the possible critical failures.
    """

    percents: Mapping[str, int | None]
    duties: Mapping[str, Done]
    failures: tuple[str, ...]

    @classmethod
    def read(cls, plain: Mapping[str, Any]) -> Self:
        """Read what `Result.plain` wrote; what an earlier version did not keep is not there."""
        return cls(
            percents=plain.get(PERCENTS, {}),
            duties={duty: Done(state) for duty, state in plain.get("duties", {}).items()},
            failures=tuple(plain.get("failures", ())),
        )


def score(case: Case, play: Play) -> Result:
    """Score a play; equal plays score equally, whoever played them and whenever."""
    expert = expert_play(case, play.state.variant, play.state.seed)
    marks = []
    for competency in case.head.competencies:
        best, points = expert.points[competency.name], play.points[competency.name]
        percent = min(100, max(0, 100 * points // best)) if best > 0 else None
        marks.append(CompetencyMark(competency.name, points, best, percent, competency.mark))
    return Result(
        marks=tuple(marks),
        duties=tuple(_kept(case, play, position) for position in range(len(case.duties))),
        failures=_failures(case, play),
        ending=play.state.ending,
        minutes=sum(_spent(case, step) for step in play.steps),
        expert_minutes=sum(_spent(case, step) for step in expert.steps),
    )


def _kept(case: Case, play: Play, position: int) -> KeptMark:
    duty, standing = case.duties[position], play.state.duties[position]
    return KeptMark(duty.id, standing.state, standing.took, duty.within)


def _failures(case: Case, play: Play) -> tuple[Failure, ...]:
    steps = {
        rule.id: tuple(number for number, step in enumerate(play.steps) if rule.id in step.failures)
        for rule in case.must_nots
    }
    return tuple(Failure(rule, numbers) for rule, numbers in steps.items() if numbers)


def _spent(case: Case, step: Step) -> int:
    choice = case.choices.get(step.choice)
    return choice.takes if choice else -(-(case.scenes[step.scene].limit or 0) // 60)
