"""Look up what the counter needs to know, the cheap before the costly; `judging` says what follows from it."""

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from trainer.certificates.credential.open_badge import BadCredential, Credential, read_credential
from trainer.certificates.facts.claim import Claim, fingerprint
from trainer.certificates.models import Certificate
from trainer.certificates.queries import certificate_by_id, consent_of
from trainer.certificates.signing.cms_check import BadSignature
from trainer.certificates.tasks import DocumentKind
from trainer.certificates.words import ConsentLevel
from trainer.errors import Broken
from trainer.registry.history.queries import Logged, prove_logged
from trainer.registry.models import RegistryDocument, RegistryEntry
from trainer.registry.notes import Verifier
from trainer.registry.queries import entry_by_id, entry_by_number, entry_by_sha256, status_at, status_by
from trainer.registry.status import Status, Word
from trainer.verify import evidence
from trainer.verify.entered.queries import (
    SignedPage,
    entered_credential,
    entered_page,
    unentered_credential,
    unentered_page,
)
from trainer.verify.handed_in.handed import HandedIn, Kind, read_asked, read_content
from trainer.verify.handed_in.sandbox import read_attachments
from trainer.verify.judging import judge
from trainer.verify.seen import Doubted, DoubtReason, Registered, Seen
from trainer.verify.signature_check import signed_bytes
from trainer.verify.trust.anchors import Trust, kid_in
from trainer.verify.verdict import Check, Verdict

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
        Broken: a certificate is in the registry, but its facts are not stored.
    """
    handed, look = read_content(content), _Look(session, log, trust, now)
    if handed.flaw is not None:
        seen = Seen()
    elif handed.kind is Kind.CREDENTIAL:
        seen = _seen_of_credential(look, handed)
    else:
        seen = _seen_of_file(look, handed)
        if seen.certificate is None:
            with turn():
                seen = _seen_inside(look, handed)
    return judge(handed, seen, now)


def verdict_for_reference(
    session: Session, *, text: str, log: Verifier | None, base_url: str, now: datetime
) -> Verdict:
    """Say what holds about a number, an id, or an address of ours, in any spacing and case.

    Raises:
        Broken: a certificate is in the registry, but its facts are not stored.
    """
    handed = read_asked(text, base_url=base_url)
    entry = None
    if handed.public_id:
        entry = entry_by_id(session, public_id=handed.public_id)
    elif handed.number:
        entry = entry_by_number(session, number=handed.number)
    look = _Look(session, log, None, now)
    return judge(handed, Seen(certificate=look.certificate(entry) if entry else None), now)


@dataclass(frozen=True)
class _Look:
    """What every look-up goes by."""

    session: Session
    log: Verifier | None
    trust: Trust | None
    now: datetime

    def certificate(self, entry: RegistryEntry, *, shown: bool = False) -> Registered | Doubted:
        """Return what the registry and the log know about an entry now.

        Args:
            shown: whoever asks has the file or credential, and so the name.
        """
        stored = certificate_by_id(self.session, public_id=entry.public_id)
        if stored is None:
            return self._erased(entry)
        if not certified(stored.claim, entry):
            drifted = evidence.drifted(entry.number)
            return Doubted(reason=DoubtReason.DRIFTED, checks=(drifted,), public_id=entry.public_id)
        proved = prove_logged(self.session, registered=entry, verifier=self.log)
        status = status_by(proved.changes, entry=entry, now=self.now)
        name_shown = shown or consent_of(self.session, public_id=entry.public_id) is ConsentLevel.SHOWN
        return _registered(entry, proved, status, facts=stored.claim, name_shown=name_shown)

    def _erased(self, entry: RegistryEntry) -> Registered | Doubted:
        status = status_at(self.session, public_id=entry.public_id, now=self.now)
        if status.word is not Word.ERASED:
            raise Broken(f"Certificate {entry.number} is in the registry, but its facts are not stored.")
        return _registered(entry, prove_logged(self.session, registered=entry, verifier=self.log), status)

    def credential(self, jwt: str) -> Credential | None:
        """Return what a key of ours signed, or None."""
        if self.trust is None or not jwt:
            return None
        keys = {kid: key.certificate for kid, key in self.trust.keys.items()}
        try:
            return read_credential(jwt, keys=keys, did=self.trust.did)
        except BadCredential:
            return None

    def page(self, content: bytes) -> SignedPage | None:
        """Return the page that a key of ours signed, however its signature is written, or None."""
        if self.trust is None:
            return None
        try:
            signer, ranged = signed_bytes(content, root=self.trust.root, pinned=self.trust.certificates)
        except BadSignature:
            return None
        return SignedPage(kid=kid_in(signer), ranged=hashlib.sha256(ranged).hexdigest())


def _registered(
    entry: RegistryEntry,
    proved: Logged,
    status: Status,
    *,
    facts: Mapping[str, Any] | None = None,
    name_shown: bool = True,
) -> Registered | Doubted:
    logged = evidence.in_log(index=proved.index, size=proved.size, holds=proved.holds)
    if not logged.holds:
        return Doubted(reason=DoubtReason.UNLOGGED, checks=(logged,), public_id=entry.public_id)
    return Registered(
        public_id=entry.public_id,
        number=entry.number,
        issued_at=entry.issued_at,
        valid_until=entry.valid_until,
        status=status,
        facts=facts,
        logged=logged,
        name_shown=name_shown,
    )


def _seen_of_credential(look: _Look, handed: HandedIn) -> Seen:
    """Look for the entry of a credential that came as text."""
    jwt, alone = handed.text.jwt, handed.text.alone
    signed = look.credential(jwt)
    found = entered_credential(look.session, signed=signed, jwt=jwt) if signed else None
    if signed is None or found is None:
        return Seen(
            why="It is not signed with a key of ours, or was changed after it was.",
            unentered=unentered_credential(signed, jwt) if signed else None,
        )
    issued = None
    if alone and found.erased:
        issued = Check(
            question=evidence.SIGNED_QUESTION,
            holds=True,
            evidence="With a key of ours; its SHA-256 was deleted from the registry with the holder's data.",
        )
    elif alone and found.exact:
        issued = Check(
            question=evidence.CREDENTIAL_QUESTION,
            holds=True,
            evidence=f"It is signed with a key of ours, and its SHA-256 {found.entry.credential_sha256} is in the "
            "registry.",
        )
    return Seen(
        issued=issued,
        signed=signed.claim,
        why=evidence.REWRITTEN if alone else evidence.BESIDE,
        certificate=look.certificate(found.entry, shown=issued is not None),
    )


def _seen_of_file(look: _Look, handed: HandedIn) -> Seen:
    """Look for a file by its hash, then by those of its beginnings."""
    marks = handed.marks
    if found := _issued_as(look.session, {marks.whole}):
        certificate = look.certificate(found.entry, shown=True)
        return Seen(issued=evidence.unchanged(marks), document=found.document, certificate=certificate)
    if found := _issued_as(look.session, marks.beginnings.keys()):
        return Seen(begins=marks.beginnings[found.sha256], certificate=look.certificate(found.entry))
    return Seen()


@dataclass(frozen=True, kw_only=True)
class _Issued:
    """A file that we issued: its certificate, its SHA-256, and what it is where it is no paper of the certificate."""

    entry: RegistryEntry
    sha256: str
    document: str = ""


def _issued_as(session: Session, hashes: Collection[str]) -> _Issued | None:
    """Return the paper or further document with one of these SHA-256 values, or None."""
    entry = entry_by_sha256(session, hashes=hashes)
    if entry is not None:
        return _Issued(entry=entry, sha256=entry.sha256)
    document = session.scalar(_DOCUMENT, {"hashes": hashes})
    if document is None:
        return None
    entry = session.get_one(RegistryEntry, document.public_id)
    what = document.kind if document.kind == DocumentKind.TRANSCRIPT else ""
    return _Issued(entry=entry, sha256=document.sha256, document=what)


def _seen_inside(look: _Look, handed: HandedIn) -> Seen:
    """Look into a file that is not in the registry: is it signed by us after all, what of ours does it carry or name?

    What it carries may have been signed by whoever has a key of ours, so it is compared with what was entered.
    """
    session, content = look.session, handed.content
    jwt = read_attachments(content).credential
    signed = look.credential(jwt)
    found = entered_credential(session, signed=signed, jwt=jwt) if signed else None
    named = handed.public_id
    page = look.page(content)
    ids = [public_id for public_id in (signed.claim.public_id if signed else None, named) if public_id]
    nothing = f"{evidence.NOT_REGISTERED} We found no credential of ours in it."
    if page and not entered_page(session, page=page, public_ids=ids):
        alarm = unentered_page(page, sha256=handed.marks.whole, names=next(iter(ids), ""))
        return Seen(why=nothing, unentered=alarm)
    if signed and found is None:
        return Seen(why=nothing, unentered=unentered_credential(signed, jwt))
    entry = found.entry if found else entry_by_id(session, public_id=named) if named else None
    if entry is None:
        return Seen(why=nothing)
    return Seen(
        signed=signed.claim if signed else None,
        why=evidence.ONLY_REWRITTEN if page else evidence.NOT_REGISTERED,
        certificate=look.certificate(entry),
    )


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


def entries_with_facts(
    session: Session, *, references: Sequence[tuple[str | None, str | None]]
) -> Sequence[tuple[RegistryEntry, Mapping[str, Any]]]:
    """Return the entries, with the facts stored about each, that any of these pairs of an id and a number means."""
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
    return [(entry, facts) for entry, facts in session.execute(known)]
