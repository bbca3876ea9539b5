"""Draw a form from a bank, the same one again from the same seed."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from trainer.errors import Broken
from trainer.quizzes.items import Bank, Item
from trainer.quizzes.pools import NOTHING_MET, ItemsMet, countable, fill, held_back, practice_pool, wanted


@dataclass(frozen=True)
class Question:
    """One drawn item and the order in which its options are shown.

    Attributes:
        order: for each place on the page, from 0, the position the author gave that option.
    """

    item_id: str
    order: tuple[int, ...]

    def authored(self, places: frozenset[int]) -> frozenset[int]:
        """Turn places on the page into the author's positions; places that do not exist are left out."""
        return frozenset(self.order[place] for place in places if 0 <= place < len(self.order))

    def places(self, authored: frozenset[int]) -> list[int]:
        """Turn the author's positions into places on the page, in order."""
        return [place for place, position in enumerate(self.order) if position in authored]


QuizForm = tuple[Question, ...]


def draw_quiz(
    bank: Bank, *, seed: str, signed: frozenset[str] = frozenset(), met: ItemsMet = NOTHING_MET, left: int = 1
) -> QuizForm:
    """Draw a counted form: as many items of each level as the blueprint says, from the counted pool.

    What the person has not met comes first, then what they met elsewhere, then what was held back from them after
    a try, which is as much as the bank is short of; nothing else returns.

    Args:
        seed: equal seeds draw equal forms from the same bank.
        signed: hashes of pending items that a reviewer has signed.
        left: how many tries there are still, this one among them.

    Raises:
        Broken: too few items may count.
    """
    random = Random(f"{bank.slug} {seed}")  # a draw, not a secret: the form is kept
    pool = list(countable(bank, signed))
    random.shuffle(pool)
    fresh = sorted([item for item in pool if item.id not in met.in_tries], key=lambda item: item.id in met.elsewhere)
    room, chosen = wanted(bank, forms=1), list[Item]()
    held = held_back(bank, signed=signed, met=met, left=left)
    fill(chosen, room, [*fresh, *held], critical=bank.critical)
    if len(chosen) < bank.serve:
        raise Broken(f"The bank “{bank.title}” has too few questions for a form. Its author must add some.")
    random.shuffle(chosen)
    return _questions(chosen, random)


def draw_practice(bank: Bank, *, seed: str) -> QuizForm:
    """Draw a form for practice, from items that no counted form asks; none where the bank has none to spare."""
    random = Random(f"{bank.slug} {seed}")  # a draw, not a secret
    pool = practice_pool(bank)
    return _questions(random.sample(pool, min(bank.serve, len(pool))), random)


def _questions(items: Sequence[Item], random: Random) -> QuizForm:
    return tuple(Question(item.id, tuple(random.sample(range(len(item.options)), len(item.options)))) for item in items)


def form_as_json(form: QuizForm) -> list[dict[str, Any]]:
    """Return the form as plain values."""
    return [{"item": question.item_id, "order": list(question.order)} for question in form]


def form_from_json(values: Any) -> QuizForm:
    """Return the form that was kept as plain values."""
    return tuple(Question(value["item"], tuple(value["order"])) for value in values)
