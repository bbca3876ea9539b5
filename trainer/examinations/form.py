"""Draw the form of one sitting: cases that together meet the blueprint, the same again from the same seed.

A case stands in a form once at most. The draw is exact: when any form meets the blueprint, one is found,
and among all of them one that repeats as little as can be of what the person has practised.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from trainer.errors import Refused
from trainer.examinations.blueprint import Blueprint
from trainer.examinations.candidates import Candidate
from trainer.examinations.search import MOST_SHARED, Pair, PlayedCase, Search, Tag, needs_of, tags_of


@dataclass(frozen=True)
class Seat:
    """One case in its place of a form; a warm-up is played and not counted."""

    candidate: Candidate
    warm_up: bool


ExamForm = tuple[Seat, ...]


@dataclass(frozen=True)
class Lack:
    """Why no form can be drawn: where in the file that is asked for, and a sentence."""

    keys: Tag
    text: str


def draw_exam(
    blueprint: Blueprint,
    candidates: Sequence[Candidate],
    seed: int,
    *,
    before: frozenset[Pair] = frozenset(),
    practised: frozenset[PlayedCase] = frozenset(),
) -> ExamForm:
    """Draw a form, the warm-up first.

    Args:
        seed: equal seeds draw equal forms from equal candidates.
        before: what the person met in earlier sittings; one of it at most comes again.
        practised: what the person has played before; it comes again only where nothing else is left.

    Raises:
        Refused: no form meets the blueprint, with the reasons.
    """
    if lacks := _plain_lacks(blueprint, candidates):
        raise Refused(" ".join(lack.text for lack in lacks))
    random = Random(f"{blueprint.slug} {seed}")  # a draw, not a secret: the form is kept
    search = Search.over(blueprint, candidates, random, before, practised)
    seats = search.best()
    if seats is None:
        raise Refused(_together(blueprint, before))
    chosen = [Seat(random.choice(option.members), warm_up) for option, warm_up in seats]
    random.shuffle(chosen)
    return tuple(sorted(chosen, key=lambda seat: not seat.warm_up))


def lacks(blueprint: Blueprint, candidates: Sequence[Candidate]) -> tuple[Lack, ...]:
    """Say why no first form, or no later one for the same person, could be drawn; empty when all could."""
    if plain := _plain_lacks(blueprint, candidates):
        return plain
    before: frozenset[Pair] = frozenset()
    for sitting in range(1, blueprint.attempts + 1):
        try:
            form = draw_exam(blueprint, candidates, sitting, before=before)
        except Refused as refusal:
            return (Lack(("attempts",) if before else ("needs",), str(refusal)),)
        before |= {(seat.candidate.slug, seat.candidate.variant) for seat in form}
    return ()


def _plain_lacks(blueprint: Blueprint, candidates: Sequence[Candidate]) -> tuple[Lack, ...]:
    """Count, need by need, whether there are enough cases at all."""
    there = len({candidate.slug for candidate in candidates})
    found = []
    if there < blueprint.whole:
        warm = f" and {blueprint.warm_up} to warm up" if blueprint.warm_up else ""
        text = f"This examination asks for {blueprint.cases} cases{warm}, and {there} may be used."
        found.append(Lack(("cases",), text))
    for tag, least in needs_of(blueprint).items():
        cases = {candidate.slug for candidate in candidates if tag in tags_of(candidate)}
        if len(cases) < least:
            without = sorted(
                {f"{candidate.slug}/{candidate.variant}" for candidate in candidates if tag not in tags_of(candidate)}
            )
            text = f"It asks for {least} cases {_words(tag)}, and there are {len(cases)}.{_without(without)}"
            found.append(Lack(("needs", *tag), text))
    return tuple(found)


def _words(tag: Tag) -> str:
    match tag:
        case ("phases", phase):
            return f"of the phase “{phase}”"
        case ("competencies", name):
            return f"in which the expert shows “{name}”"
        case _:
            return "in which something critical can happen"


def _without(variants: Sequence[str]) -> str:
    if not variants:
        return ""
    more = f" and {len(variants) - 6} more" if len(variants) > 6 else ""
    return f" These variants do not count for it: {', '.join(variants[:6])}{more}."


def _together(blueprint: Blueprint, before: frozenset[Pair]) -> str:
    if before:
        return (
            f"No further form meets every need and shares at most {MOST_SHARED} case and variant with the earlier "
            "ones. It takes more cases or variants, or fewer attempts."
        )
    return f"No {blueprint.cases} of these cases meet every need at once. Ask for less, or write more cases."
