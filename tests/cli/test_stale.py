"""An author asks what is past its date, what rests on what, and what changed in the law."""

import json
from pathlib import Path

import pytest

from tests.law.test_law import CELL, SOUND
from tests.upkeep.test_upkeep import files


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return written(tmp_path / "content", SOUND)


def written(folder: Path, law: str) -> Path:
    for path, content in files(law=law).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    return folder


def test_nothing_is_past_its_date_on_the_day_of_reading(run, folder: Path) -> None:
    told = run("content", "stale", str(folder), "--on", "2025-12-31")
    assert (told.exit_code, told.stdout, told.stderr) == (0, "", "Nothing is past its date on 31 December 2025.\n")


def test_what_is_past_its_date_is_told_with_what_rests_on_it(run, folder: Path) -> None:
    told = run("content", "stale", str(folder), "--on", "2026-06-01")
    assert told.exit_code == 1
    lines = told.stdout.splitlines()
    who = lines.index(next(line for line in lines if "(oregon/who)" in line))
    assert lines[who].startswith("law.yaml:13: Oregon: Asked who (oregon/who) was read on 1 March 2026")
    assert "  modules/02-law/01-one.md:6: lesson law/one" in lines[who:]
    assert "7 things are past their dates on 1 June 2026." in told.stderr
    plain = json.loads(run("content", "stale", str(folder), "--on", "2026-06-01", "--json").stdout)
    assert len(plain) == 7
    assert {"file", "line", "message", "due", "resting"} == plain[0].keys()
    assert plain[1]["resting"][0].keys() == {"file", "line", "kind", "name", "on"}


def test_what_rests_on_one_thing_is_asked_by_its_name(run, folder: Path) -> None:
    told = run("content", "stale", str(folder), "--what", "oregon/next")
    assert (told.exit_code, told.stdout) == (0, "modules/02-law/01-one.md:9: lesson law/one\n")
    assert told.stderr == "1 place rests on oregon/next.\n"
    assert json.loads(run("content", "stale", str(folder), "--what", "S2", "--json").stdout)[0]["name"] == "licence"
    wrong = run("content", "stale", str(folder), "--what", "oregn/next")
    assert wrong.exit_code == 2
    assert "There is no answer of the law and no source “oregn/next”. Did you mean “oregon/next”?" in wrong.stderr


@pytest.mark.parametrize("day", ["yesterday", "2026-02-30", "01.02.2026"])
def test_a_day_that_there_is_not_is_a_wrong_use(run, folder: Path, day: str) -> None:
    assert run("content", "stale", str(folder), "--on", day).exit_code == 2


def test_two_folders_are_compared_in_what_they_say_of_the_law(run, folder: Path, tmp_path: Path) -> None:
    newer = written(tmp_path / "newer", SOUND.replace(f"who: {CELL}", f"who: {CELL.replace('licence', 'permit')}"))
    told = run("content", "diff", str(folder), str(newer))
    assert told.exit_code == 0
    assert told.stdout.splitlines()[:3] == [
        "The law: 1 answer changed",
        "  oregon/who: text changed",
        "    crosswalks/oregon.yaml:2: crosswalk oregon",
    ]
    assert run("content", "diff", str(folder), str(folder)).stdout == "The law: No answers changed\n"


def test_a_release_is_compared_by_its_first_digits(run, published: Path, folder: Path) -> None:
    assert run("content", "diff", "0" * 12, str(folder)).exit_code == 2
    assert "Give more digits" in run("content", "diff", "0" * 12, str(folder)).stderr
