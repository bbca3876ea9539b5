"""Some cases are only examined: nobody practises them, and no programme asks for that."""

import pytest

from trainer.authoring.release import read_folder, release_of
from trainer.cases.catalogue import cases_of, practised_cases
from trainer.requirements.catalogue import asked_in_vain
from trainer.settings import ROOT

CASE = "cases/keys/en.md"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    files = dict(read_folder(ROOT / "content"))
    files[CASE] = files[CASE].replace(b"status: draft\n", b"status: draft\nuse: examination\n", 1)
    return files


def test_it_is_read_and_not_offered_for_practice(files: dict[str, bytes]) -> None:
    release = release_of(files)
    assert cases_of(release)["keys"].head.examined_only
    assert "keys" not in practised_cases(release)
    assert "water" in practised_cases(release)


def test_nobody_opens_or_begins_it_as_practice(as_, mara, enrolled) -> None:
    browser, practice = as_(mara), f"/cases/{enrolled(mara).id}"
    assert browser.get(f"{practice}/cardamom").status_code == 200
    assert browser.get(f"{practice}/rain").status_code == 404
    assert browser.send(f"{practice}/rain").status_code == 404


def test_a_programme_that_asks_for_its_practice_is_named(files: dict[str, bytes]) -> None:
    message, as_what_comes_first = asked_in_vain(files, cases_of(release_of(files)))
    assert as_what_comes_first.line > message.line
    assert message.path == "programmes/foundations.yaml"
    assert "“keys” is only examined" in message.text
    assert files[message.path].split(b"\n")[message.line - 1].strip() == b"- case: keys"
