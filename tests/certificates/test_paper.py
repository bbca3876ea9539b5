"""The paper as independent tools see it: PDF readers, validators, a camera."""

import re
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import cv2
import pikepdf
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.certificates.conftest import BASE_URL, ISSUED, claim, judged
from trainer.certificates.facts.claim import Claim
from trainer.certificates.paper.certificate_page import check_claim, unsigned_paper
from trainer.certificates.paper.gate import check_paper
from trainer.certificates.paper.layout_engine import OurFilesOnly, check_libraries
from trainer.certificates.paper.pdfa import Attachment, Relationship
from trainer.certificates.paper.places import PaperSize
from trainer.certificates.signing.authority import Authority
from trainer.certificates.signing.signature import signed_paper
from trainer.clock import utc_now
from trainer.errors import Broken, Refused
from trainer.school.contrast import contrast

ADDRESS = claim().address(BASE_URL)
NAMES = {
    "one sign": "J",
    "46 signs": "Maximiliane Alexandra von Hohenfels-Brandenbur",
    "80 signs": "Wilhelmina Konstantina Papadopoulou-Featherstone de la Fuente y Santamaría-Marque",
    "one long word": "W" * 80,
    "Vietnamese": "Nguyễn Thị Ánh Tuyết",
    "Cyrillic": "Екатерина Воскресенская",
    "Greek": "Ελευθερία Παπακωνσταντίνου",
    "Arabic": "محمد بن عبد الله الفارسي",
    "Hebrew with points": "דָּוִד בֶּן־גּוּרְיוֹן",
    "Han": "欧阳美玲",
    "80 Han": "美" * 80,
    "Kana": "たかはし アンナ ハナコ",
    "Hangul": "김민준 남궁",
    "both directions": "Sarah (سارة) Ben-David דוד",
    "hostile": '<link rel=attachment href="file:///etc/passwd">&amp;',
}
SCRIPTS = ("Vietnamese", "Cyrillic", "Greek", "Arabic", "Hebrew with points", "Han", "Kana", "Hangul")
ATTACHED = (
    Attachment(
        name="credential.tlog-proof",
        content=b"c2sp.org/tlog-proof@v1\n",
        media_type="text/plain",
        relationship=Relationship.SUPPLEMENT,
        description="Proof of entry into the registry",
    ),
    Attachment(
        name="credential.json",
        content=b'{"type":["VerifiableCredential"]}',
        media_type="application/json",
        relationship=Relationship.DATA,
        description="The credential",
    ),
    Attachment(
        name="credential.jwt",
        content=b"eyJhbGciOiJFUzI1NiJ9.e30.AA",
        media_type="application/vc+jwt",
        relationship=Relationship.ALTERNATIVE,
        description="The credential, signed",
    ),
)
EXTREME = claim(
    NAMES["80 signs"],
    conferred_by="Bartholomäus-Maximilian-Ferdinand Schwarzenberg-Hohenlohe-Langenburg-Waldenburgs",
    covered=tuple(f"Module {number}: recognising and responding to relational distress" for number in range(16)),
    cohort="Spring and summer of 2026, second group in Salzburg and Vienna",
    issuer="International Consortium for the Education of Psychedelic-Assisted Therapists of Middle Europe",
    programme="Foundations of psychedelic-assisted therapy for licensed clinicians, with supervised practice in groups",
    credential="Certificate in psychedelic-assisted therapy, foundations and supervised practice for clinicians",
)


def run(*command: object) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


def printed(
    values: Claim, authority: Authority, *, size: PaperSize = PaperSize.A4, attachments: tuple[Attachment, ...] = ()
) -> bytes:
    unsigned = unsigned_paper(values, base_url=BASE_URL, at=ISSUED, size=size, attachments=attachments)
    return signed_paper(unsigned, authority)


@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_every_name_gives_an_archival_and_accessible_page(name: str, size: PaperSize, authority: Authority) -> None:
    paper = printed(claim(name), authority, size=size, attachments=ATTACHED)
    check_paper(paper, address=ADDRESS)


@pytest.mark.parametrize("count", [0, 1, 18, 19, 35, 80])
def test_a_programme_of_any_size_finds_room(count: int, authority: Authority) -> None:
    covered = tuple(f"Module {number} on something of importance" for number in range(count))
    check_paper(printed(claim(covered=covered), authority), address=ADDRESS)


def test_more_titles_than_the_paper_holds_are_counted(tmp_path: Path, authority: Authority) -> None:
    covered = tuple(f"Module {number} on something of importance" for number in range(80))
    (tmp_path / "certificate.pdf").write_bytes(printed(claim(covered=covered), authority))
    told = " ".join(run("pdftotext", tmp_path / "certificate.pdf", "-").split())
    more = re.search(r"and (\d+) more, listed at the address of this certificate", told)
    assert more
    assert told.count("on something") + int(more[1]) == 80


def test_a_paper_that_fails_the_validator_is_not_issued(paper: bytes) -> None:
    with pytest.raises(Broken, match="PDF/UA-1"):
        check_paper(paper.replace(b'pdfuaid:part="1"', b'pdfuaid:part="7"'), address=ADDRESS)


def test_a_paper_with_the_code_of_another_certificate_is_not_issued(authority: Authority) -> None:
    other = printed(claim(public_id="zzzzzzzzzzzzzzzzzzzzzzzzzz"), authority)
    with pytest.raises(Broken, match="QR code"):
        check_paper(other, address=ADDRESS)


@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize(
    "values",
    [claim(), EXTREME, *(claim(name) for what, name in NAMES.items() if what != "Hebrew with points")],
)
def test_no_word_overruns_its_place(values: Claim, size: PaperSize, tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "certificate.pdf").write_bytes(printed(values, authority, size=size))
    page = ElementTree.fromstring(run("pdftotext", "-bbox", tmp_path / "certificate.pdf", "-")).find(".//{*}page")
    assert page is not None
    width, height = float(page.attrib["width"]), float(page.attrib["height"])
    assert (round(width), round(height)) == {PaperSize.A4: (842, 595), PaperSize.LETTER: (792, 612)}[size]
    # The reader counts a pointed Hebrew letter as a word of its own, so that name is left out here.
    words = [[float(word.attrib[side]) for side in ("xMin", "yMin", "xMax", "yMax")] for word in page]
    assert all(
        left > 45 and right < width - 20 and top > 40 and bottom < height - 20 for left, top, right, bottom in words
    )
    for one, other in combinations(words, 2):
        across = min(one[2], other[2]) - max(one[0], other[0])
        shared = min(one[3], other[3]) - max(one[1], other[1])
        lower = min(one[3] - one[1], other[3] - other[1])  # a box has the height of its face, with air above and below
        assert across < 0.5 or shared < 0.45 * lower, (one, other)


def drawn(paper: bytes) -> Iterator[tuple[float, str]]:
    """Yield the size in points and the colour of every line of text on the page."""
    size, colour = 0.0, "#000000"
    with pikepdf.open(BytesIO(paper)) as pdf:
        for values, operator in pikepdf.parse_content_stream(pdf.pages[0]):
            if str(operator) == "rg":
                colour = "#" + "".join(f"{round(float(value) * 255):02x}" for value in values)
            elif str(operator) == "Tf":
                size = float(values[1]) * 0.75  # the layout counts in CSS pixels
            elif str(operator) == "ET":
                yield size, colour


@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize(
    "values", [claim(), EXTREME, claim(covered=tuple(f"Module {number} on a thing" for number in range(80)))]
)
def test_small_print_can_be_read(values: Claim, size: PaperSize) -> None:
    lines = list(drawn(unsigned_paper(values, base_url=BASE_URL, at=ISSUED, size=size)))
    assert min(points for points, _colour in lines) > 7.4
    assert min(contrast(colour, "#ffffff") for _points, colour in lines) >= 7


def test_a_paper_wears_the_accent_of_the_school_but_for_its_small_print() -> None:
    plain, dressed = (
        unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED, **own) for own in ({}, {"accent": "#5b3a78"})
    )
    assert {"#1d5c57"} == {colour for _points, colour in drawn(plain)} - {colour for _points, colour in drawn(dressed)}
    assert all(points > 12 for points, colour in drawn(dressed) if colour == "#5b3a78")


def test_the_credential_leads_and_is_said_once(paper_file: Path) -> None:
    told = " ".join(run("pdftotext", paper_file, "-").split())
    end = claim().credential.partition("-")[2].partition(" ")[2]  # the reader joins a line that ends with a hyphen
    assert told.count(end) == 1
    assert told.index(end) < told.index("is awarded to Mara Vogel")
    assert "Dana Rivers Conferred by" in told


@pytest.mark.parametrize("size", PaperSize)
@pytest.mark.parametrize("script", SCRIPTS)
def test_names_of_all_scripts_are_written_with_our_fonts_only(
    script: str, size: PaperSize, tmp_path: Path, authority: Authority
) -> None:
    values = claim(NAMES[script], conferred_by=NAMES[script], cohort=NAMES[script], covered=(NAMES[script],))
    (tmp_path / "certificate.pdf").write_bytes(printed(values, authority, size=size))
    lines = run("pdffonts", tmp_path / "certificate.pdf").splitlines()[2:]
    assert all("+Paper-" in line and "yes yes yes" in line for line in lines), lines


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"holder": "Mara\u202eVogel"}, "The name .*U\\+202E"),
        ({"holder": "Mara\u2066Vogel"}, "The name .*U\\+2066"),
        ({"holder": "Mara\nVogel"}, "The name .*U\\+000A"),
        ({"holder": "रवि शंकर"}, "The name .*र"),
        ({"holder": "﷽" * 80}, "The name .*too long"),
        ({"conferred_by": "W" * 80}, "The director's name .*too long"),
        ({"cohort": "W" * 80}, "The cohort's name .*too long"),
        ({"covered": ("W" * 80,)}, "The title .*too long"),
        ({"holder": "  "}, "The name is empty"),
    ],
)
def test_what_cannot_stand_on_a_paper_is_refused_before_anything_is_made(changes: dict[str, object], told: str) -> None:
    with pytest.raises(Refused, match=told):
        check_claim(claim(**{"holder": "Mara Vogel", **changes}))


def test_the_attachments_stand_in_the_file_once_and_in_order(authority: Authority) -> None:
    with pikepdf.open(BytesIO(printed(claim(), authority, attachments=ATTACHED))) as pdf:
        names = list(pdf.Root.Names.EmbeddedFiles.Names)
        files = names[1::2]
        assert [str(name) for name in names[::2]] == sorted(attached.name for attached in ATTACHED)
        assert [file.objgen for file in pdf.Root.AF] == [file.objgen for file in files]
        assert [str(file.AFRelationship) for file in files] == ["/Data", "/Alternative", "/Supplement"]
        assert [str(file.EF.F.Subtype) for file in files] == ["/application/json", "/application/vc+jwt", "/text/plain"]
        assert {str(file.EF.F.Params.ModDate) for file in files} == {f"D:{ISSUED:%Y%m%d%H%M%S}+00'00'"}
        contents = {attached.name: attached.content for attached in ATTACHED}
        assert {str(file.UF): file.EF.F.read_bytes() for file in files} == contents


def test_two_attachments_of_one_name_are_refused(authority: Authority) -> None:
    with pytest.raises(ValueError, match="are called"):
        printed(claim(), authority, attachments=(ATTACHED[2], ATTACHED[2]))


def test_the_order_of_the_attachments_does_not_change_the_file(authority: Authority) -> None:
    plain = replace(authority, timestamps=None)
    assert printed(claim(), plain, attachments=ATTACHED) == printed(
        claim(), plain, attachments=tuple(reversed(ATTACHED))
    )


def test_the_address_stands_beside_the_code_in_words(paper_file: Path) -> None:
    told = run("pdftotext", paper_file, "-").replace("\n", "")
    assert ADDRESS in told


def test_a_missing_library_is_said_aloud(monkeypatch: pytest.MonkeyPatch) -> None:
    check_libraries()
    monkeypatch.setattr("weasyprint.text.ffi.harfbuzz_subset", None)
    with pytest.raises(Broken, match="libharfbuzz-subset0"):
        check_libraries()


def test_there_is_one_page_and_one_revision(paper: bytes) -> None:
    assert paper.count(b"%%EOF") == 1
    assert paper.endswith(b"%%EOF\n")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") <= 1


def test_the_same_claim_gives_the_same_bytes_but_for_the_timestamp(paper: bytes, authority: Authority) -> None:
    unsigned = unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED)
    plain = replace(authority, timestamps=None)
    assert signed_paper(unsigned, plain) == signed_paper(unsigned, plain)
    hole = paper.index(b"/Contents <")
    assert signed_paper(unsigned, plain)[:hole] == paper[:hole]


def test_address_and_number_stand_in_plain_metadata(paper: bytes) -> None:
    assert f"<dc:identifier>{claim().address(BASE_URL)}</dc:identifier>".encode() in paper
    assert claim().number.encode() in paper


@pytest.mark.parametrize("url", ["http://example.org/a.png", "file:///etc/passwd", "ftp://example.org/"])
def test_a_paper_opens_nothing_but_its_own_fonts(url: str) -> None:
    with pytest.raises(ValueError, match="may not open"):
        OurFilesOnly().fetch(url)


def test_a_file_without_a_place_to_sign_is_refused(authority: Authority) -> None:
    with pytest.raises(Broken):
        signed_paper(b"%PDF-1.7\n%%EOF\n", authority)


def test_pdfsig_finds_the_signature_valid_and_covering_everything(paper_file: Path) -> None:
    told = run("pdfsig", "-nocert", paper_file)
    assert "Signature is Valid." in told
    assert "Total document signed" in told
    assert "Not total document signed" not in told


def test_a_reader_that_trusts_our_root_trusts_the_paper(paper_file: Path, authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    store = f"sql:{tmp_path}"
    run("certutil", "-N", "-d", store, "--empty-password")
    run("certutil", "-A", "-d", store, "-n", "root", "-t", "CT,C,C", "-i", tmp_path / "root.pem")
    assert "Certificate is Trusted." in run("pdfsig", "-nssdir", store, paper_file)


def test_qpdf_finds_no_fault(paper_file: Path) -> None:
    assert "No syntax or stream encoding errors found" in run("qpdf", "--check", paper_file)


def test_every_font_is_ours_and_embedded(paper_file: Path) -> None:
    lines = run("pdffonts", paper_file).splitlines()[2:]
    assert lines
    assert all("+Paper-" in line and "yes yes yes" in line for line in lines), lines


def test_pyhanko_finds_it_intact_trusted_and_certified_against_changes(paper: bytes, authority: Authority) -> None:
    status = judged(paper, authority)
    assert status.bottom_line
    assert status.timestamp_validity
    assert status.timestamp_validity.trusted
    assert abs(status.timestamp_validity.timestamp - utc_now()).total_seconds() < 300
    assert status.intact
    assert status.valid
    assert status.trusted
    assert status.docmdp_ok
    assert status.coverage.name == "ENTIRE_FILE"
    [embedded] = PdfFileReader(BytesIO(paper)).embedded_signatures
    assert embedded.docmdp_level.name == "NO_CHANGES"


@pytest.mark.parametrize("size", PaperSize)
def test_a_camera_reads_the_address_from_the_page(size: PaperSize, tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "certificate.pdf").write_bytes(printed(claim(), authority, size=size))
    run("pdftoppm", "-r", 150, "-png", "-singlefile", tmp_path / "certificate.pdf", tmp_path / "page")
    image = cv2.imread(str(tmp_path / "page.png"))
    height, width = image.shape[:2]
    text, _, _ = cv2.QRCodeDetectorAruco().detectAndDecode(image[int(height * 0.65) :, int(width * 0.75) :])
    assert text == ADDRESS
