"""A receipt proves what we said, to the letter, and only with our key."""

import os
import stat
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import ECKey

from trainer.certificates.models import Certificate, Consent
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.errors import Broken
from trainer.receipts.keys import public_jwk, receipt_key_in
from trainer.receipts.receipt import (
    LONGEST_RECEIPT,
    TYPE,
    BadReceipt,
    LogState,
    Receipt,
    read_receipt,
    receipt_name,
    receipt_text,
    signed_receipt,
)
from trainer.registry.did import did_of

KEY = ECKey.generate_key("P-256")
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
RECEIPT = Receipt(
    issuer="did:web:example.org",
    asked={"kind": "number", "value": "7K4M-2QXH-9PTC"},
    answer={"status": "valid", "sentence": "It is valid."},
    log=LogState(origin="example.org", size=1042, root="AAAA", at=AT),
    at=AT,
)


def test_a_receipt_is_read_back_as_it_was_written_also_from_among_other_words() -> None:
    token = signed_receipt(RECEIPT, KEY)
    assert read_receipt(token, KEY) == RECEIPT
    assert read_receipt(receipt_text(RECEIPT, token, address="https://example.org"), KEY) == RECEIPT


@given(st.data())
def test_a_receipt_of_which_one_sign_was_altered_is_refused(data: st.DataObject) -> None:
    token = signed_receipt(RECEIPT, KEY)
    at = data.draw(st.integers(0, len(token) - 1))
    sign = data.draw(st.sampled_from("abcXYZ019-_").filter(lambda one: one != token[at]))
    with pytest.raises(BadReceipt):
        read_receipt(token[:at] + sign + token[at + 1 :], KEY)


def test_a_receipt_by_another_key_is_refused() -> None:
    with pytest.raises(BadReceipt, match="not signed by us"):
        read_receipt(signed_receipt(RECEIPT, ECKey.generate_key("P-256")), KEY)


def test_a_receipt_without_a_signature_is_refused() -> None:
    _head, body, signature = signed_receipt(RECEIPT, KEY).split(".")
    with pytest.raises(BadReceipt):
        read_receipt(f"eyJhbGciOiJub25lIn0.{body}.{signature}", KEY)


def test_something_else_that_our_key_signed_is_no_receipt() -> None:
    header = {"alg": "ES256", "typ": "JWT", "kid": KEY.thumbprint()}
    with pytest.raises(BadReceipt, match="not a receipt"):
        read_receipt(jws.serialize_compact(header, b'{"at": "now"}', KEY), KEY)


@pytest.mark.parametrize(
    ("more", "body"), [({"cty": "JWT"}, b'{"at": "now"}'), ({}, b'{"at": "now", "at": "then"}'), ({}, b'["now"]')]
)
def test_what_is_not_of_our_shape_is_refused_even_under_our_key(more: dict[str, str], body: bytes) -> None:
    header = {"alg": "ES256", "typ": TYPE, "kid": KEY.thumbprint(), **more}
    with pytest.raises(BadReceipt):
        read_receipt(jws.serialize_compact(header, body, KEY), KEY)


@given(st.text(max_size=400))
def test_anything_may_be_pasted(text: str) -> None:
    with pytest.raises(BadReceipt):
        read_receipt(text, KEY)


@pytest.mark.parametrize(
    "text", ["a" * LONGEST_RECEIPT, f"{'a' * 9000}.{'a' * 9000}", "a." * 9000, f"{'a' * 9}." * 1900]
)
def test_a_long_text_that_is_none_is_refused_at_once(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(BadReceipt):
        read_receipt(text, KEY)
    assert time.perf_counter() - begun < 0.2


def test_the_address_becomes_a_did() -> None:
    assert did_of("https://example.org") == "did:web:example.org"
    assert did_of("http://127.0.0.1:8000") == "did:web:127.0.0.1%3A8000"
    assert did_of("https://example.org/a/b/") == "did:web:example.org:a:b"


def test_the_key_is_made_once_and_is_its_owners_alone(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as crowd:
        keys = list(crowd.map(lambda _: receipt_key_in(tmp_path).thumbprint(), range(16)))
    assert len(set(keys)) == 1
    assert stat.S_IMODE(os.stat(tmp_path / "receipts" / "key.pem").st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["receipts"]


def test_a_damaged_key_is_the_operators_fault_and_no_path_is_told(tmp_path: Path) -> None:
    receipt_key_in(tmp_path)
    (tmp_path / "receipts" / "key.pem").write_text("nonsense")
    with pytest.raises(Broken, match="restore it from a backup") as caught:
        receipt_key_in(tmp_path)
    assert str(tmp_path) not in str(caught.value)


def test_the_published_key_has_no_private_part_and_reads_our_receipts(stranger, certificate: Certificate) -> None:
    published = stranger.get("/.well-known/receipt-key.json")
    assert published.headers["Access-Control-Allow-Origin"] == "*"
    assert "d" not in published.json
    assert published.json["kid"] == ECKey.import_key(published.json).thumbprint()
    token = stranger.get(f"/c/{certificate.public_id}/receipt.jwt").text
    receipt = read_receipt(token, ECKey.import_key(published.json))
    assert receipt.asked == {"kind": "id", "value": certificate.public_id}
    assert receipt.answer["number"] == certificate.number
    assert receipt.log.size > 0
    assert "Mara" not in str(receipt)
    assert public_jwk(KEY)["crv"] == "P-256"


def test_a_kept_receipt_is_checked_on_a_page(stranger, certificate: Certificate) -> None:
    kept = stranger.get(f"/c/{certificate.public_id}/receipt")
    assert "attachment" in kept.headers["Content-Disposition"]
    page = stranger.send("/verify/receipt", {"receipt": kept.text})
    assert "We said this" in page.text
    assert "no longer valid" in page.text or "is valid" in page.text
    line = max(kept.text.splitlines(), key=len)
    forged = stranger.send("/verify/receipt", {"receipt": kept.text.replace(line, line[:300] + "A" + line[301:])})
    assert forged.status_code == 422
    assert "We said this" not in forged.text
    assert stranger.send("/verify/receipt", {"receipt": ""}).status_code == 422


def test_a_receipt_says_of_whom_beside_the_signed_line_and_in_its_name(stranger, certificate: Certificate) -> None:
    about, number = f"/c/{certificate.public_id}/receipt", certificate.number
    kept = stranger.get(about)
    assert f"filename=receipt-{number}-" in kept.headers["Content-Disposition"]
    words, _, token = kept.text.rstrip().rpartition("\n")
    for said in (number, f"Holder: {certificate.claim['holder']}", certificate.claim["credential"]):
        assert said in words
    assert f"http://localhost/c/{certificate.public_id}" in words
    assert "Mara" not in str(read_receipt(token, ECKey.import_key(stranger.get("/.well-known/receipt-key.json").json)))
    page = stranger.send("/verify/receipt", {"receipt": kept.text}).text
    assert number in page
    assert f"http://localhost/c/{certificate.public_id}" in page
    assert certificate.claim["holder"] not in page, "what stands beside the signed line is not vouched for"


def test_a_name_that_the_register_does_not_show_stands_in_no_receipt(
    stranger, database, certificate: Certificate
) -> None:
    from io import BytesIO
    from urllib.parse import unquote

    with database.transaction() as session:
        session.add(Consent(public_id=certificate.public_id, level=ConsentLevel.MATCHED, at=utc_now()))
        pdf = session.get_one(Certificate, certificate.public_id).pdf
    page = stranger.send("/verify", {"file": (BytesIO(pdf), "a.pdf")}, content_type="multipart/form-data").text
    kept = unquote(page.partition("data:text/plain;charset=utf-8,")[2].partition('"')[0])
    for text in (kept, stranger.get(f"/c/{certificate.public_id}/receipt").text):
        assert "Mara" not in text
        assert "Holder: not shown in the public register" in text
    assert f'download="receipt-{certificate.number}-' in page


def test_a_receipt_of_what_is_no_certificate_is_called_by_what_was_asked_for() -> None:
    asked = {"kind": "file", "sha256": "0123456789abcdef" * 4}
    assert receipt_name(replace(RECEIPT, asked=asked)) == "receipt-0123456789ab-2026-11-25"
    assert receipt_name(RECEIPT) == "receipt-7K4M-2QXH-9PTC-2026-11-25"
    assert receipt_name(RECEIPT, number="1111") == "receipt-1111-2026-11-25"


def test_nobody_gets_a_receipt_for_a_certificate_that_is_not_there(stranger) -> None:
    assert stranger.get(f"/c/{'a' * 26}/receipt").status_code == 404


def test_the_answer_about_a_file_holds_its_receipt(stranger, database, certificate: Certificate) -> None:
    from io import BytesIO
    from urllib.parse import unquote

    with database.reading() as session:
        pdf = session.get_one(Certificate, certificate.public_id).pdf
    page = stranger.send("/verify", {"file": (BytesIO(pdf + b"more"), "a.pdf")}, content_type="multipart/form-data")
    kept = unquote(page.text.partition("data:text/plain;charset=utf-8,")[2].partition('"')[0])
    receipt = read_receipt(kept, ECKey.import_key(stranger.get("/.well-known/receipt-key.json").json))
    assert receipt.asked["kind"] == "file"
    assert receipt.answer["status"] == "altered"
