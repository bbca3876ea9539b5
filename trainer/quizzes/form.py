"""Draw a form from a bank, the same one again from the same seed."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from trainer.errors import Broken
from trainer.quizzes.items import Bank, Item


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


Form = tuple[Question, ...]


def draw(bank: Bank, *, seed: str, signed: frozenset[str] = frozenset()) -> Form:
    """Draw a counted form: as many items of each level as the blueprint says, from items that may count.

    Args:
        seed: equal seeds draw equal forms from the same bank.
        signed: hashes of pending items that a reviewer has signed.

    Raises:
        Broken: too few items may count.
    """
    random = Random(f"{bank.slug} {seed}")  # a draw, not a secret: the form is kept
    pool = list(bank.counted(signed))
    random.shuffle(pool)
    room = Counter(bank.blueprint)
    chosen: list[Item] = []
    if bank.critical is not None:
        _fill(chosen, room, [item for item in pool if item.critical], at_most=bank.critical)
        _fill(chosen, room, [item for item in pool if not item.critical])
    _fill(chosen, room, [item for item in pool if item not in chosen])
    if len(chosen) < bank.serve:
        raise Broken(f"The bank “{bank.title}” has too few questions for a form. Its author must add some.")
    random.shuffle(chosen)
    return _questions(chosen, random)


def draw_practice(bank: Bank, *, seed: str) -> Form:
    """Draw a form for practice, from all items, those pending review included."""
    random = Random(f"{bank.slug} {seed}")  # a draw, not a secret
    return _questions(random.sample(bank.items, min(bank.serve, len(bank.items))), random)


def _fill(chosen: list[Item], room: Counter[Any], pool: Sequence[Item], at_most: int | None = None) -> None:
    taken = 0
    for item in pool:
        if room[item.level] > 0 and (at_most is None or taken < at_most):
            room[item.level] -= 1
            chosen.append(item)
            taken += 1


def _questions(items: Sequence[Item], random: Random) -> Form:
    return tuple(Question(item.id, tuple(random.sample(range(len(item.options)), len(item.options)))) for item in items)


def form_as_json(form: Form) -> list[dict[str, Any]]:
    """Return the form as plain values."""
    return [{"item": question.item_id, "order": list(question.order)} for question in form]


def form_from_json(values: Any) -> Form:
    """Return the form that was kept as plain values."""
    return tuple(Question(value["item"], tuple(value["order"])) for value in values)
