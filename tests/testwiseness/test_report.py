"""The command shows the banks of a folder; the shipped ones are measured, and nobody has to wait for it."""

import csv
import io
import re
from dataclasses import replace

import pytest
from click.testing import CliRunner

from tests.quizzes.conftest import BANK, KNOWN, a_bank, an_item, course_files
from trainer.cli import cli
from trainer.items.values import Level
from trainer.requirements.catalogue import Catalogue
from trainer.testwiseness.figures import measured_banks
from trainer.testwiseness.from_banks import drawn_forms, reviewed_banks, reviewed_item, unread_banks
from trainer.testwiseness.limits import broken_limits


@pytest.fixture
def folder(tmp_path):
    for path, content in course_files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    return tmp_path


def report(folder, *options: str):
    return CliRunner().invoke(cli, ["bank", "report", "--content", str(folder), *options])


def test_a_bank_that_breaks_no_limit_ends_with_nought(folder) -> None:
    shown = report(folder)
    assert shown.exit_code == 0, shown.output
    assert shown.output.rstrip().endswith("No limit is broken.")


def test_a_broken_limit_ends_with_one_and_is_named_by_file_and_line(folder) -> None:
    bank = folder / "modules/01-ethics/bank.md"
    bank.write_text(re.sub(r"(?<=- \[x\] )Option[78][a-d]", "Ask them", BANK))
    shown = report(folder)
    assert shown.exit_code == 1, shown.output
    assert "modules/01-ethics/bank.md:" in shown.output
    assert "1 limit is broken." in shown.output


def test_a_bank_that_cannot_be_read_is_not_passed_over(folder) -> None:
    (folder / "modules/01-ethics/bank.md").write_text("# No head\n")
    shown = report(folder)
    assert shown.exit_code == 1
    assert "modules/01-ethics/bank.md:1: This bank cannot be read. `trainer content check` says why." in shown.output


def test_the_figures_can_be_taken_along(folder) -> None:
    table = list(csv.DictReader(io.StringIO(report(folder, "--csv").stdout)))
    found = {(row["bank"], row["measure"], row["name"]): row for row in table}
    guess = found["ethics", "guess", "longest"]
    assert (guess["chance"], guess["broken"]) == ("0.2500", "")
    assert found["ethics", "kind", "multiple"]["value"] == "3"
    assert found["ethics", "exposure", "mean of 100"]["value"] == "54.5"  # 6 of 11 that may count
    assert found["all", "guess", "word model"]["value"] == "0.2500"


def test_an_item_is_read_without_its_markup(catalogue: Catalogue) -> None:
    files, course = catalogue.release.files, catalogue.course
    for bank in reviewed_banks(files, course, catalogue.banks, {}):
        assert bank.objectives == course.module(bank.slug).objectives
        for item in bank.items:
            assert "<" not in item.stem + "".join(item.texts)


def test_an_examination_is_one_bank_and_each_of_its_questions_stands_in_the_pool_of_its_module() -> None:
    asked = [replace(an_item(topic), topic=topic) for topic in ("law", "ethics")]
    exam = a_bank((*asked, replace(asked[0], id="gone", retired="2026-12-01 too old")), {Level.KNOW: 2}, slug="final")
    exam = replace(exam, topics={"law": {Level.KNOW: 1}, "ethics": {Level.KNOW: 1}})
    files = {"exams/final/exam.yaml": b"", "exams/final/03-ethics.md": b"", "exams/final/02-law.md": b""}
    (found,) = reviewed_banks(files, KNOWN, {}, {"final": exam})
    assert [item.path for item in found.items] == ["exams/final/02-law.md", "exams/final/03-ethics.md"]
    assert (found.slug, found.objectives, found.serve) == ("final", {}, 2)
    assert unread_banks(files, [found]) == ()
    assert [message.path for message in unread_banks(files, [])] == ["exams/final/exam.yaml"]


def test_clones_and_enemies_are_known_as_their_author_named_them() -> None:
    def met(name: str, **named: object):
        return reviewed_item("ethics", "bank.md", replace(an_item(name), **named))

    ours = met("one", family="limits", enemies=("two",))
    assert ours.kept_apart_from(met("two"))
    assert ours.kept_apart_from(met("three", family="limits"))
    assert not ours.kept_apart_from(met("four"))


def test_as_many_forms_are_drawn_as_there_are_people_and_the_same_ones_again(catalogue: Catalogue) -> None:
    bank = catalogue.banks["ethics"]
    forms = drawn_forms(bank, 5)
    assert {len(form) for form in forms} == {bank.serve}
    assert len(set(forms)) == 5
    assert drawn_forms(bank, 5) == forms


def test_what_is_broken_in_the_shipped_banks_is_told_where_it_stands(catalogue: Catalogue) -> None:
    files = catalogue.release.files
    found = broken_limits(measured_banks(reviewed_banks(files, catalogue.course, catalogue.banks, {})))
    assert all(files[message.path].count(b"\n") >= message.line for message in found)
