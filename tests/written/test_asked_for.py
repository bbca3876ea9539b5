"""A programme asks for a task: after what it names, and it can be waived unless something unsafe was written."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.written.conftest import FIRST, SECOND, marks
from trainer.clock import utc_now
from trainer.enrolment.queries import release_for
from trainer.notices.models import Notice
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.queries import proof_for
from trainer.requirements.rules import Group, RequirementKind, RequirementLeaf

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
WAIVER = {"what": "waiver", "reason": "She has taught this for years.", "seen": "0"}
MODULE = RequirementLeaf(kind=RequirementKind.MODULE, slug="boundaries", title="Boundaries")
COFFEE = RequirementLeaf(
    kind=RequirementKind.WRITTEN, slug="coffee", title="A coffee", after=((MODULE.kind, MODULE.slug),)
)


@pytest.fixture
def asked_for(place, database, monkeypatch) -> None:
    """The programme asks for the lessons about boundaries, and then for the coffee."""
    with database.reading() as session:
        programmes = catalogue_of(release_for(session, place)).programmes
    needs = Group(title="All", needed=2, parts=(MODULE, COFFEE))
    monkeypatch.setitem(programmes, "foundations", replace(programmes["foundations"], needs=needs))


def coffee(database, place):
    with database.reading() as session:
        return proof_for(session, enrolment=place, now=utc_now()).leaves()[1]


def test_not_a_word_is_written_before_what_comes_first(
    as_, mara, walk, place, asked_for, task_path, monkeypatch
) -> None:
    browser = as_(mara)
    page = browser.get(task_path).text
    assert "What comes first" in page
    assert "<textarea" not in page
    assert "does not ask for this task" not in page
    refused = browser.send(task_path, {"text": FIRST})
    assert refused.status_code == 409
    assert "Something comes first" in refused.text
    assert FIRST.strip()[:60] in refused.text, "the words can be copied"
    kept = browser.send(f"{task_path}/draft", {"text": FIRST, "seen": "0"})
    assert kept.status_code == 422
    assert FIRST.strip()[:60] in kept.text


def test_what_was_begun_before_the_rule_goes_on(as_, mara, task_path, request) -> None:
    browser = as_(mara)
    browser.send(f"{task_path}/draft", {"text": "Odile, no.", "seen": "0"})
    request.getfixturevalue("asked_for")
    assert "Odile, no.</textarea>" in browser.get(task_path).text
    assert browser.send(task_path, {"text": FIRST}).status_code == 303


def test_a_director_waives_it_and_not_where_something_unsafe_was_written(
    as_, sol, dana, place, sent, database, request
) -> None:
    answer = sent()
    request.getfixturevalue("asked_for")
    desk, address = as_(dana), f"/desk/people/{place.id}/chances/written/coffee"
    assert "Waive the requirement" in desk.get(address).text
    as_(sol).send(f"/ratings/{answer.id}", marks(0, 2, 2, 2, 2))
    as_(dana).send(f"/ratings/{answer.id}", marks(0, 2, 2, 2, 2))
    assert coffee(database, place).unsafe
    assert "Waive the requirement" not in desk.get(address).text
    refused = desk.send(address, WAIVER)
    assert refused.status_code == 409
    assert "a written task in which a critical criterion was not met" in refused.text
    sent(SECOND)
    assert not coffee(database, place).waivable


def test_what_is_waived_names_the_written_task(as_, dana, place, asked_for, database) -> None:
    assert as_(dana).send(f"/desk/people/{place.id}/chances/written/coffee", WAIVER).status_code == 303
    assert coffee(database, place).waived
    with database.reading() as session:
        [letter] = session.scalars(select(Notice)).all()
    assert letter.subject == "A decision about the written task “A coffee”"
