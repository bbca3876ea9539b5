"""What somebody typed, pasted or scanned: an address of ours, an id, a number, or a whole credential."""

import json
import re
from dataclasses import dataclass
from typing import Any

from trainer.certificates.facts.number import read_number

LONGEST_REFERENCE = 500
LONGEST_CREDENTIAL = 256 * 1024
_ID = re.compile(r"[a-z2-7]{26}")
_PATH = re.compile(r"/?c/\s*([a-z2-7]{26})(?![a-z0-9])")
_ANOTHER = re.compile(r"[/\\]{2}|[/\\]\s*$|https?:")
_ADDRESS = re.compile(r"(?:^|[\s/])c/\s*([a-z2-7]{26})(?![a-z0-9])")
_SITE = re.compile(r"(?:https?:/*|//)([^/?#\s]+)|((?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?)(?:/|$)", re.IGNORECASE)
_JWT = re.compile(r"eyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
_WORD = re.compile(r"[A-Za-z0-9_.-]+")
_BLANKS = " \t\r\n"  # what JSON knows as white space; anything else before or behind a credential is a part of the file
_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_ENVELOPE = {"type": "EnvelopedVerifiableCredential"}
_CARRIED = "data:application/vc+jwt,"


@dataclass(frozen=True, kw_only=True)
class CredentialText:
    """A text that is meant as a credential.

    Attributes:
        jwt: the signed line in it, or "" when there is none, or more than one.
        alone: the text is this line, or a bare envelope around it (W3C VC 2.0, §4.12), and nothing else. Of anything
            else the line may be ours, but not what stands beside it.
    """

    jwt: str
    alone: bool


def read_id(text: str, *, base_url: str) -> str | None:
    """Return the certificate id in an address of ours, in a path, or on its own; else None."""
    text = text.strip().lower()[:LONGEST_REFERENCE]
    if found := _PATH.match(text) or _in_words(text, place=base_url.lower().partition("://")[2].rstrip("/")):
        return found[1]
    return text if _ID.fullmatch(text) else None


def _in_words(text: str, *, place: str) -> re.Match[str] | None:
    """Return where a text has an address of ours, perhaps behind words, but behind no other address.

    A browser passes over the blanks in an address, so that what stands behind one may be a part of it. The paper
    breaks its address into two lines before the id: who copies it has a blank there.
    """
    found = re.search(rf"(?:^|\s)(?:https?://)?{re.escape(place)}/c/\s*([a-z2-7]{{26}})(?![a-z0-9])", text)
    return found if found and not _ANOTHER.search(text[: found.start()]) else None


def leads_elsewhere(text: str, *, base_url: str) -> bool:
    """Say whether this is an address, or looks like that of a certificate, but of another place than ours."""
    if read_id(text, base_url=base_url) is not None:
        return False
    return id_at_the_end(text) is not None or bool(place_elsewhere(text, base_url=base_url))


def place_elsewhere(text: str, *, base_url: str) -> str:
    """Return the host, and the port if there is one, to which an address leads that is not ours; else ""."""
    found = _SITE.match(text.strip()[:LONGEST_REFERENCE].replace("\\", "/"))  # browsers read either stroke
    if found is None:
        return ""
    place = (found[1] or found[2]).rpartition("@")[2].lower()
    return "" if place == base_url.lower().partition("://")[2].rstrip("/") else place


def id_at_the_end(address: str) -> str | None:
    """Return the id in the address of a certificate, wherever that address leads. It proves nothing by itself."""
    found = _ADDRESS.search(address.strip().lower()[:LONGEST_REFERENCE])
    return found[1] if found else None


def read_reference(text: str, *, base_url: str) -> tuple[str | None, str | None]:
    """Return (id, number): at most one of them is known; spacing and case are forgiven."""
    text = text[:LONGEST_REFERENCE]
    public_id = read_id(text, base_url=base_url)
    return public_id, None if public_id else read_number(text)


def looks_like_credential(text: str) -> bool:
    """Say whether this is meant as a credential: a JWT, or JSON."""
    return text.lstrip(_BLANKS).startswith(("eyJ", "{"))


def read_credential_text(content: bytes | str) -> CredentialText | None:
    """Return what a pasted or uploaded text carries as a credential, or None if it is not meant as one."""
    try:
        text = (content if isinstance(content, str) else content.decode()).strip(_BLANKS)
    except UnicodeDecodeError:
        return None
    if not looks_like_credential(text) or len(text) > LONGEST_CREDENTIAL:
        return None
    carried = {word for word in _WORD.findall(text) if _JWT.fullmatch(word)}
    jwt = carried.pop() if len(carried) == 1 else ""
    return CredentialText(jwt=jwt, alone=bool(jwt) and (text == jwt or _is_envelope(text, jwt)))


def _is_envelope(text: str, jwt: str) -> bool:
    try:
        values = json.loads(text, object_pairs_hook=each_once)
    except (ValueError, RecursionError):
        return False
    return values in (
        {"@context": context, "id": f"{_CARRIED}{jwt}", **_ENVELOPE} for context in (_CONTEXT, [_CONTEXT])
    )


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the members of a JSON object; to be given to a reader as its `object_pairs_hook`.

    Raises:
        ValueError: a name stands in it twice.
    """
    values = dict(pairs)
    if len(values) != len(pairs):  # readers disagree on which of two equal names counts
        raise ValueError("A name stands in it twice.")
    return values
