"""A later trust file is believed for the sake of an earlier one only while it takes nothing back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.verify.carrier import LOG, WITNESSES
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.notes import Checkpoint
from trainer.registry.statuslists import Purpose, StatusList
from trainer.verify.succession import check_follows
from trainer.verify.trust import BadTrust, Freshness, Trust
from trainer.verify.trust_file import read_trust

MADE = datetime(2026, 2, 1, 14, tzinfo=UTC)
SECOND = timedelta(seconds=1)
UNSIGNED = read_trust((Path(__file__).parent / "vectors" / "trust-v1.json").read_text())
((KID, KEY),) = UNSIGNED.keys.items()
GIVEN_UP = {"status": KeyStatus.COMPROMISED, "trusted_size": 4}


def lists(at: datetime = MADE, *purposes: Purpose) -> Mapping[Purpose, StatusList]:
    return {one: StatusList(jwt="", bits=b"", begins=at, ends=at) for one in purposes or Purpose}


def trust(*, key: Mapping[str, object] | None = None, log: tuple[int, bytes] = (9, b"r" * 32), **changes) -> Trust:
    """What is pinned of a signed trust file: with these changes of its key, this size and root of its log."""
    size, root = log
    checkpoint = Checkpoint(origin="localhost", size=size, root=root)
    fresh = Freshness(until=MADE, note="", checkpoint=checkpoint, lists=changes.pop("lists", lists()))
    keys = {KID: replace(KEY, **(key or {}))}
    return replace(UNSIGNED, **{"made_at": MADE, "keys": keys, "freshness": fresh, **changes})


FIRST = trust(key={"stamps": False})


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
        (trust(key=GIVEN_UP), trust(key=GIVEN_UP, lists={})),
        (trust(key={**GIVEN_UP, "stamps": False}), trust(key={**GIVEN_UP, "stamps": True})),
        (FIRST, trust(lists=lists(MADE, Purpose.SUSPENSION))),
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
        (FIRST, trust(lists=lists(MADE - SECOND, Purpose.SUSPENSION)), OLDER.format(purpose="suspension")),
    ],
)
def test_what_takes_something_back_is_refused(earlier: Trust, later: Trust, said: str) -> None:
    with pytest.raises(BadTrust) as refusal:
        check_follows(earlier, later)
    assert str(refusal.value) == said
