"""The content that ships with the house is without mistakes."""

from trainer.authoring.release import read_folder
from trainer.curriculum.course import check_course
from trainer.settings import ROOT


def test_the_modules_that_ship_hold_no_mistake() -> None:
    assert [str(message) for message in check_course(read_folder(ROOT / "content"))] == []
