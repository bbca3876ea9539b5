"""After the lessons: an exercise that prints, a summary, and a road that has an end."""

from collections.abc import Callable

import pytest

from trainer.accounts.models import Person
from trainer.authoring.release import Files
from trainer.enrolment.models import Enrolment

Enrol = Callable[[Person], Enrolment]


@pytest.fixture
def files(whole: dict[str, str]) -> Files:
    """The course with an exercise and a summary."""
    return {path: text.encode() for path, text in whole.items()}


def test_the_page_of_a_module_leads_to_its_exercise_and_its_summary(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}/ethics"
    page = as_(mara).get(f"{base}/").text
    assert f'href="{base}/exercise">Say it aloud</a>' in page
    assert f'href="{base}/summary">' in page
    assert "40 min of practice" in " ".join(page.split())
    assert "0 of 2" in page  # lessons alone are counted


def test_an_exercise_says_what_is_done_kept_and_looked_for(as_, mara: Person, enrol: Enrol) -> None:
    page = as_(mara).get(f"/learn/{enrol(mara).id}/ethics/exercise").text
    for words in (
        "Practice, away from the screen",
        "Two talks of fifteen minutes and ten to write.",
        "not counted as reading",
        "Stop when asked.",
        "What a supervisor looks for",
        "Seen by",
        "Hours count once they are entered and signed in",
    ):
        assert words in page


def test_a_summary_recommends_texts_with_a_reason(as_, mara: Person, enrol: Enrol) -> None:
    page = as_(mara).get(f"/learn/{enrol(mara).id}/ethics/summary").text
    assert "for the numbers and the charts" in page
    assert 'href="https://doi.org/10.1055/a-1524-2794"' in page
    assert "Continue reading: Why consent is different" in " ".join(page.split())


def test_the_road_goes_from_the_last_lesson_to_its_end(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}/ethics"
    browser = as_(mara)
    for here, following in (("how", "exercise"), ("exercise", "summary"), ("summary", "")):
        assert f'<a rel="next" href="{base}/{following}">' in browser.get(f"{base}/{here}").text
    for here, before in (("summary", "exercise"), ("exercise", "how")):
        assert f'<a rel="prev" href="{base}/{before}">' in browser.get(f"{base}/{here}").text


def test_once_all_is_read_the_summary_leads_on(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}/ethics"
    browser = as_(mara)
    for lesson in ("why", "how"):
        browser.send(f"{base}/{lesson}/read")
    assert "To my path, and what comes next" in " ".join(browser.get(f"{base}/summary").text.split())
    assert f'<a class="button" href="{base}/exercise">Practice: Say it aloud</a>' in browser.get(f"{base}/how").text


def test_omar_finds_no_exercise_and_no_summary_of_maras(as_, mara: Person, omar: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}/ethics"
    assert [as_(omar).get(f"{base}/{page}").status_code for page in ("exercise", "summary")] == [404, 404]
