"""The limits that banks are held to.

All banks together, where there are several, are held to a limit itself; one bank, which has few items, to two standard
errors beyond it.
"""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from trainer.authoring.messages import Message
from trainer.testwiseness.figures import BankFigures, Clues, Figures
from trainer.testwiseness.guessing import Guesses
from trainer.testwiseness.items import ReviewedItem
from trainer.testwiseness.telltales import holding
from trainer.testwiseness.wording import enemies, mend, over, uneven
from trainer.testwiseness.words import MODEL

STRATEGY_POINTS = Fraction(8, 100)
"""So much above chance may be what a strategy gets."""
MODEL_POINTS = Fraction(12, 100)
"""So much above chance may be what the word model gets."""
ALL_BANKS = 0
"""Standard errors beyond a limit that all banks together may lie."""
ONE_BANK = 2
"""Standard errors beyond a limit that one bank may lie."""


def points(name: str) -> Fraction:
    """Return how far above chance that way of guessing may be, from 0 to 1."""
    return MODEL_POINTS if name == MODEL else STRATEGY_POINTS


def gets_too_much(guesses: Guesses, errors: int) -> bool:
    """Say whether somebody who knows nothing gets too much.

    Args:
        errors: so many standard errors beyond its limit may be.
    """
    return guesses.share > guesses.limit(points(guesses.name), errors)


def errors_together(figures: Figures) -> int:
    """Return how many standard errors all banks together may lie beyond a limit: one bank is no more than itself."""
    return ALL_BANKS if len(figures.banks) > 1 else ONE_BANK


def broken_limits(figures: Figures) -> tuple[Message, ...]:
    """Return every limit that is broken, by file and line of the worst item; none means that the banks hold."""
    found: list[Message] = []
    for bank in figures.banks:
        found += _told(bank.clues, ONE_BANK, {bank.bank.slug: bank}, bank.bank.slug)
    banks = {bank.bank.slug: bank for bank in figures.banks}
    if len(banks) > 1:
        found += _told(figures.clues, ALL_BANKS, banks, "all banks together")
    found += [
        Message(other.path, other.line, enemies(one, other)) for one, other in figures.near if one.bank == other.bank
    ]
    return tuple(sorted(found))


def _told(clues: Clues, errors: int, banks: Mapping[str, BankFigures], where: str) -> Iterator[Message]:
    """Yield what these clues break, in items of these banks by slug."""
    models = {slug: bank.model for slug, bank in banks.items()}
    for guesses in clues.guesses.values():
        if gets_too_much(guesses, errors):
            worst = guesses.given_away if guesses.name != MODEL else _worst_first(guesses.given_away, banks)
            limit = float(guesses.limit(points(guesses.name), errors))
            words = f"{over(guesses, limit, where)} {mend(guesses, worst, models)}"
            yield Message(worst[0].path, worst[0].line, words)
    for rates in clues.words:
        if rates.beyond(errors):
            there = holding((item for bank in banks.values() for item in bank.bank.items), rates)
            worst = _worst_first(there, banks)
            yield Message(worst[0].path, worst[0].line, uneven(rates, where, worst))


def _worst_first(items: Sequence[ReviewedItem], banks: Mapping[str, BankFigures]) -> Sequence[ReviewedItem]:
    """Sort items by how far their words give the key away."""
    return sorted(items, key=lambda item: -banks[item.bank].leads[item.id])
