"""Lay out the paper: one landscape page, archival (PDF/A-3a), accessible (PDF/UA-1), with a place to sign.

The place for the signature is part of the first and only revision, so nothing may ever be appended.
The same claim gives the same bytes.
"""

import base64
import zlib
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from xml.sax.saxutils import escape

import pydyf
import segno
import weasyprint
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from trainer.certificates.claim import Claim
from trainer.certificates.figure import figure
from trainer.certificates.lettering import FONTS, LARGEST, SMALLEST, check_writable, fitted
from trainer.certificates.signature import BYTE_RANGE_HOLE, CONTENTS_HOLE
from trainer.settings import ROOT

DENSE_FROM = 19
"""From so many covered titles on, the list is set smaller."""
MOST_TITLES = 35
"""The paper has room for so many titles; the certificate's own page always lists all."""
SRGB = Path(weasyprint.__file__).parent / "pdf" / "sRGB2014.icc"
_turn = Lock()  # the font configuration is shared, and pango serves one thread at a time


class _OurFilesOnly(URLFetcher):  # type: ignore[misc]  # WeasyPrint ships no types
    """Opens data: addresses and our fonts; a paper has no business anywhere else."""

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
        if not url.startswith(("data:", FONTS.as_uri() + "/")) or ".." in url:
            raise ValueError(f"A paper may not open {url[:80]}.")
        return super().fetch(url, headers)


def check_claim(claim: Claim) -> None:
    """Let a claim pass if every visible word of it can be written.

    Raises:
        Refused: some sign is missing from our fonts.
    """
    for what, text in (
        ("The name", claim.holder),
        ("The director's name", claim.conferred_by),
        ("The cohort's name", claim.cohort),
        ("The programme's title", claim.programme),
        ("The credential", claim.credential),
        ("The issuer's name", claim.issuer),
        *(("The title", title) for title in claim.covered),
    ):
        check_writable(text, what)


def unsigned_paper(claim: Claim, *, base_url: str, at: datetime) -> bytes:
    """Return the PDF with an empty place for the signature; `at` is the moment of issue.

    Raises:
        Refused: a name has signs that our fonts cannot write.
    """
    check_claim(claim)
    address = claim.address(base_url)
    html = _template().render(
        claim=claim,
        title=_title(claim),
        name=fitted(claim.holder),
        address=address,
        counter=base_url.split("://", 1)[-1] + "/verify",
        figure=_as_address(figure(claim.number)),
        qr=_as_address(_qr(address)),
        columns=_columns(claim.covered),
        day=_day,
    )
    with _turn:
        fonts, sheet = _dress()
        document = weasyprint.HTML(string=html, base_url=None, url_fetcher=_OurFilesOnly()).render(
            stylesheets=[sheet], font_config=fonts, pdf_variant="pdf/a-3a", output_intent="ours"
        )
        pdf: bytes = document.write_pdf(
            finisher=_finisher(claim, address, at),
            pdf_variant="pdf/a-3a",
            pdf_version="1.7",
            pdf_identifier=claim.public_id.encode(),
            pdf_tags=True,
            output_intent="ours",
            uncompressed_pdf=True,  # an ordinary table of contents for every reader; streams are packed below
        )
    return pdf


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("certificates/paper.html")


@cache
def _dress() -> tuple[Any, Any]:
    fonts = FontConfiguration()
    css = (ROOT / "templates/certificates/paper.css").read_text()
    css += "".join(f".name-{size} {{ font-size: {size}pt }}\n" for size in range(SMALLEST, LARGEST + 1))
    sheet = weasyprint.CSS(string=css, base_url=FONTS.as_uri() + "/", font_config=fonts, url_fetcher=_OurFilesOnly())
    return fonts, sheet


def _columns(titles: Sequence[str]) -> list[Sequence[str]]:
    """Return the titles in three columns, or in four smaller ones, read downwards."""
    shown = list(titles[:MOST_TITLES])
    if len(titles) > len(shown):
        shown.append(f"and {len(titles) - len(shown)} more, listed at the address of this certificate")
    count = 4 if len(shown) >= DENSE_FROM else 3
    rows = max(4, -(-len(shown) // count))
    return [shown[at : at + rows] for at in range(0, len(shown), rows)]


def _title(claim: Claim) -> str:
    return f"Certificate {claim.number}: {claim.holder}"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _as_address(svg: str) -> str:
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def _qr(address: str) -> str:
    out = BytesIO()
    code = segno.make(address, error="m", micro=False, boost_error=False)
    code.save(out, kind="svg", border=4, dark="#22231f", xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()


def _finisher(claim: Claim, address: str, at: datetime) -> Callable[[Any, Any], None]:
    def finish(_document: Any, pdf: Any) -> None:
        _write_metadata(pdf, claim, address, at)
        _say_which_colours(pdf)
        _leave_place_to_sign(pdf, claim, at)
        _pack(pdf)

    return finish


def _say_which_colours(pdf: Any) -> None:
    """Embed the sRGB profile, so that the colours are the same in fifty years."""
    profile = pydyf.Stream([SRGB.read_bytes()], {"N": 3})
    pdf.add_object(profile)
    intent = pydyf.Dictionary(
        {
            "Type": "/OutputIntent",
            "S": "/GTS_PDFA1",
            "OutputConditionIdentifier": pydyf.String("sRGB"),
            "Info": pydyf.String("sRGB IEC61966-2.1"),
            "DestOutputProfile": profile.reference,
        }
    )
    pdf.catalog["OutputIntents"] = pydyf.Array([intent])


def _pack(pdf: Any) -> None:
    """Compress every stream but the metadata.

    A stream that happens to end in a carriage return stays as it is: together with the line end before
    `endstream` it would look one byte shorter than it says, and strict readers complain.
    """
    metadata = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream is not metadata:
            packed = _deflated(stream.data)
            if not packed.endswith(b"\r"):
                stream.stream = [packed]
                stream.extra["Filter"] = "/FlateDecode"


def _deflated(written: bytes) -> bytes:
    return zlib.compress(written.split(b"stream\n", 1)[1].removesuffix(b"\nendstream"), 6)


def _write_metadata(pdf: Any, claim: Claim, address: str, at: datetime) -> None:
    """Replace the metadata by ours, unpacked: any tool can read which certificate this file claims to be."""
    producer = f"WeasyPrint {weasyprint.__version__}"
    pdf.info.clear()
    pdf.info.update(
        Title=pydyf.String(_title(claim)),
        Author=pydyf.String(claim.issuer),
        Keywords=pydyf.String(claim.number),
        CreationDate=pydyf.String(_pdf_time(at)),
        ModDate=pydyf.String(_pdf_time(at)),
        Producer=pydyf.String(producer),
    )
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    stream.compress = False
    stream.stream = [
        _XMP.format(
            title=escape(_title(claim)),
            issuer=escape(claim.issuer),
            address=escape(address),
            number=claim.number,
            moment=f"{at:%Y-%m-%dT%H:%M:%S}+00:00",
            producer=producer,
        ).encode()
    ]


def _leave_place_to_sign(pdf: Any, claim: Claim, at: datetime) -> None:
    page_reference = pdf.page_references[0]
    page = pdf.objects[int(page_reference.split()[0])]
    signature = pydyf.Dictionary(
        {
            "Type": "/Sig",
            "Filter": "/Adobe.PPKLite",
            "SubFilter": "/ETSI.CAdES.detached",
            "ByteRange": BYTE_RANGE_HOLE,
            "Contents": CONTENTS_HOLE,
            "M": pydyf.String(_pdf_time(at)),
            "Name": pydyf.String(claim.issuer),
            "Reason": pydyf.String(f"Certificate {claim.number} was issued."),
            "Reference": pydyf.Array(
                [
                    pydyf.Dictionary(
                        {
                            "Type": "/SigRef",
                            "TransformMethod": "/DocMDP",
                            "TransformParams": pydyf.Dictionary({"Type": "/TransformParams", "P": 1, "V": "/1.2"}),
                        }
                    )
                ]
            ),
        }
    )
    pdf.add_object(signature)
    field = pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String("Issuer"),
            "TU": pydyf.String(f"Digital signature of {claim.issuer}"),
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "F": 132,  # printable and locked
            "P": page_reference,
            "V": signature.reference,
        }
    )
    pdf.add_object(field)
    _tag(pdf, field, page_reference)
    page["Annots"] = pydyf.Array([field.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference]), "SigFlags": 3})
    pdf.catalog["Perms"] = pydyf.Dictionary({"DocMDP": signature.reference})


def _tag(pdf: Any, field: Any, page_reference: bytes) -> None:
    """Hang the signature field into the tag tree, where a screen reader looks for it."""
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    body = pdf.objects[int(root["K"][0].split()[0])]
    numbers = pdf.objects[int(root["ParentTree"].split()[0])]["Nums"]
    pointer = pydyf.Dictionary({"Type": "/OBJR", "Obj": field.reference, "Pg": page_reference})
    pdf.add_object(pointer)
    element = pydyf.Dictionary(
        {
            "Type": "/StructElem",
            "S": "/Form",
            "P": body.reference,
            "Pg": page_reference,
            "K": pydyf.Array([pointer.reference]),
        }
    )
    pdf.add_object(element)
    body["K"].append(element.reference)
    field["StructParent"] = len(numbers) // 2
    numbers.extend([len(numbers) // 2, element.reference])


def _pdf_time(at: datetime) -> str:
    return f"D:{at:%Y%m%d%H%M%S}+00'00'"


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="3" pdfaid:conformance="A"/>
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier>{address}</dc:identifier>
<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
<dc:creator><rdf:Seq><rdf:li>{issuer}</rdf:li></rdf:Seq></dc:creator>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 pdf:Producer="{producer}" pdf:Keywords="{number}"/>
<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
 xmp:CreateDate="{moment}" xmp:ModifyDate="{moment}"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 to which this file conforms</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
