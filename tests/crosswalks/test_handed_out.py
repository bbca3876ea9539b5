"""Regulators' lists as page, table and paper, of what is shipped and of what is small."""

import page
import pytest

from tests.crosswalks.test_outlines import CROSSWALK, course, set_out
from trainer.accounts.models import Person
from trainer.clock import utc_now
from trainer.crosswalks.outline import outlines
from trainer.crosswalks.paper import outline_paper
from trainer.errors import Refused
from trainer.requirements.catalogue import Catalogue


def test_the_shipped_lists_add_up_to_the_shipped_lessons(catalogue: Catalogue) -> None:
    found = outlines(catalogue.course, catalogue.programmes, release=catalogue.release.hash)
    assert {each.crosswalk.slug for each in found} == {"oregon", "colorado"}
    for each in found:
        asked = [leaf.slug for leaf in each.programme.needs.parts[0].parts]  # type: ignore[union-attr]
        assert each.study == sum(catalogue.course.module(slug).minutes for slug in asked)  # type: ignore[union-attr]
        assert each.asked == sum(topic.asked for topic in each.topics)


def test_the_paper_is_archival_and_accessible_and_the_same_twice() -> None:
    found = set_out(course((20, {"ethics": 5})))
    at = utc_now()
    pdf, again = (outline_paper(found, issuer="A school", address="https://s.example/x", at=at) for _ in range(2))
    assert pdf == again
    for profile in ("3a", "ua1"):
        assert page.validate_pdf_bytes(pdf, profile=profile).is_compliant


def test_a_sign_that_no_font_can_write_is_told() -> None:
    texts = CROSSWALK.replace("regulator: A board", "regulator: A \U0001f344 board")
    whole = course((20, {}), more={"crosswalks/oregon.yaml": texts.encode()})
    with pytest.raises(Refused):
        outline_paper(set_out(whole), issuer="A school", address="https://s.example/x", at=utc_now())


def test_a_trainee_sees_every_list_as_page_and_table_and_nobody_a_list_that_is_not_there(
    as_, omar: Person, enrolled, catalogue: Catalogue
) -> None:
    enrolled(omar)
    browser = as_(omar)
    assert "/crosswalks/foundations/oregon" in browser.get("/crosswalks/").text
    shown = browser.get("/crosswalks/foundations/oregon").text
    assert catalogue.release.hash in shown
    assert "Not covered" in shown
    table = browser.get("/crosswalks/foundations/oregon.csv")
    assert table.headers["Content-Disposition"] == 'attachment; filename="foundations-oregon.csv"'
    assert browser.get("/crosswalks/foundations/oregon.pdf").data.startswith(b"%PDF-1.7")
    assert browser.get("/crosswalks/foundations/nowhere").status_code == 404
