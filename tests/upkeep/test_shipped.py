"""What is shipped rests on what is there."""

from trainer.authoring.release import read_folder
from trainer.curriculum.course import parse
from trainer.settings import ROOT
from trainer.upkeep.past import what_is_named
from trainer.upkeep.resting import EVENTS, resting_in


def test_what_is_shipped_rests_on_answers_and_sources_that_are_there() -> None:
    shipped = read_folder(ROOT / "content")
    course = parse(shipped)[0]
    named = {place.on for place in resting_in(shipped, course.law)}
    assert named - {*what_is_named(course), EVENTS} == set()
    assert len(named) > 100
