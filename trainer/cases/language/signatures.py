"""Who has signed a case in its own file, and whether the signature stands under this very text."""

from collections.abc import Iterator
from typing import Any

from trainer.authoring.frontmatter import FrontMatter
from trainer.authoring.suggestions import did_you_mean
from trainer.cases.script.values import Status

KEYS = ("name", "role", "date", "hash")
"""What a signature says; the hash is that of the case (64 hex digits)."""


def lint_reviews(front: FrontMatter, status: Status, case_hash: str) -> Iterator[tuple[int, str]]:
    """Yield the line and the sentence for each signature that says too little, or for the one that is missing."""
    given = front.fields.get("reviewed") or []
    line = front.line("reviewed")
    if not isinstance(given, list):
        yield line, "Write “reviewed” as a list of signatures with name, role, date and hash, or as []."
        return
    for number, one in enumerate(given):
        for key, text in _signature(one):
            yield front.line("reviewed", str(number), key), text
    signed = any(isinstance(one, dict) and str(one.get("hash")) == case_hash for one in given)
    if status is not Status.DRAFT and not signed:
        yield (
            front.line("status"),
            f"Nobody has signed this very text, so it cannot be {status.value}. Set the status to draft, "
            f"or add below “reviewed:” who has read it: name, role, date and hash: {case_hash}.",
        )


def _signature(one: Any) -> Iterator[tuple[str, str]]:
    """Yield the key, where there is one, and the sentence."""
    if not isinstance(one, dict):
        yield "", "Write each signature like {name: …, role: …, date: 2026-01-31, hash: …}."
        return
    for key in KEYS:
        if not str(one.get(key) or "").strip():
            yield key, f"Add the key “{key}” to this signature."
    for key in one:
        if key not in KEYS:
            yield str(key), f"A signature has no key “{key}”.{did_you_mean(str(key), KEYS)}"
