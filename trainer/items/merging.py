"""One quiz open on two pages: what each of them changed is kept, and no older answer replaces a newer one."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from trainer.items.answers import NO_ANSWER, Answers, ItemAnswer


@dataclass(frozen=True, kw_only=True)
class SentPage:
    """What a page sends to be saved.

    Attributes:
        given: the answers on it by item; items outside the form are ignored.
        seen: the number of the last answer that the page knew of; None where it does not say.
        changed: `given` holds only what the person has just changed.
        tried: by item what this page has sent before without hearing that it was saved.
    """

    given: Answers
    seen: int | None
    changed: bool = False
    tried: Mapping[str, Collection[ItemAnswer]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Newer:
    """An answer from another page or device that was given after this page had been loaded.

    Attributes:
        stands: what is saved since `at`, and stays.
        here: what this page would have put in its place.
    """

    stands: ItemAnswer
    at: datetime
    here: ItemAnswer


@dataclass(frozen=True, kw_only=True)
class Merged:
    """What becomes of the answers of a page.

    Attributes:
        kept: what is saved now, by item.
        disputed: what is not, since it was answered elsewhere meanwhile: only the person can say which it is.
    """

    kept: Answers
    disputed: Answers


def merged(
    given: Answers,
    *,
    shown: Answers,
    current: Answers,
    changed: bool,
    tried: Mapping[str, Collection[ItemAnswer]],
) -> Merged:
    """Say which answers of a page are saved.

    Args:
        given: the answers on the page, by item.
        shown: what the page knew of.
        current: what counts now.
        changed: `given` holds only what the person has just changed; otherwise it is the whole page, on which an
            answer counts as changed if it differs from what the page had shown.
        tried: what the page has sent before without hearing that it was saved: its own, wherever it stands.
    """
    kept: dict[str, ItemAnswer] = {}
    disputed: dict[str, ItemAnswer] = {}
    for item_id, here in given.items():
        stands, before = current.get(item_id, NO_ANSWER), shown.get(item_id, NO_ANSWER)
        if here == stands or (here == before and not changed):
            continue
        theirs = stands != before and stands not in tried.get(item_id, ())
        (disputed if theirs else kept)[item_id] = here
    return Merged(kept=kept, disputed=disputed)
