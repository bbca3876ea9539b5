"""What a programme asks for before something may begin.

The rooms in which it begins stand below the one that knows programmes; they are handed what is still outstanding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trainer.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Outstanding:
    """One thing that comes first and is not done.

    Attributes:
        step: what to do next for it, in a sentence.
        address: where that is done; empty where nobody looks at a page.
        way: the words of the way there; empty where it is only named.
    """

    title: str
    step: str
    address: str = ""
    way: str = ""


@dataclass(frozen=True, kw_only=True)
class ModuleTask:
    """Something that a programme asks for and that belongs to a module: its quiz, a case.

    Attributes:
        kind: what it is, such as Quiz.
        state: the name of its mark: good, stop, wait, begun or open.
        evidence: what is on record, in a sentence.
        step: what to do next, or who must act first; empty when it is done.
        not_before: the next try is refused before this moment.
        first: how many other things must be met before it may begin.
        minutes: as the programme declares them; 0 where it declares none.
    """

    kind: str
    title: str
    address: str
    state: str
    evidence: str
    step: str
    not_before: datetime | None
    first: int
    minutes: int


@dataclass(frozen=True, kw_only=True)
class BesideLessons:
    """What there is to do in a module beside its lessons.

    Attributes:
        tasks: in the order of the programme.
        following: what is best done after the last lesson; None when nothing can be done.
        done: whether the programme asks for the module, and all of it is met.
    """

    tasks: Sequence[ModuleTask] = ()
    following: Outstanding | None = None
    done: bool = False


def refuse_until_done(outstanding: Sequence[Outstanding]) -> None:
    """Let nothing begin before what comes first.

    Raises:
        Refused: something is outstanding.
    """
    if outstanding:
        first, more = outstanding[0], len(outstanding) - 1
        others = f" and {more} more" if more else ""
        raise Refused(f"Something comes first: “{first.title}”{others}. {first.step}".strip())
