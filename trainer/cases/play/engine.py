"""Playing a case: pure functions from a state and an input to the next state.

A play is the case's hash, a variant, a seed and a list of inputs; everything else is recomputed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from trainer.cases.physiology.curves import NEVER
from trainer.cases.play.duties import closed, overdue, settle_duties, triggered
from trainer.cases.play.state import DutyState, PlayState, values_in
from trainer.cases.script.values import Case, Choice, Target, Way
from trainer.errors import Refused

TIMEOUT = "(timeout)"
"""The input for an answer that did not come in time; practice is calm and never sends it."""

_STRIDE = 100
"""Steps that a replay may go back at most to find where it has been before."""

Gains = tuple[tuple[str, int], ...]
"""Points by competency."""


@dataclass(frozen=True)
class Step:
    """One input and what it did.

    Attributes:
        scene: where it was given.
        choice: the id of the choice, or `(timeout)`.
        before: the state in which it was given; `after`: the state it led to.
        gains: the points it earned or cost.
        failures: critical failures it committed.
        heard: what the answer revealed (Markdown).
    """

    scene: str
    choice: str
    before: PlayState
    after: PlayState
    gains: Gains = ()
    failures: tuple[str, ...] = ()
    heard: tuple[str, ...] = ()


@dataclass(frozen=True)
class Play:
    """A whole play so far: the state, the points by competency, and every step."""

    state: PlayState
    points: Mapping[str, int]
    steps: tuple[Step, ...]

    @property
    def inputs(self) -> tuple[str, ...]:
        """The inputs that lead here again."""
        return tuple(step.choice for step in self.steps)

    @property
    def heard(self) -> tuple[str, ...]:
        """What the last answer revealed (Markdown paragraphs)."""
        return self.steps[-1].heard if self.steps else ()


def init(case: Case, variant: str, seed: int) -> PlayState:
    """Return the state in which a play begins; raises KeyError for an unknown variant."""
    scene = case.scenes[case.head.start]
    begun = PlayState(
        variant=variant,
        seed=seed,
        scene=scene.id,
        minute=case.chapters[scene.chapter].begins,
        numbers=tuple(number.start for number in case.head.numbers),
        facts=frozenset(case.variants[variant].facts),
        duties=(DutyState(),) * len(case.duties),
    )
    return triggered(case, _interrupted(case, begun), begun.facts, entered=True)


def options(case: Case, state: PlayState) -> tuple[str, ...]:
    """Return the ids of the choices that are open now, in the order of the file; none when the play has ended."""
    if state.ending:
        return ()
    value_of = values_in(case, state)
    return tuple(
        choice.id
        for choice in case.scenes[state.scene].choices
        if (choice.again or choice.id not in state.taken) and choice.only_if.holds(value_of)
    )


def step(case: Case, state: PlayState, given: str) -> tuple[PlayState, Gains]:
    """Answer the scene, and return the next state and the points.

    Raises:
        Refused: the choice is not open now.
    """
    scene = case.scenes[state.scene]
    if given == TIMEOUT and scene.limit is not None and not state.ending:
        return _move(case, state, Target(Way.SCENE, scene.otherwise, 0), -(-scene.limit // 60)), ()
    if given not in options(case, state):
        raise Refused("This answer cannot be given at this moment. Go on from the scene as it stands now.")
    return taken(case, state, given)


def taken(case: Case, state: PlayState, given: str) -> tuple[PlayState, Gains]:
    """Take a choice that is known to be open: what `step` does, without looking once more."""
    scene, choice = case.scenes[state.scene], case.choices[given]
    gains = choice.scores if given not in state.taken else ()
    acted = _changed(case, state, choice)._replace(
        taken=state.taken | {given},
        failures=state.failures | failed(case, state, given),
    )
    target = choice.next or Target(Way.SCENE, scene.id, 0)
    return _move(case, acted, target, choice.takes, stays=choice.next is None, known=state.facts), gains


def replay(case: Case, variant: str, seed: int, inputs: tuple[str, ...]) -> Play:
    """Play a list of inputs from the beginning; raises Refused when one of them was not open.

    What has been played before is not played again: a run that goes on costs one step.
    """
    for length in range(0, len(inputs), _STRIDE):  # so that no long run recurses deeply
        _replayed(case, variant, seed, inputs[:length])
    return _replayed(case, variant, seed, inputs)


@lru_cache(maxsize=4096)
def _replayed(case: Case, variant: str, seed: int, inputs: tuple[str, ...]) -> Play:
    if not inputs:
        return Play(init(case, variant, seed), {competency.name: 0 for competency in case.head.competencies}, ())
    so_far, given = _replayed(case, variant, seed, inputs[:-1]), inputs[-1]
    state, choice = so_far.state, case.choices.get(given)
    after, gains = step(case, state, given)
    value_of = values_in(case, state)
    heard = tuple(clause.text for clause in choice.cue if clause.when.holds(value_of)) if choice else ()
    failures = failed(case, state, given)
    ordered = tuple(rule.id for rule in case.must_nots if rule.id in failures)
    taken_step = Step(state.scene, given, state, after, gains, ordered, heard)
    return Play(after, _sum(so_far.points, gains), (*so_far.steps, taken_step))


def _sum(points: Mapping[str, int], gains: Gains) -> Mapping[str, int]:
    more = dict(points)
    for name, value in gains:
        more[name] += value
    return more


def expert_choice(case: Case, state: PlayState) -> str | None:
    """Return what the expert would do now, or None when the case does not say."""
    value_of = values_in(case, state)
    would = [
        (one.expert.last, one.id)
        for one in map(case.choices.__getitem__, options(case, state))
        if one.expert and one.expert.when.holds(value_of)
    ]
    return min(would, key=lambda one: one[0])[1] if would else None


@lru_cache(maxsize=2048)
def expert_play(case: Case, variant: str, seed: int) -> Play:
    """Play the expert's policy to its end, to where it has nothing to say, or once round a circle that has no end."""
    state, inputs, late = init(case, variant, seed), [], set[PlayState]()
    while not state.ending and timeless(case, state) not in late and (given := expert_choice(case, state)):
        if time_is_up(case, state):
            late.add(timeless(case, state))
        inputs.append(given)
        state, _ = step(case, state, given)
    return replay(case, variant, seed, tuple(inputs))


def time_is_up(case: Case, state: PlayState) -> bool:
    """Say whether the chapter's time has run out, so that only a choice can still lead on."""
    return state.minute >= case.chapters[case.scenes[state.scene].chapter].ends


def timeless(case: Case, state: PlayState) -> PlayState:
    """Return the state as at the end of its chapter: whoever stands there twice after it goes round in a circle."""
    return state._replace(minute=case.chapters[case.scenes[state.scene].chapter].ends)


def failed(case: Case, state: PlayState, given: str) -> frozenset[str]:
    """Return the critical failures that this choice is, in this state."""
    rules = case.failing.get(given)
    if not rules:
        return frozenset()
    value_of = values_in(case, state)
    return frozenset(name for name, unless in rules if unless is None or not unless.holds(value_of))


def _changed(case: Case, state: PlayState, choice: Choice) -> PlayState:
    numbers, facts = state.numbers, state.facts
    if choice.shifts:
        moved = list(numbers)
        for name, by in choice.shifts:
            moved[case.positions[name]] += by
        numbers = tuple(min(one.top, max(0, value)) for one, value in zip(case.head.numbers, moved, strict=True))
    if choice.sets or choice.clears:
        facts = facts.union(choice.sets).difference(choice.clears)
    given = state.minute if choice.gives and state.supplement == NEVER else state.supplement
    return state._replace(numbers=numbers, facts=facts, supplement=given)


def _move(
    case: Case,
    state: PlayState,
    target: Target,
    takes: int,
    *,
    stays: bool = False,
    known: frozenset[str] | None = None,
) -> PlayState:
    """Let time pass, go where the choice leads, and settle the duties."""
    here = case.chapters[case.scenes[state.scene].chapter]
    minute = state.minute + takes
    known = state.facts if known is None else known
    passed = settle_duties(case, state._replace(minute=minute))
    if target.way is Way.END:
        return passed._replace(ending=target.name, duties=tuple(map(closed, passed.duties)), back="")
    name = state.back if target.way is Way.BACK and state.back else target.name or state.scene
    there = case.scenes[name]
    inside = case.chapters[there.chapter] is here
    if inside and minute >= here.ends > state.minute and here.then:
        there, stays = case.scenes[here.then], False
        inside = case.chapters[there.chapter] is here
    # A duty that a fact begins looks at this moment, before anything else can happen.
    passed = triggered(case, passed, known, entered=False)
    still_inside_event = inside and target.way is not Way.BACK and there.can_return
    arrived = passed._replace(
        scene=there.id,
        back=passed.back if still_inside_event else "",
        minute=minute if inside else case.chapters[there.chapter].begins,
        duties=passed.duties if inside else tuple(map(overdue, passed.duties)),
    )
    arrived = _interrupted(case, arrived)
    moved = arrived.scene != state.scene or not stays
    return triggered(case, arrived, arrived.facts, entered=moved)


def _interrupted(case: Case, state: PlayState) -> PlayState:
    """Let the first event of the chapter break in whose moment has come."""
    chapter = case.chapters[case.scenes[state.scene].chapter]
    if state.back or state.minute >= chapter.ends:
        return state
    for scene in chapter.scenes:
        if scene.event and scene.id not in state.fired and scene.event.holds(values_in(case, state)):
            return state._replace(scene=scene.id, back=state.scene, fired=state.fired | {scene.id})
    return state
