"""Guessing what an author meant to write."""

from collections.abc import Iterable
from difflib import get_close_matches


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean “…”?` with the nearest known word, or nothing when none is near."""
    by_fold = {one.casefold(): one for one in sorted(known)}
    near = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return f" Did you mean “{by_fold[near[0]]}”?" if near else ""
