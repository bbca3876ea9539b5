"""Grade an attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from trainer.errors import Broken
from trainer.quizzes.items import Item

GRADER = "1"
"""The version of these rules; kept with every result."""

Answers = Mapping[str, frozenset[int]]
"""The chosen options by item id, as positions the author gave them, from 0."""


@dataclass(frozen=True, kw_only=True)
class Grade:
    """The result of one attempt.

    Attributes:
        points: items answered rightly, of `out_of`.
        wrong: ids of the items answered wrongly or not at all, in the order of the form.
        failed_critical: those of them that are critical; any of them fails the attempt.
    """

    points: int
    out_of: int
    passed: bool
    wrong: tuple[str, ...]
    failed_critical: tuple[str, ...]

    @property
    def share(self) -> Fraction:
        """Return the share of points, from 0 to 1."""
        return Fraction(self.points, self.out_of)


def grade(items: Sequence[Item], answers: Answers, *, pass_share: Fraction) -> Grade:
    """Grade one attempt.

    An item earns its point when exactly the right options are chosen, and nothing otherwise; a blank
    one earns nothing. A critical item that is wrong fails the attempt whatever the mark.

    Args:
        items: the items of the form, at least one.
        answers: the chosen options; items that are not in the form are ignored.
        pass_share: the least share that passes, inclusive.

    Raises:
        Broken: the form is empty.
    """
    if not items:
        raise Broken("This attempt has no questions. Its author must mend the item bank.")
    wrong = tuple(item.id for item in items if answers.get(item.id, frozenset()) != item.key)
    failed = tuple(item.id for item in items if item.critical and item.id in wrong)
    points = len(items) - len(wrong)
    return Grade(
        points=points,
        out_of=len(items),
        passed=not failed and Fraction(points, len(items)) >= pass_share,
        wrong=wrong,
        failed_critical=failed,
    )
