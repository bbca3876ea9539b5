"""All figures of the banks of one folder: each bank by itself, and all together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trainer.curriculum.language.readability import reading_grade
from trainer.testwiseness.coverage import BankCounts, ObjectiveAsked, bank_counts, objectives_asked
from trainer.testwiseness.guessing import Guesses, together
from trainer.testwiseness.items import MULTIPLE, SINGLE, ReviewedBank, ReviewedItem
from trainer.testwiseness.likeness import near_pairs
from trainer.testwiseness.strategies import strategies
from trainer.testwiseness.telltales import WordRates, word_rates
from trainer.testwiseness.word_model import WordModel, model_of, word_guesses
from trainer.testwiseness.words import MODEL


@dataclass(frozen=True)
class Clues:
    """What gives answers away.

    Attributes:
        guesses: what each strategy gets, and last the word model, by name.
        words: those that are frequent enough to judge, of single-answer items first.
    """

    guesses: Mapping[str, Guesses]
    words: Sequence[WordRates]


@dataclass(frozen=True)
class Readability:
    """Years of school that the questions and the options of a bank ask for, and its hardest question."""

    stems: float
    options: float
    hardest: float
    hardest_item: str


@dataclass(frozen=True, kw_only=True)
class BankFigures:
    """What there is to say of one bank.

    Attributes:
        model: what the word model has read: all other banks.
        leads: how far the words of each item give its key away to that model, by its id.
    """

    bank: ReviewedBank
    clues: Clues
    model: WordModel
    leads: Mapping[str, int]
    counts: BankCounts
    objectives: Sequence[ObjectiveAsked]
    readability: Readability


@dataclass(frozen=True)
class Figures:
    """What there is to say of all banks.

    Attributes:
        clues: those of all banks together.
        near: every two items that are nearly the same and are not named as enemies or clones.
    """

    banks: Sequence[BankFigures]
    clues: Clues
    near: Sequence[tuple[ReviewedItem, ReviewedItem]]


def measured_banks(banks: Sequence[ReviewedBank]) -> Figures:
    """Measure the banks of a folder."""
    read = {bank.slug: model_of(bank.items) for bank in banks}
    everything = model_of(item for bank in banks for item in bank.items)
    each = [_bank(bank, everything.without(read[bank.slug])) for bank in banks]
    items = [item for bank in banks for item in bank.items]
    model = together(MODEL, (figures.clues.guesses[MODEL] for figures in each))
    return Figures(each, _clues(items, model), near_pairs(items))


def readability_of(items: Sequence[ReviewedItem]) -> Readability:
    """Return how hard items are to read, by the formula of the lessons; options are sentences of their own."""
    grades = [(reading_grade(item.stem), item.id) for item in items]
    hardest, hardest_item = max(grades, default=(0.0, ""))
    options = [f"{text.rstrip('.')}." for item in items for text in item.texts]
    return Readability(
        stems=reading_grade("\n".join(item.stem for item in items)),
        options=reading_grade("\n".join(options)),
        hardest=hardest,
        hardest_item=hardest_item,
    )


def _bank(bank: ReviewedBank, model: WordModel) -> BankFigures:
    return BankFigures(
        bank=bank,
        clues=_clues(bank.items, word_guesses(model, _guessable(bank.items))),
        model=model,
        leads={item.id: model.lead(item) for item in bank.items},
        counts=bank_counts(bank),
        objectives=objectives_asked(bank),
        readability=readability_of(bank.items),
    )


def _clues(items: Sequence[ReviewedItem], model: Guesses) -> Clues:
    guesses = {**strategies(_guessable(items)), MODEL: model}
    return Clues(guesses, [*word_rates(items, SINGLE), *word_rates(items, MULTIPLE)])


def _guessable(items: Sequence[ReviewedItem]) -> Sequence[ReviewedItem]:
    return [item for item in items if item.can_be_guessed]
