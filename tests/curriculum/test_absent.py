"""An author who has lost a file reads one line about it, not one for every place that names something in it."""

import re
from collections.abc import Mapping

import pytest

from trainer.authoring.messages import Message
from trainer.authoring.release import read_folder
from trainer.curriculum.language.absent import absent
from trainer.requirements.catalogue import check_content
from trainer.settings import ROOT

LISTS = ("competencies.yaml", "crosswalks", "glossary.md", "limits.yaml", "references.yaml")
FOLDERS = ("attestations", "cases", "exams", "modules")


@pytest.fixture(scope="module")
def part_of_it() -> Mapping[str, bytes]:
    """A programme with one module and one case, so that reading it takes no time."""
    kept = re.compile("(?!modules/|cases/)|modules/03-ethics/|cases/booster/")
    return {path: text for path, text in read_folder(ROOT / "content").items() if kept.match(path)}


@pytest.mark.parametrize("lost", [*LISTS, *FOLDERS])
def test_what_is_missing_altogether_is_said_in_one_line(part_of_it: Mapping[str, bytes], lost: str) -> None:
    without = {lost, *({"cases"} if lost != "limits.yaml" else ())}  # nothing is played, where a case is not at stake
    files = {path: text for path, text in part_of_it.items() if not {path, path.partition("/")[0]} & without}
    told = check_content(files)
    assert {one.path for one in told} == without
    about = next(one.text for one in told if one.path == lost)
    assert re.match(r"This (file|folder) is missing, and \d+ places? names? something in it, first [^ ]+:\d+\.", about)


def test_one_place_is_one_place_and_two_are_two() -> None:
    one, other = (Message("a.md", line, "The source “S1” is not in references.yaml.") for line in (3, 2))
    assert [str(each) for each in absent({"a.md"}, [one])] == [
        "references.yaml:1: This file is missing, and 1 place names something in it, first a.md:3. Put it back; the "
        "rest is checked once it is here."
    ]
    assert "and 2 places name something in it, first a.md:2." in absent({"a.md"}, [one, other])[0].text


def test_what_is_there_or_is_named_by_nobody_is_not_missed() -> None:
    wrong = Message("a.md", 1, "The source “S1” is not in references.yaml.")
    assert absent({"a.md", "references.yaml"}, [wrong]) == ()
    assert absent({"a.md"}, [Message("a.md", 1, "This item has no title.")]) == ()
