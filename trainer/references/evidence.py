"""Nothing rests on a retracted paper: whoever names one says in the same breath that it was retracted."""

import re
from collections.abc import Iterator, Mapping

from trainer.authoring.frontmatter import line_of, load
from trainer.authoring.messages import Message
from trainer.references.citing import cited_keys
from trainer.references.reference import Reference
from trainer.references.sentences import Sentence, counted_sentences
from trainer.references.tracing import row_sources, titled_rows

_SAYS_SO = re.compile(r"\bretract", re.IGNORECASE)
_ITEM = re.compile(r"^## ")
_ITEM_SOURCES = re.compile(r"^- source:(.*)$")


def resting_on_retracted(path: str, text: str, references: Mapping[str, Reference]) -> Iterator[Message]:
    """Yield the sentences of a text that counts which cite a retracted paper and do not say so.

    It may be said by the sentence, by the title of a box around it, or elsewhere in its innermost box.
    """
    sentences = list(counted_sentences(text))
    for sentence in sentences:
        for key in dict.fromkeys(cited_keys(sentence.text)):
            if key in references and references[key].is_retracted and not _said(sentence, sentences):
                yield Message(path, sentence.line, _advice(references[key]))


def _said(sentence: Sentence, sentences: list[Sentence]) -> bool:
    beside = [other.text for other in sentences if sentence.box_line and other.box_line == sentence.box_line]
    return any(_SAYS_SO.search(words) for words in (sentence.text, *sentence.boxes, *beside))


def _advice(reference: Reference, other: str = "put it into a box that says that it was retracted") -> str:
    return f"“{reference.key}” ({reference.short}) was retracted, so nothing may rest on it. Take it out, or {other}."


def rows_on_retracted(path: str, text: str, references: Mapping[str, Reference]) -> Iterator[Message]:
    """Yield the rows of a figure's data whose source is a retracted paper, where neither row nor title says so."""
    lines = load(path, text).lines
    told, rows = titled_rows(text)
    for number, row in enumerate(rows):
        for key in row_sources(row, references):
            if references[key].is_retracted and not _SAYS_SO.search(" ".join((told, *map(str, row.values())))):
                yield Message(path, line_of(lines, "rows", str(number)), _advice(references[key], "say so in its note"))


def items_on_retracted(path: str, text: str, references: Mapping[str, Reference]) -> Iterator[Message]:
    """Yield the items of a bank that name a retracted paper as their source and do not say so."""
    named: list[tuple[int, str]] = []
    says = False
    for line, row in enumerate([*text.split("\n"), "## "], start=1):
        if _ITEM.match(row):
            for at, key in named if not says else ():
                if key in references and references[key].is_retracted:
                    yield Message(path, at, _advice(references[key]))
            named, says = [], False
        elif found := _ITEM_SOURCES.match(row):
            named = [(line, key.strip()) for key in found[1].split(",")]
        says = says or bool(_SAYS_SO.search(row))
