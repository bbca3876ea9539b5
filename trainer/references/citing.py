"""How a text cites: `[@S95; @S96]`, and what a reader sees of it in the line and in the margin."""

import re
from collections.abc import Iterator

from markupsafe import Markup

from trainer.references.reference import Reference

CITATION = re.compile(r"\[(@[\w-]+(?:\s*;\s*@[\w-]+)*)\]")


def keys_of_citation(cited: str) -> list[str]:
    """Return the keys of what stands between the brackets, such as `@S95; @S96`."""
    return [key.strip().removeprefix("@") for key in cited.split(";")]


def cited_keys(text: str) -> Iterator[str]:
    """Yield every key that a text cites, in its order."""
    for cited in CITATION.findall(text):
        yield from keys_of_citation(cited)


def cite_mark(reference: Reference, number: int, *, first: bool) -> Markup:
    """Return the number in the line, which leads to the list of sources, with what became of the source since."""
    said = f", {reference.gravest.kind}" if reference.gravest else ""
    anchor = Markup(' id="cite-{}"').format(number) if first else ""
    link = Markup('<a href="#ref-{0}"{1} role="doc-noteref" aria-label="Source {0}: {2}{3}">{0}</a>')
    flag = Markup('<span class="cite-notice" aria-hidden="true">{}</span>')
    shown = link.format(number, anchor, reference.short, said)
    return shown + flag.format(reference.gravest.kind) if reference.gravest else shown


def margin_note(reference: Reference, number: int) -> Markup:
    """Return the short form for the margin, a button that shows the whole without any script."""
    return Markup(
        '<span class="margin-note"><button type="button" class="margin-source" popovertarget="source-{0}"><span '
        'class="margin-number">{0}</span> {1}<span class="hidden-visually">: show the whole reference</span></button>'
        '</span><span class="source-card" id="source-{0}" popover><span class="source-short">{1}</span>{2}</span>'
    ).format(number, reference.short, reference.html)
