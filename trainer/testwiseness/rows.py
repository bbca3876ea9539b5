"""The figures of all banks as rows of one table, for whoever wants to count on."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from trainer.testwiseness.exposure import Exposure
from trainer.testwiseness.figures import BankFigures, Clues, Figures
from trainer.testwiseness.limits import ONE_BANK, errors_together, gets_too_much, points
from trainer.testwiseness.telltales import RATIO

HEAD = ("bank", "measure", "name", "value", "chance", "limit", "broken")
ALL = "all"
"""Stands where a bank would."""

FigureRow = tuple[str, str, str, str, str, str, str]


def rows(figures: Figures, exposures: Mapping[str, Exposure]) -> Iterator[FigureRow]:
    """Yield every figure: shares from 0 to 1, counts, grades in years of school; empty where there is no limit.

    Args:
        exposures: by bank.
    """
    for bank in figures.banks:
        yield from _clues(bank.bank.slug, bank.clues, ONE_BANK)
        yield from _counts(bank, exposures[bank.bank.slug])
    yield from _clues(ALL, figures.clues, errors_together(figures))
    for one, other in figures.near:
        yield (one.bank, "nearly the same", one.id, f"{other.bank}/{other.id}", "", "", _yes(one.bank == other.bank))


def _clues(bank: str, clues: Clues, errors: int) -> Iterator[FigureRow]:
    for name, guesses in clues.guesses.items():
        limit = guesses.limit(points(name), errors)
        broken = _yes(gets_too_much(guesses, errors))
        yield bank, "guess", name, _share(guesses.share), _share(guesses.chance), _share(limit), broken
    for rates in clues.words:
        for side, rate in (("keys", rates.key_rate), ("distractors", rates.distractor_rate)):
            name = f"{rates.kind} {rates.word}"
            yield bank, f"word in {side}", name, _share(rate), "", str(RATIO), _yes(rates.beyond(errors))


def _counts(bank: BankFigures, exposed: Exposure) -> Iterator[FigureRow]:
    slug, counts = bank.bank.slug, bank.counts
    for measure, counted in (
        ("kind", counts.by_kind),
        ("level", counts.by_level),
        ("readiness", counts.by_readiness),
        ("critical", {"there": counts.critical, "wanted": counts.critical_wanted}),
    ):
        for name, count in counted.items():
            yield slug, measure, name, str(count), "", "", ""
    for objective in bank.objectives:
        yield slug, "objective", objective.slug, str(objective.at_level), "", objective.level, ""
    for name, grade in (("stems", bank.readability.stems), ("options", bank.readability.options)):
        yield slug, "grade", name, str(grade), "", "", ""
    yield slug, "exposure", "pool", str(exposed.pool), "", "", ""
    yield slug, "exposure", "shown", _share(exposed.shown), "", "", ""
    yield slug, "exposure", "mean of 100", f"{float(exposed.mean):.1f}", "", "", ""
    yield slug, "exposure", "most of 100", f"{float(exposed.most):.1f}", "", "", ""


def _share(value: float | Fraction) -> str:
    return f"{float(value):.4f}"


def _yes(broken: bool) -> str:
    return "yes" if broken else ""
