"""How often a case is passed by whom, and the bounds that every case is held to."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from random import Random

from trainer.authoring.messages import Message
from trainer.cases.play.engine import expert_choice, expert_play
from trainer.cases.prover.findings import SEEDS
from trainer.cases.script.values import Case
from trainer.testwiseness.guessing import Strategy
from trainer.testwiseness.players import (
    cautious_choice,
    guesser,
    ignorant_strategies,
    names_a_cautious_line,
    passes,
    people_in,
    slips,
)

MOST_IGNORANT = Fraction(3, 100)
"""The share of plays in which somebody may pass who knows nothing, over all cases together; and, in each case, who is
always cautious once an expert has given the first answers. Whoever is so from the start passes none."""

LEAST_AFTER_A_SLIP = Fraction(90, 100)
"""The share of single slips that harm nobody, in each case, after which an expert must still pass."""

FIRST_ANSWERS = (1, 2)
"""So many answers an expert gives before caution takes over: to end a case at once would prove little of its rest."""


@dataclass(frozen=True)
class Plays:
    """How many plays were passed, and of how many."""

    passed: int
    of: int

    @classmethod
    def counted(cls, passed: Iterator[bool]) -> "Plays":
        """Count plays by whether they were passed."""
        every = tuple(passed)
        return cls(sum(every), len(every))

    @property
    def share(self) -> Fraction:
        """Return the share that was passed, from 0 to 1; 0 of none."""
        return Fraction(self.passed, max(1, self.of))

    def __add__(self, other: "Plays") -> "Plays":
        return Plays(self.passed + other.passed, self.of + other.of)


@dataclass(frozen=True)
class PassFigures:
    """How often one case is passed.

    Attributes:
        expert: every variant with every seed that differs.
        cautious: likewise, by who is always cautious; no plays where no answer is marked as the most cautious.
        led: likewise, once an expert has given the first answers.
        slipped: an expert who slips once and harms nobody, every such slip.
        ignorant: who knows nothing, by the name of the strategy.
    """

    case: Case
    expert: Plays
    cautious: Plays
    led: Plays
    slipped: Plays
    ignorant: Mapping[str, Plays]


def measured_cases(cases: Mapping[str, Case], slugs: Sequence[str], plays: int) -> Iterator[PassFigures]:
    """Yield how often each of these cases is passed; the same figures come again.

    Args:
        cases: all of them, by slug; the word model reads all but the one that it plays.
        plays: so many in each variant by each strategy that knows nothing, with one seed after the other.
    """
    for slug in slugs:
        case = cases[slug]
        strategies = ignorant_strategies([other for other in cases.values() if other is not case])
        yield PassFigures(
            case=case,
            expert=Plays.counted(passes(case, *each, expert_choice) for each in people_in(case)),
            cautious=Plays.counted(_cautious(case, [0])),
            led=Plays.counted(_cautious(case, FIRST_ANSWERS)),
            slipped=Plays.counted(slip.passed for slip in slips(case) if slip.harmless),
            ignorant={name: Plays.counted(_guessed(case, name, way, plays)) for name, way in strategies.items()},
        )


def of_all_cases(figures: Sequence[PassFigures]) -> Mapping[str, Plays]:
    """Return how often who knows nothing passes in all these cases, by the name of the strategy."""
    names = dict.fromkeys(name for each in figures for name in each.ignorant)
    return {name: sum((each.ignorant[name] for each in figures), Plays(0, 0)) for name in names}


def broken_bounds(figures: Sequence[PassFigures]) -> tuple[Message, ...]:
    """Return every bound that is broken, with its mend; none means that the cases hold."""
    found = [Message(each.case.path, line, text) for each in figures for line, text in _broken(each)]
    for name, plays in of_all_cases(figures).items():
        if plays.share > MOST_IGNORANT:
            worst = max(figures, key=lambda each: each.ignorant[name].share)
            text = f"“{name}”, who knows nothing, passes {_of(plays)} plays of these cases, and most often here. "
            found.append(Message(worst.case.path, 1, f"{text}Give the answers that it takes their price."))
    return tuple(sorted(found))


def _broken(each: PassFigures) -> Iterator[tuple[int, str]]:
    if each.expert.passed < each.expert.of:
        yield 1, f"The expert passes {_of(each.expert)} plays. Look at marks and duties."
    if each.cautious.passed or each.led.share > MOST_IGNORANT:
        line = next(choice.line for choice in each.case.choices.values() if choice.cautious)
        text = (
            f"Whoever is always cautious passes {_of(each.cautious)} plays, and {_of(each.led)} after an expert's first"
        )
        yield (
            line,
            f"{text} answers. Give too much caution its price, or take out “cautious: yes” where it harms nobody.",
        )
    if each.slipped.of and each.slipped.share < LEAST_AFTER_A_SLIP:
        failing = dict.fromkeys(slip.choice for slip in slips(each.case) if slip.harmless and not slip.passed)
        text = f"An expert who slips once and harms nobody passes {_of(each.slipped)} plays. Look at the worth of"
        yield each.case.choices[next(iter(failing))].line, f"{text} {', '.join(failing)}."


def _of(plays: Plays) -> str:
    return f"{plays.passed} of {plays.of}"


def _cautious(case: Case, led: Sequence[int]) -> Iterator[bool]:
    for (variant, seed), answers in product(people_in(case) if names_a_cautious_line(case) else (), led):
        begun = expert_play(case, variant, seed).inputs[:answers]
        yield passes(case, variant, seed, cautious_choice, begun)


def _guessed(case: Case, name: str, strategy: Strategy, plays: int) -> Iterator[bool]:
    for variant, number in product(case.variants, range(plays)):
        luck = Random(f"{case.slug} {name} {variant} {number}")
        yield passes(case, variant, SEEDS[number % len(SEEDS)], guesser(strategy, luck))
