"""What somebody hands in: a file, a credential as text, a number or an address; and what is wrong with it at once."""

from dataclasses import dataclass, field
from enum import StrEnum

from trainer.verify.handed_in.marks import FileHashes, hashes_of_file, named_in
from trainer.verify.handed_in.reference import CredentialText, leads_elsewhere, read_credential_text, read_reference

_HEAD = b"%PDF-"
HEAD_WITHIN = 1024  # bytes in which readers look for the head of a PDF, whatever stands before it


class Kind(StrEnum):
    """What it is taken for, as sentences name it."""

    FILE = "file"
    CREDENTIAL = "credential"
    REFERENCE = "reference"


class Flaw(StrEnum):
    """Why there is nothing to look up."""

    SOMETHING_BEFORE = "something before the PDF"
    EMPTY = "empty"
    NO_PDF = "neither a PDF nor a credential"
    NOT_ONE_SIGNATURE = "not exactly one signed line"
    NO_REFERENCE = "neither a number nor an address"
    LEADS_ELSEWHERE = "an address of another place"


NO_MARKS = FileHashes(size=0, whole="", beginnings={})
NO_TEXT = CredentialText(jwt="", alone=False)


@dataclass(frozen=True, kw_only=True)
class HandedIn:
    """What was handed in, as far as it tells by itself.

    Attributes:
        content: the bytes of a file or a credential.
        text: of a credential, the signed line in it.
        public_id: of an address, the id in it; of a file, the one it names, which proves nothing; or "".
        number: of a reference that is a number, that number, or "".
    """

    kind: Kind
    flaw: Flaw | None = None
    content: bytes = field(default=b"", repr=False)
    marks: FileHashes = NO_MARKS
    text: CredentialText = NO_TEXT
    public_id: str = ""
    number: str = ""


def read_content(content: bytes) -> HandedIn:
    """Return what a file or a pasted credential tells by itself."""
    if content.find(_HEAD, 0, HEAD_WITHIN + len(_HEAD)) > 0:  # it can pass for two kinds of file at once
        return HandedIn(kind=Kind.FILE, flaw=Flaw.SOMETHING_BEFORE)
    text = None if content.startswith(_HEAD) else read_credential_text(content)
    if text is not None:
        flaw = None if text.jwt else Flaw.NOT_ONE_SIGNATURE
        return HandedIn(kind=Kind.CREDENTIAL, flaw=flaw, content=content, marks=hashes_of_file(content), text=text)
    if not content.startswith(_HEAD):
        return HandedIn(kind=Kind.FILE, flaw=Flaw.NO_PDF if content else Flaw.EMPTY)
    return HandedIn(kind=Kind.FILE, content=content, marks=hashes_of_file(content), public_id=named_in(content) or "")


def read_asked(text: str, *, base_url: str) -> HandedIn:
    """Return the number or id in what somebody typed or scanned, in any spacing and case."""
    public_id, number = read_reference(text, base_url=base_url)
    flaw = None
    if not (public_id or number):
        flaw = Flaw.LEADS_ELSEWHERE if leads_elsewhere(text, base_url=base_url) else Flaw.NO_REFERENCE
    return HandedIn(kind=Kind.REFERENCE, flaw=flaw, public_id=public_id or "", number=number or "")
