"""All figures of one page, put together from runs: nothing here looks anything up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from trainer.analytics.coverage import Answered, Covered, Read, coverage_of, readings_of, reasons_by_prompt
from trainer.analytics.decisions import DecisionPoint, decision_points, rest_scores
from trainer.analytics.failures import FailureShare, Harder, VariantFigures, failures_of, harder_of, variants_of
from trainer.analytics.flow import Flow, Link, flow_of
from trainer.analytics.ratings import Rated, Ratings, ratings_of
from trainer.analytics.reliability import FEWEST_CASES, FEWEST_PEOPLE, Components, Study, components, studies
from trainer.analytics.sankey import Sankey, by_first_visit, sankey_of
from trainer.analytics.suppression import FEWEST, Share, share
from trainer.analytics.traces import Ended, Marked, Trace
from trainer.authoring.markdown import plain_line
from trainer.cases.script.values import Case

M = TypeVar("M", bound=Marked)


@dataclass(frozen=True)
class CaseLine:
    """One case on the overview: how many people have come to its end, and how many passed at first."""

    slug: str
    title: str
    people: int
    passed: Share


@dataclass(frozen=True)
class Reliability:
    """What the scores are worth; `found` is None while there are too few people or cases, or nothing varies."""

    people: int
    cases: int
    found: Components | None
    studies: tuple[Study, ...]


@dataclass(frozen=True)
class Overview:
    """A cohort or a programme at a glance."""

    people: int
    played: int
    cases: tuple[CaseLine, ...]
    reliability: Reliability
    ratings: tuple[Ratings, ...]


@dataclass(frozen=True)
class CaseFigures:
    """What a director sees of one case; None where too few people have come to its end."""

    case: Case
    runs: int
    lost: int
    people: int
    passed: Share
    texts: int
    flow: Flow
    links: tuple[Link, ...]
    sankey: Sankey
    falls: tuple[FailureShare, ...]
    decisions: tuple[DecisionPoint, ...]
    variants: tuple[VariantFigures, ...]
    harder: tuple[Harder, ...]

    @property
    def enough(self) -> bool:
        """Whether there are people enough for any figure."""
        return self.people >= FEWEST

    def titled(self, name: str) -> str:
        """Return what a scene or an ending is called."""
        return titles_of(self.case).get(name, name)


@dataclass(frozen=True)
class AuthorFigures:
    """What an author sees of one case."""

    case: Case
    runs: int
    people: int
    coverage: tuple[Covered, ...]
    readings: tuple[Read, ...]
    answers: tuple[Answered, ...]
    remarks: tuple[tuple[str, str], ...]


def first_runs(runs: Iterable[M]) -> list[M]:
    """Return everybody's first ended run of each case; later ones show what was learned from the first debrief.

    Args:
        runs: the earliest first.
    """
    first: dict[tuple[str, str], M] = {}
    for run in runs:
        first.setdefault((run.person_id, run.case), run)
    return list(first.values())


def scores_of(runs: Iterable[Marked]) -> dict[str, dict[str, float]]:
    """Return the scores, 0 to 100, by person and case."""
    found: dict[str, dict[str, float]] = {}
    for run in runs:
        if (score := run.score) is not None:
            found.setdefault(run.person_id, {})[run.case] = score
    return found


def overview_of(runs: Sequence[Marked], *, people: int, titles: Mapping[str, str], given: Sequence[Rated]) -> Overview:
    """Put the overview together from everybody's first runs.

    Args:
        people: how many are enrolled.
        titles: of every case, in the order of the page.
    """
    lines = []
    for slug, title in titles.items():
        played = [run for run in runs if run.case == slug]
        lines.append(CaseLine(slug, title, len(played), share(sum(run.passed for run in played), len(played))))
    return Overview(
        people=people,
        played=len({run.person_id for run in runs}),
        cases=tuple(lines),
        reliability=reliability_of(scores_of(runs)),
        ratings=ratings_of(given),
    )


def reliability_of(scores: Mapping[str, Mapping[str, float]]) -> Reliability:
    """Estimate what the scores are worth, if there are people and cases enough who have played two or more."""
    several = {person: row for person, row in scores.items() if len(row) > 1}
    cases = {case for row in several.values() for case in row}
    enough = len(several) >= FEWEST_PEOPLE and len(cases) >= FEWEST_CASES
    found = components(several) if enough else None
    return Reliability(len(several), len(cases), found, studies(found) if found else ())


def case_figures(
    case: Case, traces: Sequence[Trace], scores: Mapping[str, Mapping[str, float]], *, runs: int, lost: int
) -> CaseFigures:
    """Put the page of one case together from everybody's first run of it.

    Args:
        traces: everybody's first run.
        scores: by person and case.
        runs: how many ended runs there are in all; only their number is told.
        lost: how many first runs could not be followed.
    """
    firsts = [trace.run for trace in traces]
    enough = len(firsts) >= FEWEST
    flow = flow_of(traces) if enough else Flow({}, (), {}, {}, 0)
    links = by_first_visit(flow, traces)
    variants = variants_of(firsts) if enough else ()
    return CaseFigures(
        case=case,
        runs=runs,
        lost=lost,
        people=len(firsts),
        passed=share(sum(first.passed for first in firsts), len(firsts)),
        texts=len({first.case_hash for first in firsts}),
        flow=flow,
        links=links,
        sankey=sankey_of(links, flow.visits, titles_of(case)),
        falls=_falls(case, firsts) if enough else (),
        decisions=decision_points(case, traces, flow, rest_scores(scores, case.slug)) if enough else (),
        variants=variants,
        harder=harder_of(firsts, variants) if enough else (),
    )


def _falls(case: Case, runs: Sequence[Ended]) -> tuple[FailureShare, ...]:
    return failures_of(
        runs, failures=[must_not.id for must_not in case.must_nots], duties=[duty.id for duty in case.duties]
    )


@lru_cache(maxsize=128)
def titles_of(case: Case) -> Mapping[str, str]:
    """Return the titles of scenes, and the first words of endings, by their ids."""
    titles = {ending.id: ending.text for ending in case.endings} | {
        scene.id: scene.title for scene in case.scenes.values()
    }
    return {name: plain_line(text) for name, text in titles.items()}


def author_figures(case: Case, traces: Sequence[Trace], remarks: Sequence[tuple[str, str]]) -> AuthorFigures:
    """Put the authors' page together from all ended runs."""
    titles = titles_of(case)
    return AuthorFigures(
        case=case,
        runs=len(traces),
        people=len({trace.run.person_id for trace in traces}),
        coverage=coverage_of(case, traces),
        readings=readings_of(case, traces),
        answers=reasons_by_prompt(case, traces),
        remarks=tuple((titles.get(scene, scene), text) for scene, text in remarks),
    )
