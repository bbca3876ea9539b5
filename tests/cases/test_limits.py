"""The limits of a site decide in every case, belong to a clinician, and change what was proved when they change."""

from pathlib import Path

import pytest

from trainer.authoring.release import read_folder
from trainer.cases.catalogue import check_cases
from trainer.cases.language.compiler import compile_case
from trainer.cases.physiology.curves import NEVER
from trainer.cases.play.chart import chart_of
from trainer.cases.play.engine import replay
from trainer.cases.play.state import vital
from trainer.cases.script.limits import PATH, read_limits
from trainer.settings import ROOT

ANNA = (Path(__file__).parent / "anna.md").read_text().replace("sbp >= 160", "sbp >= tell-sbp")
CASE = "cases/anna-psilocybin-1/en.md"
SITE = "owner: {}\nlimits:\n  tell-sbp: {of: sbp, at: 160, means: Tell the medical lead.}\n"


def test_a_named_limit_decides_as_its_number_would() -> None:
    limits, messages = read_limits(SITE)
    assert messages == ()
    case, said = compile_case(CASE, ANNA, limits)
    assert case is not None, said
    assert {(one.name, one.at) for one in case.limits} == {("tell-sbp", 160)}


def test_the_signature_under_a_case_falls_when_a_limit_it_uses_is_changed_and_no_other() -> None:
    changed, unused = SITE.replace("at: 160", "at: 150"), SITE + "  tell-hr: {of: hr, at: 120, means: Tell.}\n"
    hashes = [compile_case(CASE, ANNA, read_limits(site)[0])[0].hash for site in (SITE, changed, unused)]
    assert hashes[0] != hashes[1]
    assert hashes[0] == hashes[2]


def test_a_limit_that_the_site_does_not_know_is_named_with_its_line() -> None:
    limits, _ = read_limits(SITE)
    case, messages = compile_case(CASE, ANNA.replace("sbp >= tell-sbp", "sbp >= tel-sbp"), limits)
    assert case is None
    lines = [number for number, row in enumerate(ANNA.split("\n"), start=1) if "sbp >= tell-sbp" in row]
    assert {one.line for one in messages} >= set(lines)
    assert all("Did you mean “tell-sbp”?" in one.text for one in messages if one.line in lines)


def test_limits_that_nobody_owns_leave_every_case_that_uses_them_pending() -> None:
    limits, _ = read_limits(SITE)
    signature = f"owner: {{name: Example Owner, role: psychiatrist, date: 2026-01-31, hash: {limits.hash}}}\n"
    owned, messages = read_limits(SITE.replace("owner: {}\n", signature))
    assert messages == ()
    assert [one.owner for one in owned.limits.values()] == ["Example Owner, psychiatrist"]
    other, messages = read_limits(SITE.replace("owner: {}\n", signature).replace("at: 160", "at: 155"))
    assert [one.owner for one in other.limits.values()] == [""]
    assert [one.line for one in messages] == [1]
    assert "signed other limits" in messages[0].text


@pytest.mark.parametrize(
    ("typed", "line", "word"),
    [
        ("limit:\n  x: {}", 1, "The key “limit” is not known here. Did you mean “limits”?"),
        ("limits:\n  Tell: {of: sbp, at: 160, means: Tell.}", 2, "“Tell” should be a name of lower-case letters"),
        ("limits:\n  tell: {of: pulse, at: 160, means: Tell.}", 2, "one of sbp, dbp, hr"),
        ("limits:\n  tell: {of: sbp, at: 16, means: Tell.}", 2, "from 80 to 260"),
        ("limits:\n  tell: {of: sbp, at: 160.5, means: Tell.}", 2, "whole number"),
        ("limits:\n  tell: {of: sbp, at: 160}", 2, "what is to be done"),
        ("limits:\n  tell: {of: sbp, at: 160, means: Tell., unit: mmHg}", 2, "The key “unit” is not known here."),
        ("limits:\n  tell: 160", 2, "Write “tell” as lines of `key: value`."),
        ("owner: {name: Somebody}\nlimits: {}", 1, "Add the key “hash”: "),
        ("limits: [\n", 2, "This line cannot be read."),
    ],
)
def test_a_mistake_in_the_limits_is_named_with_its_line(typed: str, line: int, word: str) -> None:
    _, messages = read_limits(typed)
    assert any(one.line == line and word in one.text for one in messages), messages


def test_the_limits_that_we_ship_are_sound_and_a_broken_file_is_reported_with_the_content() -> None:
    files = dict(read_folder(ROOT / "content"))
    assert read_limits(files[PATH].decode())[1] == ()
    broken = {PATH: b"limits:\n  tell-sbp: {of: sbp}\n"}
    assert {one.path for one in check_cases(broken)} == {PATH}


def test_a_supplement_is_taken_once_and_at_its_own_minute() -> None:
    text = ANNA.replace("psilocybin-25mg", "mdma-120mg").replace("panel: 16 of 17", "gives: supplement")
    case, said = compile_case(CASE, text, read_limits(SITE)[0])
    assert case is not None, said
    before = replay(case, "usual", 1, ("enough", "book")).state
    without, given = (replay(case, "usual", 1, ("enough", "book", one)).state for one in ("read-aloud", "sit-quiet"))
    assert (without.supplement, given.supplement) == (NEVER, before.minute)
    late = [vital(case, given._replace(minute=200, supplement=one), "sbp") for one in (NEVER, before.minute)]
    assert late[0] < late[1]


@pytest.mark.parametrize(
    ("typed", "word"),
    [
        (ANNA.replace("   - takes: 45 min\n", "   - takes: 45 min\n   - gives: supplement\n"), "no supplemental dose"),
        (ANNA.replace("   - takes: 8 min\n", "   - takes: 8 min\n   - gives: supplement\n"), "with vitals"),
        (ANNA.replace("   - takes: 8 min\n", "   - takes: 8 min\n   - gives: aspirin\n"), "Only a “supplement”"),
        (ANNA.replace("fetch-tea\n", "fetch-tea, cue in #waitin\n", 1), "Did you mean “waiting”?"),
        (ANNA.replace("phase: session", "phase: sesion"), "Did you mean “session”?"),
    ],
)
def test_an_author_hears_what_cannot_be_given_shown_or_named(typed: str, word: str) -> None:
    assert typed != ANNA
    case, messages = compile_case(CASE, typed, read_limits(SITE)[0])
    assert case is None
    assert any(word in one.text for one in messages), messages


def test_a_limit_that_decides_is_drawn_afterwards_and_never_while_the_case_is_played() -> None:
    case, _ = compile_case(CASE, ANNA, read_limits(SITE)[0])
    play = replay(case, "usual", 1, ("enough", "book"))
    assert chart_of(case, play).limits == ()
    assert [(one.name, one.at) for one in chart_of(case, play, limits=case.limits).limits] == [("tell-sbp", 160)]
