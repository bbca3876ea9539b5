"""Grade an attempt."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from trainer.errors import Broken
from trainer.items.answers import NO_ANSWER, Answers, ItemAnswer
from trainer.items.formats import FORMATS
from trainer.items.values import Item

GRADER = "2"
"""The version of these rules, kept with every result; the first knew no credit for answers in parts."""


@dataclass(frozen=True, kw_only=True)
class Grade:
    """The result of one attempt.

    Attributes:
        credit: what was earned, from 0 to `out_of`: 1 for each item that is wholly right, less for some in parts.
        points: items answered wholly rightly, of `out_of`.
        wrong: ids of the items answered not wholly rightly or not at all, in the order of the form.
        failed_critical: those of them that are critical; any of them fails the attempt.
    """

    credit: Fraction
    points: int
    out_of: int
    passed: bool
    wrong: tuple[str, ...]
    failed_critical: tuple[str, ...]

    @property
    def share(self) -> Fraction:
        """Return the share of what could be earned, from 0 to 1."""
        return self.credit / self.out_of


def credit_of(item: Item, answer: ItemAnswer) -> Fraction:
    """Return what one answer earns, from 0 to 1; a blank one earns nothing."""
    return FORMATS[item.kind].credit(item, answer)


def grade(items: Sequence[Item], answers: Answers, *, pass_share: Fraction) -> Grade:
    """Grade one attempt.

    An item earns 1 when exactly the right thing is answered, and a part of it where its scheme gives credit for parts.
    A critical item that is not wholly right fails the attempt whatever the mark.

    Args:
        items: the items of the form, at least one; what has no key, such as script concordance, is left aside.
        answers: what was answered; items that are not in the form are ignored.
        pass_share: the least share that passes, inclusive.

    Raises:
        Broken: nothing in the form has a key.
    """
    graded = [item for item in items if item.key]
    if not graded:
        raise Broken("This attempt has no questions. Its author must mend the item bank.")
    earned = {item.id: credit_of(item, answers.get(item.id, NO_ANSWER)) for item in graded}
    wrong = tuple(item.id for item in graded if earned[item.id] < 1)
    failed = tuple(item.id for item in graded if item.critical and item.id in wrong)
    credit = sum(earned.values(), Fraction(0))
    return Grade(
        credit=credit,
        points=len(graded) - len(wrong),
        out_of=len(graded),
        passed=not failed and credit >= pass_share * len(graded),
        wrong=wrong,
        failed_critical=failed,
    )


def written_points(credit: Fraction) -> str:
    """Return points as people read them: whole, or with up to two decimals, never more than was earned."""
    hundredths = credit * 100 // 1
    return f"{hundredths / 100:g}"
