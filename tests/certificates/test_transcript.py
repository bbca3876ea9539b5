"""The transcript as validators and readers see it."""

import subprocess
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pikepdf
import pytest

from tests.certificates.conftest import BASE_URL, ISSUED, NEEDS, claim
from trainer.certificates.facts.claim import Claim
from trainer.certificates.paper.gate import check_paper
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.paper.transcript import (
    MetRequirement,
    TopicMinutes,
    TranscriptText,
    met_in,
    unsigned_transcript,
)
from trainer.certificates.signing.authority import Authority
from trainer.certificates.signing.signature import signed_paper
from trainer.errors import Refused
from trainer.requirements.rules import LeafRecord, RequirementKind, proof_as_json, prove_requirement

HOLDERS = ("Mara Vogel", "محمد بن عبد الله (Mohamed)", "欧阳美玲 김민준 たかはし", "דוד " * 19 + "כהן", "W" * 80)


def of(count: int, **changes: object) -> TranscriptText:
    values: dict[str, object] = {
        "met": tuple(
            MetRequirement(
                group="Ethics" if number < 10 else "Practice",
                title=f"Module {number}: recognising relational distress",
                evidence="All 6 lessons read; 18 of 20 points at the second try.",
                on=date(2026, 1, 5) if number % 3 else None,
            )
            for number in range(count)
        ),
        "topics": tuple(TopicMinutes(title=f"Topic {number}", minutes=30 + number) for number in range(count)),
        "began_on": date(2026, 1, 5),
        "enrolled_on": date(2026, 1, 2),
    }
    return TranscriptText(**{**values, **changes})


def printed(
    transcript: TranscriptText, authority: Authority, values: Claim | None = None, size: PaperSize = PaperSize.A4
) -> bytes:
    return signed_paper(
        unsigned_transcript(values or claim(), transcript, base_url=BASE_URL, at=ISSUED, size=size), authority
    )


@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("holder", HOLDERS)
def test_it_is_archival_accessible_and_carries_its_certificates_code(
    holder: str, size: PaperSize, authority: Authority
) -> None:
    check_paper(printed(of(25), authority, claim(holder), size), address=claim().address(BASE_URL))


@pytest.mark.parametrize("count", [0, 1])
def test_a_short_one_passes_too(count: int, authority: Authority) -> None:
    check_paper(printed(of(count), authority), address=claim().address(BASE_URL))


def test_number_holder_page_and_column_heads_stand_on_every_page(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "transcript.pdf").write_bytes(printed(of(60), authority))
    told = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "transcript.pdf", "-"], check=True, capture_output=True, text=True
    ).stdout
    pages = told.split("\f")[:-1]
    assert len(pages) > 3
    for number, page in enumerate(pages, start=1):
        assert f"{claim().number} Mara Vogel" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "On record" in page or "Time" in page


def test_every_head_says_what_it_heads(authority: Authority) -> None:
    with pikepdf.open(BytesIO(printed(of(3), authority))) as pdf:
        cells = [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary) and part.get("/S") == "/TH"]
        scopes = {str(cell.A.Scope) for cell in cells}
        assert scopes == {"/Column", "/Row"}
        facts = [part for part in pdf.objects if isinstance(part, pikepdf.Dictionary) and part.get("/S") == "/TD"]
        assert all(len(cell.A.Headers) >= 1 for cell in facts)


def test_the_same_values_give_the_same_bytes(authority: Authority) -> None:
    plain = replace(authority, timestamps=None)
    assert printed(of(12), plain) == printed(of(12), plain)


@pytest.mark.parametrize(
    ("zone", "said", "day"),
    [
        ("UTC", "1 February 2026, 12:00 UTC", date(2026, 2, 1)),
        ("Pacific/Chatham", "2 February 2026, 01:45 (Chatham time)", date(2026, 2, 2)),
    ],
)
def test_it_lists_what_the_kept_proof_says_was_met_and_when_as_the_programme_counts(
    zone: str, said: str, day: date
) -> None:
    evidence = "Read. Dana granted one more try on {}."
    read = LeafRecord(done=1, whole=1, evidence=evidence.format("1 February 2026, 12:00 UTC"), at=ISSUED)
    proof = proof_as_json(prove_requirement(NEEDS, {(RequirementKind.MODULE, "ethics"): read}))
    assert list(met_in(proof, ZoneInfo(zone))) == [
        MetRequirement(group="Everything", title="Ethics and informed consent", evidence=evidence.format(said), on=day)
    ]
    assert list(met_in(proof_as_json(prove_requirement(NEEDS, {})), ZoneInfo(zone))) == []


def test_what_a_requirement_asks_stands_beside_its_title(tmp_path: Path, authority: Authority) -> None:
    read = LeafRecord(done=1, whole=1, evidence="Read.", at=ISSUED)
    proof = proof_as_json(prove_requirement(NEEDS, {(RequirementKind.MODULE, "ethics"): read}))
    line = "Five lessons on asking."
    met = tuple(met_in(proof, ZoneInfo("UTC"), {("module", "ethics"): line, ("quiz", "ethics"): "Another."}))
    assert [one.asked for one in met] == [line]
    (tmp_path / "transcript.pdf").write_bytes(printed(of(0, met=met), authority))
    assert (
        line
        in subprocess.run(
            ["pdftotext", tmp_path / "transcript.pdf", "-"], check=True, capture_output=True, text=True
        ).stdout
    )


def test_the_minutes_are_added_up() -> None:
    assert of(3).minutes == 30 + 31 + 32


@pytest.mark.parametrize(
    "broken",
    [
        of(0, met=(MetRequirement(group="Ethics", title="a\u202eb", evidence="Read.", on=None),)),
        of(0, met=(MetRequirement(group="Ethics", title="Ethics", evidence="क", on=None),)),
        of(0, topics=(TopicMinutes(title="😀", minutes=1),)),
    ],
)
def test_what_our_fonts_cannot_write_is_refused(broken: TranscriptText, authority: Authority) -> None:
    with pytest.raises(Refused, match="fonts"):
        printed(broken, authority)
