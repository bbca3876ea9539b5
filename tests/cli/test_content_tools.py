"""An operator keeps a signature under the version that was read; an author completes the list of sources."""

import shutil
from pathlib import Path

import pytest

from trainer.settings import ROOT

SOL = ("--reviewer", "sol@demo.example", "--role", "psychiatrist", "--statement", "Read whole.")


@pytest.fixture
def demo(seeded: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration of one's own."""
    return Path(shutil.copytree(seeded, tmp_path / "instance"))


def test_a_signature_binds_to_the_version_that_was_read_and_to_no_other(run, demo: Path) -> None:
    lesson = ("content", "sign", "--lesson", "ethics/while-altered", *SOL)
    other = run(*lesson, "--hash", "0" * 12)
    assert "The newest release holds another version, " in str(other.exception)
    version = str(other.exception).partition("another version, ")[2].partition(".")[0]
    assert "at least 8 digits" in str(run(*lesson, "--hash", version[:3]).exception)
    signed = run(*lesson, "--hash", version)
    assert signed.output.strip() == f"Sol Example signed the lesson ethics/while-altered ({version})."
    assert "signed this version already" in str(run(*lesson).exception)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ((), "Name one text"),
        (("--case", "keys", "--item", "ethics/nineteen-forms"), "Name one text"),
        (("--item", "ethics/nowhere"), "no item 'ethics/nowhere'"),
    ],
)
def test_one_text_is_named_that_is_there(run, demo: Path, named: tuple[str, ...], told: str) -> None:
    result = run("content", "sign", *named, *SOL)
    assert told in f"{result.output}{result.exception}"


def test_the_figures_that_an_author_collected_stand_beside_their_source(run, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    stated = tmp_path / "stated.yaml"
    stated.write_text('S40: ["12 of 34"]\nS9999: [1]\n')
    result = run("content", "references", str(folder), "--stated", str(stated))
    assert "“S9999” is not in references.yaml" in result.output
    assert '"12 of 34"]' in (folder / "references.yaml").read_text()
    assert "is as it was" in run("content", "references", str(folder), "--stated", str(stated)).output
    stated.write_text("S40: 12")
    assert "should hold lines such as" in str(
        run("content", "references", str(folder), "--stated", str(stated)).exception
    )
    assert "Say what to do" in run("content", "references", str(folder)).output
