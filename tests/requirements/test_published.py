"""What was published is read and not judged: a rule that came later takes nothing from those who follow it.

A file with a mistake stands here for one that was sound when it was published, under rules of then.
"""

import re
import shutil
from collections.abc import Callable
from functools import partial
from itertools import zip_longest
from pathlib import Path

import pytest

from trainer.authoring.release import read_folder, release_of
from trainer.cases.prover.kept_reports import ReportCache
from trainer.requirements.catalogue import Catalogue, catalogue_of, check_content
from trainer.requirements.rules import leaves
from trainer.settings import ROOT

FILES = read_folder(ROOT / "content")
PROGRAMME, EXAM = "programmes/foundations.yaml", "exams/judgement.yaml"
BANK, LESSON, MODULE = (
    f"modules/03-ethics/{name}" for name in ("bank.md", "02-what-consent-must-cover.md", "module.md")
)
CASE = "cases/tablet/en.md"
Mistake = Callable[[str], str]


def with_key(text: str) -> str:
    """Put a key that is not known into the head of a file."""
    return text.replace("\n", "\ndropped: yes\n", 1) if text.startswith("---") else f"dropped: yes\n{text}"


def replaced(old: str, new: str, text: str) -> str:
    changed, count = re.subn(old, new, text, count=1, flags=re.MULTILINE)
    assert count, old
    return changed


MISTAKES: dict[str, tuple[str, Mistake]] = {
    "a programme with a key that was dropped": (PROGRAMME, with_key),
    "a requirement with a key that was dropped": (
        PROGRAMME,
        partial(replaced, r"^( +)- module: ethics$", r"\g<0>\n\1  pages: 3"),
    ),
    "a programme that is valid for longer than is allowed now": (
        PROGRAMME,
        partial(replaced, r"^validity_months: \d+", "validity_months: 240"),
    ),
    "an examination with a key that was dropped": (EXAM, with_key),
    "an examination of more sittings than are allowed now": (EXAM, partial(replaced, r"^attempts: \d+", "attempts: 9")),
    "a bank with a key that was dropped": (BANK, with_key),
    "a question with a key that was dropped": (BANK, partial(replaced, r"^- level: ", "- weight: 2\n- level: ")),
    "a question without a key that is asked for now": (BANK, partial(replaced, r"^- competency: .*\n", "")),
    "a question with a word that is not known any more": (BANK, partial(replaced, r"^- level: .*", "- level: recall")),
    "an option without a reason": (BANK, partial(replaced, r"^  > .*\n", "")),
    "a module with a key that was dropped": (MODULE, with_key),
    "a module of other minutes than its lessons": (MODULE, partial(replaced, r"^minutes: \d+", "minutes: 999")),
    "a lesson with a key that was dropped": (LESSON, with_key),
    "a lesson that cites a source which is gone": (LESSON, partial(replaced, r"\[@S\d+", "[@S9999")),
    "a case with a key that was dropped": (CASE, with_key),
    "a case without a key that is asked for now": (CASE, partial(replaced, r"^phase: .*\n", "")),
}


def rounds() -> list[list[tuple[str, Mistake]]]:
    """Share the mistakes out: one of each file at a time, as reading it all costs more than any mistake."""
    files = {path for path, _ in MISTAKES.values()}
    of_each = [[one for one in MISTAKES.values() if one[0] == path] for path in sorted(files)]
    return [[one for one in some if one] for some in zip_longest(*of_each)]


def counted(read: Catalogue) -> dict[str, int]:
    """Return how much of each kind there is."""
    return {
        "modules": len(read.course.modules),
        "lessons": sum(len(module.lessons) for module in read.course.modules),
        "questions": sum(len(bank.items) for bank in read.banks.values()),
        "cases": len(read.cases),
        "examinations": len(read.exams),
        "requirements": len(leaves(read.programmes["foundations"].needs)),
    }


@pytest.fixture(scope="module")
def whole() -> dict[str, int]:
    """Count what is shipped."""
    return counted(catalogue_of(release_of(FILES)))


@pytest.mark.parametrize("mistakes", rounds())
def test_a_later_rule_takes_nothing_from_what_was_published(
    mistakes: list[tuple[str, Mistake]], whole: dict[str, int], proofs: Path, tmp_path: Path
) -> None:
    files = FILES | {path: mistake(FILES[path].decode()).encode() for path, mistake in mistakes}
    told = {
        message.path
        for message in check_content(files, ReportCache(Path(shutil.copytree(proofs, tmp_path / "proofs"))))
    }
    assert {path for path, _ in mistakes} <= told, "an author is told"
    assert counted(catalogue_of(release_of(files))) == whole


@pytest.mark.parametrize("path", [MODULE, BANK, CASE, EXAM, "attestations/code-of-ethics.md"])
def test_what_cannot_be_read_at_all_stays_asked_for_and_nobody_can_meet_it(path: str, whole: dict[str, int]) -> None:
    read = catalogue_of(release_of({**FILES, path: b"\xff\xfe"}))
    asked = leaves(read.programmes["foundations"].needs)
    assert len(asked) == whole["requirements"], "nobody is certified without it"
    assert [leaf for leaf in asked if not read.has(leaf)]


def test_a_programme_of_which_a_part_cannot_be_understood_is_not_read_without_it() -> None:
    text = replaced(r"^( +)- module: ethics$", r"\1- [ethics]", FILES[PROGRAMME].decode())
    assert "foundations" not in catalogue_of(release_of({**FILES, PROGRAMME: text.encode()})).programmes
