"""One lesson: from a Markdown file to a page, with every mistake named by its line."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markdown_it.token import Token
from markupsafe import Markup

from trainer.authoring.fitting import fit_front
from trainer.authoring.frontmatter import FrontMatter, split_head
from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean, named_like
from trainer.curriculum.language import boxes
from trainer.curriculum.language.dialect import LESSONS, Apparatus
from trainer.curriculum.language.inspection import give_anchors, inspect
from trainer.curriculum.language.lesson_draft import LessonDraft, Material
from trainer.curriculum.parts.covers import covered
from trainer.curriculum.parts.heads import LessonHead
from trainer.curriculum.values import Lesson

_STEM = re.compile(r"^\d\d-(.+)\.md$")


@dataclass(frozen=True)
class ReadLesson:
    """What became of one file; `cited` holds the line of the first use of each source."""

    lesson: Lesson | None
    cited: Mapping[str, int]
    figures: Sequence[str]
    messages: tuple[Message, ...]


def read_lesson(path: str, text: str, *, module: str, objectives: Sequence[str], material: Material) -> ReadLesson:
    """Read one lesson file; never raises."""
    draft = LessonDraft(path, module, material)
    front = split_head(path, text)
    fitted = fit_front(LessonHead, front, path)
    draft.messages += fitted.messages
    tokens = read_running_text(draft, front.body, line=front.body_line)
    lesson = None
    if fitted.head is not None:
        _compare(draft, front, fitted.head, objectives)
        lesson = _lesson(draft, fitted.head, tokens, text)
    return ReadLesson(lesson, draft.cited, tuple(draft.figures), tuple(draft.messages))


def _compare(draft: LessonDraft, front: FrontMatter, head: LessonHead, objectives: Sequence[str]) -> None:
    """Compare the keys with the name of the file, the objectives of the module and the text below them."""
    stem = _STEM.match(posixpath.basename(draft.path))
    if stem and stem[1] != head.lesson:
        draft.say(front.line("lesson"), named_like("lesson", stem[1], what="file"))
    for n, name in enumerate(head.objectives):
        if name not in objectives:
            hint = did_you_mean(name, objectives)
            draft.say(front.line("objectives", str(n)), f"The module has no objective “{name}”.{hint}")
    covered(draft, front, head)
    if not draft.words:
        draft.say(front.body_line, "Write the lesson below its front matter: it has no words yet.")


def _lesson(draft: LessonDraft, head: LessonHead, tokens: list[Token], text: str) -> Lesson:
    apparatus = Apparatus(draft.material.references, draft.material.glossary)
    html = LESSONS.show(tokens, apparatus)
    return Lesson(
        module=draft.module,
        slug=head.lesson,
        title=head.title,
        minutes=head.minutes,
        objectives=tuple(head.objectives),
        readiness=head.readiness,
        html=html,
        headings=tuple(draft.headings),
        references=apparatus.sources(),
        terms=tuple(apparatus.used.values()),
        checks=tuple(draft.checks),
        words=draft.words,
        path=draft.path,
        hash=draft.hash_with(text),
        covers=dict(head.covers),
    )


def read_running_text(draft: LessonDraft, body: str, *, line: int) -> list[Token]:
    """Parse a text, note its mistakes, and make its boxes ready to be rendered; never raises."""
    rows = body.split("\n")
    unclosed = boxes.find_mistakes(draft, rows, line)
    tokens = LESSONS.parse(body)
    give_anchors(draft, tokens, line)
    tokens = tokens if unclosed else boxes.gather(draft, tokens, rows, line)
    inspect(draft, tokens, line)
    return tokens


def introduction(draft: LessonDraft, body: str, *, line: int) -> tuple[Markup, Apparatus]:
    """Read the text of `module.md`; return it with the sources and terms it uses."""
    tokens = read_running_text(draft, body, line=line)
    if not draft.words:
        draft.say(line, "Write a paragraph below the front matter that says what the module is for.")
    apparatus = Apparatus(draft.material.references, draft.material.glossary)
    return LESSONS.show(tokens, apparatus), apparatus
