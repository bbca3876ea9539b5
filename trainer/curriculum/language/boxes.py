"""Boxes: `:::` lines around callouts, figures and knowledge checks."""

import posixpath
import re
from collections.abc import Sequence

from markdown_it.token import Token

from trainer.authoring.wording import did_you_mean
from trainer.curriculum.language import checks, law_boxes
from trainer.curriculum.language.dialect import BOXES, LESSONS
from trainer.curriculum.language.figure_boxes import read_figure
from trainer.curriculum.language.inspection import inspect
from trainer.curriculum.language.lesson_draft import LessonDraft
from trainer.curriculum.values import KnowledgeCheck

_FENCE = re.compile(r"^ {0,3}(```+|~~~+)")
_BOX = re.compile(r"^ {0,3}(:{3,}) *(.*?) *$")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def find_mistakes(draft: LessonDraft, rows: Sequence[str], line: int) -> bool:
    """Note boxes that are not closed, not opened or not known; say whether the nesting is broken."""
    open_: list[tuple[int, int]] = []
    fence, broken = "", False
    for at, row in enumerate(rows, start=line):
        if found := _FENCE.match(row):
            fence = "" if fence and found[1].startswith(fence) else fence or found[1]
        box = None if fence else _BOX.match(row)
        if box is None:
            continue
        colons, (name, _, rest) = len(box[1]), box[2].partition(" ")
        if name == "figure":
            draft.figures.append(posixpath.join(posixpath.dirname(draft.path), rest.strip()))
        if not name:
            if not open_ or open_[-1][0] > colons:
                draft.say(at, "This ::: closes nothing. Remove it, or write the kind of box after it.")
                broken = True
            else:
                open_.pop()
            continue
        if name not in BOXES:
            kinds = did_you_mean(name, BOXES) or f" Boxes are {', '.join(BOXES)}."
            draft.say(at, f"There is no box called “{name}”.{kinds}")
        if open_ and open_[-1][0] <= colons:
            draft.say(
                open_[-1][1],
                f"This box is still open on line {at}, where the next begins. Close it with :::.",
            )
            open_.pop()
            broken = True
        open_.append((colons, at))
    for _, at in open_:
        draft.say(at, "This box is never closed. Add a line with ::: below its last line.")
    return broken or bool(open_)


def gather(draft: LessonDraft, tokens: list[Token], rows: Sequence[str], line: int) -> list[Token]:
    """Replace the tokens inside figures and checks by one that is ready to be rendered."""
    kept: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        kind, _, rest = token.info.strip().partition(" ") if token.type == "container_box_open" else ("", "", "")
        if kind in ("figure", "check") and token.map:
            inside = rows[token.map[0] + 1 : token.map[1]]
            make = read_figure if kind == "figure" else _check
            kept += make(draft, rest.strip(), inside, line + token.map[0])
            index = _closing(tokens, index)
        else:
            drawn = kind in (law_boxes.TABLE, law_boxes.TIMELINE) or (kind == "law" and law_boxes.CELL.fullmatch(rest))
            if drawn and token.map:
                token = law_boxes.drawn_from_law(draft, token, line + token.map[0]) or token
            elif kind == "law" and not _YEAR.search(rest) and token.map:
                draft.say(
                    line + token.map[0],
                    "Name the place and the year it was read, as in “Oregon, as read in 2025”, or an answer of "
                    "law.yaml, as in “oregon/training”.",
                )
            kept.append(token)
        index += 1
    return kept


def _closing(tokens: Sequence[Token], index: int) -> int:
    """Return where the box that opens at `index` closes."""
    level = tokens[index].level
    for n in range(index + 1, len(tokens)):
        if tokens[n].type == "container_box_close" and tokens[n].level == level:
            return n
    return len(tokens) - 1


def _check(draft: LessonDraft, slug: str, rows: Sequence[str], line: int) -> list[Token]:
    if not _SLUG.fullmatch(slug):
        draft.say(line, "Give the check a short name of lower-case letters, as in `::: check withdrawn`.")
        return []
    check, wrong = checks.read_check(draft.path, slug, rows, line=line)
    draft.messages += wrong
    if check is None:
        return []
    draft.checks.append(check)
    for at, text in _pieces(check):
        inspect(draft, LESSONS.parse(text), at)
    token = Token("check", "", 0)
    token.meta = {"check": check}
    return [token]


def _pieces(check: KnowledgeCheck) -> list[tuple[int, str]]:
    """Return the Markdown of a check with the line of each piece, as near as it is known."""
    options = [piece for o in check.options for piece in ((o.line, o.text), (o.line + 1, o.reason))]
    return [(check.line + 1, check.question), *options]
