"""What somebody has marked and written in a moment and not sent yet: it outlives a pause, on whichever page it stood.

One run may stand open on several pages. A page knows what had happened when it was made; words that came from another
page since are never replaced by it, they are joined.
"""

from dataclasses import dataclass

from trainer.errors import Refused

LONGEST_DRAFT = 2000
"""Characters of one page's words that are kept."""

MOST_DRAFTS = 5 * LONGEST_DRAFT
"""Characters of all pages' words in one moment: more than anybody writes, and an end to what a script can send."""


@dataclass(frozen=True)
class Draft:
    """An answer in the making: the id of the choice that is marked, and the words beside it; both may be empty."""

    marked: str = ""
    words: str = ""


def tidied_words(written: str, *, longest: int = LONGEST_DRAFT) -> str:
    """Return what is kept of one page's words; browsers write the ends of lines with two signs."""
    return written.replace("\r\n", "\n").strip()[:longest]


def ends_with(kept: str, words: str) -> bool:
    """Say whether these words were the last to be kept, so that sending them again adds nothing."""
    return f"\n\n{kept}".endswith(f"\n\n{words}")


def joined(stands: str, *, shown: str, here: str | None) -> str:
    """Return the words that hold once a page has been sent.

    Args:
        stands: what is kept.
        shown: what was kept when the page was made.
        here: what stands on the page; None where it has no room for words.

    Raises:
        Refused: together they are longer than all that is kept of one moment.
    """
    if here is None:
        return stands
    here = tidied_words(here, longest=max(LONGEST_DRAFT, len(shown)))  # a page gives back all that it had shown
    if stands == shown:
        return here
    if here in ("", shown) or ends_with(stands, here):
        return stands
    both = here if here.startswith(stands) else f"{stands}\n\n{here}"
    if len(both) > MOST_DRAFTS:
        raise Refused(
            "So much has been written about this moment on other pages that this has no more room. Open the run again, "
            "and shorten what stands there."
        )
    return both
