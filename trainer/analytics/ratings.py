"""How people rate themselves before they see a score, beside the score."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import NamedTuple

from trainer.analytics.discrimination import correlation
from trainer.analytics.suppression import FEWEST, Cell, kept_back
from trainer.cases.runs.transcript import Reaction

_LEVELS = (1, 2, 3, 4, 5)
"""From “unsure” to “sure”, as the page after a case asks."""


class Rated(NamedTuple):
    """One self-rating, 1 to 5, beside the score in that competency, 0 to 100; `person` is only counted."""

    person: str
    competency: str
    felt: int
    percent: float


@dataclass(frozen=True)
class RatingLevel:
    """How often people rated themselves so, and their mean score; None where that is kept back."""

    felt: int
    given: int | None
    mean: float | None


@dataclass(frozen=True)
class Ratings:
    """One competency; `r` is the correlation of rating and score, None with fewer than five people."""

    competency: str
    given: int
    levels: tuple[RatingLevel, ...]
    r: float | None


def rated(person: str, percents: Mapping[str, int | None], reaction: Reaction) -> list[Rated]:
    """Return what somebody said about themselves after a run, beside what the run showed.

    Args:
        percents: by competency.
    """
    return [
        Rated(person, name, mark, percent)
        for name, mark in reaction.felt.items()
        if (percent := percents.get(name)) is not None
    ]


def ratings_of(given: Sequence[Rated]) -> tuple[Ratings, ...]:
    """Put ratings and scores side by side for each competency; levels of fewer than five people are kept back.

    One person rates themselves after every case: five ratings may well be of one.
    """
    by_name: dict[str, list[Rated]] = defaultdict(list)
    for rating in given:
        by_name[rating.competency].append(rating)
    return tuple(_ratings(name, by_name[name]) for name in sorted(by_name))


def _ratings(name: str, given: Sequence[Rated]) -> Ratings:
    at = {felt: [rating.percent for rating in given if rating.felt == felt] for felt in _LEVELS}
    people = {felt: len({rating.person for rating in given if rating.felt == felt}) for felt in _LEVELS}
    cells = [
        Cell("all", "rated", people[felt] if people[felt] < FEWEST else len(percents), felt)
        for felt, percents in at.items()
    ]
    back = {cell.name for cell in kept_back(cells)}
    return Ratings(
        competency=name,
        given=len(given),
        levels=tuple(
            RatingLevel(felt, None, None)
            if felt in back or not percents
            else RatingLevel(felt, len(percents), fmean(percents))
            for felt, percents in at.items()
        ),
        r=correlation([rating.felt for rating in given], [rating.percent for rating in given])
        if len({rating.person for rating in given}) >= FEWEST
        else None,
    )
