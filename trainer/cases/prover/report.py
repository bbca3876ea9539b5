"""What the checker found out about a case, as plain values: the same bytes for the same text, whenever and wherever."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import groupby
from pathlib import Path
from time import perf_counter
from typing import Any

from trainer.authoring.messages import Message
from trainer.cases.play.score import score
from trainer.cases.play.state import Done
from trainer.cases.prover.explore import Report
from trainer.cases.prover.findings import SEEDS, findings, reports_of
from trainer.cases.script.values import Case

STREETS = Path(__file__).parent.parent

CHECKER = "2"
"""Counts the meanings that a report has had; what else decides is in the digest beside it."""

DECIDING = ("script", "physiology", "language", "play", "prover")
"""The streets that read a case, play it and prove it: a change in one of them may prove the same text differently."""

Plain = Mapping[str, Any]
"""A report of one case, of JSON values only."""


@cache
def checker() -> str:
    """Return the version of the checker, from its source and the effect profiles it plays with: at most 20 letters."""
    whole = hashlib.sha256()
    for street in DECIDING:
        for path in sorted((STREETS / street).rglob("*.*")):
            if path.suffix in (".py", ".yaml"):
                whole.update(hashlib.sha256(path.read_bytes()).digest())
    return f"{CHECKER}-{whole.hexdigest()[:12]}"


@dataclass(frozen=True)
class Proved:
    """One case, explored.

    Attributes:
        plain: its report.
        messages: what is wrong with the way it plays.
        seconds: how long that took; None when the report was kept from an earlier time.
    """

    plain: Plain
    messages: tuple[Message, ...] = ()
    seconds: float | None = None


@lru_cache(maxsize=128)
def proved(case: Case, seeds: tuple[int, ...] = SEEDS) -> Proved:
    """Play a case in every variant with every seed; the same case is played once per process."""
    begun = perf_counter()
    seen = tuple(reports_of(case, seeds))
    messages = findings(case, seen)
    return Proved(report_of(case, seen, seeds), messages, perf_counter() - begun)


def report_of(case: Case, seen: Sequence[Report], seeds: Sequence[int]) -> Plain:
    """Write down what was seen.

    Returns:
        By variant the number of `states` over all seeds explored, the ids of `scenes`, `choices`, `endings` and
        `failures` that some play meets, every way in which each of the `duties` can come out, the lowest and the
        highest `points` by competency, and how the `expert` fares: ending, points and simulated minutes, with the
        seeds in which they are so. `explored` has fewer seeds than `seeds` when no vital sign decides anything:
        the others play alike.
    """
    variants = {name: [report for report in seen if report.variant == name] for name in case.variants}
    return {
        "checker": checker(),
        "case": case.slug,
        "title": case.title,
        "version": case.head.version,
        "hash": case.hash,
        "seeds": list(seeds),
        "explored": sorted({report.seed for report in seen}),
        "states": sum(report.states for report in seen),
        "variants": {name: _variant(case, found) for name, found in variants.items() if found},
    }


def _variant(case: Case, found: Sequence[Report]) -> Plain:
    return {
        "states": sum(report.states for report in found),
        "scenes": _in_order(case.scenes, (report.scenes for report in found)),
        "choices": _in_order(case.choices, (report.choices for report in found)),
        "endings": _in_order([ending.id for ending in case.endings], (report.endings for report in found)),
        "failures": _in_order([must_not.id for must_not in case.must_nots], (report.failures for report in found)),
        "duties": {duty.id: _ways(duty.id, found) for duty in case.duties},
        "points": {competency.name: _range(competency.name, found) for competency in case.head.competencies},
        "expert": _experts(case, found),
    }


def _in_order(known: Iterable[str], met: Iterable[frozenset[str]]) -> list[str]:
    """Return what was met in any seed, in the order of the file."""
    ever = frozenset().union(*met)
    return [name for name in known if name in ever]


def _ways(duty: str, found: Iterable[Report]) -> list[str]:
    return sorted({way.value for report in found for way in report.duties.get(duty, ()) if way is not Done.DUE})


def _range(competency: str, found: Sequence[Report]) -> list[int]:
    ranges = [report.points[competency] for report in found if competency in report.points]
    return [min(low for low, _ in ranges), max(high for _, high in ranges)] if ranges else []


def _experts(case: Case, found: Sequence[Report]) -> list[Plain]:
    """Group the seeds in which the expert fares alike, the most frequent outcome first."""
    fares = sorted((_fare(case, report), report.seed) for report in found)
    grouped = [(fare, [seed for _, seed in same]) for fare, same in groupby(fares, key=lambda one: one[0])]
    return [
        {"ending": ending, "points": dict(points), "minutes": minutes, "seeds": seeds}
        for (ending, points, minutes), seeds in sorted(grouped, key=lambda one: (-len(one[1]), one[1]))
    ]


def _fare(case: Case, seen: Report) -> tuple[str, tuple[tuple[str, int], ...], int]:
    play = seen.expert
    return play.state.ending, tuple(play.points.items()), score(case, play).minutes


@dataclass(frozen=True)
class Summary:
    """What all variants of a case have between them; ranges are the lowest and the highest points."""

    endings: tuple[str, ...]
    failures: tuple[str, ...]
    duties: Mapping[str, tuple[str, ...]]
    points: Mapping[str, tuple[int, int]]
    expert: Mapping[str, tuple[int, int]]


def summary_of(plain: Plain) -> Summary:
    """Put the variants of a report together."""
    variants: list[Plain] = list(plain["variants"].values())
    ranges: dict[str, list[int]] = defaultdict(list)
    experts: dict[str, list[int]] = defaultdict(list)
    duties: dict[str, set[str]] = {}
    for variant in variants:
        for name, ways in variant["duties"].items():
            duties.setdefault(name, set()).update(ways)
        for name, points in variant["points"].items():
            ranges[name] += points
        for fare in variant["expert"]:
            for name, points in fare["points"].items():
                experts[name].append(points)
    return Summary(
        endings=_once(name for variant in variants for name in variant["endings"]),
        failures=_once(name for variant in variants for name in variant["failures"]),
        duties={name: tuple(sorted(ways)) for name, ways in duties.items()},
        points={name: (min(all_of), max(all_of)) for name, all_of in ranges.items() if all_of},
        expert={name: (min(all_of), max(all_of)) for name, all_of in experts.items()},
    )


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
