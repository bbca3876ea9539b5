"""Boxes drawn from the file of the law: one answer, a table of answers, a timeline."""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import partial

from markdown_it.token import Token
from markupsafe import Markup

from trainer.authoring.markdown import block, inline, plain_line
from trainer.authoring.wording import did_you_mean
from trainer.curriculum.language.dialect import CALLOUTS, Apparatus
from trainer.curriculum.language.lesson_draft import LessonDraft
from trainer.law.values import Certainty, Law, LawCell
from trainer.moments import date_in_words, day_in_words

TABLE, TIMELINE = "law-table", "law-timeline"
CELL = re.compile(r"[a-z0-9-]+/[a-z0-9-]+")
"""How a box names an answer; a box with other words is written by hand."""
KNOWN_BY = {
    Certainty.READ: "read",
    Certainty.REPORTED: "reported only",
    Certainty.UNKNOWN: "not found",
}
_KINDS = {
    Certainty.READ: ("law", CALLOUTS["law"]),
    Certainty.REPORTED: ("pending", "Pending: reported, and not read in the rule"),
    Certainty.UNKNOWN: ("note", "Not found"),
}

_Drawing = Callable[[Apparatus], Markup]
"""Draws the beginning of a box; its sources are numbered along with those of the text."""


def drawn_from_law(draft: LessonDraft, token: Token, line: int) -> Token | None:
    """Return what opens a box in the place of the token, or None where it names nothing that is in the file.

    Whatever stands inside the box follows below what is drawn.
    """
    kind, _, rest = token.info.strip().partition(" ")
    law, words = draft.material.law, rest.split()
    if not law.places:
        what = "event" if kind == TIMELINE else "place"
        if law.legible:
            draft.say(line, f"There is no {what} in law.yaml, so nothing can be drawn.")
        return None
    if kind == TABLE:
        drawn = _table(draft, law, words, line)
    elif kind == TIMELINE:
        drawn = _timeline(draft, law, words, line)
    else:
        drawn = _one(draft, law, rest.strip(), line)
    if drawn is None:
        return None
    opened = Token("drawn_open", "", 1, map=token.map, block=True, level=token.level)
    opened.meta = {"draw": drawn}
    return opened


def dates_of(cell: LawCell) -> str:
    """Say which law it is and when it was read: as of 1 January 2025, read on 29 November 2026."""
    shown = f"as of {day_in_words(cell.as_of)}, " if cell.as_of else ""
    what = "looked for" if cell.certainty is Certainty.UNKNOWN else "read"
    return f"{shown}{what} on {day_in_words(cell.read)}"


def held_until(cell: LawCell) -> str:
    """Say until when an answer is known to hold; nothing where no end is known."""
    if cell.until is None:
        return ""
    return f"This is the text until {day_in_words(cell.until)}. What holds afterwards was not read."


def _one(draft: LessonDraft, law: Law, name: str, line: int) -> _Drawing | None:
    place, _, question = name.partition("/")
    if (cell := law.cells.get(name)) is None:
        if place not in law.places:
            draft.say(line, f"There is no place “{place}” in law.yaml.{did_you_mean(place, law.places)}")
        elif question not in law.questions:
            draft.say(line, f"There is no question “{question}” in law.yaml.{did_you_mean(question, law.questions)}")
        else:
            draft.say(line, f"law.yaml does not answer “{question}” for “{place}”. Add the answer, or name another.")
        return None
    draft.words += len(plain_line(cell.text).split())
    return partial(_cell_html, law, cell)


def _table(draft: LessonDraft, law: Law, words: Sequence[str], line: int) -> _Drawing | None:
    unknown = [word for word in words if word not in law.questions]
    for word in unknown:
        draft.say(line, f"There is no question “{word}” in law.yaml.{did_you_mean(word, law.questions)}")
    if not words:
        draft.say(line, "Name the questions of the table, as in `::: law-table who training since`.")
    if len(set(words)) < len(words):
        draft.say(line, "A question stands twice in this table. Keep one.")
    return partial(_table_html, law, tuple(words)) if words and not unknown else None


def _timeline(draft: LessonDraft, law: Law, words: Sequence[str], line: int) -> _Drawing | None:
    if words:
        draft.say(line, "Write `::: law-timeline` alone: it draws all events of law.yaml.")
    if not law.events:
        draft.say(line, "There is no event in law.yaml, so nothing can be drawn.")
        return None
    return partial(_timeline_html, law)


def _head(kind: str, words: str, title: str) -> Markup:
    return Markup(
        '<aside class="callout callout-{}">\n<p class="callout-head"><span class="callout-kind">{}</span> '
        '<span class="callout-title">{}</span></p>\n'
    ).format(kind, words, title)


def _cites(keys: Iterable[str], apparatus: Apparatus) -> Markup:
    links = [apparatus.cite(key) for key in keys]
    return (
        Markup('<sup class="cite">{}</sup>').format(Markup('<span class="comma">,</span>').join(links))
        if links
        else Markup()
    )


def _cell_html(law: Law, cell: LawCell, apparatus: Apparatus) -> Markup:
    kind, words = _KINDS[cell.certainty]
    head = _head(kind, words, f"{law.title(cell)} ({dates_of(cell)})")
    text = block(cell.text).rstrip()
    cites = _cites(cell.sources, apparatus)
    text = Markup(text.removesuffix("</p>")) + cites + Markup("</p>\n") if text.endswith("</p>") else text + cites
    end = Markup("<p><strong>{}</strong></p>\n").format(held_until(cell)) if cell.until else Markup()
    return head + text + end


def _table_html(law: Law, questions: Sequence[str], apparatus: Apparatus) -> Markup:
    heads = Markup("").join(Markup('<th scope="col">{}</th>').format(law.questions[name]) for name in questions)
    rows = Markup("").join(
        Markup('<tr><th scope="row">{}</th>{}</tr>\n').format(
            place.title, Markup("").join(_in_table(place.cells.get(name), apparatus) for name in questions)
        )
        for place in law.places.values()
    )
    caption = "The law by place. Each answer names the day on which it was read."
    return _head("law", CALLOUTS["law"], "By place") + _scrolled(caption, Markup("<td></td>{}").format(heads), rows)


def _scrolled(caption: str, heads: Markup, rows: Markup) -> Markup:
    return Markup(
        '<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table class="law-table">\n'
        "<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>\n</div>\n"
    ).format(caption, heads, rows)


def _in_table(cell: LawCell | None, apparatus: Apparatus) -> Markup:
    if cell is None:
        return Markup("<td>–</td>")
    return Markup('<td>{}{} <span class="law-known law-{}">{}, {}</span></td>').format(
        inline(cell.brief or cell.text),
        _cites(cell.sources, apparatus),
        cell.certainty,
        KNOWN_BY[cell.certainty],
        day_in_words(cell.read),
    )


def _timeline_html(law: Law, apparatus: Apparatus) -> Markup:
    """Draw a line of time as a list, which a phone can show, and say the same as a table."""
    line, rows = [], []
    for event in law.events:
        when, where, what = date_in_words(event.date), law.places[event.place].title, inline(event.text)
        known = Markup('<span class="law-known law-{}">{}</span>').format(event.certainty, KNOWN_BY[event.certainty])
        said = Markup("{}{} {}").format(what, _cites(event.sources, apparatus), known)
        line.append(
            Markup('<li><span class="law-when">{}</span> <strong>{}:</strong> {}</li>\n').format(when, where, said)
        )
        rows.append(
            Markup('<tr><th scope="row">{}</th><td>{}</td><td>{} {}</td></tr>\n').format(when, where, what, known)
        )
    heads = Markup('<th scope="col">When</th><th scope="col">Where</th><th scope="col">What</th>')
    caption = "What changed in the law, the earliest first, and how each change is known."
    return _head("law", CALLOUTS["law"], "What changed, and when") + Markup(
        '<ol class="law-line" role="list">\n{}</ol>\n<details class="twin">\n<summary>The same as a table</summary>\n'
        "{}</details>\n"
    ).format(Markup("").join(line), _scrolled(caption, heads, Markup("").join(rows)))
