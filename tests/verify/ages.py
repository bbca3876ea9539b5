"""What is said offline about the present, as one table: for the command, and for the page in the browser."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.certificates.conftest import ISSUED
from tests.verify.carrier import (
    HOUR,
    LOG,
    PLACE,
    WITNESSES,
    Carried,
    list_text,
    lists_of,
    note_of,
    resigned,
    trust_for,
    trust_written,
    yesterdays,
)
from tests.verify.rewritten import PAGES, SIGNATURES, TEXTS
from trainer.certificates.signing.authority import Authority
from trainer.registry.statuslists import LEAST, StatusPurpose
from trainer.verify.trust.anchors import CLOCK_SKEW

OTHER_LOG = WITNESSES[0]
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
NOW = ISSUED + 3 * HOUR
UNKNOWN = "Status unknown since the checkpoint of 1 February 2026, 12:00 UTC"
FREE = "Not revoked or suspended as of 1 February 2026, 13:00 UTC"


@dataclass(frozen=True, kw_only=True)
class Age:
    """One row: which trust file, when, and what is to be said.

    Attributes:
        trust: the trust file.
        file: what is shown of the certificate, as it is or changed.
    """

    name: str
    trust: str
    now: datetime = NOW
    file: Callable[[Carried], bytes] = lambda file: file.pdf
    status: str = "valid"
    holds: bool = True
    fresh: bool = False
    said: str = ""


def ages(authority: Authority) -> Sequence[Age]:
    """Return the whole table for certificates of this authority."""

    def written(*, made_at: datetime = ISSUED + 2 * HOUR, key: dict | None = None, **lists: object) -> str:
        trust = trust_for(authority, made_at=made_at, **(key or {}))
        return trust_written(trust, lists=lists_of(authority, **lists))

    plain = trust_for(authority, made_at=ISSUED + 2 * HOUR)
    revoked, suspended = written(revoked=[PLACE]), written(suspended=[PLACE])
    free = written(revoked=[PLACE - 1, PLACE + 1], suspended=[PLACE - 8])
    two_dates = {**lists_of(authority), "revocation": list_text(StatusPurpose.REVOCATION, authority, at=plain.made_at)}
    altered = {"status": "altered", "holds": False}
    page = {"file": PAGES["a forged page around the genuine credential"], **altered}
    longer = {"file": lambda file: file.pdf + b"\n", **altered}
    stripped = {"file": SIGNATURES["the timestamp stripped"], **altered}
    beside = {"file": TEXTS["an envelope with a proof beside it"], **altered}
    alone = {"file": lambda file: file.jwt.encode(), "holds": False}
    inside = "The certificate inside is "
    no_stamps = json.loads(yesterdays(plain))
    del no_stamps["keys"][0]["stamps"]
    ended = {"status": "revoked", "holds": False, "said": "shows it as revoked"}
    given_up = {"status": "compromised", "trusted_size": 5}
    return [
        Age(name="free", trust=free, fresh=True, said=FREE),
        Age(name="lists about to run out", trust=free, now=ISSUED + 25 * HOUR - SECOND, fresh=True, said=FREE),
        Age(name="lists have run out", trust=free, now=ISSUED + 25 * HOUR, said="until 2 February 2026, 13:00 UTC"),
        Age(name="keys old as well", trust=free, now=ISSUED + 2 * HOUR + 7 * DAY,
            said="until 8 February 2026, 14:00 UTC"),
        Age(name="keys old before the lists", trust=resigned(free, fresh_until=NOW.isoformat()),
            said="are old as well: it was to be relied on until 1 February 2026, 15:00 UTC"),
        Age(name="lists of two dates", trust=trust_written(plain, lists=two_dates), fresh=True, said=FREE),
        Age(name="lists a little ahead", trust=written(at=ISSUED + 2 * HOUR + CLOCK_SKEW), fresh=True,
            said="14:05 UTC"),
        Age(name="revoked", trust=revoked, **ended),
        Age(name="revoked, and the list is old", trust=revoked, now=ISSUED + 30 * DAY, **ended),
        Age(name="revoked, and expired", trust=revoked, now=ISSUED + 900 * DAY, **ended),
        Age(name="revoked, and the clock is behind", trust=revoked, now=ISSUED - 9 * DAY, **ended),
        Age(name="suspended", trust=suspended, status="suspended", holds=False, said="Ask online whether it still is"),
        Age(name="both", trust=written(revoked=[PLACE], suspended=[PLACE]), **ended),
        Age(name="expired", trust=free, now=ISSUED + 900 * DAY, status="expired", holds=False, said="it expired on"),
        Age(name="not yet valid", trust=written(made_at=ISSUED - 20 * HOUR, at=ISSUED - 20 * HOUR),
            now=ISSUED - 13 * HOUR, status="not yet valid", holds=False, said=UNKNOWN),
        Age(name="clock behind", trust=free, now=ISSUED + HOUR, status="unreadable", holds=False,
            said="Set the clock right"),
        Age(name="clock behind a little", trust=free, now=ISSUED + 2 * HOUR - CLOCK_SKEW, fresh=True, said=FREE),
        Age(name="clock behind too much", trust=free, now=ISSUED + 2 * HOUR - CLOCK_SKEW - SECOND, status="unreadable",
            holds=False, said="no date can be judged"),
        Age(name="lists older than the certificate", trust=written(at=ISSUED - HOUR), said="are older than the"),
        Age(name="lists of the same moment", trust=written(at=ISSUED), fresh=True, said="12:00 UTC, the date"),
        Age(name="no lists", trust=trust_written(plain), said=UNKNOWN),
        Age(name="yesterday's file", trust=yesterdays(plain), said="an earlier version"),
        Age(name="called yesterday's", trust=free.replace('"v": 2', '"v": 1'), said="an earlier version"),
        Age(name="yesterday's file, clock behind", trust=yesterdays(plain), now=ISSUED + HOUR, said=UNKNOWN),
        Age(name="data in a forged page", trust=free, said=FREE, fresh=True, **page),
        Age(name="revoked data in a forged page", trust=revoked, said=f"{inside}not valid: the issuer's list", **page),
        Age(name="suspended data in a forged page", trust=suspended, said=f"{inside}suspended: the", **page),
        Age(name="expired data in a forged page", trust=free, now=ISSUED + 900 * DAY,
            said=f"{inside}no longer valid: it expired on", **page),
        Age(name="data in a forged page, lists have run out", trust=free, now=ISSUED + 25 * HOUR,
            said="until 2 February 2026, 13:00 UTC", **page),
        Age(name="data in a forged page, yesterday's file", trust=yesterdays(plain), said=UNKNOWN, **page),
        Age(name="data in a forged page, clock behind", trust=free, now=ISSUED - 9 * DAY, said="Set the clock", **page),
        Age(name="revoked data in a forged page, clock behind", trust=revoked, now=ISSUED - 9 * DAY,
            said=f"{inside}not valid: the issuer's list", **page),
        Age(name="a byte more", trust=free, said=FREE, fresh=True, **longer),
        Age(name="revoked, and a byte more", trust=revoked, said=f"{inside}not valid: the issuer's list", **longer),
        Age(name="timestamp stripped", trust=free, said=FREE, fresh=True, **stripped),
        Age(name="revoked, timestamp stripped", trust=revoked, said=f"{inside}not valid: the issuer's", **stripped),
        Age(name="timestamp stripped, yesterday's file", trust=yesterdays(plain), said=UNKNOWN, **stripped),
        Age(name="timestamp stripped, a file that says nothing of them", trust=json.dumps(no_stamps), said=UNKNOWN,
            file=stripped["file"]),
        Age(name="credential alone", trust=free, status="unreadable", fresh=True, said="without the certificate file",
            **alone),
        Age(name="credential alone, revoked", trust=revoked, status="revoked", said="shows it as revoked", **alone),
        Age(name="credential beside more", trust=free, fresh=True, said="Below stands what we certified", **beside),
        Age(name="credential beside more, revoked", trust=revoked, said=f"{inside}not valid: the issuer's", **beside),
        Age(name="credential beside more, clock behind", trust=free, now=ISSUED - 9 * DAY, said="Set the clock right",
            **beside),
        Age(name="key given up, lists by it left out", said=UNKNOWN, holds=False,
            trust=trust_written(trust_for(authority, **given_up))),
        Age(name="another history", trust=trust_written(plain, note=note_of(5)), status="not genuine", holds=False,
            fresh=True, said="cannot be proved to be in our public log"),
    ]  # fmt: skip


def without(written: str, name: str) -> str:
    """The trust file without one of its values."""
    values = json.loads(written)
    del values[name]
    return json.dumps(values)


def refused(authority: Authority, other: Authority, board: str, mldsa: str) -> dict[str, tuple[str, str]]:
    """Trust files that nobody may go by: each with a part of the sentence that says why."""
    plain = trust_for(authority, made_at=ISSUED + 2 * HOUR)
    good = trust_written(plain, lists=lists_of(authority))
    lists = lists_of(authority)

    def with_list(jwt: str, **changes: object) -> str:
        return resigned(good, lists={**lists, "revocation": jwt}, **changes)

    def revocation(signer: Authority = authority, **how: object) -> str:
        return list_text(StatusPurpose.REVOCATION, signer, **how)

    head, body, tail = lists["revocation"].split(".")
    return {
        "a date changed": (good.replace("2026-02-01T14", "2026-02-09T14"), "not as the issuer's log signed it"),
        "its lists left out": (without(good, "lists"), "lacks 'lists'"),
        "its lists emptied": (json.dumps({**json.loads(good), "lists": {}}), "not as the issuer's log signed it"),
        "its signature left out": (without(good, "signature"), "lacks 'signature'"),
        "signed by another log": (resigned(good, by=OTHER_LOG), "not as the issuer's log signed it"),
        "list of another issuer": (with_list(revocation(other)), "known keys"),
        "list of another address": (with_list(revocation(base_url="http://else.example")), "not one of this issuer's"),
        "list tampered with": (with_list(f"{head}.{body[:-4]}AAAA.{tail}"), "The revocation list in the trust file"),
        "list for another purpose": (with_list(lists["suspension"]), "not the issuer's list for revocation"),
        "list too short": (with_list(revocation(places=LEAST // 2)), "fewer than 131,072 places"),
        "one list without the other": (resigned(good, lists={"revocation": lists["revocation"]}), "without the other"),
        "lists of an unknown kind": (resigned(good, lists={**lists, "refresh": "x"}), "without the other"),
        "list from the future": (with_list(revocation(at=ISSUED + 3 * HOUR)), "dated later than the trust file"),
        "list that had run out": (with_list(revocation(at=ISSUED - 23 * HOUR)), "had run out when the other was made"),
        "no time to be fresh": (resigned(good, fresh_until=plain.made_at.isoformat()), "run out before it was made"),
        "no time zone": (resigned(good, fresh_until="2026-03-01T00:00:00"), "time zone"),
        "checkpoint of another log": (resigned(good, checkpoint=note_of(log=OTHER_LOG)), "not one of its log"),
        "checkpoint that is none": (resigned(good, checkpoint="nothing"), "not one of its log"),
        "list by a key that was given up": (
            resigned(trust_written(trust_for(authority, made_at=plain.made_at, status="compromised")), lists=lists),
            "known keys",
        ),
        "the log as its own witness": (resigned(good, witnesses=[LOG.witness.text()], quorum=1), "its own witness"),
        "a witness named twice": (resigned(good, witnesses=[board, board], quorum=1), "names a witness twice"),
        "a log's key as a witness": (resigned(good, witnesses=[OTHER_LOG.verifier.text()]), "public key"),
        "a witness's key cut short": (resigned(good, witnesses=[mldsa[:-4]]), "public key"),
        "quorum as a text": (resigned(good, witnesses=[board], quorum="1"), "more witnesses than it names"),
    }  # fmt: skip
