"""Whatever single thing goes wrong in a shipped case is reported, or the case can still be played as it was proved."""

import re
from functools import cache

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.cases.oracle import assert_playable
from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.prover.findings import prove_case
from trainer.cases.prover.giveaways import lint_cues
from trainer.cases.prover.keys_worth import lint_keying
from trainer.cases.script.limits import read_limits
from trainer.settings import ROOT

FOLDER = ROOT / "content" / "cases"
SLUGS = sorted(path.name for path in FOLDER.iterdir())
LIMITS = read_limits((ROOT / "content" / "limits.yaml").read_text())[0]
SEEDS = (0, 1)
_STRUCTURE = re.compile(r"^(?:#|\d+\. |\s+- (?!feedback|cue)|- |  \w|start:|facts:|profile:|vitals:|case:)")
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)+|[a-z]{3,}")
_PLACE = re.compile(r"#([a-z][a-z0-9-]*)")


@cache
def text_of(slug: str) -> str:
    return (FOLDER / slug / "en.md").read_text()


@cache
def sound(slug: str) -> frozenset[str]:
    """Return what two seeds alone have to say about a case that is sound with all of them."""
    return frozenset(checked(slug, text_of(slug))[1])


def checked(slug: str, text: str) -> tuple[Case | None, list[str]]:
    case, messages = compile_case(f"cases/{slug}/en.md", text, LIMITS)
    if case is None:
        return None, [one.text for one in messages]
    looks = [said for _, said in (*lint_cues(case), *lint_keying(case))]
    return case, [*(one.text for one in prove_case(case, SEEDS)), *looks]


@st.composite
def mutants(draw: st.DrawFn) -> tuple[str, str]:
    """Drop, double, misspell, or mix up one thing in the structure of a case."""
    slug = draw(st.sampled_from(SLUGS))
    rows = text_of(slug).split("\n")
    place = draw(st.sampled_from([number for number, row in enumerate(rows) if _STRUCTURE.match(row)]))
    rows[place : place + 1] = draw(st.sampled_from([_dropped, _doubled, _misspelt, _elsewhere, _other_number]))(
        draw, rows, place
    )
    return slug, "\n".join(rows)


def _dropped(draw: st.DrawFn, rows: list[str], place: int) -> list[str]:
    return []


def _doubled(draw: st.DrawFn, rows: list[str], place: int) -> list[str]:
    return [rows[place], rows[place]]


def _misspelt(draw: st.DrawFn, rows: list[str], place: int) -> list[str]:
    names = list(_NAME.finditer(rows[place]))
    assume(names)
    name = draw(st.sampled_from(names))
    cut = draw(st.integers(name.start(), name.end() - 1))
    return [rows[place][:cut] + rows[place][cut + 1 :]]


def _elsewhere(draw: st.DrawFn, rows: list[str], place: int) -> list[str]:
    """Send somebody to another scene, or a duty to another fact."""
    found = _PLACE.search(rows[place])
    assume(found)
    scenes = [name for row in rows if row.startswith("## ") for name in _PLACE.findall(row)]
    return [rows[place].replace(f"#{found[1]}", f"#{draw(st.sampled_from(scenes))}", 1)]


def _other_number(draw: st.DrawFn, rows: list[str], place: int) -> list[str]:
    found = list(re.finditer(r"\d+", rows[place]))
    assume(found)
    number = draw(st.sampled_from(found))
    return [rows[place][: number.start()] + str(draw(st.integers(0, 300))) + rows[place][number.end() :]]


def assert_reported_or_playable(slug: str, text: str, plays: int) -> None:
    case, messages = checked(slug, text)
    if set(messages) <= sound(slug) and case is not None:
        assert_playable(case, plays=plays, seeds=SEEDS, luck=len(text))
    else:
        assert messages


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(mutants())
def test_no_single_mistake_breaks_a_play_in_silence(mutant: tuple[str, str]) -> None:
    assert_reported_or_playable(*mutant, plays=3)


@pytest.mark.stress
@settings(max_examples=3000, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(mutants())
def test_none_of_thousands_of_mistakes_breaks_a_play_in_silence(mutant: tuple[str, str]) -> None:
    assert_reported_or_playable(*mutant, plays=10)
