"""The Markdown of lessons: plain Markdown plus citations, glossary terms and boxes.

`[@S95; @S96]` cites sources, `[[term]]` or `[[words|term]]` points to the glossary, and `:::` lines
enclose boxes. What a citation or a term looks like is decided while rendering, in document order,
by the `Apparatus` in the environment: it numbers the sources and remembers the terms.
"""

import re
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markupsafe import Markup
from mdit_py_plugins.container import container_plugin

from trainer.authoring.markdown import CourseMarkdown, inline
from trainer.charts.tables import chart_table
from trainer.charts.values import DataChart
from trainer.curriculum.language.figures import CheckedPicture, figure
from trainer.curriculum.values import KnowledgeCheck, Term
from trainer.references.citing import CITATION, cite_mark, keys_of_citation, margin_note
from trainer.references.reference import Reference

TERM = re.compile(r"\[\[([^\[\]|\n]{1,120})(?:\|([^\[\]|\n]{1,80}))?\]\]")
BOXES = ("note", "caution", "law", "law-table", "law-timeline", "practice", "reflect", "pending", "figure", "check")
CALLOUTS: Mapping[str, str] = {
    "note": "Note",
    "caution": "Take care",
    "law": "The law",
    "practice": "In practice",
    "reflect": "Pause and reflect",
    "pending": "Pending review",
}
"""The kinds of callout and the words at their head."""


def slug_of(words: str) -> str:
    """Turn words into a short name: `More open` becomes `more-open`."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


@dataclass
class Apparatus:
    """What a lesson refers to, gathered in the order in which it is rendered."""

    references: Mapping[str, Reference]
    glossary: Mapping[str, Term]
    cited: dict[str, int] = field(default_factory=dict)
    used: dict[str, Term] = field(default_factory=dict)

    def cite(self, key: str) -> Markup:
        """Return a numbered link to the list of sources; the first one also stands in the margin."""
        reference = self.references.get(key)
        if reference is None:
            return Markup("<span>{}</span>").format(key)
        first = key not in self.cited
        number = self.cited.setdefault(key, len(self.cited) + 1)
        shown = cite_mark(reference, number, first=first)
        return shown + margin_note(reference, number) if first else shown

    def named(self, key: str) -> Markup:
        """Return a link to the list of sources that shows the short name, for figures and their tables."""
        reference = self.references.get(key)
        if reference is None:
            return Markup("<span>{}</span>").format(key)
        first = key not in self.cited
        number = self.cited.setdefault(key, len(self.cited) + 1)
        mark = Markup(' id="cite-{}"').format(number) if first else ""
        said = f" ({reference.gravest.kind})" if reference.gravest else ""
        return Markup('<a href="#ref-{}"{}>{}{}</a>').format(number, mark, reference.short, said)

    def term(self, words: str, slug: str) -> Markup:
        """Return a link to the list of terms."""
        term = self.glossary.get(slug)
        if term is None:
            return Markup("<span>{}</span>").format(words)
        if words == slug:  # written as [[altered-state]]
            words = term.title if term.title[1:2].isupper() else term.title[:1].lower() + term.title[1:]
        mark = Markup("") if slug in self.used else Markup(' id="use-{}"').format(slug)
        self.used.setdefault(slug, term)
        return Markup('<a class="term" href="#term-{}"{}>{}</a>').format(slug, mark, words)

    def sources(self) -> tuple[Reference, ...]:
        """Return the sources in the order of their numbers."""
        return tuple(self.references[key] for key in self.cited)


@dataclass(frozen=True, kw_only=True)
class ShownFigure:
    """A figure as its box has it: the checked picture, and in Markdown the caption and the table twin.

    Attributes:
        chart: what it was drawn from, where that is data; then the table twin is made of it.
        own: whether it is a scheme of the course, which rests on no source.
        sources: keys, as in `references.yaml`; those of the data come on top.
    """

    name: str
    picture: CheckedPicture | None
    chart: DataChart | None
    alt: str
    caption: str
    own: bool
    sources: tuple[str, ...]
    table: str


class LessonMarkdown(CourseMarkdown):
    """The dialect of lessons; render it with an `Apparatus` under `apparatus` in the environment."""

    def __init__(self) -> None:
        super().__init__()
        self.inline.ruler.before("link", "term", _term_rule)
        self.inline.ruler.before("term", "citation", _citation_rule)
        self.use(container_plugin, "box", validate=lambda *_: True)
        self.add_render_rule("citation", _render_citation)
        self.add_render_rule("term", _render_term)
        self.add_render_rule("image", _render_nothing)
        self.add_render_rule("container_box_open", _render_box_open)
        self.add_render_rule("container_box_close", _render_box_close)
        self.add_render_rule("figure", _render_figure)
        self.add_render_rule("drawn_open", _render_drawn)
        self.add_render_rule("check", _render_check)

    def show(self, tokens: Sequence[Token], apparatus: Apparatus) -> Markup:
        """Render parsed tokens; the HTML is safe to show."""
        return Markup(self.renderer.render(tokens, self.options, {"apparatus": apparatus}))


def walk(tokens: Sequence[Token], *, line: int) -> Iterator[tuple[int, Token]]:
    """Yield every token, inline children too, with its line in the file.

    Args:
        line: the line of the file on which the parsed text begins.
    """
    at = line
    for token in tokens:
        if token.map:
            at = line + token.map[0]
        yield at, token
        inside = at
        for child in token.children or ():
            inside += child.type in ("softbreak", "hardbreak")
            yield inside, child


def token_words(token: Token) -> str:
    """Return the words of an inline token."""
    return "".join(
        child.meta["words"] if child.type == "term" else " " if child.type.endswith("break") else child.content
        for child in token.children or ()
        if child.type in ("text", "term", "code_inline", "softbreak", "hardbreak")
    )


def _citation_rule(state: StateInline, silent: bool) -> bool:
    found = CITATION.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        state.pending = state.pending.rstrip(" ")  # the number stands close to its word
        token = state.push("citation", "", 0)
        token.meta = {"keys": keys_of_citation(found[1])}
    state.pos = found.end()
    return True


def _term_rule(state: StateInline, silent: bool) -> bool:
    found = TERM.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        token = state.push("term", "", 0)
        token.meta = {"words": found[1].strip(), "slug": (found[2] or slug_of(found[1])).strip()}
    state.pos = found.end()
    return True


def _apparatus(env: MutableMapping[str, Any]) -> Apparatus:
    return cast(Apparatus, env["apparatus"])


def _render_citation(_: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    links = [_apparatus(env).cite(key) for key in tokens[index].meta["keys"]]
    return Markup('<sup class="cite">{}</sup>').format(Markup('<span class="comma">,</span>').join(links))


def _render_term(_: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return _apparatus(env).term(tokens[index].meta["words"], tokens[index].meta["slug"])


def _render_nothing(*_: Any) -> str:
    return ""


_OWN = "A scheme of this course; it rests on no source."


def _render_figure(_: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    shown: ShownFigure = tokens[index].meta["figure"]
    keys = dict.fromkeys((*(shown.chart.sources if shown.chart else ()), *shown.sources))
    named = Markup(", ").join(_apparatus(env).named(key) for key in keys)
    written = _sub(shown.table, env) if shown.table else Markup()
    return figure(
        shown.picture,
        name=shown.name,
        alt=shown.alt,
        caption=_sub(shown.caption, env, whole=False),
        sources=Markup("Sources: {}").format(named) if named else Markup(_OWN if shown.own else ""),
        twin=chart_table(shown.chart, _apparatus(env).named) if shown.chart else written,
    )


def _render_drawn(_: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    return str(tokens[index].meta["draw"](_apparatus(env)))


def _render_box_open(_: RendererHTML, tokens: list[Token], index: int, *__: Any) -> str:
    kind, _space, title = tokens[index].info.strip().partition(" ")
    head = Markup('<span class="callout-kind">{}</span>').format(CALLOUTS.get(kind, "Note"))
    if title.strip():
        head += Markup(' <span class="callout-title">{}</span>').format(inline(title))
    return Markup('<aside class="callout callout-{}">\n<p class="callout-head">{}</p>\n').format(
        kind if kind in CALLOUTS else "note", head
    )


def _render_box_close(*_: Any) -> str:
    return "</aside>\n"


def _render_check(_: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    check: KnowledgeCheck = tokens[index].meta["check"]
    right = sum(option.right for option in check.options)
    hint = "More than one answer is right. " if right > 1 else ""
    return Markup(
        '<section class="check" id="check-{0}" aria-labelledby="check-{0}-question">\n'
        '<p class="check-head">Check your understanding</p>\n'
        '<div class="check-question" id="check-{0}-question">{1}</div>\n'
        '<p class="check-hint">{2}Open an answer to see what speaks for it. Nothing is recorded.</p>\n'
        "{3}</section>\n"
    ).format(check.slug, _sub(check.question, env), hint, Markup("").join(_option(o, env) for o in check.options))


def _option(option: Any, env: Any) -> Markup:
    verdict, word = ("right", "Yes") if option.right else ("wrong", "Not quite")
    return Markup(
        '<details class="option">\n<summary>{0}</summary>\n'
        '<div class="reason reason-{1}"><p class="reason-word">{2}</p>{3}</div>\n</details>\n'
    ).format(_sub(option.text, env, whole=False), verdict, word, _sub(option.reason, env))


def _sub(text: str, env: Any, *, whole: bool = True) -> Markup:
    """Render a piece of a check within the same lesson, so that its sources are numbered along."""
    tokens = LESSONS.parse(text) if whole else LESSONS.parseInline(text)
    return LESSONS.show(tokens, _apparatus(env))


LESSONS = LessonMarkdown()
