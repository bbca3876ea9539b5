"""Lay out the transcript: what the holder of a certificate has done for it, on as many upright pages as it needs.

It is archival (PDF/A-3a), accessible (PDF/UA-1), and has a place to sign, as the paper has.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial
from itertools import groupby
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from trainer.certificates.facts.claim import Claim, minutes_in_words
from trainer.certificates.facts.zone import zone_named
from trainer.certificates.paper.certificate_page import coloured, sizes, written_day
from trainer.certificates.paper.line_fitting import Fitted, TextPlace, fitted
from trainer.certificates.paper.pdfa import Labels, finish
from trainer.certificates.paper.places import ACCENT, PaperSize
from trainer.certificates.paper.qr import Code
from trainer.certificates.paper.scripts import DISPLAY, SANS, check_writable, direction
from trainer.certificates.paper.sheets import SHEETS, page
from trainer.moments import said_in

WAIVED = "Not done: waived by a decision of the programme."
"""What a transcript says of a requirement that was waived; the reason is the holder's and the programme's own."""


@dataclass(frozen=True, kw_only=True)
class MetRequirement:
    """One requirement that was met.

    Attributes:
        group: the title of the group it stands in.
        evidence: the sentence that says what is on record.
        on: the day on which its last part was done; None if no day is on record.
        asked: what it asks, in one line; "" where its title says it.
    """

    group: str
    title: str
    evidence: str
    on: date | None
    asked: str = ""


@dataclass(frozen=True, kw_only=True)
class TopicMinutes:
    """Minutes of learning about one topic: a module, as a rule."""

    title: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class TranscriptText:
    """What stands on a transcript beside the claim of its certificate.

    Attributes:
        met: the requirements that were met, in the programme's order; see `met_in`.
        topics: hours by topic.
        began_on: the first day of the holder's cohort.
        enrolled_on: the day on which the holder joined it.
    """

    met: tuple[MetRequirement, ...]
    topics: tuple[TopicMinutes, ...]
    began_on: date
    enrolled_on: date

    def groups(self) -> Iterator[tuple[str, list[MetRequirement]]]:
        """Yield the requirements by group, as they follow each other."""
        for title, members in groupby(self.met, key=lambda met: met.group):
            yield title, list(members)

    @property
    def minutes(self) -> int:
        """Return the minutes of all topics together."""
        return sum(topic.minutes for topic in self.topics)


def met_in(
    proof: Mapping[str, Any],
    zone: ZoneInfo,
    asked: Mapping[tuple[str, str], str] = MappingProxyType({}),
    group: str = "",
) -> Iterator[MetRequirement]:
    """Yield the met leaves of a proof as it is kept with a conferral (`trainer.requirements.rules.proof_as_json`).

    Args:
        zone: the programme's; moments become those of it.
        asked: what the requirements ask, by kind and slug.
        group: the title of the group that the proof stands in.
    """
    if "kind" in proof:
        if proof["met"]:
            moment = proof.get("at")
            on = datetime.fromisoformat(moment).astimezone(zone).date() if moment else None
            evidence = WAIVED if proof.get("waived") else said_in(proof["evidence"], zone)
            line = asked.get((proof["kind"], proof["slug"]), "")
            yield MetRequirement(group=group, title=proof["title"], evidence=evidence, on=on, asked=line)
        return
    for part in proof.get("parts", ()):
        yield from met_in(part, zone, asked, proof["title"])


def check_transcript(claim: Claim, transcript: TranscriptText) -> None:
    """Let a transcript pass if every visible word of it can be written and has room.

    Raises:
        Refused: some sign is missing from our fonts, or a name is too long for its place.
    """
    _texts(claim)
    for what, text in (
        ("The director's name", claim.conferred_by),
        ("The cohort's name", claim.cohort),
        ("The programme's title", claim.programme),
        ("The programme's version", claim.version),
        ("The credential", claim.credential),
        ("The issuer's name", claim.issuer),
        *(("The group", group) for group, _ in transcript.groups()),
        *(("The requirement", met.title) for met in transcript.met),
        *((f"What “{met.title}” asks", met.asked) for met in transcript.met if met.asked),
        *((f"What is on record for “{met.title}”", met.evidence) for met in transcript.met),
        *(("The topic", topic.title) for topic in transcript.topics),
    ):
        check_writable(text, what)


def unsigned_transcript(
    claim: Claim,
    transcript: TranscriptText,
    *,
    base_url: str,
    at: datetime,
    size: PaperSize = PaperSize.A4,
    accent: str = ACCENT,
) -> bytes:
    """Return the PDF, made `at` a moment, with a place for the signature; the same values give the same bytes.

    Raises:
        Refused: a text cannot be written, or is too long for its place.
    """
    from trainer.certificates.paper.layout_engine import printed  # noqa: PLC0415 – loads the layout engine

    check_transcript(claim, transcript)
    address = claim.address(base_url)
    title = f"Transcript of certificate {claim.number}: {claim.holder}"
    html = page(
        "transcript.html",
        claim=claim,
        transcript=transcript,
        text=_texts(claim),
        title=title,
        address=address,
        made_on=at.astimezone(zone_named(claim.days.name)).date(),
        day=written_day,
        hours=minutes_in_words,
        direction=direction,
    )
    return printed(
        html,
        sheet=_sheet(size, accent),
        drawings={"qr": Code(address)},
        identifier=f"{claim.public_id}/transcript".encode(),
        finish=partial(finish, labels=_labels(claim, title, address, at)),
    )


def _labels(claim: Claim, title: str, address: str, at: datetime) -> Labels:
    return Labels(
        title=title,
        issuer=claim.issuer,
        number=claim.number,
        address=address,
        reason=f"The transcript of certificate {claim.number} was issued.",
        at=at,
    )


@cache
def _sheet(size: PaperSize, accent: str) -> str:
    paper = {PaperSize.A4: "210mm 297mm", PaperSize.LETTER: "215.9mm 279.4mm"}[size]
    own = coloured(SHEETS.joinpath("transcript.css").read_text(), accent)
    return own + f"@page {{ size: {paper} }}\n" + sizes(5, 26)


def _texts(claim: Claim) -> dict[str, Fitted]:
    name = TextPlace(face=DISPLAY, room=128, largest=26, pair=18, smallest=5)
    running = TextPlace(face=SANS, room=148, largest=8, pair=5, smallest=5)
    return {"holder": fitted(claim.holder, name, "The name"), "running": fitted(claim.holder, running, "The name")}
