"""Make a laid-out document archival (PDF/A-3a) and accessible (PDF/UA-1), with attachments and a place to sign.

The place for the signature is part of the first and only revision, so nothing may ever be appended.
"""

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from importlib.metadata import distribution
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pydyf

from trainer.certificates.signing.signature import BYTE_RANGE_HOLE, CONTENTS_HOLE

SRGB = Path(str(distribution("weasyprint").locate_file("weasyprint/pdf/sRGB2014.icc")))
PRODUCER = f"WeasyPrint {distribution('weasyprint').version}"


class Relationship(StrEnum):
    """What an attachment is to its document (ISO 19005-3 annex E)."""

    DATA = "Data"
    ALTERNATIVE = "Alternative"
    SUPPLEMENT = "Supplement"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file inside the document.

    Its bytes stand in one stream of their own, packed with Flate; in the rare case in which the packed form would end
    in a carriage return, they stand there as they are.

    Attributes:
        name: in plain ASCII, each once in a document.
        description: a few words that a reader shows beside the name.
    """

    name: str
    content: bytes
    media_type: str
    relationship: Relationship
    description: str


@dataclass(frozen=True, kw_only=True)
class Labels:
    """What a document says about itself to readers and archives.

    Attributes:
        address: of the certificate.
        reason: why it was signed.
    """

    title: str
    issuer: str
    number: str
    address: str
    reason: str
    at: datetime


def finish(pdf: Any, labels: Labels, attachments: Sequence[Attachment] = ()) -> None:
    """Complete the objects of a PDF that WeasyPrint has laid out."""
    _write_metadata(pdf, labels)
    _say_which_colours(pdf)
    _attach(pdf, attachments, labels.at)
    _say_what_heads(pdf)
    _leave_place_to_sign(pdf, labels)
    _pack(pdf)


def finish_unsigned(pdf: Any, labels: Labels) -> None:
    """Complete the objects of a PDF that nobody signs, in the same way."""
    _write_metadata(pdf, labels)
    _say_which_colours(pdf)
    _say_what_heads(pdf)
    _pack(pdf)


def _write_metadata(pdf: Any, labels: Labels) -> None:
    """Replace the metadata by ours, unpacked: any tool can read which certificate this file claims to be."""
    pdf.info.clear()
    pdf.info.update(
        Title=pydyf.String(labels.title),
        Author=pydyf.String(labels.issuer),
        Keywords=pydyf.String(labels.number),
        CreationDate=_moment(labels.at),
        ModDate=_moment(labels.at),
        Producer=pydyf.String(PRODUCER),
    )
    stream = _object(pdf, pdf.catalog["Metadata"])
    stream.compress = False
    stream.stream = [
        _XMP.format(
            title=escape(labels.title),
            issuer=escape(labels.issuer),
            address=escape(labels.address),
            number=labels.number,
            moment=f"{labels.at:%Y-%m-%dT%H:%M:%S}+00:00",
            producer=PRODUCER,
        ).encode()
    ]


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


def _attach(pdf: Any, attachments: Sequence[Attachment], at: datetime) -> None:
    """Enter each attachment once into the list of embedded files and once into `/AF` (ISO 32000-1 §7.11.4)."""
    if not attachments:
        return
    ordered = sorted(attachments, key=lambda attached: attached.name)
    references = [_file(pdf, attached, at) for attached in ordered]
    names = pydyf.Array()
    for attached, reference in zip(ordered, references, strict=True):
        names.extend([pydyf.String(attached.name), reference])
    pdf.catalog["Names"] = pydyf.Dictionary({"EmbeddedFiles": pydyf.Dictionary({"Names": names})})
    pdf.catalog["AF"] = pydyf.Array(references)


def _file(pdf: Any, attached: Attachment, at: datetime) -> bytes:
    known = pydyf.Dictionary(
        {
            "Size": len(attached.content),
            "CheckSum": f"<{hashlib.md5(attached.content, usedforsecurity=False).hexdigest()}>",
            "CreationDate": _moment(at),
            "ModDate": _moment(at),
        }
    )
    kind = "/" + attached.media_type.replace("/", "#2f").replace("+", "#2b")
    content = pydyf.Stream([attached.content], {"Type": "/EmbeddedFile", "Subtype": kind, "Params": known})
    pdf.add_object(content)
    name = pydyf.String(attached.name)
    file = pydyf.Dictionary(
        {
            "Type": "/Filespec",
            "F": name,
            "UF": name,
            "EF": pydyf.Dictionary({"F": content.reference, "UF": content.reference}),
            "AFRelationship": f"/{attached.relationship.value}",
            "Desc": pydyf.String(attached.description),
        }
    )
    pdf.add_object(file)
    reference: bytes = file.reference
    return reference


def _say_what_heads(pdf: Any) -> None:
    """Tell screen readers whether a header cell heads its column or its row (ISO 32000-1 §14.8.5.7)."""
    for cell in pdf.objects:
        if isinstance(cell, pydyf.Dictionary) and cell.get("S") == "/TH":
            part = _object(pdf, _object(pdf, cell["P"])["P"])
            cell["A"]["Scope"] = "/Column" if part["S"] == "/THead" else "/Row"


def _leave_place_to_sign(pdf: Any, labels: Labels) -> None:
    page_reference = pdf.page_references[0]
    page = _object(pdf, page_reference)
    signature = _empty_signature(labels)
    pdf.add_object(signature)
    field = _signature_field(labels, page_reference, signature)
    pdf.add_object(field)
    _tag(pdf, field, page_reference)
    page["Annots"] = pydyf.Array([field.reference])
    pdf.catalog["AcroForm"] = pydyf.Dictionary({"Fields": pydyf.Array([field.reference]), "SigFlags": 3})
    pdf.catalog["Perms"] = pydyf.Dictionary({"DocMDP": signature.reference})


def _empty_signature(labels: Labels) -> Any:
    """Return a signature still to be filled. It certifies: no later change is allowed (ISO 32000-2, 12.8.2.2)."""
    return pydyf.Dictionary(
        {
            "Type": "/Sig",
            "Filter": "/Adobe.PPKLite",
            "SubFilter": "/ETSI.CAdES.detached",
            "ByteRange": BYTE_RANGE_HOLE,
            "Contents": CONTENTS_HOLE,
            "M": _moment(labels.at),
            "Name": pydyf.String(labels.issuer),
            "Reason": pydyf.String(labels.reason),
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


def _signature_field(labels: Labels, page_reference: bytes, signature: Any) -> Any:
    return pydyf.Dictionary(
        {
            "Type": "/Annot",
            "Subtype": "/Widget",
            "FT": "/Sig",
            "T": pydyf.String("Issuer"),
            "TU": pydyf.String(f"Digital signature of {labels.issuer}"),
            "Rect": pydyf.Array([0, 0, 0, 0]),
            "F": 132,  # printable and locked
            "P": page_reference,
            "V": signature.reference,
        }
    )


def _tag(pdf: Any, field: Any, page_reference: bytes) -> None:
    """Hang the signature field into the tag tree, where a screen reader looks for it."""
    root = _object(pdf, pdf.catalog["StructTreeRoot"])
    body = _object(pdf, root["K"][0])
    numbers = _object(pdf, root["ParentTree"])["Nums"]
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


def _pack(pdf: Any) -> None:
    """Compress every stream but the metadata.

    A stream that happens to end in a carriage return stays as it is: together with the line end before
    `endstream` it would look one byte shorter than it says, and strict readers complain.
    """
    metadata = _object(pdf, pdf.catalog["Metadata"])
    for stream in pdf.objects:
        if isinstance(stream, pydyf.Stream) and stream is not metadata:
            packed = _deflated(stream.data)
            if not packed.endswith(b"\r"):
                stream.stream = [packed]
                stream.extra["Filter"] = "/FlateDecode"


def _deflated(written: bytes) -> bytes:
    return zlib.compress(written.split(b"stream\n", 1)[1].removesuffix(b"\nendstream"), 6)


def _object(pdf: Any, reference: bytes) -> Any:
    return pdf.objects[int(reference.split()[0])]


def _moment(at: datetime) -> Any:
    return pydyf.String(f"D:{at:%Y%m%d%H%M%S}+00'00'")


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
