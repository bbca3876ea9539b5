"""What is costly to parse is bounded before it is parsed: by its size, and by how much comes out of it."""

import tracemalloc
import zlib

import pytest
from asn1crypto import cms

from trainer.certificates.signing.authority import Authority
from trainer.verify.handed_in.attachments import LONGEST_TEXT, MOST_TEXT, texts_in
from trainer.verify.signature_check import LARGEST_HOLE, BadSignature, check_signature


def with_hole(signature: bytes) -> bytes:
    """A file of the shape of ours around something in the place of the signature."""
    contents = signature.hex().encode()
    begin = b"%%PDF-1.7\n/ByteRange [0 %010d %010d %010d] /Contents "
    hole = len(begin % (0, 0, 0))
    after = hole + len(contents) + 2
    return begin % (hole, after, len(b"%%EOF\n")) + b"<" + contents + b">" + b"%%EOF\n"


def attributes(size: int) -> bytes:
    """So many bytes of DER: one sequence of very many values, each of which costs a parser an object."""
    many = b"\x05\x00" * ((size - 4) // 2)
    return b"\x30\x82" + len(many).to_bytes(2, "big") + many


@pytest.mark.parametrize(("size", "parsed"), [(LARGEST_HOLE, True), (LARGEST_HOLE + 2, False)])
def test_a_signature_is_parsed_only_if_it_is_no_longer_than_ours_may_be(
    authority: Authority, monkeypatch, size: int, parsed: bool
) -> None:
    seen: list[bytes] = []
    monkeypatch.setattr(cms.ContentInfo, "load", lambda content, **_: seen.append(content))
    with pytest.raises(BadSignature) as refused:
        check_signature(with_hole(attributes(size)), root=authority.root)
    assert bool(seen) is parsed
    assert ("longer than any of ours" in str(refused.value)) is not parsed


@pytest.mark.parametrize("rest", [b">\n%%EOF\n", b"\n%%EOF\n"])
def test_a_signature_that_fills_the_whole_upload_takes_no_memory_to_be_refused(
    authority: Authority, rest: bytes
) -> None:
    file = b"%PDF-1.7\n/ByteRange [0 1 2 3]/Contents <" + b"0" * 2_000_000 + rest
    tracemalloc.start()
    try:
        with pytest.raises(BadSignature):
            check_signature(file, root=authority.root)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(file)
    finally:
        tracemalloc.stop()


def test_a_signature_of_half_a_byte_is_not_ours(authority: Authority) -> None:
    halved = with_hole(attributes(100))
    with pytest.raises(BadSignature, match="not written as ours"):
        check_signature(halved.replace(b">%%EOF", b"0>%%EOF"), root=authority.root)


def carrying(text: bytes, times: int) -> bytes:
    stream = b"stream\n" + zlib.compress(text, 9) + b"\nendstream\n"
    return b"%PDF-1.7\n" + stream * times + b"%%EOF\n"


@pytest.mark.parametrize(("times", "found"), [(1, True), (4, True), (5, False), (400, False)])
def test_no_more_is_unpacked_than_a_paper_of_ours_could_hold(times: int, found: bool) -> None:
    text = b"eyJh.a." + b"a" * (LONGEST_TEXT - 7)
    assert 4 * len(text) == MOST_TEXT
    assert texts_in(carrying(text, times))["credential"] == (text.decode() if found else "")


def test_a_stream_that_is_not_ours_takes_nothing_of_that_room() -> None:
    pictures = carrying(b"\x89PNG" * 100_000, 50)
    assert texts_in(pictures + carrying(b"eyJh.a.b", 1))["credential"] == "eyJh.a.b"
