"""The shared vectors of judging, read as what was handed in and seen; each is also put before the page in a browser."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.certificates.conftest import claim
from trainer.registry.status import Status, Word
from trainer.verify.handed_in.handed import Flaw, HandedIn, Kind
from trainer.verify.handed_in.marks import FileHashes
from trainer.verify.offline.standing import KnownStatus
from trainer.verify.seen import Doubted, DoubtReason, Inside, Registered, Seen
from trainer.verify.verdict import Check, Doubt, Unentered, Verdict

VECTORS = json.loads((Path(__file__).parent / "vectors" / "judging.json").read_text())
CASES: Mapping[str, Mapping[str, Any]] = {case["name"]: case for case in VECTORS["cases"]}
CLAIM = claim()
UNENTERED = Unentered(kind="file", kid="k", signed="s", seen="t", names="")


def check(name: str | None) -> Check | None:
    return Check(**VECTORS["checks"][name]) if name else None


def checks(names: list[str]) -> tuple[Check, ...]:
    return tuple(Check(**VECTORS["checks"][name]) for name in names)


def now_of(case: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(case.get("now", VECTORS["now"]))


def handed_in(case: Mapping[str, Any]) -> HandedIn:
    given = {**VECTORS["handed"], **case["handed"]}
    marks = FileHashes(size=given["size"], whole=given["sha256"], beginnings={})
    return HandedIn(kind=Kind(given["kind"]), flaw=Flaw(given["flaw"]) if given["flaw"] else None, marks=marks)


def seen_in(case: Mapping[str, Any]) -> Seen:
    seen = case["seen"]
    return Seen(
        issued=check(seen.get("issued")),
        begins=seen.get("begins", 0),
        signed=CLAIM if seen.get("signed") else None,
        why=seen.get("why", ""),
        certificate=_certificate(seen["certificate"]) if "certificate" in seen else None,
        unentered=UNENTERED if seen.get("unentered") else None,
    )


def _certificate(known: Mapping[str, Any]) -> Registered | Inside | Doubted:
    if "doubted" in known:
        return Doubted(reason=DoubtReason(known["doubted"]), checks=checks(known["checks"]), public_id=CLAIM.public_id)
    if "registered" in known:
        status = Status(word=Word(known["registered"]), since=CLAIM.begins_at, reason_code=known.get("reason", ""))
        return Registered(
            public_id=CLAIM.public_id,
            number=CLAIM.number,
            issued_at=CLAIM.begins_at,
            valid_until=CLAIM.ends_at,
            status=status,
            facts=None if status.word is Word.ERASED else CLAIM.plain(),
            logged=checks(["proved just now"])[0],
            name_shown=known.get("name_shown", True),
        )
    trust_made_at = known["trust_made_at"]
    return Inside(
        claim=CLAIM,
        signed=checks([known["signed"]])[0],
        checks=checks(known["checks"]),
        standing=_standing(VECTORS["standings"][known["standing"]]),
        logged=known["logged"],
        trust_made_at=datetime.fromisoformat(trust_made_at) if trust_made_at else None,
    )


def _standing(said: Mapping[str, Any]) -> KnownStatus:
    word = said["word"]
    return KnownStatus(
        word=Doubt(word) if word == Doubt.UNREADABLE else Word(word) if word else None,
        as_of=datetime.fromisoformat(said["as_of"]),
        fresh=said["fresh"],
        sentence=said["sentence"],
    )


def named(checks: Iterable[tuple[str, bool, str]]) -> list[str]:
    """Checks by their names in the vectors; one that has none is written out."""
    names = {tuple(value.values()): name for name, value in VECTORS["checks"].items()}
    return [names.get(one, str(one)) for one in checks]


def told(verdict: Verdict) -> dict[str, Any]:
    """What a vector says of a verdict."""
    return {
        "status": verdict.status.value,
        "sentence": verdict.sentence,
        "checks": named((one.question, one.holds, one.evidence) for one in verdict.checks),
        "facts": (verdict.facts["holder"] or "without the name") if verdict.facts else None,
        "certificate_status": verdict.certificate_status.value if verdict.certificate_status else None,
        "since": verdict.since.isoformat() if verdict.since else None,
        "as_of": verdict.as_of.isoformat() if verdict.as_of else None,
        "fresh": verdict.fresh,
        "file_seen": verdict.file_seen,
        "of": verdict.public_id,
        "alarm": verdict.alarm is not None,
    }


def for_the_page(case: Mapping[str, Any]) -> list[Any]:
    """The same for the page's own function: what was handed in, what was seen, and when."""
    seen = dict(case["seen"])
    if known := seen.get("certificate"):
        seen["certificate"] = {**known, "checks": [VECTORS["checks"][name] for name in known["checks"]]}
    if known and "standing" in known:
        standing = VECTORS["standings"][known["standing"]]
        seen["certificate"] |= {
            "facts": {"Number": CLAIM.number},
            "begins": CLAIM.begins_at.isoformat(),
            "ends": CLAIM.ends_at.isoformat(),
            "trustMadeAt": known["trust_made_at"],
            "signed": VECTORS["checks"][known["signed"]],
            "standing": {**standing, "asOf": standing["as_of"]},
        }
    seen["issued"] = VECTORS["checks"].get(seen.get("issued"))
    return [{**VECTORS["handed"], **case["handed"]}, seen, now_of(case).isoformat()]
