"""Commands run against an installation of their own."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from trainer.cli import cli


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command: `run("content", "check")`."""
    monkeypatch.setenv("TRAINER_INSTANCE", str(tmp_path / "instance"))
    return lambda *words: CliRunner().invoke(cli, words)


@pytest.fixture(scope="session")
def with_content(tmp_path_factory: pytest.TempPathFactory, proofs: Path) -> Path:
    """An installation without people in which the shipped content is published, to be copied."""
    instance = tmp_path_factory.mktemp("content") / "instance"
    shutil.copytree(proofs, instance / "proofs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TRAINER_INSTANCE", str(instance))
        assert CliRunner().invoke(cli, ["db", "upgrade"]).exit_code == 0
        assert CliRunner().invoke(cli, ["content", "publish"]).exit_code == 0
    return instance


@pytest.fixture
def published(with_content: Path, tmp_path: Path) -> Path:
    """A copy of it of one's own."""
    return Path(shutil.copytree(with_content, tmp_path / "instance"))
