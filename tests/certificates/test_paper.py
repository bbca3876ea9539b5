"""The paper as independent tools see it: PDF readers, validators, a camera."""

import subprocess
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import cv2
import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.certificates.conftest import BASE_URL, ISSUED, claim, judged
from trainer.certificates.authority import Authority
from trainer.certificates.gate import check_paper
from trainer.certificates.paper import unsigned_paper
from trainer.certificates.press import OurFilesOnly
from trainer.certificates.signature import signed
from trainer.clock import utc_now
from trainer.errors import Broken, Refused

NAMES = {
    "one sign": "J",
    "short": "Bo Li",
    "46 signs": "Maximiliane Alexandra von Hohenfels-Brandenbur",
    "80 signs": "Wilhelmina Konstantina Papadopoulou-Featherstone de la Fuente y Santamaría-Marque",
    "one long word": "W" * 80,
    "Vietnamese": "Nguyễn Thị Ánh Tuyết",
    "Cyrillic": "Екатерина Воскресенская",
    "Greek": "Ελευθερία Παπακωνσταντίνου",
    "hostile": '<link rel=attachment href="file:///etc/passwd">&amp;',
}


def run(*command: object) -> str:
    return subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True).stdout


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_every_name_gives_an_archival_and_accessible_page(name: str, authority: Authority) -> None:
    paper = signed(unsigned_paper(claim(name), base_url=BASE_URL, at=ISSUED), authority)
    check_paper(paper)


@pytest.mark.parametrize("count", [0, 1, 18, 19, 35, 80])
def test_a_programme_of_any_size_finds_room(count: int, authority: Authority) -> None:
    covered = tuple(f"Module {number} on something of importance" for number in range(count))
    check_paper(signed(unsigned_paper(claim(covered=covered), base_url=BASE_URL, at=ISSUED), authority))


def test_a_paper_that_fails_the_validator_is_not_issued(paper: bytes) -> None:
    with pytest.raises(Broken, match="PDF/UA-1"):
        check_paper(paper.replace(b'pdfuaid:part="1"', b'pdfuaid:part="7"'))


def test_there_is_one_page_and_one_revision(paper: bytes) -> None:
    assert paper.count(b"%%EOF") == 1
    assert paper.endswith(b"%%EOF\n")
    assert paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") <= 1


def test_the_same_claim_gives_the_same_bytes_but_for_the_timestamp(paper: bytes, authority: Authority) -> None:
    unsigned = unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED)
    plain = replace(authority, timestamps=None)
    assert signed(unsigned, plain) == signed(unsigned, plain)
    hole = paper.index(b"/Contents <")
    assert signed(unsigned, plain)[:hole] == paper[:hole]


def test_address_and_number_stand_in_plain_metadata(paper: bytes) -> None:
    assert f"<dc:identifier>{claim().address(BASE_URL)}</dc:identifier>".encode() in paper
    assert claim().number.encode() in paper


def test_a_name_in_another_script_is_refused_kindly_before_anything_is_made() -> None:
    with pytest.raises(Refused, match="美"):
        unsigned_paper(claim("美 Vogel"), base_url=BASE_URL, at=ISSUED)


@pytest.mark.parametrize("url", ["http://example.org/a.png", "file:///etc/passwd", "ftp://example.org/"])
def test_a_paper_opens_nothing_but_its_own_fonts(url: str) -> None:
    with pytest.raises(ValueError, match="may not open"):
        OurFilesOnly().fetch(url)


def test_a_file_without_a_place_to_sign_is_refused(authority: Authority) -> None:
    with pytest.raises(Broken):
        signed(b"%PDF-1.7\n%%EOF\n", authority)


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


def test_a_camera_reads_the_address_from_the_page(paper_file: Path, tmp_path: Path) -> None:
    run("pdftoppm", "-r", 150, "-png", "-singlefile", paper_file, tmp_path / "page")
    image = cv2.imread(str(tmp_path / "page.png"))
    height, width_ = image.shape[:2]
    text, _, _ = cv2.QRCodeDetector().detectAndDecode(image[int(height * 0.65) :, int(width_ * 0.75) :])
    assert text == claim().address(BASE_URL)
