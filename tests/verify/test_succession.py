"""A later trust file is believed for the sake of an earlier one only while it takes nothing back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from tests.verify.carrier import LOG, WITNESSES
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.notes import Checkpoint
from trainer.registry.statuslists import StatusList, StatusPurpose
from trainer.verify.trust.anchors import BadTrust, Freshness, Trust
from trainer.verify.trust.succession import check_follows
from trainer.verify.trust.trust_file import read_trust

MADE = datetime(2026, 2, 1, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)
UNSIGNED = read_trust((Path(__file__).parent / "vectors" / "trust-v1.json").read_text())
((KID, KEY),) = UNSIGNED.keys.items()
GIVEN_UP = {"status": KeyStatus.COMPROMISED, "trusted_size": 4}


def lists(at: datetime = MADE, *, bits: bytes = b"", **others: datetime) -> Mapping[StatusPurpose, StatusList]:
    """Both status lists, made at one moment, or one of them at another: `lists(suspension=…)`."""
    return {one: StatusList(jwt="", bits=bits, begins=others.get(one.value, at), ends=at) for one in StatusPurpose}


def by(issuer: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    """A certificate of KEY that lasts longer."""
    return (
        x509.CertificateBuilder(UNSIGNED.root.subject, KEY.certificate.subject, KEY.certificate.public_key(), 1)
        .not_valid_before(KEY.certificate.not_valid_before_utc)
        .not_valid_after(KEY.certificate.not_valid_after_utc + timedelta(days=9999))
        .sign(issuer, hashes.SHA256())
    )


ROOT_KEY, THIEF = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
ROOT = (
    x509.CertificateBuilder(UNSIGNED.root.subject, UNSIGNED.root.subject, ROOT_KEY.public_key(), 1)
    .not_valid_before(UNSIGNED.root.not_valid_before_utc)
    .not_valid_after(UNSIGNED.root.not_valid_after_utc)
    .sign(ROOT_KEY, hashes.SHA256())
)


def trust(*, key: Mapping[str, object] | None = None, log: tuple[int, bytes] = (9, b"r" * 32), **changes) -> Trust:
    """What is pinned of a signed trust file: with these changes of its key, this size and root of its log."""
    size, root = log
    checkpoint = Checkpoint(origin="localhost", size=size, root=root)
    fresh = Freshness(until=MADE, note="", checkpoint=checkpoint, lists=changes.pop("lists", lists()))
    keys = {KID: replace(KEY, **(key or {}))}
    return replace(UNSIGNED, **{"made_at": MADE, "keys": keys, "freshness": fresh, **changes})


FIRST = trust(key={"stamps": False})
BOARD = tuple(one.witness for one in WITNESSES[:3])


def seen_by(*witnesses: int, quorum: int) -> Trust:
    """A trust file by which so many of these witnesses must have seen the log."""
    return trust(witnesses=tuple(BOARD[one] for one in witnesses), quorum=quorum)


BY_ANOTHER = trust(key={"certificate": by(THIEF)})


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (FIRST, FIRST),
        (UNSIGNED, UNSIGNED),
        (UNSIGNED, replace(FIRST, keys=UNSIGNED.keys)),
        (FIRST, trust(made_at=MADE + SECOND, log=(10, b"R" * 32), lists=lists(MADE + SECOND))),
        (FIRST, replace(FIRST, keys={**FIRST.keys, "another": KEY})),
        (FIRST, trust(key={"stamps": True})),
        (trust(key={"stamps": True}), trust(key={"stamps": True})),
        (FIRST, trust(key={"status": KeyStatus.RETIRED, "stamps": False})),
        (trust(key={"status": KeyStatus.RETIRED}), trust(key={"status": KeyStatus.PUBLISHED})),
        (FIRST, trust(key=GIVEN_UP)),
        (trust(key={"trusted_size": 3}), trust(key=GIVEN_UP)),
        (FIRST, trust(key=GIVEN_UP, lists={})),
        (FIRST, replace(trust(lists={}), keys={**FIRST.keys, "another": replace(KEY, **GIVEN_UP)})),
        (BY_ANOTHER, BY_ANOTHER),
        (seen_by(0, 1, quorum=0), seen_by(2, quorum=0)),
        (seen_by(0, 1, quorum=1), seen_by(1, quorum=1)),
        (seen_by(0, 1, quorum=1), seen_by(0, 1, quorum=2)),
        (seen_by(0, quorum=1), seen_by(0, 1, quorum=2)),
        (seen_by(0, 1, quorum=1), seen_by(1, 2, quorum=2)),
        (FIRST, trust(lists={}, did="did:web:elsewhere.example")),
        (trust(lists={}), trust(lists={})),
        (trust(lists={}), FIRST),
        (trust(root=ROOT), trust(root=ROOT, key={"certificate": by(ROOT_KEY)})),
        (trust(lists=lists(bits=b"\x05\x00")), trust(lists=lists(bits=b"\x07\x80\x01"))),
        (trust(key={**GIVEN_UP, "stamps": False}), trust(key={**GIVEN_UP, "stamps": True})),
        (FIRST, trust(lists=lists(revocation=MADE + SECOND))),
    ],
)
def test_a_trust_file_that_takes_nothing_back_is_followed(earlier: Trust, later: Trust) -> None:
    check_follows(earlier, later)


OTHER_LOG = WITNESSES[0].verifier
SHRUNK = (
    "The log in this trust file ({after} entries) does not continue the one pinned before (1,009 entries): it was cut "
    "off, or shows two histories. Tell the issuer and your board."
)
HEALED = f"This trust file takes back that the key {KID} was given up, which is never taken back."
OLDER = "The {purpose} list in this trust file is older than the one pinned before."
LONG = (1009, b"r" * 32)
UNVOUCHED = (
    "This trust file names the key {kid} in a new certificate for which the pinned root does not vouch, so whoever "
    "made it has the log's key and not the issuer's root. Tell the issuer and your board."
)
LEFT_OUT = (
    "This trust file leaves out the status lists, which the one pinned before has, although no key was given up since. "
    "Fetch the issuer's newest; if that has none either, ask the issuer."
)
FEWER = (
    "This trust file would do with fewer of the witnesses pinned before than the {} that must have seen the log. If "
    "the issuer says that its witnesses have changed, compare them with what the issuer publishes and pin this file "
    "alone."
)
UNREVOKED = (
    "This trust file takes back that a certificate was revoked, which is never taken back. Tell the issuer "
    "and your board."
)
RETIRED = {**FIRST.keys, "old": replace(KEY, status=KeyStatus.RETIRED)}


@pytest.mark.parametrize(
    ("earlier", "later", "said"),
    [
        (
            FIRST,
            replace(FIRST, freshness=None),
            "The trust file pinned before is signed, and this one is not; fetch the issuer's newest.",
        ),
        (
            FIRST,
            replace(FIRST, log=OTHER_LOG),
            f"This trust file is of another issuer or another log ({OTHER_LOG.text()}) than the one pinned before "
            f"({LOG.verifier.text()}); ask the issuer which is theirs.",
        ),
        (
            FIRST,
            replace(FIRST, root=KEY.certificate),
            "This trust file names another root certificate than the one pinned before. If the issuer says that it was "
            "renewed, compare its fingerprint with the published one and pin this file alone.",
        ),
        (
            FIRST,
            replace(FIRST, made_at=MADE - SECOND),
            "This trust file is older than the one pinned before; fetch the issuer's newest.",
        ),
        (FIRST, replace(FIRST, keys={}), f"This trust file no longer names the key {KID}, which was pinned before."),
        (trust(key=GIVEN_UP), trust(), HEALED),
        (trust(key=GIVEN_UP), trust(key={**GIVEN_UP, "status": KeyStatus.RETIRED}), HEALED),
        (trust(key=GIVEN_UP), trust(key={**GIVEN_UP, "trusted_size": 5}), HEALED),
        (trust(key=GIVEN_UP), trust(key={**GIVEN_UP, "trusted_size": None}), HEALED),
        (
            trust(key={"stamps": True}),
            trust(key={"stamps": False}),
            f"This trust file takes back that the key {KID} always stamps, which is never taken back.",
        ),
        (trust(log=LONG), trust(log=(1008, b"r" * 32)), SHRUNK.format(after="1,008")),
        (trust(log=LONG), trust(log=(1009, b"R" * 32)), SHRUNK.format(after="1,009")),
        (FIRST, trust(lists=lists(MADE - SECOND)), OLDER.format(purpose="revocation")),
        (FIRST, trust(lists=lists(suspension=MADE - SECOND)), OLDER.format(purpose="suspension")),
        (FIRST, trust(key={"certificate": by(THIEF)}), UNVOUCHED.format(kid=KID)),
        (
            FIRST,
            replace(FIRST, keys={**FIRST.keys, "another": replace(KEY, certificate=by(THIEF))}),
            UNVOUCHED.format(kid="another"),
        ),
        (seen_by(0, 1, quorum=2), seen_by(0, 1, quorum=1), FEWER.format(2)),
        (seen_by(0, quorum=1), seen_by(0, quorum=0), FEWER.format(1)),
        (seen_by(0, quorum=1), seen_by(1, quorum=1), FEWER.format(1)),
        (seen_by(0, quorum=1), seen_by(0, 1, quorum=1), FEWER.format(1)),
        (seen_by(0, 1, quorum=2), seen_by(0, 2, quorum=2), FEWER.format(2)),
        (FIRST, trust(lists={}), LEFT_OUT),
        (
            replace(FIRST, keys=RETIRED),
            replace(trust(lists={}), keys={**RETIRED, "old": replace(KEY, **GIVEN_UP)}),
            LEFT_OUT,
        ),
        (trust(lists=lists(bits=b"\x05\x00")), trust(lists=lists(bits=b"\x04\xff")), UNREVOKED),
        (trust(lists=lists(bits=b"\x05\x00")), trust(lists=lists(bits=b"\xff")), UNREVOKED),
    ],
)
def test_what_takes_something_back_is_refused(earlier: Trust, later: Trust, said: str) -> None:
    with pytest.raises(BadTrust) as refusal:
        check_follows(earlier, later)
    assert str(refusal.value) == said
