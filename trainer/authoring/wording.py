"""The sentences that authors read about a key: one wording for one mistake, whichever file it is in."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

NOT_TEXT = "Save this file as UTF-8: it holds bytes that are not text."


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean “…”?` with the nearest known word, or nothing when none is near."""
    by_fold = {name.casefold(): name for name in sorted(known)}
    near = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return f" Did you mean “{by_fold[near[0]]}”?" if near else ""


def add_key(name: str, wish: str) -> str:
    """Say that a key is missing, and what it says."""
    return f"Add the key “{name}”: {wish}."


def unknown_key(name: str, known: Iterable[str]) -> str:
    """Say that a key is not known, and which one may have been meant, or which ones there are."""
    keys = [str(key) for key in known]
    hint = did_you_mean(name, keys) or (f" The keys are {', '.join(keys)}." if keys else "")
    return f"The key “{name}” is not known here.{hint}"


def should_be(name: str, wish: str) -> str:
    """Say what stands behind a key, when something else does."""
    return f"“{name}” should be {wish}."


def named_like(key: str, wanted: str, *, what: str) -> str:
    """Say that a key gives the name of its file or folder, when it gives another."""
    return should_be(key, f"“{wanted}”, like the name of the {what}")


def as_keys(under: Sequence[str], known: Iterable[str]) -> str:
    """Say that keys are wanted where something else stands, below these keys or in the whole file."""
    what = f"“{under[-1]}”" if under else "this file"
    if under and under[-1].isdecimal():  # a place in a list
        what = f"each entry of “{under[-2]}”"
    return f"Write {what} as lines of `key: value`. The keys are {', '.join(known)}."
