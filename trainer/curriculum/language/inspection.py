"""What can be wrong with running text: headings, sources, terms, links, pictures, tags, tables."""

import posixpath
import re
from collections.abc import Sequence

from markdown_it.token import Token

from trainer.authoring.wording import did_you_mean
from trainer.curriculum.language.dialect import slug_of, token_words, walk
from trainer.curriculum.language.lesson_draft import LessonDraft
from trainer.curriculum.values import Heading

_TAG = re.compile(r"</?[a-zA-Z][a-zA-Z0-9-]*(?:\s[^<>]*)?/?>|<!--")
_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_TAKEN = ("references", "terms", "contents", "main", "text", "place")


def give_anchors(draft: LessonDraft, tokens: Sequence[Token], line: int) -> None:
    """Give every heading an anchor; note jumps."""
    depth, taken = 1, set(_TAKEN)
    for n, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        level, at = int(token.tag[1]), line + (token.map[0] if token.map else 0)
        if level == 1:
            draft.say(at, "Begin headings with ##: the title of the page comes from the front matter.")
        elif level > depth + 1:
            draft.say(at, f"Write {'#' * (depth + 1)} here: the heading above it is one of {'#' * depth}.")
        depth = max(level, 1)
        words = token_words(tokens[n + 1])
        anchor = slug_of(words) or "part"
        while anchor in taken:
            anchor += "-again"
        taken.add(anchor)
        token.attrSet("id", anchor)
        draft.headings.append(Heading(level=level, id=anchor, text=words))


def inspect(draft: LessonDraft, tokens: Sequence[Token], line: int) -> None:
    """Note what is wrong with the running text: sources, terms, links, pictures, tags, tables."""
    before = ""
    for at, token in walk(tokens, line=line):
        match token.type:
            case "citation":
                _inspect_citation(draft, token, at)
            case "term":
                _inspect_term(draft, token, at)
                draft.words += len(token.meta["words"].split())
            case "link_open":
                _inspect_link(draft, token, at)
            case "image":
                if not token.content.strip():
                    draft.say(at, "This picture has no words for someone who cannot see it.")
                draft.say(at, "Show pictures with `::: figure name.svg`, which asks for `alt` and `caption`.")
            case "text":
                _inspect_text(draft, token.content, at)
                draft.words += len(token.content.split())
            case "code_inline" | "fence" | "code_block":
                draft.words += len(token.content.split())
            case "table_open" if before != "paragraph_close":
                draft.say(at, "Put a sentence before this table that says what it shows.")
        if token.nesting or token.block:
            before = token.type if token.block else before


def _inspect_citation(draft: LessonDraft, token: Token, line: int) -> None:
    for key in token.meta["keys"]:
        draft.cited.setdefault(key, line)
        if key not in draft.material.references:
            hint = did_you_mean(key, draft.material.references)
            draft.say(line, f"The source “{key}” is not in references.yaml.{hint}")


def _inspect_term(draft: LessonDraft, token: Token, line: int) -> None:
    slug = token.meta["slug"]
    if slug not in draft.material.glossary:
        hint = did_you_mean(slug, draft.material.glossary)
        if (turned := token.meta["words"]) in draft.material.glossary:
            hint = f" Write the words first: [[{slug}|{turned}]]."
        draft.say(line, f"The term “{slug}” is not in glossary.md.{hint}")


def _inspect_text(draft: LessonDraft, text: str, line: int) -> None:
    if _TAG.search(text):
        draft.say(line, "Remove the HTML tag: lessons are Markdown only.")
    if "[@" in text:
        draft.say(line, "Write citations as [@S95], or [@S95; @S96] for two; page numbers go into the sentence.")
    if "[[" in text:
        draft.say(line, "Write terms as [[term]] or [[words|term]], on one line.")


def _inspect_link(draft: LessonDraft, token: Token, line: int) -> None:
    """Follow a link within the course, and point it at the page behind the file."""
    href = str(token.attrGet("href") or "")
    if _SCHEME.match(href):
        return
    target, hash_, anchor = href.partition("#")
    if not target:
        if anchor not in {heading.id for heading in draft.headings}:
            draft.say(line, f"There is no heading “#{anchor}” on this page.{_near_heading(draft, anchor)}")
        return
    path = posixpath.normpath(posixpath.join(posixpath.dirname(draft.path), target))
    if path not in draft.material.pages:
        hint = did_you_mean(path, draft.material.pages)
        draft.say(line, f"This link leads to no lesson: {target}.{hint}")
        return
    token.attrSet("href", draft.material.pages[path] + hash_ + anchor)


def _near_heading(draft: LessonDraft, anchor: str) -> str:
    return did_you_mean(anchor, [heading.id for heading in draft.headings])
