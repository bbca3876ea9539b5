"""Content folders that hold more than content."""

import os
from pathlib import Path

import pytest

from trainer.authoring.release import read_folder
from trainer.errors import Refused


def test_a_link_out_of_the_folder_publishes_nothing_from_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("not for trainees")
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "lesson.md").symlink_to(tmp_path / "secret")
    with pytest.raises(Refused, match=r"lesson\.md"):
        read_folder(folder)


@pytest.mark.parametrize("name", [b"\xff.md", b"two\nlines.md"])
def test_a_name_that_cannot_be_written_down_is_refused(tmp_path: Path, name: bytes) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("x")
    with pytest.raises(Refused, match="Rename"):
        read_folder(tmp_path)


def test_pipes_loops_and_hidden_files_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "nowhere.md").symlink_to(tmp_path / "missing")
    os.mkfifo(tmp_path / "pipe")
    assert read_folder(tmp_path) == {"a.md": b"x"}
