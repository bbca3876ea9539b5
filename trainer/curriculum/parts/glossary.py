"""The glossary: one Markdown file, one heading and one paragraph for each term.

A row `Also called: other name; another` may stand right below the heading. It is no part of the definition.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import pairwise

from markupsafe import Markup

from trainer.authoring.frontmatter import plain_newlines
from trainer.authoring.markdown import block
from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean
from trainer.curriculum.values import Term
from trainer.references.citing import CITATION, keys_of_citation
from trainer.references.reference import Reference

_HEAD = re.compile(r"^## +(.+?) +\{#([a-z0-9]+(?:-[a-z0-9]+)*)\} *$")
_ALSO = re.compile(r"\AAlso called: *(.*)$", re.MULTILINE)
_CITED = re.compile(re.escape("\ue000") + r"(\d+)" + re.escape("\ue001"))


def read_glossary(
    path: str, text: str, references: Mapping[str, Reference]
) -> tuple[dict[str, Term], tuple[Message, ...]]:
    """Read every term; never raises. The terms are sorted by their titles."""
    messages: list[Message] = []
    terms: dict[str, Term] = {}
    for line, row, below in _entries(plain_newlines(text).split("\n")):
        found = _HEAD.match(row)
        if found is None:
            messages.append(Message(path, line, "Write the heading as `## Term {#term}`."))
            continue
        title, slug = found.groups()
        if slug in terms:
            messages.append(Message(path, line, f"The term “{slug}” stands here twice; see line {terms[slug].line}."))
            continue
        definition, also = _named(below)
        if not definition.strip():
            messages.append(Message(path, line, f"Explain “{title}” in a short paragraph below its heading."))
        cites, wrong = _cites(path, definition, references, line=line + 1)
        messages += wrong
        html = _html(definition, references)
        terms[slug] = Term(slug=slug, title=title, html=html, cites=cites, line=line, also=also)
    return dict(sorted(terms.items(), key=lambda item: item[1].title.casefold())), tuple(messages)


def _entries(rows: list[str]) -> Iterable[tuple[int, str, str]]:
    """Yield line, heading and definition; text above the first heading is for authors only."""
    starts = [n for n, row in enumerate(rows) if row.startswith("##")]
    for start, end in pairwise([*starts, len(rows)]):
        yield start + 1, rows[start], "\n".join(rows[start + 1 : end])


def _named(definition: str) -> tuple[str, tuple[str, ...]]:
    """Return a definition, its rows counted as before, and the other names for what it explains."""
    found = _ALSO.match(definition)
    if found is None:
        return definition, ()
    names = tuple(dict.fromkeys(name for part in found[1].split(";") if (name := part.strip())))
    return definition[found.end() :], names


def _cites(
    path: str, text: str, references: Mapping[str, Reference], *, line: int
) -> tuple[tuple[str, ...], list[Message]]:
    keys: dict[str, None] = {}
    messages = []
    for found in CITATION.finditer(text):
        at = line + text.count("\n", 0, found.start())
        for key in keys_of_citation(found[1]):
            keys.setdefault(key)
            if key not in references:
                hint = did_you_mean(key, references)
                messages.append(Message(path, at, f"The source “{key}” is not in references.yaml.{hint}"))
    return tuple(keys), messages


def _html(text: str, references: Mapping[str, Reference]) -> Markup:
    """Render a definition; its sources stand in brackets, since it appears on many pages."""
    links: list[Markup] = []

    def keep(found: re.Match[str]) -> str:
        links.append(
            Markup(" ({})").format(
                Markup("; ").join(_link(references.get(key), key) for key in keys_of_citation(found[1]))
            )
        )
        return f"\ue000{len(links) - 1}\ue001"

    clean = re.sub("[\ue000\ue001]", "", text)
    marked = re.sub(r" ?" + CITATION.pattern, keep, clean)
    return Markup(_CITED.sub(lambda found: links[int(found[1])], str(block(marked.strip()))))


def _link(reference: Reference | None, key: str) -> Markup:
    if reference is None:
        return Markup("{}").format(key)
    said = f" ({reference.gravest.kind})" if reference.gravest else ""
    if not reference.address:
        return Markup("{}{}").format(reference.short, said)
    link = Markup('<a href="{}" rel="noopener noreferrer">{}</a>{}')
    return link.format(reference.address, reference.short, said)
