"""The trust file: what a verifier pins, in writing.

All of it is signed with the log's key, as a note (C2SP signed-note) over the SHA-256 of its canonical JSON. Files of
version 1 were not signed and say nothing about any status; they are still read.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.notes import (
    BadNote,
    Signer,
    Verifier,
    open_note,
    read_checkpoint,
    read_verifier,
    read_witness,
    sign_note,
)
from trainer.registry.statuslists import BadStatusList, StatusList, StatusPurpose, opened_list
from trainer.verify.trust.anchors import CLOCK_SKEW, BadTrust, Freshness, PinnedKey, Trust, kid_in

VERSION, UNSIGNED = 2, 1
LONGEST_TRUST_FILE = 8 * 1024 * 1024  # in characters; a list of a million certificates has about a tenth of that
_HEAD = "trainer/trust/v2"
"""Begins the text that is signed, so that it can never be read as a checkpoint of any log."""
NEEDED = ("log", "witnesses", "base_url", "did", "issuer", "root", "keys", "quorum", "made_at")
SIGNED = ("signature", "fresh_until", "checkpoint", "lists")
_ANEW = "fetch it anew from the issuer's /trust.json"


def trust_text(trust: Trust, fresh: Freshness, log: Signer) -> str:
    """Return the trust file, signed, as `read_trust` reads it."""
    values: dict[str, Any] = {
        "v": VERSION,
        "base_url": trust.base_url,
        "did": trust.did,
        "issuer": {"name": trust.issuer},
        "root": _pem(trust.root),
        "keys": [
            {
                "kid": key.kid,
                "certificate": _pem(key.certificate),
                "status": key.status,
                "trusted_size": key.trusted_size,
                "stamps": key.stamps,
            }
            for key in trust.keys.values()
        ],
        "log": trust.log.text(),
        "witnesses": [witness.text() for witness in trust.witnesses],
        "quorum": trust.quorum,
        "made_at": trust.made_at.isoformat(),
        "fresh_until": fresh.until.isoformat(),
        "checkpoint": fresh.note,
        "lists": {purpose.value: one.jwt for purpose, one in fresh.lists.items()},
    }
    if trust.timestampers:
        values["timestampers"] = [_pem(root) for root in trust.timestampers]
    values["signature"] = sign_note(_signed_text(values), log)
    return json.dumps(values, indent=2, ensure_ascii=False) + "\n"


def read_trust(text: str) -> Trust:
    """Read a trust file.

    Raises:
        BadTrust: something in it is missing, does not fit together, or is not what the issuer signed.
    """
    try:
        values = json.loads(text) if len(text) <= LONGEST_TRUST_FILE else None
    except (ValueError, RecursionError) as error:
        raise BadTrust(f"The trust file is not JSON; {_ANEW}.") from error
    if not isinstance(values, dict) or type(values.get("v")) is not int or values["v"] not in (UNSIGNED, VERSION):
        raise BadTrust(f"This is not a trust file of version {UNSIGNED} or {VERSION}; {_ANEW}.")
    if lacks := [name for name in (*NEEDED, *(SIGNED if values["v"] == VERSION else ())) if name not in values]:
        raise BadTrust(f"The trust file lacks {lacks[0]!r}; {_ANEW}.")
    try:
        return _read(values)
    except BadTrust:
        raise
    except BadNote as error:
        raise BadTrust("A public key of the log or of a witness in the trust file cannot be read.") from error
    except Exception as error:  # a certificate can be wrong in a hundred ways
        raise BadTrust("A certificate, key or date in the trust file cannot be read; fetch it anew.") from error


def carried_lists(trust: Trust, jwts: Mapping[str, str]) -> Mapping[StatusPurpose, StatusList]:
    """Return the status lists that a trust file carries, by their purpose.

    Raises:
        BadTrust: one is not the issuer's, tampered with, or does not belong beside the other.
    """
    if jwts and set(jwts) != set(StatusPurpose):
        raise BadTrust(f"The trust file carries one status list without the other; {_ANEW}.")
    good = {kid: key.certificate for kid, key in trust.keys.items() if key.status is not KeyStatus.COMPROMISED}
    lists: dict[StatusPurpose, StatusList] = {}
    for purpose in StatusPurpose if jwts else ():
        try:
            lists[purpose] = opened_list(
                jwts[purpose], purpose=purpose, keys=good, did=trust.did, base_url=trust.base_url
            )
        except BadStatusList as error:
            raise BadTrust(f"The {purpose} list in the trust file does not count. {error}") from error
        if lists[purpose].begins > trust.made_at + CLOCK_SKEW:
            raise BadTrust(f"The {purpose} list is dated later than the trust file that carries it; {_ANEW}.")
    for purpose, older in lists.items():
        if any(newer.begins >= older.ends for newer in lists.values()):
            raise BadTrust(f"The {purpose} list in the trust file had run out when the other was made; {_ANEW}.")
    return lists


def _signed_text(values: Mapping[str, Any]) -> str:
    """Return the text that the log's key signs: the hash of everything else, in canonical JSON (RFC 8785)."""
    rest = {name: value for name, value in values.items() if name != "signature"}
    written = json.dumps(rest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return f"{_HEAD}\n{hashlib.sha256(written.encode()).hexdigest()}\n"


def _read(values: Mapping[str, Any]) -> Trust:
    log = read_verifier(values["log"])
    if values["v"] == VERSION:
        _check_signature(values, log)
    witnesses = tuple(read_witness(value) for value in values["witnesses"])
    trust = Trust(
        base_url=str(values["base_url"]),
        did=str(values["did"]),
        issuer=str(values["issuer"]["name"]),
        root=_certificate(values["root"]),
        keys={key.kid: key for key in map(_read_key, values["keys"])},
        log=log,
        witnesses=witnesses,
        quorum=values["quorum"],
        timestampers=tuple(_certificate(written) for written in values.get("timestampers", ())),
        made_at=_moment(values["made_at"]),
    )
    names, bits = [witness.name for witness in witnesses], [log.key, *(witness.key for witness in witnesses)]
    if len(set(names)) < len(names) or len(set(bits)) < len(bits):
        raise BadTrust("The trust file names a witness twice, or the log as its own witness.")
    if type(trust.quorum) is not int or not 0 <= trust.quorum <= len(witnesses):
        raise BadTrust("The trust file asks for more witnesses than it names.")
    return trust if values["v"] == UNSIGNED else _with_freshness(trust, values)


def _check_signature(values: Mapping[str, Any], log: Verifier) -> None:
    try:
        signed = open_note(values["signature"], log) == _signed_text(values)
    except BadNote:
        signed = False
    if not signed:
        raise BadTrust(f"The trust file is not as the issuer's log signed it; {_ANEW}.")


def _with_freshness(trust: Trust, values: Mapping[str, Any]) -> Trust:
    until, note = _moment(values["fresh_until"]), values["checkpoint"]
    if until <= trust.made_at:
        raise BadTrust(f"The trust file had run out before it was made; {_ANEW}.")
    try:
        checkpoint = read_checkpoint(note, trust.log)
    except BadNote as error:
        raise BadTrust(f"The checkpoint in the trust file is not one of its log; {_ANEW}.") from error
    lists = carried_lists(trust, values["lists"])
    return replace(trust, freshness=Freshness(until=until, note=note, checkpoint=checkpoint, lists=lists))


def _read_key(values: Mapping[str, Any]) -> PinnedKey:
    certificate, status, size = _certificate(values["certificate"]), values["status"], values["trusted_size"]
    stamps = values.get("stamps", False)  # a trust file of before December 2026 does not say
    if values["kid"] != kid_in(certificate):
        raise BadTrust(f"The trust file names a key {values['kid']!r} that is not the key of its certificate.")
    if status not in set(KeyStatus) or not (size is None or type(size) is int) or type(stamps) is not bool:
        raise BadTrust(f"The trust file does not say clearly how the key {values['kid']} stands.")
    return PinnedKey(
        kid=values["kid"], certificate=certificate, status=KeyStatus(status), trusted_size=size, stamps=stamps
    )


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise BadTrust("A date in the trust file does not say its time zone.")
    return at


def _certificate(pem: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(pem.encode())


def _pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()
