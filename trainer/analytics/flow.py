"""How people went through a case, as a network of counts of which the small ones are kept back.

Each person is followed through the scenes in the order of their first visit, so that everybody passes a
scene at most once and what comes in is what goes out. What is decided in a scene is part of the network
too, so that the table of decisions cannot give away what the drawing keeps back.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from trainer.analytics.suppression import Cell, kept_back
from trainer.analytics.traces import DecisionKind, Trace

SPLIT_FROM = 20
"""Passed and not passed are told apart when each has so many people; with fewer, too much would be kept back."""

BEGIN, END = "(begin)", "(end)"

K = TypeVar("K")


@dataclass(frozen=True)
class SceneWay:
    """From a decision in one scene to the next scene, or to an ending."""

    scene: str
    sort: DecisionKind | None
    next: str


@dataclass(frozen=True)
class Visit:
    """People who came to a scene."""

    scene: str


@dataclass(frozen=True)
class Chosen:
    """People whose first choice in a scene was of this sort."""

    scene: str
    sort: DecisionKind


@dataclass(frozen=True)
class Link:
    """From a scene to the next, or to an ending: how many people, by group; None where that is kept back."""

    tail: str
    head: str
    people: Mapping[str, int | None]

    @property
    def whole(self) -> int:
        """How many people are shown."""
        return sum(people or 0 for people in self.people.values())


@dataclass(frozen=True)
class Flow:
    """Everything about the ways through a case that may be shown.

    Attributes:
        groups: who is told apart, with how many there are of each.
        links: the ways, in no order.
        visits, chosen: how many people came to a scene, and chose so in it.
        hidden: how many numbers of ways are kept back.
    """

    groups: Mapping[str, int]
    links: tuple[Link, ...]
    visits: Mapping[str, int]
    chosen: Mapping[Chosen, int]
    hidden: int


@dataclass(frozen=True)
class _Counted:
    """The counts of one group; None where a count is kept back."""

    ways: Mapping[tuple[str, str], int | None]
    visits: Mapping[str, int | None]
    chosen: Mapping[Chosen, int | None]


def flow_of(traces: Sequence[Trace]) -> Flow:
    """Count who went where, and keep small numbers back."""
    groups = _groups(traces)
    counted = {name: _counted(people) for name, people in groups.items()}
    links: dict[tuple[str, str], dict[str, int | None]] = defaultdict(dict)
    for name, one in counted.items():
        for way, people in one.ways.items():
            links[way][name] = people
    return Flow(
        groups={name: len(people) for name, people in groups.items()},
        links=tuple(Link(tail, head, people) for (tail, head), people in links.items()),
        visits=_whole(visit.visits for visit in counted.values()),
        chosen=_whole(visit.chosen for visit in counted.values()),
        hidden=sum(people is None for link in links.values() for people in link.values()),
    )


def _groups(traces: Sequence[Trace]) -> dict[str, list[Trace]]:
    passed = [trace for trace in traces if trace.run.passed]
    failed = [trace for trace in traces if not trace.run.passed]
    if min(len(passed), len(failed)) >= SPLIT_FROM:
        return {"passed": passed, "failed": failed}
    return {"everybody": list(traces)}


def network(traces: Sequence[Trace]) -> tuple[Cell, ...]:
    """Return every count that these people make, each named by what it counts.

    Where several ways lead on, each is counted apart for each sort of choice: whoever knows the case knows where
    the expert's answer leads.
    """
    counted: Counter[tuple[Hashable, Hashable, SceneWay | Visit | Chosen]] = Counter()
    heads: dict[str, set[str]] = defaultdict(set)
    for trace in traces:
        for scene, following in pairwise((*trace.scenes, trace.run.ending)):
            heads[scene].add(following)
    for trace in traces:
        before: Hashable = BEGIN
        way = SceneWay(BEGIN, None, trace.scenes[0])
        for scene, following in pairwise((*trace.scenes, trace.run.ending)):
            first = trace.first(scene)
            sort = first.sort if first else DecisionKind.OTHER
            apart = sort if len(heads[scene]) > 1 else None
            arrived, decided = Visit(scene), ("decided", scene, apart)
            counted[before, arrived, way] += 1
            counted[arrived, scene, arrived] += 1
            counted[scene, decided, Chosen(scene, sort)] += 1
            before, way = decided, SceneWay(scene, apart, following)
        counted[before, END, way] += 1
    return tuple(Cell(tail, head, people, name) for (tail, head, name), people in counted.items())


def _counted(traces: Sequence[Trace]) -> _Counted:
    cells = network(traces)
    back = kept_back(cells)
    ways: dict[tuple[str, str], int | None] = {}
    visits: dict[str, int | None] = {}
    chosen: dict[Chosen, int | None] = {}
    for cell in cells:
        people = None if cell in back else cell.people
        match cell.name:
            case Visit(scene):
                visits[scene] = people
            case Chosen() as decision:
                chosen[decision] = people
            case SceneWay(scene, _, following) if scene != BEGIN:
                known = ways.get((scene, following), 0)
                ways[scene, following] = None if known is None or people is None else known + people
    return _Counted(ways, visits, chosen)


def _whole(counts: Iterable[Mapping[K, int | None]]) -> dict[K, int]:
    """Add the groups up; nothing where one of them keeps its count back."""
    found: dict[K, int | None] = {}
    for count in counts:
        for key, people in count.items():
            known = found.get(key, 0)
            found[key] = None if known is None or people is None else known + people
    return {key: people for key, people in found.items() if people is not None}
