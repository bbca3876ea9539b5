"""Every way we know to make a signed paper say something else (certificates guide §3.2), on our own certificate.

ISA, SWA and USF: V. Mladenov et al., "1 Trillion Dollar Refund", CCS 2019. Shadow: C. Mainka et al., NDSS 2021.
Overlays and annotations: S. Rohlmann et al., "Breaking the Specification: PDF Certification", S&P 2021.
"""

import re
import warnings
import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

import pikepdf

PAGE = re.compile(rb"(\d+) 0 obj\n<</Type /Page/.*?>>\nendobj", re.DOTALL)
CATALOGUE = re.compile(rb"(\d+) 0 obj\n<</Type /Catalog.*?\nendobj", re.DOTALL)
CONTENTS = re.compile(rb"/Contents <[0-9a-f]+>")
RANGE = re.compile(rb"/ByteRange \[[^]]*\] *")


def flipped(at: float) -> Callable[[bytes], bytes]:
    def change(pdf: bytes) -> bytes:
        place = int(len(pdf) * at)
        return pdf[:place] + bytes((pdf[place] ^ 1,)) + pdf[place + 1 :]

    return change


def updated(pdf: bytes, *objects: bytes, end: bytes | None = None) -> bytes:
    """Append an incremental update with these objects."""
    out = pdf
    places = []
    for written in objects:
        places.append((int(written.split(b" ", 1)[0]), len(out)))
        out += written + b"\n"
    table = b"".join(b"%d 1\n%010d 00000 n \n" % place for place in sorted(places))
    root = CATALOGUE.search(pdf)
    assert root
    before = pdf.rindex(b"startxref\n") + len(b"startxref\n")
    previous = pdf[before : pdf.index(b"\n", before)]
    trailer = b"trailer\n<</Size 400/Root %s 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (root[1], previous, len(out))
    return out + b"xref\n" + table + trailer if end is None else out + end


def page_of(pdf: bytes) -> bytes:
    found = PAGE.search(pdf)
    assert found
    return found[0]


def catalogue_of(pdf: bytes) -> bytes:
    found = CATALOGUE.search(pdf)
    assert found
    return found[0]


def stream(number: int, text: bytes, head: bytes = b"") -> bytes:
    return b"%d 0 obj\n<<%s/Length %d>>\nstream\n%s\nendstream\nendobj" % (number, head, len(text), text)


def with_page(pdf: bytes, change: Callable[[bytes], bytes], *more: bytes) -> bytes:
    return updated(pdf, change(page_of(pdf)), *more)


def new_content(page: bytes) -> bytes:
    return re.sub(rb"/Contents \d+ 0 R", b"/Contents 390 0 R", page)


def more_content(page: bytes) -> bytes:
    return re.sub(rb"/Contents (\d+ 0 R)", rb"/Contents [\1 390 0 R]", page)


def resaved(**options: object) -> Callable[[bytes], bytes]:
    def change(pdf: bytes) -> bytes:
        out = BytesIO()
        with pikepdf.open(BytesIO(pdf)) as opened:
            opened.save(out, **options)
        return out.getvalue()

    return change


def edited(change: Callable[[pikepdf.Pdf], None]) -> Callable[[bytes], bytes]:
    def save(pdf: bytes) -> bytes:
        out = BytesIO()
        with pikepdf.open(BytesIO(pdf)) as opened, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that the signature's field is lost is the point
            change(opened)
            opened.save(out)
        return out.getvalue()

    return save


def remove_signature(opened: pikepdf.Pdf) -> None:
    del opened.Root.AcroForm
    del opened.Root.Perms


def attach_something(opened: pikepdf.Pdf) -> None:
    opened.attachments["evil.txt"] = pikepdf.AttachedFileSpec(opened, b"evil")


def swap_attachment(opened: pikepdf.Pdf) -> None:
    opened.attachments["credential.jwt"] = pikepdf.AttachedFileSpec(opened, b"eyJhIjoxfQ.eyJhIjoxfQ.AAAA")


def copy_page(pdf: bytes) -> bytes:
    out = BytesIO()
    with pikepdf.open(BytesIO(pdf)) as source, pikepdf.new() as target, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that the signature's field is lost is the point
        target.pages.append(source.pages[0])
        target.save(out)
    return out.getvalue()


def swapped_range(pdf: bytes) -> bytes:
    """SWA: shift the second part behind what was inserted, and leave the ranges pointing at their old bytes."""
    numbers = [int(one) for one in re.findall(rb"\d+", RANGE.search(pdf)[0])]
    after = numbers[2]
    evil = stream(390, b"BT /F1 40 Tf (Eve) Tj ET")
    moved = pdf[:after] + evil + pdf[after:]
    return RANGE.sub(b"/ByteRange [0 %d %d %d] " % (numbers[1], after + len(evil), numbers[3]), moved, count=1)


def padded_range(pdf: bytes) -> bytes:
    """SWA: put text into the hole behind the signature, where no range covers it."""
    found = CONTENTS.search(pdf)
    assert found
    evil = b"/Evil (Eve)>>\nendobj\n390 0 obj<<"
    return pdf[: found.end() - 2 * len(evil) - 1] + b">" + evil + b" " * (len(evil)) + pdf[found.end() :]


def zip_tail(pdf: bytes) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("evil.html", "<script>")
    return pdf + out.getvalue()


def bomb(pdf: bytes) -> bytes:
    """A stream that begins like a proof and never ends."""
    packed = zlib.compress(b"c2sp.org/tlog-proof@v1\n" + bytes(100_000_000), 9)
    return pdf[:-6] + stream(390, packed, b"/Filter /FlateDecode") + b"\n%%EOF\n"


EVIL = stream(390, b"BT /F1 40 Tf 60 300 Td (Eve Forger) Tj ET")
DSS = b"391 0 obj\n<</Type /DSS/Certs []>>\nendobj"

ATTACKS: dict[str, Callable[[bytes], bytes]] = {
    "a byte of the head": flipped(0.0001),
    "a byte of the page": flipped(0.2),
    "a byte of a font": flipped(0.5),
    "a byte in the middle of the signature": flipped(0.8),
    "a byte of the table": flipped(0.99),
    "ISA: a new page text": lambda pdf: with_page(pdf, new_content, EVIL),
    "ISA: without a table": lambda pdf: updated(pdf, new_content(page_of(pdf)), EVIL, end=b"%%EOF\n"),
    "ISA: without an end": lambda pdf: updated(pdf, new_content(page_of(pdf)), EVIL, end=b"trailer\n<</Root 2 0 R>>\n"),
    "USF: no range": lambda pdf: RANGE.sub(b"", pdf),
    "USF: null range": lambda pdf: RANGE.sub(b"/ByteRange null ", pdf),
    "USF: empty range": lambda pdf: RANGE.sub(b"/ByteRange [0 0 0 0] ", pdf),
    "USF: negative range": lambda pdf: RANGE.sub(b"/ByteRange [0 -1 -1 99999] ", pdf),
    "USF: no signature": lambda pdf: CONTENTS.sub(b"", pdf),
    "USF: null signature": lambda pdf: CONTENTS.sub(b"/Contents null", pdf),
    "USF: signature of zeros": lambda pdf: CONTENTS.sub(b"/Contents <" + b"0" * 100 + b">", pdf),
    "SWA: a part moved": swapped_range,
    "SWA: text in the hole": padded_range,
    "shadow: hide": lambda pdf: with_page(pdf, more_content, stream(390, b"1 g 0 0 900 900 re f")),
    "shadow: replace": lambda pdf: with_page(
        pdf, lambda page: page.replace(b"/MediaBox", b"/CropBox [0 0 9 9]/MediaBox")
    ),
    "shadow: hide and replace": lambda pdf: updated(
        pdf,
        catalogue_of(pdf).replace(b"/Pages ", b"/Pages 392 0 R/Old "),
        b"392 0 obj\n<</Type /Pages/Kids []/Count 0>>\nendobj",
    ),
    "an overlay": lambda pdf: with_page(pdf, more_content, EVIL),
    "an evil annotation": lambda pdf: with_page(
        pdf,
        lambda page: re.sub(rb"/Annots \[", b"/Annots [393 0 R ", page),
        b"393 0 obj\n<</Type /Annot/Subtype /FreeText/Rect [60 200 500 300]/Contents (Eve Forger)>>\nendobj",
    ),
    "the signature removed": edited(remove_signature),
    "the catalogue without its form": lambda pdf: updated(pdf, re.sub(rb"/AcroForm <<.*?>>", b"", catalogue_of(pdf))),
    "saved anew": resaved(),
    "saved with object streams": resaved(object_stream_mode=pikepdf.ObjectStreamMode.generate),
    "saved in the order of the web": resaved(linearize=True),
    "encrypted": resaved(encryption=pikepdf.Encryption(owner="o", user="")),
    "unpacked": resaved(compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.all),
    "its page copied": copy_page,
    "cut in half": lambda pdf: pdf[: len(pdf) // 2],
    "its last byte cut": lambda pdf: pdf[:-1],
    "something before it": lambda pdf: b"#!/bin/sh\n" + pdf,
    "a second head before it": lambda pdf: b"%PDF-1.7\n" + pdf,
    "a newline behind it": lambda pdf: pdf + b"\n",
    "a ZIP behind it": zip_tail,
    "itself behind it": lambda pdf: pdf + pdf,
    "an attachment added": edited(attach_something),
    "an attachment swapped": edited(swap_attachment),
    "its metadata edited": lambda pdf: pdf.replace(b"Mara Vogel", b"Evil Forge"),
    "its metadata replaced": lambda pdf: updated(pdf, stream(395, b"<x:xmpmeta/>", b"/Type /Metadata/Subtype /XML")),
    "a DSS added": lambda pdf: updated(pdf, catalogue_of(pdf).replace(b"/Pages ", b"/DSS 391 0 R/Pages "), DSS),
    "a second signature field": lambda pdf: pdf[:-6] + b"/ByteRange [0 1 2 3] /Contents <00>\n%%EOF\n",
    "many ends": lambda pdf: pdf[:-6] + b"%%EOF\n" * 200_000,
    "many streams": lambda pdf: pdf[:-6] + b"stream\nx\x9c\n" * 150_000 + b"%%EOF\n",
    "a bomb": bomb,
}
