"""What somebody answered, as a plain value: positions that were chosen, or what stands in the fields of a question."""

from collections.abc import Mapping, Sequence

ItemAnswer = frozenset[int] | tuple[str, ...]
"""Chosen options as positions that the author gave them, from 0; or one text for each field in the author's order."""

Answers = Mapping[str, ItemAnswer]
"""Answers by item id."""

NO_ANSWER: ItemAnswer = frozenset()
"""Nothing chosen, and nothing in any field."""

LONGEST_FIELD = 200
"""Letters in one field; nobody's answer to a question of this kind needs more."""


def filled(fields: Sequence[str]) -> ItemAnswer:
    """Return the fields of an answer, or that there is none where all are blank."""
    texts = tuple(" ".join(text.split()) for text in fields)
    return texts if any(texts) else NO_ANSWER


def answer_as_json(answer: ItemAnswer) -> list[int] | list[str]:
    """Return an answer as plain values."""
    return list(answer) if isinstance(answer, tuple) else sorted(answer)


def answer_from_json(kept: Sequence[int] | Sequence[str]) -> ItemAnswer:
    """Return the answer that was kept as plain values."""
    if kept and isinstance(kept[0], str):
        return tuple(str(text) for text in kept)
    return frozenset(int(position) for position in kept)
