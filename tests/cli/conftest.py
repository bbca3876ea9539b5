"""Commands run against an installation of their own."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from trainer.cli import cli


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command: `run("content", "check")`."""
    monkeypatch.setenv("TRAINER_INSTANCE", str(tmp_path / "instance"))
    return lambda *words: CliRunner().invoke(cli, words)
