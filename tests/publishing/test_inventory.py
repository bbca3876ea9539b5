"""What the content holds is counted, and held against the plan."""

import json

import pytest
from click.testing import CliRunner

from trainer.authoring.release import Files
from trainer.cli import cli
from trainer.publishing.inventory import inventory
from trainer.publishing.plan import PlannedRange
from trainer.requirements.catalogue import Catalogue

MODULE = "modules/01-one/module.md"
HEAD = "module: one\ntitle: One\nminutes: 2\nobjectives: {aim: Aim.}\ncompetencies: [C1]\ntopics: []\n"
FILES = {
    "references.yaml": "S1: {short: A, kind: primary, text: A.}\nS2: {short: B, kind: rule, text: B., "
    "retracted: {note: Why., source: A list.}}\n",
    "competencies.yaml": "C1: {title: T, behaviour: B.}\n",
    MODULE: f"---\n{HEAD}sources: [S1, S2]\nreadiness: solid\nreviewed: []\n---\nTwo words.\n",
    "modules/01-one/01-a.md": "---\nlesson: a\ntitle: A\nminutes: 2\nobjectives: [aim]\nreadiness: solid\n---\n"
    "Five words that stand here [@S1].\n\n::: pending Waits\nThree words more.\n:::\n",
}


@pytest.fixture
def files() -> Files:
    return {path: text.encode() for path, text in FILES.items()}


def test_a_module_is_counted_by_what_it_holds(files: Files) -> None:
    found = inventory(files)
    [module] = found.modules
    assert (module.lessons, module.minutes, module.objectives, module.checks, module.items) == (1, 2, 1, 0, 0)
    assert module.words == 2 + 6 + 3  # a full stop after a citation stands alone
    assert module.pending == round(3 / 11, 3)
    assert module.sources == {"primary": 1, "rule": 1, "retracted": 1}
    assert module.off_plan["words"] == "4,000–7,000"
    assert "grade" not in module.off_plan
    assert len(found.missing) == 13


def test_a_range_holds_its_ends() -> None:
    assert [PlannedRange(4, 7).holds(value) for value in (3, 4, 7, 8)] == [False, True, True, False]
    assert PlannedRange(26).holds(26)
    assert (str(PlannedRange(26)), str(PlannedRange(high=12))) == ("≥ 26", "≤ 12")


def test_the_shipped_content_is_counted_by_the_command(catalogue: Catalogue) -> None:
    told = json.loads(CliRunner().invoke(cli, ["content", "stats", "--json"]).stdout)
    questions = sum(len(bank.items) for bank in catalogue.banks.values())
    assert sum(module["items"] for module in told["modules"]) == questions
    assert sum(module["written"] for module in told["modules"]) == len(catalogue.written) > 0
    assert all(sum(module["by_level"].values()) == module["items"] for module in told["modules"])
    shown = CliRunner().invoke(cli, ["content", "stats"]).stdout
    assert f"{len(told['modules'])} of 14 modules" in shown
