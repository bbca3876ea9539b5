"""Every play of a case, in one variant and with one seed: what can be reached, and what can go wrong.

Every choice takes a minute at least and chapters only go forward, so the states form a finite graph
without circles. They are taken in the order of time and equal ones are merged; the lowest and the
highest points are carried along, and which scenes with a cue some way here has left out. The result
is exact, unless a chapter's time can run out with nowhere to go: a play could then go round for
ever, and is followed once round only.
"""

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from operator import add

from trainer.cases.play.engine import (
    TIMEOUT,
    Play,
    expert_play,
    failed,
    init,
    options,
    step,
    taken,
    time_is_up,
    timeless,
)
from trainer.cases.play.state import Done, PlayState, values_at_end, values_in
from trainer.cases.prover.asked_conditions import Placed, at_end, placed
from trainer.cases.prover.relevant_state import Matters, matters
from trainer.cases.script.values import Case, Choice, Way

MOST_STATES = 60_000
"""Beyond this a case is too entangled to be proved."""

Points = tuple[int, ...]
"""Points in the order in which the case names its competencies."""

Range = tuple[int, int]
"""The lowest and the highest points that a play can end with."""


@dataclass(frozen=True)
class Report:
    """What all plays of one variant and seed have between them.

    Attributes:
        states: how many different states there are.
        scenes, choices, endings: the ids that some play reaches, is offered, or ends with.
        failures: the critical failures that can happen.
        uncued: those of them that can happen before their cue has been seen.
        duties: for each duty, every way in which it can stand or come out; idle when a play ends without asking for it.
        points: by competency, over all plays that end.
        stuck: scenes in which some play has nothing left to choose.
        overrun: positions of chapters whose time can run out with nowhere to go.
        nowhere: choices that would go back although no event broke in.
        held: the conditions of prose, cues, experts and “unless” that held at their place in some play; all of them
            only where the names that they ask for were heeded.
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
    uncued: frozenset[str]
    duties: Mapping[str, frozenset[Done]]
    points: Mapping[str, Range]
    stuck: frozenset[str]
    overrun: frozenset[int]
    nowhere: frozenset[str]
    held: frozenset[Placed]
    entangled: bool
    expert: Play


@dataclass(slots=True)
class _Node:
    """A state, the points of all ways here, and the scenes with a cue that at least one of these ways left out."""

    state: PlayState
    low: Points
    high: Points
    unseen: frozenset[str]


@lru_cache(maxsize=512)
def explore(case: Case, variant: str, seed: int, heed: frozenset[str] = frozenset()) -> Report:
    """Play everything; raises KeyError for an unknown variant.

    Args:
        heed: names by which states are told apart although nothing that happens depends on them.
    """
    return _Explorer(case, matters(case, heed)).report(variant, seed)


@dataclass
class _Explorer:
    case: Case
    matters: Matters
    scenes: set[str] = field(default_factory=set)
    choices: set[str] = field(default_factory=set)
    endings: set[str] = field(default_factory=set)
    failures: set[str] = field(default_factory=set)
    uncued: set[str] = field(default_factory=set)
    stuck: set[str] = field(default_factory=set)
    overrun: set[int] = field(default_factory=set)
    nowhere: set[str] = field(default_factory=set)
    held: set[Placed] = field(default_factory=set)
    duties: dict[str, set[Done]] = field(default_factory=lambda: defaultdict(set))
    ends: list[_Node] = field(default_factory=list)
    ahead: dict[tuple[int, int], dict[Hashable, _Node]] = field(default_factory=dict)
    late: set[Hashable] = field(default_factory=set)
    states: int = 0

    def __post_init__(self) -> None:
        self.names = [competency.name for competency in self.case.head.competencies]
        self.worth = {choice.id: self.vector(choice) for choice in self.case.choices.values()}
        self.open = {place: list(some) for place, some in placed(self.case).items()}
        self.cues = {rule.id: rule.cue_in for rule in self.case.must_nots if rule.cue_in}

    def vector(self, choice: Choice) -> Points:
        """Return what a choice is worth, in the order of the competencies."""
        return tuple(sum(points for name, points in choice.scores if name == competency) for competency in self.names)

    def report(self, variant: str, seed: int) -> Report:
        names = self.names
        zero = (0,) * len(names)
        self.arrive(_Node(init(self.case, variant, seed), zero, zero, frozenset(self.cues.values())))
        while self.ahead and self.states <= MOST_STATES:
            nodes = self.ahead.pop(min(self.ahead))
            self.states += len(nodes)
            for node in nodes.values():
                self.visit(node)
        low, high = ([end.low for end in self.ends], [end.high for end in self.ends])
        return Report(
            variant=variant,
            seed=seed,
            states=self.states,
            scenes=frozenset(self.scenes),
            choices=frozenset(self.choices),
            endings=frozenset(self.endings),
            failures=frozenset(self.failures),
            uncued=frozenset(self.uncued),
            duties={name: frozenset(ways) for name, ways in self.duties.items()},
            points={
                name: (min(sums[n] for sums in low), max(sums[n] for sums in high))
                for n, name in enumerate(names)
                if self.ends
            },
            stuck=frozenset(self.stuck),
            overrun=frozenset(self.overrun),
            nowhere=frozenset(self.nowhere),
            held=frozenset(self.held),
            entangled=bool(self.ahead),
            expert=expert_play(self.case, variant, seed),
        )

    def visit(self, node: _Node) -> None:
        scene = self.case.scenes[node.state.scene]
        self.scenes.add(scene.id)
        node.unseen -= {scene.id}
        opened = options(self.case, node.state)
        self.choices.update(opened)
        self.value_of(scene.id, node.state)
        if not opened:
            self.stuck.add(scene.id)
        for given in opened:
            self.take(node, given)
        if scene.limit is not None:
            silent, _ = step(self.case, node.state, TIMEOUT)
            self.note_duties(node.state, silent)
            self.arrive(_Node(silent, node.low, node.high, node.unseen))

    def value_of(self, place: str, state: PlayState) -> None:
        """Note which conditions hold here; one that has held is not looked at again."""
        if not (waiting := self.open.get(place)):
            return
        value_of = values_at_end(self.case, state) if state.ending else values_in(self.case, state)
        if met := [task for task in waiting if task.holds(value_of)]:
            self.held.update(met)
            self.open[place] = [task for task in waiting if task not in met]

    def take(self, node: _Node, given: str) -> None:
        before, choice = node.state, self.case.choices[given]
        self.value_of(given, before)
        state, gains = taken(self.case, before, given)
        if choice.next and choice.next.way is Way.BACK and not before.back:
            self.nowhere.add(given)
        if given in self.case.failing:
            committed = failed(self.case, before, given)
            self.failures |= committed
            self.uncued |= {name for name in committed if self.cues.get(name) in node.unseen}
        self.note_duties(before, state)
        low, high = node.low, node.high
        if gains:
            worth = self.worth[given]
            low, high = tuple(map(add, low, worth)), tuple(map(add, high, worth))
        self.arrive(_Node(state, low, high, node.unseen))

    def note_duties(self, before: PlayState, after: PlayState) -> None:
        if before.duties is after.duties:
            return
        for duty, was, now in zip(self.case.duties, before.duties, after.duties, strict=True):
            if was.state is not now.state:
                self.duties[duty.id].add(now.state)

    def arrive(self, node: _Node) -> None:
        state = node.state
        if state.ending:
            self.endings.add(state.ending)
            self.value_of(at_end(state.ending), state)
            self.ends.append(node)
            for duty, standing in zip(self.case.duties, state.duties, strict=True):
                if standing.state is Done.IDLE:
                    self.duties[duty.id].add(Done.IDLE)
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
        if known.low != node.low:
            known.low = tuple(map(min, known.low, node.low))
        if known.high != node.high:
            known.high = tuple(map(max, known.high, node.high))
        known.unseen |= node.unseen
