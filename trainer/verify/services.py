"""Answer by file, by credential or by reference, and write down what a verifier pins."""

import hashlib
import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from trainer.certificates.credential.open_badge import BadCredential, Credential, read_credential
from trainer.certificates.facts.claim import Claim, fingerprint
from trainer.certificates.models import Certificate
from trainer.certificates.queries import certificate_by_id, consent_of, consents_of
from trainer.certificates.signing.cms_check import BadSignature
from trainer.certificates.signing.key_rotation import always_stamps
from trainer.certificates.signing.keys import public_timestampers
from trainer.certificates.words import ConsentLevel
from trainer.errors import Broken
from trainer.networks import WIDE, network_of
from trainer.paces import Brake, Pace, hash_of
from trainer.registry.cosigning.errands import witnesses_of
from trainer.registry.did import did_of
from trainer.registry.history.queries import prove_logged
from trainer.registry.keys import key_in, verifier_in
from trainer.registry.log.queries import cosigned_note, newest_checkpoint
from trainer.registry.models import RegistryDocument, RegistryEntry
from trainer.registry.notes import Verifier, checkpoint_in, text_in
from trainer.registry.published.queries import newest_list, published_keys
from trainer.registry.queries import entry_by_id, entry_by_number, entry_by_sha256, status_at, status_by
from trainer.registry.status import Word
from trainer.registry.statuslists import Purpose
from trainer.settings import Settings
from trainer.verify import file_check
from trainer.verify.entered.queries import (
    SignedPage,
    entered_credential,
    entered_page,
    unentered_credential,
    unentered_page,
)
from trainer.verify.handed_in.reference import CredentialText, leads_elsewhere, read_credential_text, read_reference
from trainer.verify.handed_in.sandbox import read_attachments
from trainer.verify.matching import STAND_IN, Match, match_names
from trainer.verify.signatures.signature_check import signed_bytes
from trainer.verify.trust.anchors import FRESH_FOR, BadTrust, Freshness, PinnedKey, Trust, kid_in
from trainer.verify.trust.trust_file import carried_lists, trust_text
from trainer.verify.verdict import Check, Doubt, Verdict, beside, drifted, erased, in_log, recorded, unlogged
from trainer.web import brakes

_log = logging.getLogger(__name__)

TRIES_A_DAY = 5
ONE_NETWORK = Pace(free=TRIES_A_DAY, first=timedelta(days=1), growth=1, longest=timedelta(days=1))
"""How many names one network may compare with one certificate: enough for slips, too few to go through a list."""
NEIGHBOURS = Pace(free=4 * TRIES_A_DAY, first=timedelta(days=1), growth=1, longest=timedelta(days=1))
"""The same for all networks of a neighbourhood together."""

# written once: building a statement takes longer than running it
_DOCUMENT = select(RegistryDocument).where(RegistryDocument.sha256.in_(bindparam("hashes", expanding=True))).limit(1)


def verdict_for_file(
    session: Session,
    *,
    content: bytes,
    log: Verifier | None,
    now: datetime,
    trust: Trust | None = None,
    turn: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Verdict:
    """Say whether a file, or a pasted credential, is one we issued, unchanged, and whether its certificate holds.

    `log` is the public key of the log, or None where nothing was ever logged; `trust` holds the keys of the issuer,
    by which what is not in the registry is judged further: that is costly, so it is done within a `turn`. If the
    verdict raises an alarm, `raise_alarm` keeps it.

    Raises:
        Busy: it had to be judged further, and there was no turn.
    """
    if (verdict := file_check.polyglot(content, now)) is not None:
        return verdict
    text = None if content.startswith(b"%PDF-") else read_credential_text(content)
    if text is not None:
        return _credential(session, content, text, log, trust, now)
    if (verdict := file_check.unreadable(content, now)) is not None:
        return verdict
    marks = file_check.marks_of(content)
    if found := _issued_as(session, {marks.whole}):
        return _recorded(session, found[0], file_check.unchanged(marks), log, now)
    if found := _issued_as(session, marks.beginnings.keys()):
        entry, sha256 = found
        length = marks.beginnings[sha256]
        added = file_check.added_to(marks, length=length, number=entry.number, public_id=entry.public_id, now=now)
        return beside(added, _recorded(session, entry, None, log, now))
    with turn():
        return _unknown_file(session, content, marks, log, trust, now)


def _credential(
    session: Session,
    content: bytes,
    text: CredentialText,
    log: Verifier | None,
    trust: Trust | None,
    now: datetime,
) -> Verdict:
    if not text.jwt:
        return file_check.unsigned_credential(now)
    signed = _signed_credential(text.jwt, trust)
    found = entered_credential(session, signed=signed, jwt=text.jwt) if signed else None
    if signed is None or found is None:
        evidence = "It is not signed with a key of ours, or was changed after it was."
        verdict = file_check.credential_not_genuine(evidence, now)
        return replace(verdict, alarm=unentered_credential(signed, text.jwt)) if signed else verdict
    entry = found.entry
    if text.alone and (found.exact or found.erased):
        seen = Check(
            question=file_check.SIGNED_QUESTION if found.erased else file_check.CREDENTIAL_QUESTION,
            holds=True,
            evidence="With a key of ours; its SHA-256 was deleted from the registry with the holder's data."
            if found.erased
            else f"It is signed with a key of ours, and its SHA-256 {entry.credential_sha256} is in the registry.",
        )
        return _recorded(session, entry, seen, log, now, what="credential")
    if found.erased:  # we no longer say what it was about
        return _recorded(session, entry, None, log, now)
    why = file_check.REWRITTEN if text.alone else file_check.BESIDE
    altered = file_check.credential_inside(file_check.marks_of(content), claim=signed.claim, evidence=why, now=now)
    return beside(altered, _recorded(session, entry, None, log, now))


def trust_of(session: Session, *, settings: Settings, now: datetime) -> Trust | None:
    """Return what a verifier pins: our root, every key ever published and how it stands, the log and its witnesses.

    None where nothing was ever signed or logged.

    Raises:
        Broken: a certificate of ours, or the key of a witness in the settings, cannot be read.
    """
    log, root = verifier_in(settings.instance), settings.instance / "authority" / "root.pem"
    if log is None or not root.exists():
        return None
    witnesses = witnesses_of(settings)
    if any(one.witness.key == log.key for one in witnesses):
        raise Broken("The settings name the log's own key as a witness; a witness must be somebody else.")
    try:
        return Trust(
            base_url=settings.base_url,
            did=did_of(settings.base_url),
            issuer=settings.issuer,
            root=x509.load_pem_x509_certificate(root.read_bytes()),
            keys={
                one.kid: PinnedKey(
                    kid=one.kid,
                    certificate=x509.load_pem_x509_certificate(one.certificate.encode()),
                    status=one.status,
                    trusted_size=one.trusted_size,
                    stamps=always_stamps(settings.instance, x509.load_pem_x509_certificate(one.certificate.encode())),
                )
                for one in published_keys(session)
            },
            log=log,
            witnesses=tuple(one.witness for one in witnesses),
            quorum=settings.witness_quorum,
            timestampers=public_timestampers(),
            made_at=now,
        )
    except (Broken, OSError, ValueError) as error:  # no path in the sentence: anybody at the counter may read it
        raise Broken(
            "A certificate of the issuer cannot be read; restore the authority folder from a backup."
        ) from error


def trust_file(session: Session, *, settings: Settings, now: datetime) -> str | None:
    """Return the trust file as anybody may keep it, signed with the log's key; None where nothing was ever logged.

    It carries the newest status lists, unless a verifier would refuse them: until new ones are published after a key
    was given up or the address changed, no status is vouched for.

    Raises:
        Broken: as `trust_of`; or the log's key cannot be read.
    """
    trust, newest = trust_of(session, settings=settings, now=now), newest_checkpoint(session)
    if trust is None or newest is None:
        return None
    published = {purpose: newest_list(session, purpose=purpose) for purpose in Purpose}
    try:
        lists = carried_lists(trust, {purpose: one.jwt for purpose, one in published.items() if one})
    except BadTrust as error:
        _log.warning("The trust file goes out without status lists: %s", error)
        lists = {}
    note = cosigned_note(session, newest)
    fresh = Freshness(until=now + FRESH_FOR, note=note, checkpoint=checkpoint_in(text_in(note)), lists=lists)
    return trust_text(trust, fresh, key_in(settings.instance, base_url=settings.base_url))


def _issued_as(session: Session, hashes: Collection[str]) -> tuple[RegistryEntry, str] | None:
    """Return the entry of a paper or a further document with one of these SHA-256 values, and that value."""
    entry = entry_by_sha256(session, hashes=hashes)
    if entry is not None:
        return entry, entry.sha256
    document = session.scalar(_DOCUMENT, {"hashes": hashes})
    if document is None:
        return None
    return session.get_one(RegistryEntry, document.public_id), document.sha256


def _unknown_file(
    session: Session, content: bytes, marks: file_check.Marks, log: Verifier | None, trust: Trust | None, now: datetime
) -> Verdict:
    """Judge a file that is not in the registry: is it signed by us after all, or what of ours does it carry or name?"""
    jwt = read_attachments(content).credential
    signed = _signed_credential(jwt, trust)
    found = entered_credential(session, signed=signed, jwt=jwt) if signed else None
    named = file_check.named_in(content)
    page = _signed_page(content, trust)
    ids = [one for one in (signed.claim.public_id if signed else None, named) if one]
    if page and not entered_page(session, page=page, public_ids=ids):
        alarm = unentered_page(page, sha256=marks.whole, names=next(iter(ids), ""))
        return replace(file_check.not_genuine(marks, now), alarm=alarm)
    if signed and found is None:
        return replace(file_check.not_genuine(marks, now), alarm=unentered_credential(signed, jwt))
    if found and found.erased:  # we no longer say what it was about
        return _recorded(session, found.entry, None, log, now)
    entry = found.entry if found else entry_by_id(session, public_id=named) if named else None
    if entry is None:
        return file_check.not_genuine(marks, now)
    if signed:
        why = file_check.ONLY_REWRITTEN if page else "That is not in the registry."
        altered = file_check.data_inside(marks, claim=signed.claim, evidence=why, now=now)
    else:
        altered = file_check.not_as_issued(marks, number=entry.number, public_id=entry.public_id, now=now)
    return beside(altered, _recorded(session, entry, None, log, now))


def _signed_page(content: bytes, trust: Trust | None) -> SignedPage | None:
    if trust is None:
        return None
    try:
        signer, ranged = signed_bytes(content, root=trust.root, pinned=trust.certificates)
    except BadSignature:
        return None
    return SignedPage(kid=kid_in(signer), ranged=hashlib.sha256(ranged).hexdigest())


def _signed_credential(jwt: str, trust: Trust | None) -> Credential | None:
    if trust is None or not jwt:
        return None
    try:
        return read_credential(jwt, keys={kid: key.certificate for kid, key in trust.keys.items()}, did=trust.did)
    except BadCredential:
        return None


def verdict_for_reference(
    session: Session, *, text: str, log: Verifier | None, base_url: str, now: datetime
) -> Verdict:
    """Say what holds about a number, an id, or an address of ours, in any spacing and case."""
    public_id, number = read_reference(text, base_url=base_url)
    entry = None
    if public_id:
        entry = entry_by_id(session, public_id=public_id)
    elif number:
        entry = entry_by_number(session, number=number)
    if entry is not None:
        return _recorded(session, entry, None, log, now)
    sentence = "This is not a certificate number or address of ours; perhaps a sign was left out or mistyped."
    if public_id or number:
        sentence = "We have no certificate with this number or address."
    elif leads_elsewhere(text, base_url=base_url):
        sentence = (
            "This address leads to another place than ours, whatever it shows there. We confirm only what you ask for "
            "here: give the number of the certificate."
        )
    return Verdict(
        status=Doubt.UNKNOWN,
        sentence=sentence,
        checked_at=now,
        checks=(
            Check(
                question="Is it entered in the registry?",
                holds=False,
                evidence="Nothing is entered under what was given. That alone is no proof of fraud: "
                "a number has twelve letters and digits, such as 7K4M-2QXH-9PTV, and one wrong sign is enough.",
            ),
        ),
    )


def _recorded(
    session: Session,
    entry: RegistryEntry,
    seen: Check | None,
    log: Verifier | None,
    now: datetime,
    what: str = "file",
) -> Verdict:
    certificate = certificate_by_id(session, public_id=entry.public_id)
    if certificate is None:
        return _without_facts(session, entry, seen, log, now, what)
    if not certified(certificate.claim, entry):
        return drifted(number=entry.number, public_id=entry.public_id, now=now)
    proved = prove_logged(session, registered=entry, verifier=log)
    logged = in_log(index=proved.index, size=proved.size, holds=proved.holds)
    if not logged.holds:
        return unlogged(logged, public_id=entry.public_id, now=now)
    return recorded(
        status_by(proved.changes, entry=entry, now=now),
        facts=certificate.claim if seen else _shown(session, certificate.claim, entry),
        public_id=entry.public_id,
        issued_at=entry.issued_at,
        valid_until=entry.valid_until,
        file_check=seen,
        logged=logged,
        now=now,
        seen=what,
    )


def _without_facts(
    session: Session, entry: RegistryEntry, seen: Check | None, log: Verifier | None, now: datetime, what: str
) -> Verdict:
    status = status_at(session, public_id=entry.public_id, now=now)
    if status.word is not Word.ERASED:
        raise Broken(f"Certificate {entry.number} is in the registry, but its facts are not stored.")
    proved = prove_logged(session, registered=entry, verifier=log)
    logged = in_log(index=proved.index, size=proved.size, holds=proved.holds)
    if not logged.holds:
        return unlogged(logged, public_id=entry.public_id, now=now)
    return erased(
        status,
        public_id=entry.public_id,
        issued_at=entry.issued_at,
        file_check=seen,
        logged=logged,
        now=now,
        seen=what,
    )


def _shown(session: Session, facts: Mapping[str, Any], entry: RegistryEntry) -> Mapping[str, Any]:
    """Return the facts without the name, unless the holder lets it be shown."""
    level = consent_of(session, public_id=entry.public_id)
    return facts if level is ConsentLevel.SHOWN else {**facts, "holder": ""}


def certified(facts: Mapping[str, Any], entry: RegistryEntry) -> bool:
    """Say whether the facts are those the entry vouches for, and its own number and dates agree with them."""
    try:
        claim = Claim.read(facts)
        ends_at = claim.ends_at
        claimed = fingerprint(claim)
        dated = claim.is_issued_on_the_day_of(entry.issued_at)
    except (KeyError, TypeError, ValueError, OverflowError, ZeroDivisionError):
        return False
    # the log commits to the claim, and through it to what the registry repeats from it
    repeated = (entry.claim_sha256, entry.public_id, entry.number, entry.valid_until)
    return dated and repeated == (claimed, claim.public_id, claim.number, ends_at)


def try_names(
    session: Session, *, asked: Sequence[tuple[str, str]], address: str, base_url: str, now: datetime
) -> Sequence[Match | None]:
    """Compare names with those on certificates: pairs of a reference and a name; None where a day's tries are used up.

    Each try is counted, at most five a day for each certificate and network, so that nobody uses up the tries of
    others. A certificate that is unknown, or whose holder lets nobody compare, answers `no` and counts alike. The
    queries are the same whatever was asked.

    Args:
        address: the network address from which they are asked.
    """
    references = [read_reference(reference, base_url=base_url) for reference, _name in asked]
    known = (
        select(RegistryEntry, Certificate.claim)
        .join(Certificate, Certificate.public_id == RegistryEntry.public_id)
        .where(
            or_(
                RegistryEntry.public_id.in_([public_id for public_id, _number in references if public_id]),
                RegistryEntry.number.in_([number for _public_id, number in references if number]),
            )
        )
    )
    found = [(entry, facts) for entry, facts in session.execute(known)]
    ids = {key: entry.public_id for entry, _facts in found for key in (entry.public_id, entry.number)}
    consents = consents_of(session, public_ids=set(ids.values()))
    names = {
        entry.public_id: facts["holder"]
        for entry, facts in found
        if consents.get(entry.public_id) is not ConsentLevel.HIDDEN and certified(facts, entry)
    }
    whose = [
        ids.get(public_id or number or "", public_id or number or reference)
        for (public_id, number), (reference, _name) in zip(references, asked, strict=True)
    ]
    waits = brakes.take_each(session, tries=[_name_brakes(one, address) for one in whose], now=now)
    answers: list[Match | None] = []
    for one, wait, (_reference, name) in zip(whose, waits, asked, strict=True):
        compared = match_names(name, names.get(one, STAND_IN))
        answers.append(None if wait else compared if one in names else Match.NO)
    return answers


def _name_brakes(certificate: str, address: str) -> Sequence[Brake]:
    of = hash_of("certificate", certificate)  # under which it is forgotten when its holder is erased
    return (
        Brake(hash_of("name", network_of(address), of), of, ONE_NETWORK),
        Brake(hash_of("names", network_of(address, WIDE), of), of, NEIGHBOURS),
    )
