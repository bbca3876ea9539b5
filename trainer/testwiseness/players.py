"""Who plays a case without having learnt it: who knows nothing, who is always cautious, the expert who slips once.

Whoever knows nothing meets a moment of a case as an item: a text, and the answers that are open. So every strategy that
guesses in banks plays cases too, and luck decides between answers that it cannot tell apart. All plays run through the
engine and are scored as those of trainees are.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from random import Random

from trainer.cases.play.engine import Play, expert_choice, expert_play, failed, options, replay
from trainer.cases.play.score import score
from trainer.cases.play.state import PlayState
from trainer.cases.prover.findings import SEEDS
from trainer.cases.prover.relevant_state import depends_on_seed
from trainer.cases.script.values import Case, Choice, Scene
from trainer.testwiseness.guessing import Strategy
from trainer.testwiseness.items import MULTIPLE, ReviewedItem
from trainer.testwiseness.strategies import BY_LOOK
from trainer.testwiseness.word_model import model_of
from trainer.testwiseness.words import MODEL

LUCK = "luck"
"""What is called who takes any open answer."""

HARMS_NOBODY = -1
"""An answer that is no critical failure and costs no competency more points than this harms nobody."""

_MOST_STEPS = 200
"""A play that has not ended after so many answers goes round in a circle."""

CasePlayer = Callable[[Case, PlayState], str | None]
"""Says which open answer it gives, by id; None where it has nothing to say."""


@dataclass(frozen=True)
class Slip:
    """One answer that is not the expert's, in a play that is otherwise the expert's.

    Attributes:
        step: which answer of the play it is, from 0.
        harmless: whether it is no critical failure and costs no competency more than one point.
        passed: whether the play passes all the same.
    """

    variant: str
    seed: int
    step: int
    choice: str
    harmless: bool
    passed: bool


def played_on(case: Case, play: Play, player: CasePlayer) -> Play:
    """Let a player go on from where a play stands, to its end or to where there is nothing to say."""
    while not play.state.ending and len(play.steps) < _MOST_STEPS and (given := player(case, play.state)):
        play = replay(case, play.state.variant, play.state.seed, (*play.inputs, given))
    return play


def passes(case: Case, variant: str, seed: int, player: CasePlayer, begun: tuple[str, ...] = ()) -> bool:
    """Say whether a player passes who takes up a play after these inputs; raises Refused when one was not open."""
    return score(case, played_on(case, replay(case, variant, seed, begun), player)).passed


def cautious_choice(case: Case, state: PlayState) -> str | None:
    """Return the open answer that its author calls the most cautious, or what the expert does where none is."""
    marked = (choice for choice in options(case, state) if case.choices[choice].cautious)
    return next(marked, None) or expert_choice(case, state)


def names_a_cautious_line(case: Case) -> bool:
    """Say whether the author has marked any answer as the most cautious."""
    return any(choice.cautious for choice in case.choices.values())


def ignorant_strategies(others: Sequence[Case]) -> Mapping[str, Strategy]:
    """Return every way to answer that needs no knowledge, by its name.

    Args:
        others: the cases whose answers the word model has read; never the one that it will play.
    """
    model = model_of(_seen(case, scene, scene.choices) for case in others for scene in case.scenes.values())
    return {
        **BY_LOOK,
        "first": lambda item: frozenset({0}),
        "last": lambda item: frozenset({len(item.options) - 1}),
        LUCK: lambda item: frozenset(range(len(item.options))),
        MODEL: model.choice,
    }


def guesser(strategy: Strategy, luck: Random) -> CasePlayer:
    """Return a player who sees the words alone; where the strategy cannot choose, luck does."""

    def guess(case: Case, state: PlayState) -> str | None:
        if not (offered := options(case, state)):
            return None
        return offered[luck.choice(sorted(strategy(_moment(case, state.scene, offered))))]

    return guess


def people_in(case: Case) -> Iterator[tuple[str, int]]:
    """Return every variant with every seed; with one seed alone where all play alike."""
    return product(case.variants, SEEDS if depends_on_seed(case) else SEEDS[:1])


def slips(case: Case) -> Iterator[Slip]:
    """Yield every single slip of an expert with everybody, after which the expert goes on as experts do.

    To ask in an interview what the expert asks there a little later is none.
    """
    for variant, seed in people_in(case):
        expert = expert_play(case, variant, seed)
        for number, step in enumerate(expert.steps):
            for other in options(case, step.before):
                if other != step.choice and not _is_asked_later(case, step.scene, other):
                    begun = (*expert.inputs[:number], other)
                    passed = passes(case, variant, seed, expert_choice, begun)
                    yield Slip(variant, seed, number, other, _is_harmless(case, step.before, other), passed)


def _is_asked_later(case: Case, scene: str, other: str) -> bool:
    expert = case.choices[other].expert
    return case.scenes[scene].interview and expert is not None and not expert.last


def _is_harmless(case: Case, state: PlayState, other: str) -> bool:
    gentle = all(points >= HARMS_NOBODY for _, points in case.choices[other].scores)
    return gentle and not failed(case, state, other)


@lru_cache(maxsize=16_384)
def _moment(case: Case, scene: str, offered: tuple[str, ...]) -> ReviewedItem:
    return _seen(case, case.scenes[scene], [case.choices[choice] for choice in offered])


def _seen(case: Case, scene: Scene, offered: Sequence[Choice]) -> ReviewedItem:
    """Return a moment as an item; several of its answers may be the expert's."""
    return ReviewedItem(
        bank=case.slug,
        id=scene.id,
        path=case.path,
        line=scene.line,
        kind=MULTIPLE,
        stem="\n".join(paragraph.text for paragraph in scene.paragraphs),
        options=tuple((choice.text, choice.expert is not None) for choice in offered),
        objective="",
        level="",
        readiness="",
        critical=False,
        never_counts=False,
    )
