"""What of a state can still matter, so that the checker need not tell apart what nothing reads any more."""

from collections.abc import Hashable, Mapping, Set
from dataclasses import dataclass

from trainer.cases.physiology.curves import NEVER
from trainer.cases.play.state import Done, PlayState
from trainer.cases.script.graph import after, reached, scenes_after
from trainer.cases.script.values import FAILED, VITALS, Case, Scene

_MEASURED = frozenset(VITALS)


@dataclass(frozen=True)
class Matters:
    """For each scene: the names, and the choices once made, that can still change what happens."""

    names: Mapping[str, frozenset[str]]
    taken: Mapping[str, frozenset[str]]
    numbers: tuple[str, ...]

    def key(self, state: PlayState) -> Hashable:
        """Return what tells this state from another; equal keys have equal futures."""
        names = self.names[state.scene] | (self.names[state.back] if state.back else frozenset())
        return (
            state.scene,
            state.minute,
            state.back,
            state.fired,
            state.facts & names,
            state.supplement if names & _MEASURED else NEVER,
            state.taken & self.taken[state.scene],
            FAILED in names and bool(state.failures),
            tuple(value if name in names else -1 for name, value in zip(self.numbers, state.numbers, strict=True)),
            tuple(
                duty.deadline if duty.state is Done.DUE else -3 if duty.state is Done.IDLE else -2
                for duty in state.duties
            ),
        )


def matters(case: Case, heed: frozenset[str] = frozenset()) -> Matters:
    """Find what matters from each scene on.

    Args:
        heed: names that are to matter everywhere, although they change nothing but what is shown.
    """
    ahead = after(case)
    reads = {name: _with_distress(_plain_reads(case, scene) | heed) for name, scene in case.scenes.items()}
    again = _revisited(case)
    return Matters(
        names={name: frozenset().union(*(reads[scene_id] for scene_id in later)) for name, later in ahead.items()},
        taken={name: again[scene.chapter] for name, scene in case.scenes.items()},
        numbers=tuple(number.name for number in case.head.numbers),
    )


def depends_on_seed(case: Case) -> bool:
    """Say whether a vital sign decides anything; if not, every seed plays alike."""
    reads = frozenset().union(*(_plain_reads(case, scene) for scene in case.scenes.values()))
    policy = (choice.expert.when.names for choice in case.choices.values() if choice.expert)
    return bool((reads | frozenset().union(*policy)) & set(VITALS))


def _with_distress(names: frozenset[str]) -> frozenset[str]:
    return names | {"distress"} if names & _MEASURED else names


def _plain_reads(case: Case, scene: Scene) -> frozenset[str]:
    names: set[str] = set()
    if scene.event:
        names |= scene.event.names
    for choice in scene.choices:
        names |= choice.only_if.names
    here = {choice.id for choice in scene.choices}
    for rule in case.must_nots:
        for name, unless in rule.choices:
            if name in here and unless:
                names |= unless.names
    sets = {fact for choice in scene.choices for fact in choice.sets}
    for duty in case.duties:
        if duty.scene == scene.id or duty.after in sets:
            names |= duty.when.names | {duty.fact, duty.after}
    return frozenset(names - {"", "time"})


def _revisited(case: Case) -> tuple[frozenset[str], ...]:
    """Find for each chapter the choices of the scenes that can be met more than once."""
    entered = {case.head.start}.union(*(scenes_after(case, scene) for scene in case.scenes.values()))
    return tuple(
        frozenset(
            choice.id
            for scene in chapter.scenes
            if scene.id in reached(case, _follow(case, scene, entered))
            for choice in scene.choices
        )
        for chapter in case.chapters
    )


def _follow(case: Case, scene: Scene, entered: Set[str]) -> frozenset[str]:
    """Return what can come next: where the choices lead, the scene itself if it stays, and every event of its chapter.

    An event to which nothing leads (it is not among those `entered`) breaks in once and does not come again.
    What `back` returns to was about to follow already, so it opens no further way.
    """
    # An interview stays where it is, and so does “back” when nothing has broken in.
    stays = {scene.id} if scene.interview or (scene.can_return and scene.id in entered) else set()
    here = case.chapters[scene.chapter].scenes
    events = {other.id for other in here if other.event and (other is not scene or other.id in entered)}
    return scenes_after(case, scene) | stays | events
