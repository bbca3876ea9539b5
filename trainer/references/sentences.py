"""A text of the course, cut into what is asked for its sources: sentences, rows of tables, pieces of boxes.

It is asked of what counts. A text that is pending review and a pending box are left out, and so is every head but the
readiness in it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

_BOX = re.compile(r"^ {0,3}(:{3,}) *(.*?) *$")
_PENDING = re.compile(r"^(?:- )?readiness: *pending review\b")
_STARTS = re.compile(r"^ *(?:[-*+>|#]|\d+[.)]|(?:alt|caption|sources):) *")
_LEADING = re.compile(r"^ *(?:(?:[-*+>#]+|\d+[.)]|\[[ x]\]|(?:alt|caption):) +)+")
_END = re.compile(r"(?<=[.!?…])([”’\"')*_]*)(?: *\[@[^\]]*\])?\s+(?=[“‘\"'(*_\[]*[A-Z0-9])")
_NO_END = re.compile(r"(?:\b(?:al|e\.g|i\.e|vs|cf|ca|approx|No|no|Dr|Mr|Ms|Mrs|St|vol|p|pp|art)|\b[A-Z])\.[”’\"')*_]*$")


@dataclass(frozen=True)
class Sentence:
    """One sentence, or one row of a table.

    Attributes:
        line: where it begins in the file, from 1.
        boxes: the boxes around it, from outside inwards, each as it is opened: `note Known`.
        box_line: where the innermost of them is opened, 0 without one.
    """

    line: int
    text: str
    boxes: Sequence[str]
    box_line: int


@dataclass
class _Reading:
    rows: list[str] = field(default_factory=list)
    line: int = 0
    boxes: list[tuple[str, int]] = field(default_factory=list)

    def paragraph(self) -> Iterator[Sentence]:
        """Yield the sentences of what was gathered, each with its own line, and begin anew."""
        text, boxes = "\n".join(self.rows), tuple(words for words, _line in self.boxes)
        opened = self.boxes[-1][1] if self.boxes else 0
        for start, piece in _split(text):
            yield Sentence(self.line + text.count("\n", 0, start), " ".join(piece.split()), boxes, opened)
        self.rows = []


def counted_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a lesson, a module's introduction or the glossary that count."""
    rows = text.split("\n")
    head = rows.index("---", 1) if rows[0] == "---" and "---" in rows[1:] else -1
    if any(_PENDING.match(row) for row in rows[: head + 1]):
        return
    reading = _Reading()
    for line, row in enumerate(rows[head + 1 :], start=head + 2):
        box = _BOX.match(row)
        if box or not row.strip() or _STARTS.match(row):
            yield from _outside_pending(reading)
        if box:
            if box[2]:
                reading.boxes.append((box[2], line))
            elif reading.boxes:
                reading.boxes.pop()
        elif row.strip():
            if not reading.rows:
                reading.line = line
            reading.rows.append(_LEADING.sub("", row))
    yield from _outside_pending(reading)


def _outside_pending(reading: _Reading) -> Iterator[Sentence]:
    if any(words.split()[0] == "pending" for words, _line in reading.boxes):
        reading.rows = []
    elif reading.rows:
        yield from reading.paragraph()


def _split(text: str) -> Iterator[tuple[int, str]]:
    """Yield where each sentence begins, and the sentence; a row of a table is one."""
    if text.lstrip().startswith("|"):
        yield 0, text
        return
    start = 0
    for found in _END.finditer(text):
        if _NO_END.search(text[start : found.end(1)]):
            continue
        yield start, text[start : found.end()]
        start = found.end()
    yield start, text[start:]
