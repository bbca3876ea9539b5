"""What a programme asks for before something may begin.

The rooms in which it begins stand below the one that knows programmes; they are handed what is still outstanding.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.errors import Refused


@dataclass(frozen=True, kw_only=True)
class Outstanding:
    """One thing that comes first and is not done.

    Attributes:
        step: what to do next for it, in a sentence.
        address: where that is done; empty where nobody looks at a page.
    """

    title: str
    step: str
    address: str = ""


def refuse_until_done(outstanding: Sequence[Outstanding]) -> None:
    """Let nothing begin before what comes first.

    Raises:
        Refused: something is outstanding.
    """
    if outstanding:
        first, more = outstanding[0], len(outstanding) - 1
        others = f" and {more} more" if more else ""
        raise Refused(f"Something comes first: “{first.title}”{others}. {first.step}".strip())
