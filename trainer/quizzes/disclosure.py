"""How much a person is told of an attempt they have sent.

Practice tells everything at once. A counted form tells less, because others are asked the same questions, and the
next try may be: what was answered, whether it was right, and why. Its key opens to who has passed it. Once the tries
that everybody has are used up without a pass, no single question is told: further ones that a director grants ask the
same questions again. Of an examination no question is told, ever: only how much of each topic was right.
"""

from trainer.items.forms import ItemForm
from trainer.items.outcomes import Telling
from trainer.quizzes.pools import practice_pool
from trainer.quizzes.values import Bank


def telling(
    form: ItemForm, bank: Bank, *, counted: bool, passed: bool, over: bool, spent: bool, held: frozenset[str]
) -> Telling:
    """Say how much may be told of an attempt that was sent.

    Args:
        passed: whether this attempt was.
        over: whether this person can be asked nothing of this bank any more.
        spent: whether only tries that a director grants can follow.
        held: the items that a later try may ask again.
    """
    asked = frozenset(question.item_id for question in form)
    if bank.is_examination:
        return Telling(whole=frozenset(), nothing=asked)
    if counted:
        untold = frozenset() if over else asked if spent else held
        return Telling(whole=asked if passed else frozenset(), nothing=untold)
    spare = frozenset(item.id for item in practice_pool(bank))
    return Telling(whole=asked & spare, nothing=frozenset() if over else asked - spare)
