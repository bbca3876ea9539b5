"""What a director can decide about a certificate at a given moment."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from trainer.lifecycle.renewal import renewal_window
from trainer.registry.status import Word


class Act(StrEnum):
    """One decision, with a page of its own."""

    SUSPEND = "suspension"
    LIFT = "lifting"
    REVOKE = "revocation"
    CORRECT = "correction"
    RENEW = "renewal"
    RECALL = "recall"


_ALWAYS = {
    Word.VALID: (Act.SUSPEND, Act.REVOKE),
    Word.NOT_YET_VALID: (Act.SUSPEND, Act.REVOKE),
    Word.EXPIRED: (Act.REVOKE,),
    Word.SUSPENDED: (Act.LIFT, Act.SUSPEND, Act.REVOKE),
}


def acts_now(
    word: Word, *, valid_until: date, replaced: bool, today: date, recallable: bool | None = None
) -> Sequence[Act]:
    """Return the decisions that are possible, the mildest first.

    Args:
        valid_until: the last valid day.
        replaced: somebody has decided already that another certificate takes its place.
        recallable: where it was decided that it ends, whether that can still be recalled; None where it was not.
    """
    if recallable is not None:
        return [Act.RECALL] if recallable else []
    acts = list(_ALWAYS.get(word, ()))
    opens, closes = renewal_window(valid_until)
    if not replaced and word is Word.VALID:
        acts.insert(0, Act.CORRECT)
    if not replaced and word in (Word.VALID, Word.EXPIRED) and opens <= today <= closes:
        acts.insert(0, Act.RENEW)
    return acts
