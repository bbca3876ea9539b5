"""Whatever name is taken can be printed, signed and archived; whatever is refused is refused with the sign named."""

import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import normalize

import page as validator
import pytest
from hypothesis import given
from hypothesis import strategies as st
from weasyprint.css import InitialStyle
from weasyprint.text.line_break import Layout, line_size

from tests.certificates.conftest import BASE_URL, ISSUED, claim
from trainer.certificates.paper import layout_engine
from trainer.certificates.paper.acceptance import check_award, check_cohort, check_issuer, check_person, sign_shown
from trainer.certificates.paper.certificate_page import check_claim, unsigned_paper
from trainer.certificates.paper.gate import check_paper
from trainer.certificates.paper.measure import width
from trainer.certificates.paper.scripts import DISPLAY, SANS, direction, missing_signs, set_form, tidy
from trainer.certificates.paper.titles import unprintable
from trainer.certificates.signing.authority import Authority
from trainer.certificates.signing.signature import signed_paper
from trainer.errors import Refused

LETTERS = {
    "Latin": "AEIOUNSGabcdehijklmnorstuyzÁÑĄĖẸỌỤṢọẹṣąįųėñëøłđıǰươ",
    "Greek": "ΑΒΓΔΕΗΙΟΥΩάβγδεζηικλμνορστυω",
    "Cyrillic": "АБВГДЕЁЖЗИЙКЛабвгдеёжзийклмнопрстуўѳљњћђѣ",
    "Arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءأإآؤئپچژگکیٹڈڑ",
    "Hebrew": "אבגדהוזחטיכךלמםנןסעפףצץקרשתײ",
}
MARKS = {
    "Latin": "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u030a\u030b\u030c\u0323\u0327\u0328\u0331\u032d\u0360",
    "Greek": "\u0300\u0301\u0304\u0306\u0308\u0313\u0314\u0342\u0345",
    "Cyrillic": "\u0300\u0301\u0304\u0306\u0308\u030b\u0484",
    "Arabic": "\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0653\u0654\u0655\u0670",
    "Hebrew": "\u05b0\u05b1\u05b2\u05b3\u05b4\u05b5\u05b6\u05b7\u05b8\u05b9\u05bb\u05bc\u05bf\u05c1\u05c2\u05c4",
}
REAL = (
    "Adébáyọ̀", "Ọlọ́run", "ẹ̀kọ́", "Ìbàdàn Ọ̀ṣun 2026", "Ilé-ẹ̀kọ́ Gíga", "Ą́žuolas", "Ñ̃", "Ë̀", "й́", "ǰo smith", "j́ ď",
    "Dana שָׁלוֹם", "מֹשֶׁה", "مُحَمَّد", "علی\u200cرضا", "الله لا", "Nguyễn Thị Ánh",
)  # fmt: skip
SOME = 60


def names_of(seed: int) -> Iterator[str]:
    """Yield names without end: two words of one script, every third letter with one to three marks."""
    chance = random.Random(seed)
    while True:
        script = chance.choice(list(LETTERS))
        words = (
            "".join(
                chance.choice(LETTERS[script])
                + "".join(chance.choices(MARKS[script], k=chance.choice((0, 0, 0, 0, 1, 1, 2, 3))))
                for _ in range(chance.randint(2, 8))
            )
            for _ in range(2)
        )
        yield tidy(" ".join(words))


def objection(name: str) -> str:
    """Return why a name is refused, or nothing."""
    try:
        check_person(name)
    except Refused as refusal:
        return str(refusal)
    return ""


def sheet(names: list[str], look: str) -> bytes:
    """Return a sheet with all these names in one face of the papers."""
    lines = "".join(f'<p dir="{direction(name)}">{set_form(name)}</p>' for name in names)
    return layout_engine.printed(
        f"<html lang=en><title>Names</title><body class={look}>{lines}",
        sheet="@page { size: 300mm 4000mm } p { margin: 0; font-size: 18pt; line-height: 30pt }",
        drawings={},
        identifier=b"names",
        finish=lambda _pdf: None,
    )


def unmapped(paper: bytes) -> list[str]:
    """Return what the archive's gate says about the signs behind the glyphs; the sheet has no colours or labels."""
    return [
        one.message for one in validator.validate_pdf_bytes(paper, profile="3a").failures if "UNICODE" in one.rule_id
    ]


def read(paper: bytes, folder: Path) -> list[str]:
    """Return the lines that poppler reads."""
    (folder / "names.pdf").write_bytes(paper)
    told = subprocess.run(
        ["pdftotext", "-layout", folder / "names.pdf", "-"], capture_output=True, text=True, check=True
    )
    return [re.sub("[\u202a-\u202e]", "", line).strip() for line in told.stdout.splitlines() if line.strip()]


@pytest.mark.parametrize("name", REAL)
def test_names_of_real_people_are_taken(name: str) -> None:
    assert objection(name) == ""


@pytest.mark.parametrize("look", ["display", "serif", "sans"])
def test_what_is_taken_is_archival_and_reads_as_it_was_written(look: str, tmp_path: Path) -> None:
    drawn = names_of(7)
    taken = [*REAL, *(name for name in (next(drawn) for _ in range(SOME * 2)) if not objection(name))]
    assert len(taken) > SOME
    paper = sheet(taken, look)
    assert unmapped(paper) == []
    leftwards = [name for name in taken if direction(name) == "ltr" and "ש" not in name]
    told = read(sheet(leftwards, look), tmp_path)
    assert [normalize("NFC", line).replace(" ", "") for line in told] == [name.replace(" ", "") for name in leftwards]


def test_a_line_that_runs_to_the_left_says_itself_to_whoever_reads_it_aloud() -> None:
    paper = sheet(["מֹשֶׁה"], "serif")
    assert ("\ufeff" + tidy("מֹשֶׁה")).encode("utf-16-be").hex() in paper.decode("latin-1").lower()


@pytest.mark.parametrize("field", ["holder", "issuer", "cohort", "programme", "conferred_by"])
def test_every_place_of_a_certificate_takes_them(field: str, authority: Authority) -> None:
    values = claim(**{"holder": "Mara Vogel", field: "Adébáyọ̀ Ọ̀ṣun Ą́žuolas שָׁלוֹם"})
    check_claim(values)
    paper = signed_paper(unsigned_paper(values, base_url=BASE_URL, at=ISSUED), authority)
    check_paper(paper, address=values.address(BASE_URL))


@pytest.mark.parametrize("check", [check_person, check_cohort, check_issuer, check_award])
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Mara \u200fVogel", "U+200F right-to-left mark"),
        ("Mara \u202eVogel", "U+202E right-to-left override"),
        ("Mara\u200bVogel", "U+200B zero width space"),
        ("Mara\u00adVogel", "U+00AD soft hyphen"),
        ("Mara क", "क"),
        ("Mara\u0361\u0488", "U+0488"),
    ],
)
def test_what_is_refused_is_refused_with_the_sign_named(check, text: str, named: str) -> None:
    with pytest.raises(Refused, match=re.escape(named)):
        check(text)


def test_a_name_too_wide_for_its_place_is_refused_when_it_is_given_and_not_when_somebody_has_passed() -> None:
    with pytest.raises(Refused, match="too long for its place"):
        check_cohort("W" * 60)
    check_cohort("Spring and summer of 2026, second group in Salzburg")


def test_an_authors_title_that_cannot_be_printed_is_named_by_file_and_line(content: dict[str, bytes]) -> None:
    assert unprintable(content) == ()
    path = next(path for path in content if path.startswith("programmes/"))
    broken = {**content, path: re.sub("(?m)^title: .*$", "title: Foundations \u0915", content[path].decode()).encode()}
    (message,) = unprintable(broken)
    assert message.path == path
    assert broken[path].decode().splitlines()[message.line - 1].startswith("title:")
    assert "\u0915" in message.text


@pytest.fixture
def content() -> dict[str, bytes]:
    from trainer.authoring.release import read_folder
    from trainer.settings import ROOT

    return read_folder(ROOT / "content")


@pytest.mark.parametrize("face", [DISPLAY, SANS])
@given(st.sampled_from(range(1000)))
def test_a_line_is_as_long_as_the_layout_engine_finds_it(face: str, seed: int) -> None:
    name = set_form(next(name for name in names_of(seed) if not objection(name)))
    assert width(name, face) == pytest.approx(pango(name, face), rel=0.004, abs=0.01)


def pango(text: str, face: str) -> float:
    """Return the width that the layout engine finds, in ems."""
    family = {DISPLAY: "Paper Display", SANS: "Paper Sans"}[face]
    style = InitialStyle(layout_engine._fonts())
    behind = ("Paper Arabic", "Paper Hebrew", "Paper Han", "Paper Hangul")
    style.update(font_family=(family, *behind), font_size=100, lang="en", white_space="nowrap")
    layout = Layout(style)
    layout.set_text(text)
    return float(line_size(layout.get_first_line()[0], style)[0]) / 100


def test_the_site_decides_without_the_layout_engine() -> None:
    paper, people = "trainer.certificates.paper.certificate_page", "tests.certificates.conftest"
    code = f"import sys; from {paper} import check_claim; from {people} import claim"
    code = f"{code}; check_claim(claim('Adébáyọ̀')); print('weasyprint' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"


@pytest.mark.stress
def test_two_thousand_names_in_five_scripts_are_issued_or_refused_with_the_sign_named(authority: Authority) -> None:
    drawn, issued = names_of(2026), 0
    names = [next(drawn) for _ in range(2000)]
    fields = ("holder", "issuer", "cohort", "programme", "conferred_by")
    for at, name in enumerate(names):
        if why := objection(name):
            assert all(sign_shown(sign) in why.partition(": ")[2] for sign in missing_signs(name)[:5] or "–"), (
                name,
                why,
            )
            continue
        values = claim(**{"holder": "Mara Vogel", fields[at % 5]: name})
        check_paper(
            signed_paper(unsigned_paper(values, base_url=BASE_URL, at=ISSUED), authority),
            address=values.address(BASE_URL),
        )
        issued += 1
    assert issued > 1000
    print(f"{issued} of {len(names)} were issued, {len(names) - issued} refused")  # noqa: T201 – the figure to quote
