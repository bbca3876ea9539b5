"""The tables of the pages, to be taken away: what is kept back on the page is empty here too."""

from collections.abc import Mapping, Sequence

from trainer.analytics.decisions import Rate
from trainer.analytics.figures import AuthorFigures, CaseFigures, Overview
from trainer.analytics.intervals import wilson
from trainer.analytics.suppression import Share
from trainer.analytics.tables import FigureTable, Value


def of_overview(page: Overview) -> Mapping[str, FigureTable]:
    """Return the tables of a cohort or a programme, by name."""
    cases = FigureTable(
        "cases",
        ("case", "people", "passed", "low", "high"),
        tuple((case.title, *_share(case.passed)) for case in page.cases),
    )
    d_study = FigureTable(
        "d-study",
        ("cases", "phi", "e-rho-squared", "sem-absolute", "sem-relative"),
        tuple(
            (study.cases, study.dependability, study.generalisability, study.absolute, study.relative)
            for study in page.reliability.studies
        ),
    )
    ratings = FigureTable(
        "self-rating",
        ("competency", "rating", "how often", "mean score"),
        tuple((rating.competency, at.felt, at.given, at.mean) for rating in page.ratings for at in rating.levels),
    )
    return _named(cases, d_study, ratings)


def of_case(page: CaseFigures) -> Mapping[str, FigureTable]:
    """Return the tables of one case, by name."""
    groups = tuple(page.flow.groups)
    ways = FigureTable(
        "ways",
        ("from", "to", *groups),
        tuple(
            (page.titled(link.tail), page.titled(link.head), *(link.people.get(group) for group in groups))
            for link in page.links
        ),
    )
    falls = FigureTable(
        "falls",
        ("kind", "rule", "due for", "people", "low", "high"),
        tuple((fall.kind.value, fall.rule, *_share(fall.share)) for fall in page.falls),
    )
    variants = FigureTable(
        "variants",
        ("variant", "people", "passed", "low", "high"),
        tuple(
            (variant.name, variant.people, variant.passed, *_interval(variant.passed, variant.people))
            for variant in page.variants
        ),
    )
    return _named(ways, falls, _decisions(page), variants)


def _decisions(page: CaseFigures) -> FigureTable:
    return FigureTable(
        "decisions",
        ("scene", "people", "as expert", "harmful", "exact", "median seconds", "discrimination", "compared", "panel"),
        tuple(
            (
                decision.title,
                decision.people,
                *_rates(decision.expert, decision.harmful),
                decision.seconds,
                decision.discriminates.r,
                decision.discriminates.people,
                f"{decision.panel[0]} of {decision.panel[1]}" if decision.panel else None,
            )
            for decision in page.decisions
        ),
    )


def of_authors(page: AuthorFigures) -> Mapping[str, FigureTable]:
    """Return the tables of the authors' page, by name; answers and comments stay on the page."""
    coverage = FigureTable(
        "coverage",
        ("scene", "choice", "text", "offered at least", "taken at least", "never taken"),
        tuple(
            (one.scene, one.choice, one.text, one.offered, one.taken, "yes" if one.dead else "")
            for one in page.coverage
        ),
    )
    readings = FigureTable(
        "reading",
        ("scene", "median words", "median seconds"),
        tuple((reading.title, reading.words, reading.seconds) for reading in page.readings),
    )
    return _named(coverage, readings)


def _named(*tables: FigureTable) -> dict[str, FigureTable]:
    return {table.name: table for table in tables}


def _share(one: Share) -> Sequence[Value]:
    low, high = (one.interval.low, one.interval.high) if one.interval else (None, None)
    return (one.of if one.shown else None, one.count, low, high)


def _rates(expert: Rate | None, harmful: Rate | None) -> Sequence[Value]:
    exact = all(rate.exact for rate in (expert, harmful) if rate)
    return (expert.value if expert else None, harmful.value if harmful else None, "yes" if exact else "rounded")


def _interval(count: int | None, whole: int | None) -> Sequence[Value]:
    if count is None or not whole:
        return (None, None)
    found = wilson(count, whole)
    return (found.low, found.high)
