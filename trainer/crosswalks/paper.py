"""An outline on paper: archival (PDF/A-3a) and accessible (PDF/UA-1), as the transcript is, and signed by nobody."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache, partial

from trainer.authoring.markdown import plain_line
from trainer.certificates.facts.claim import minutes_in_words
from trainer.certificates.paper.pdfa import Labels, finish_unsigned
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.paper.scripts import check_writable
from trainer.certificates.paper.sheets import printed_page
from trainer.crosswalks.outline import Outline
from trainer.curriculum.course import PACE
from trainer.moments import day_in_words
from trainer.settings import ROOT

_SHEET = ROOT / "templates" / "crosswalks" / "paper.css"
_SIZES = {PaperSize.A4: "210mm 297mm", PaperSize.LETTER: "215.9mm 279.4mm"}


def outline_paper(outline: Outline, *, issuer: str, address: str, at: datetime) -> bytes:
    """Return the PDF, made `at` a moment; the same values give the same bytes.

    Args:
        issuer: who gives it out.
        address: of the page that shows the same.

    Raises:
        Refused: a text cannot be written with our fonts.
    """
    from trainer.certificates.paper.layout_engine import printed  # noqa: PLC0415 – loads the layout engine

    for text in _texts(outline):
        check_writable(text, "The text")
    title = f"{outline.crosswalk.regulator}: {outline.programme.title}, by subject and lesson"
    html = printed_page(
        "crosswalks/paper.html",
        outline=outline,
        issuer=issuer,
        address=address,
        made_on=day_in_words(at.date()),
        title=title,
        hours=minutes_in_words,
        day=day_in_words,
        plain=plain_line,
        pace=PACE,
    )
    labels = Labels(title=title, issuer=issuer, number=outline.release[:12], address=address, reason="", at=at)
    return printed(
        html,
        sheet=_sheet(PaperSize.A4),
        drawings={},
        identifier=f"{outline.release}/{outline.programme.slug}/{outline.crosswalk.slug}".encode(),
        finish=partial(finish_unsigned, labels=labels),
    )


def _texts(outline: Outline) -> Iterator[str]:
    yield from (outline.crosswalk.regulator, outline.crosswalk.rule, outline.crosswalk.note, outline.programme.title)
    for topic in outline.topics:
        yield topic.topic.title
        for share in topic.lessons:
            yield from (share.module.title, share.lesson.title)
    yield from (work.title for work in (*outline.practice, *outline.assessment))


@cache
def _sheet(size: PaperSize) -> str:
    return _SHEET.read_text() + f"@page {{ size: {_SIZES[size]} }}\n"
