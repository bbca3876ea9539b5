"""Answers are compressed for whoever can read that, and nobody else's page can weigh the secrets in them."""

import gzip

import pytest

from trainer.web.compression import WORTHWHILE, gzipped

READS = {"Accept-Encoding": "gzip, br"}


@pytest.mark.parametrize("content", [b"", b"a", b"seven rungs " * 10_000, bytes(range(256)) * 40])
@pytest.mark.parametrize("padding", [0, 1, 100])
def test_what_was_compressed_is_read_again_by_others(content: bytes, padding: int) -> None:
    assert gzip.decompress(gzipped(content, level=1, padding=padding)) == content


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_page_is_compressed_for_whoever_can_read_it_and_says_that_it_depends(app) -> None:
    visitor = app.test_client()
    plain, packed = visitor.get("/verify"), visitor.get("/verify", headers=READS)
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "<h1>" in gzip.decompress(packed.data).decode()
    assert len(packed.data) < len(plain.data) / 2
    assert "Accept-Encoding" in plain.headers["Vary"]
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in visitor.get("/verify", headers={"Accept-Encoding": "gzip;q=0"}).headers


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_same_page_has_another_length_each_time(app) -> None:
    visitor = app.test_client()
    assert len({len(visitor.get("/competencies/", headers=READS).data) for _ in range(20)}) > 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_sheet_is_compressed_and_known_again_while_a_font_stays_as_it_is(app) -> None:
    visitor = app.test_client()
    sheet = visitor.get("/static/css/base.css", headers=READS)
    assert sheet.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(sheet.data).decode().startswith("/* Elements")
    again = visitor.get("/static/css/base.css", headers=READS | {"If-None-Match": sheet.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with visitor.get("/static/css/base.css") as plain:
        assert plain.headers["ETag"] != sheet.headers["ETag"]
    with visitor.get("/static/fonts/lamplight-sans-upright.woff2", headers=READS) as font:
        assert "Content-Encoding" not in font.headers


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_short_stays_as_it_is(app) -> None:
    answer = app.test_client().get("/healthz", headers=READS)
    assert len(answer.data) < WORTHWHILE
    assert "Content-Encoding" not in answer.headers
