"""Markdown to safe HTML: no raw HTML, and links only to the web, to mail, or within the site.

The reading is CommonMark with tables and curly quotation marks. The other typographic replacements
stay off, because “(c)” is a paragraph of a rule far more often than a copyright sign.
"""

import re
from functools import lru_cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markupsafe import Markup

_SCHEME = re.compile(r"^[a-z][a-z0-9+.\-]*:", re.IGNORECASE)
_ALLOWED = ("http:", "https:", "mailto:")
_OUTSIDE = ("http:", "https:")


class CourseMarkdown(MarkdownIt):
    """The dialect of the course, without its containers."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False, "typographer": True})
        self.enable(["table", "smartquotes"])
        self.add_render_rule("table_open", _table_open)
        self.add_render_rule("table_close", _table_close)
        self.add_render_rule("th_open", _cell_open)
        self.add_render_rule("td_open", _cell_open)
        self.add_render_rule("th_close", _cell_close)
        self.add_render_rule("link_open", _link_open)

    def validateLink(self, url: str) -> bool:
        """Say whether a link may be followed: web, mail, or a relative address."""
        return safe_link(url)


def safe_link(url: str) -> bool:
    """Say whether an address is http, https, mailto or relative; `//host` counts as neither."""
    address = re.sub(r"[\x00-\x20\x7f]", "", url)
    if address.startswith(("//", "/\\", "\\")):
        return False
    scheme = _SCHEME.match(address)
    return scheme is None or scheme[0].lower() in _ALLOWED


@lru_cache(maxsize=8192)
def block(text: str) -> Markup:
    """Render a Markdown text as paragraphs, lists, tables and so on; the HTML is safe to show."""
    return Markup(_PLAIN.render(text))


@lru_cache(maxsize=8192)
def inline(text: str) -> Markup:
    """Render one line of Markdown without a surrounding paragraph; the HTML is safe to show."""
    return Markup(_PLAIN.renderInline(text.strip()))


def plain_line(text: str) -> str:
    """Return one line of Markdown as it reads, without markup: for drawings, lists of options and tables."""
    return inline(text).striptags()


def _table_open(_: RendererHTML, tokens: list[Token], index: int, *__: Any) -> str:
    return '<div class="scroll" tabindex="0" role="group" aria-label="Table">\n<table>\n'


def _table_close(_: RendererHTML, tokens: list[Token], index: int, *__: Any) -> str:
    return "</table>\n</div>\n"


def _cell_open(renderer: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    """Align by class, since the content security policy forbids style attributes."""
    token = tokens[index]
    style = str(token.attrs.pop("style", ""))
    if style:
        token.attrSet("class", style.replace("text-align:", "align-"))
    if token.tag == "th" and not tokens[index + 1].content:
        token.tag = "td"  # an empty corner heads nothing
    elif token.tag == "th":
        token.attrSet("scope", "col")
    return renderer.renderToken(tokens, index, options, env)


def _cell_close(_: RendererHTML, tokens: list[Token], index: int, *__: Any) -> str:
    return "</th>\n" if tokens[index - 1].content else "</td>\n"


def _link_open(renderer: RendererHTML, tokens: list[Token], index: int, options: Any, env: Any) -> str:
    token = tokens[index]
    if str(token.attrGet("href")).lower().startswith(_OUTSIDE):
        token.attrSet("rel", "noopener noreferrer")
    return renderer.renderToken(tokens, index, options, env)


_PLAIN = CourseMarkdown()
