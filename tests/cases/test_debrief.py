"""The debrief as it is read: what the chart shows stands in words beside it."""

from pathlib import Path

import pytest
from flask import Flask

from trainer.cases.chart import chart_of
from trainer.cases.debrief import debrief
from trainer.cases.engine import replay
from trainer.cases.language import compile_case
from trainer.cases.models import CaseRun
from trainer.cases.afterwards.routes import page_of
from trainer.cases.score import score
from trainer.web.pages import show

BEFORE = ("ask-medicines", "enough", "refer")
MEASURED = ("sit-quiet", "explain-away", "recheck", "only-note", "stay-near", "listen")


@pytest.fixture
def page(catalogue) -> DebriefPage:
    """Anna's session has ended; the trainee explained her fear away."""
    case, _ = compile_case("cases/anna-psilocybin-1/en.md", (Path(__file__).parent / "anna.md").read_text())
    assert case is not None
    play = replay(case, "no-touch", 0, BEFORE + MEASURED)
    result = score(case, play)
    return DebriefPage(
        enrolment_id="0" * 32,
        case=case,
        run=CaseRun(id="1" * 32, enrolment_id="0" * 32, case_slug=case.slug, number=1),
        passed=result.passed,
        debrief=debrief(case, play, result),
        chart=chart_of(case, play),
        course=catalogue.course,
        reaction="",
        felt={},
        reasons={},
    )


def read(app: Flask, page: DebriefPage) -> str:
    with app.test_request_context():
        return show(page).get_data(as_text=True)


def test_every_decision_has_its_circle_and_its_row(app, page) -> None:
    text = read(app, page)
    assert page.chart is not None
    assert text.count('<circle class="fill-paper stroke-line"') == len(MEASURED)
    assert [text.count(f'<td class="number">{row.clock}</td>') for row in page.chart.rows] == [1] * (len(MEASURED) + 1)


def test_the_peak_is_shaded_and_said_in_words(app, page) -> None:
    text = read(app, page)
    assert text.count('<rect class="fill-calm"') == 1
    assert "shaded: the peak of the effect" in text
    assert "<td>onset</td>" in text
    assert "<td>peak</td>" in text


def test_how_many_experts_would_do_this_is_said_at_the_moment_it_is_about(app, page) -> None:
    text = read(app, page)
    assert text.count("experts asked would do this") == 1
    assert "15 of 17 experts" in text


def test_a_place_may_name_a_heading(app, page) -> None:
    with app.test_request_context():
        assert page.address("boundaries/touch#a-no").endswith("/touch#a-no")
        assert page.address("boundaries").endswith("/boundaries/")
    known = page.course.modules[0]
    assert page.title_of(f"{known.slug}#anything") == known.title
