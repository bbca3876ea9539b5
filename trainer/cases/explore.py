"""Every play of a case, in one variant and with one seed: what can be reached, and what can go wrong.

Every choice takes a minute at least and chapters only go forward, so the states form a finite graph
without circles. They are taken in the order of time and equal ones are merged; the lowest and the
highest points are carried along. The result is exact, unless a chapter's time can run out with
nowhere to go: a play could then go round for ever, and is followed once round only.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from trainer.cases.engine import TIMEOUT, Gains, Play, expert_play, failed, init, options, step, time_is_up, timeless
from trainer.cases.liveness import Matters, matters
from trainer.cases.state import Done, State
from trainer.cases.values import Case, Way

MOST_STATES = 60_000
"""Beyond this a case is too entangled to be proved."""

Range = tuple[int, int]
"""The lowest and the highest points that a play can end with."""


@dataclass(frozen=True)
class Report:
    """What all plays of one variant and seed have between them.

    Attributes:
        states: how many different states there are.
        scenes, choices, endings: the ids that some play reaches, is offered, or ends with.
        failures: the critical failures that can happen.
        duties: for each duty, every way in which it can come out.
        points: by competency, over all plays that end.
        stuck: scenes in which some play has nothing left to choose.
        overrun: positions of chapters whose time can run out with nowhere to go.
        nowhere: choices that would go back although no event broke in.
        entangled: there were too many states, and nothing is proved.
        expert: the play of the expert.
    """

    variant: str
    seed: int
    states: int
    scenes: frozenset[str]
    choices: frozenset[str]
    endings: frozenset[str]
    failures: frozenset[str]
    duties: Mapping[str, frozenset[Done]]
    points: Mapping[str, Range]
    stuck: frozenset[str]
    overrun: frozenset[int]
    nowhere: frozenset[str]
    entangled: bool
    expert: Play


@dataclass
class _Node:
    state: State
    low: tuple[int, ...]
    high: tuple[int, ...]


@lru_cache(maxsize=512)
def explore(case: Case, variant: str, seed: int) -> Report:
    """Play everything; raises KeyError for an unknown variant."""
    return _Explorer(case, matters(case)).report(variant, seed)


@dataclass
class _Explorer:
    case: Case
    matters: Matters
    scenes: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    endings: set[str] = field(default_factory=set)
    failures: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    overrun: set[int] = field(default_factory=set)
    nowhere: set[str] = field(default_factory=set)
    duties: dict[str, set[Done]] = field(default_factory=lambda: defaultdict(set))
    ends: list[_Node] = field(default_factory=list)
    ahead: dict[tuple[int, int], dict[Hashable, _Node]] = field(default_factory=dict)
    late: set[Hashable] = field(default_factory=set)
    states: int = 0

    def report(self, variant: str, seed: int) -> Report:
        names = [one.name for one in self.case.head.competencies]
        zero = (0,) * len(names)
        self.arrive(_Node(init(self.case, variant, seed), zero, zero))
        while self.ahead and self.states <= MOST_STATES:
            nodes = self.ahead.pop(min(self.ahead))
            self.states += len(nodes)
            for node in nodes.values():
                self.visit(node, names)
        low, high = ([one.low for one in self.ends], [one.high for one in self.ends])
        return Report(
            variant=variant,
            seed=seed,
            states=self.states,
            scenes=frozenset(self.scenes),
            choices=frozenset(self.choices),
            endings=frozenset(self.endings),
            failures=frozenset(self.failures),
            duties={name: frozenset(ways) for name, ways in self.duties.items()},
            points={
                name: (min(one[n] for one in low), max(one[n] for one in high))
                for n, name in enumerate(names)
                if self.ends
            },
            stuck=frozenset(self.stuck),
            overrun=frozenset(self.overrun),
            nowhere=frozenset(self.nowhere),
            entangled=bool(self.ahead),
            expert=expert_play(self.case, variant, seed),
        )

    def visit(self, node: _Node, names: list[str]) -> None:
        scene = self.case.scenes[node.state.scene]
        self.scenes.add(scene.id)
        opened = options(self.case, node.state)
        self.choices.update(opened)
        if not opened:
            self.stuck.add(scene.id)
        for given in (*opened, TIMEOUT) if scene.limit is not None else opened:
            self.take(node, given, names)

    def take(self, node: _Node, given: str, names: list[str]) -> None:
        state, gains = step(self.case, node.state, given)
        choice = self.case.choices.get(given)
        if choice and choice.next and choice.next.way is Way.BACK and not node.state.back:
            self.nowhere.add(given)
        self.failures |= failed(self.case, node.state, given)
        for duty, before, now in zip(self.case.duties, node.state.duties, state.duties, strict=True):
            if before.state is not now.state:
                self.duties[duty.id].add(now.state)
        low, high = _added(node.low, gains, names), _added(node.high, gains, names)
        self.arrive(_Node(state, low, high))

    def arrive(self, node: _Node) -> None:
        state = node.state
        if state.ending:
            self.endings.add(state.ending)
            self.ends.append(node)
            return
        position = self.case.scenes[state.scene].chapter
        if time_is_up(self.case, state) and not self.case.chapters[position].then:
            self.overrun.add(position)
            key = self.matters.key(timeless(self.case, state))
            if key in self.late:
                return
            self.late.add(key)
        nodes = self.ahead.setdefault((position, state.minute), {})
        key = self.matters.key(state)
        if (known := nodes.get(key)) is None:
            nodes[key] = node
            return
        known.low = tuple(map(min, known.low, node.low))
        known.high = tuple(map(max, known.high, node.high))


def _added(points: tuple[int, ...], gains: Gains, names: list[str]) -> tuple[int, ...]:
    if not gains:
        return points
    more = dict(gains)
    return tuple(value + more.get(name, 0) for value, name in zip(points, names, strict=True))
