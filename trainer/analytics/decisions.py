"""The key decisions of a case: how people decide, how long they think, and whether it tells them apart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from trainer.analytics.discrimination import Discrimination, discrimination
from trainer.analytics.flow import Chosen, Flow
from trainer.analytics.suppression import FEWEST
from trainer.analytics.traces import DecisionKind, Taken, Trace
from trainer.authoring.markdown import plain_line
from trainer.cases.script.values import Case, Scene

ABOUT_FROM = 20
"""From so many people on, a share whose numbers are kept back is still given, rounded to tenths."""


@dataclass(frozen=True)
class Rate:
    """A share from 0 to 1; one that is not exact is rounded to tenths, because its numbers are kept back."""

    value: float
    exact: bool


@dataclass(frozen=True)
class DecisionPoint:
    """One scene in which something is scored.

    Attributes:
        people: how many came to it; None where the number is kept back.
        expert, harmful: how many chose so at first; None where not even about how many can be told.
        seconds: the median time to the first choice, without pauses; None with fewer than five people.
        panel: how many of how many experts would do as the expert does; None where the case does not say.
    """

    scene: str
    title: str
    people: int | None
    expert: Rate | None
    harmful: Rate | None
    seconds: float | None
    discriminates: Discrimination
    panel: tuple[int, int] | None


def is_key(case: Case, scene: Scene) -> bool:
    """Say whether something is decided here that counts; the questions of an interview come in any order."""
    fatal = {name for rule in case.must_nots for name, _ in rule.choices}
    counts = any(choice.scores or choice.id in fatal for choice in scene.choices)
    return counts and not scene.interview and len(scene.choices) > 1


def decision_points(
    case: Case, traces: Sequence[Trace], flow: Flow, rest: Mapping[str, float]
) -> tuple[DecisionPoint, ...]:
    """Return a row for each key decision, in the order of the case.

    Args:
        rest: by person, the mean score in all other cases.
    """
    return tuple(_decision(scene, traces, flow, rest) for scene in case.scenes.values() if is_key(case, scene))


def _decision(scene: Scene, traces: Sequence[Trace], flow: Flow, rest: Mapping[str, float]) -> DecisionPoint:
    met = [(trace, first) for trace in traces if (first := trace.first(scene.id))]
    compared = [
        (first.sort is DecisionKind.EXPERT, rest[one.run.person_id]) for one, first in met if one.run.person_id in rest
    ]
    return DecisionPoint(
        scene=scene.id,
        title=plain_line(scene.title),
        people=flow.visits.get(scene.id),
        expert=_rate(scene.id, DecisionKind.EXPERT, [first for _, first in met], flow),
        harmful=_rate(scene.id, DecisionKind.HARMFUL, [first for _, first in met], flow),
        seconds=median(first.seconds for _, first in met) if len(met) >= FEWEST else None,
        discriminates=discrimination([right for right, _ in compared], [score for _, score in compared]),
        panel=next((choice.panel for choice in scene.choices if choice.expert and choice.panel), None),
    )


def _rate(scene: str, sort: DecisionKind, met: Sequence[Taken], flow: Flow) -> Rate | None:
    people, chose = flow.visits.get(scene), flow.chosen.get(Chosen(scene, sort))
    if people and chose:
        return Rate(chose / people, exact=True)
    if len(met) >= ABOUT_FROM:
        return Rate(round(sum(answer.sort is sort for answer in met) / len(met), 1), exact=False)
    return None


def rest_scores(scores: Mapping[str, Mapping[str, float]], besides: str) -> dict[str, float]:
    """Return everybody's mean score over all cases but one.

    Args:
        scores: by person and case.
    """
    others = {person: [score for case, score in row.items() if case != besides] for person, row in scores.items()}
    return {person: sum(row) / len(row) for person, row in others.items() if row}
