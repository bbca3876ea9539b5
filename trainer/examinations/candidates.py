"""What an examination may be drawn from: every case in every variant with every seed in which it was proved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from trainer.authoring.messages import Message
from trainer.cases.play.engine import expert_play
from trainer.cases.prover.findings import SEEDS
from trainer.cases.prover.relevant_state import depends_on_seed
from trainer.cases.script.values import Case, Phase


@dataclass(frozen=True)
class Candidate:
    """One case as it could be played in an examination.

    Attributes:
        seed: 0 to 19, all of which the checker has explored.
        phase: the part of the work that the case is about.
        shown: the competencies in which the expert earns points here.
        risk: the critical failures that the case can lead to.
    """

    slug: str
    case_hash: str
    variant: str
    seed: int
    phase: Phase
    shown: frozenset[str]
    risk: frozenset[str]


def candidates_in(cases: Iterable[Case]) -> tuple[Candidate, ...]:
    """Return every candidate of these cases, in their order."""
    return tuple(candidate for case in cases for candidate in _candidates(case))


@lru_cache(maxsize=128)
def _candidates(case: Case) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            slug=case.slug,
            case_hash=case.hash,
            variant=variant,
            seed=seed,
            phase=case.head.phase,
            shown=shown,
            risk=frozenset(rule.id for rule in case.must_nots),
        )
        for variant in case.variants
        for seed, shown in _shown(case, variant)
        if shown  # where the expert shows nothing, nothing is assessed
    )


def _shown(case: Case, variant: str) -> list[tuple[int, frozenset[str]]]:
    """Return what the expert shows with every seed; seeds that decide nothing are played once."""
    alike = not depends_on_seed(case)
    first = _expert_shows(case, variant, SEEDS[0])
    return [(seed, first if alike or seed == SEEDS[0] else _expert_shows(case, variant, seed)) for seed in SEEDS]


def _expert_shows(case: Case, variant: str, seed: int) -> frozenset[str]:
    points = expert_play(case, variant, seed).points
    return frozenset(name for name, earned in points.items() if earned > 0)


def may_count(cases: Mapping[str, Case], signed: frozenset[str]) -> tuple[Case, ...]:
    """Return the cases that may be examined: nothing in them waits for review, or a reviewer has signed this text."""
    return tuple(case for case in cases.values() if case.counts(signed))


def unreviewed(cases: Mapping[str, Case], signed: frozenset[str]) -> tuple[Message, ...]:
    """Say for every case that may not be examined yet which line still waits for a reviewer."""
    return tuple(
        Message(
            case.path, _first_line(case), f"{_why(case)} The case counts once a reviewer has signed this very text."
        )
        for case in cases.values()
        if not case.counts(signed)
    )


def _first_line(case: Case) -> int:
    return min(case.marks) if case.marks else case.lines.get("status", 1)


def _why(case: Case) -> str:
    return "This line is marked (!) and not yet reviewed." if case.marks else "The case is not live yet."
