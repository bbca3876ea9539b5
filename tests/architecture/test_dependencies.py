"""What an installation relies on is used, explained and free: `docs/dependencies.md` says it, this holds it."""

import re
import sys
import tomllib
from importlib.metadata import PackageNotFoundError, metadata, packages_distributions
from pathlib import Path

import pytest

from tests.architecture.test_house import imported, modules
from trainer.settings import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
ROWS = re.findall(r"^\| (\S+) \| (.+?) \| (.+?) \| (.+?) \|$", (ROOT / "docs/dependencies.md").read_text(), re.M)[2:]
LICENCES = {name: licence for name, _, licence, _ in ROWS}
LOCKS = [ROOT / "requirements.lock", ROOT / "requirements-test.lock"]


def normalised(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def required(requirements: list[str]) -> set[str]:
    return {re.split(r"[\[<>=! ]", requirement, maxsplit=1)[0] for requirement in requirements}


def licences_of(name: str) -> list[str]:
    """The licences that a package may be taken under, in its own words."""
    told = metadata(name)
    classified = [line.rpartition("::")[2].strip() for line in told.get_all("Classifier", []) if "License ::" in line]
    named = told.get("License-Expression") or told.get("License") or ""
    return classified + [named] * ("\n" not in named)  # some quote the whole text


def test_every_library_has_its_line_and_every_line_its_library() -> None:
    assert [name for name, *_ in ROWS] == sorted(required(PROJECT["dependencies"]))


def test_what_we_require_is_imported_and_what_we_import_is_required() -> None:
    owners = packages_distributions()
    others = {name for path in modules() for name in imported(path)} - sys.stdlib_module_names - {"trainer"}
    used = {normalised(owners[name][0]) for name in others} - {"pydantic-core"}  # pydantic's own, and pinned by it
    data = {name for name, what_for, *_ in ROWS if what_for.startswith("**data**")}
    assert used == (required(PROJECT["dependencies"]) - data) | required(PROJECT["optional-dependencies"]["token"])


def test_every_library_has_the_licence_that_we_say() -> None:
    for name, stated in LICENCES.items():
        assert any(stated.partition("-")[0] in licence for licence in licences_of(name)), name


def test_nothing_that_we_install_leaves_only_the_gpl() -> None:
    for name in re.findall(r"^([a-z0-9-]+)==", LOCKS[0].read_text(), re.M):
        try:
            licences = licences_of(name)
        except PackageNotFoundError:
            continue  # for another kind of Python
        assert any(licence and not re.search(r"\bA?GPL|\bGNU (Affero )?General", licence) for licence in licences), name


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_knows_the_hash_of_every_file_and_no_place_to_take_it_from(lock: Path) -> None:
    text = lock.read_text()
    packages = re.split(r"\n(?=\S)", text.partition("make locks\n")[2])
    assert len(packages) > 60
    assert all(re.fullmatch(r"\S+==\S+( ; .+)?(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n?", one) for one in packages)
    assert "://" not in text
