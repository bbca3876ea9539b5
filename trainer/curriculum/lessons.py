"""One lesson: from a Markdown file to a page, with every mistake named by its line."""

import hashlib
import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import Markup

from trainer.authoring.frontmatter import split
from trainer.authoring.messages import Message
from trainer.authoring.shapes import fit
from trainer.authoring.suggestions import did_you_mean
from trainer.curriculum import boxes
from trainer.curriculum.dialect import LESSONS, Apparatus
from trainer.curriculum.heads import LessonHead
from trainer.curriculum.inspection import give_anchors, inspect
from trainer.curriculum.lesson_draft import Reading, Shelf
from trainer.curriculum.values import Lesson

_STEM = re.compile(r"^\d\d-(.+)\.md$")


@dataclass(frozen=True)
class Read:
    """What became of one file; `cited` holds the line of the first use of each source."""

    lesson: Lesson | None
    cited: Mapping[str, int]
    figures: Sequence[str]
    messages: tuple[Message, ...]


def read_lesson(path: str, text: str, *, module: str, objectives: Sequence[str], shelf: Shelf) -> Read:
    """Read one lesson file; never raises."""
    reading = Reading(path, module, shelf)
    front = split(path, text)
    head, wrong = (None, ()) if front.messages else fit(LessonHead, front.fields, path=path, lines=front.lines)
    reading.messages += [*front.messages, *wrong]
    tokens = read_body(reading, front.body, line=front.body_line)
    if head is None:
        return _done(reading, None)
    stem = _STEM.match(posixpath.basename(path))
    if stem and stem[1] != head.lesson:
        reading.say(
            front.line("lesson"),
            f"The file is called “{stem[1]}”, the lesson “{head.lesson}”. Make them equal.",
        )
    for n, name in enumerate(head.objectives):
        if name not in objectives:
            hint = did_you_mean(name, objectives)
            reading.say(front.line("objectives", str(n)), f"The module has no objective “{name}”.{hint}")
    if not reading.words:
        reading.say(front.body_line, "Write the lesson below its front matter: it has no words yet.")
    apparatus = Apparatus(shelf.references, shelf.glossary)
    html = LESSONS.show(tokens, apparatus)
    return _done(
        reading,
        Lesson(
            module=module,
            slug=head.lesson,
            title=head.title,
            minutes=head.minutes,
            objectives=tuple(head.objectives),
            readiness=head.readiness,
            html=html,
            headings=tuple(reading.headings),
            references=apparatus.sources(),
            terms=tuple(apparatus.used.values()),
            checks=tuple(reading.checks),
            words=reading.words,
            path=path,
            hash=_hash([text, *(shelf.texts.get(path, "") for path in reading.figures)]),
        ),
    )


def read_body(reading: Reading, body: str, *, line: int) -> list[Token]:
    """Parse a text, note its mistakes, and make its boxes ready to be rendered."""
    rows = body.split("\n")
    unclosed = boxes.find_mistakes(reading, rows, line)
    tokens = LESSONS.parse(body)
    give_anchors(reading, tokens, line)
    tokens = tokens if unclosed else boxes.gather(reading, tokens, rows, line)
    inspect(reading, tokens, line)
    return tokens


def _done(reading: Reading, lesson: Lesson | None) -> Read:
    return Read(lesson, reading.cited, tuple(reading.figures), tuple(reading.messages))


def _hash(texts: Sequence[str]) -> str:
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()


def introduction(reading: Reading, body: str, *, line: int) -> tuple[Markup, Apparatus]:
    """Read the text of `module.md`; return it with the sources and terms it uses."""
    tokens = read_body(reading, body, line=line)
    if not reading.words:
        reading.say(line, "Write a paragraph below the front matter that says what the module is for.")
    apparatus = Apparatus(reading.shelf.references, reading.shelf.glossary)
    return LESSONS.show(tokens, apparatus), apparatus
