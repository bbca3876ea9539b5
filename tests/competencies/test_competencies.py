"""A competency says where it is taught, asked and played, to people and, as CASE 1.1, to other systems."""

import re
from dataclasses import replace

import pytest

from trainer.competencies.case_exchange import identifier_of
from trainer.competencies.outline import competency_outlines
from trainer.curriculum.course import parse
from trainer.curriculum.parts.lists import check_played
from trainer.enrolment.models import Cohort
from trainer.items.values import Level
from trainer.requirements.catalogue import Catalogue

UUID5 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
LINK = {"title", "identifier", "uri"}
DOCUMENT = {"identifier", "uri", "creator", "title", "lastChangeDateTime"}
ITEM = {"identifier", "fullStatement", "uri", "lastChangeDateTime"}
ASSOCIATION = {"identifier", "associationType", "uri", "originNodeURI", "destinationNodeURI", "lastChangeDateTime"}
"""What the information model of CASE 1.1 requires."""
PACKAGE = f"/ims/case/v1p1/CFPackages/{identifier_of('framework')}"


def test_a_competency_is_taught_where_an_objective_is_asked_for_under_it(catalogue: Catalogue) -> None:
    found = competency_outlines(catalogue)["C5"]
    screening = next(place for place in found.taught if place.module.slug == "screening")
    asked = {item.objective for item in catalogue.banks["screening"].items if item.competency == "C5"}
    assert screening.lessons
    assert all(asked & set(lesson.objectives) for lesson in screening.lessons)


def test_every_question_is_counted_once_by_what_it_asks_for(catalogue: Catalogue) -> None:
    found = competency_outlines(catalogue)
    questions = sum(len(bank.items) for bank in catalogue.banks.values())
    assert sum(one.questions for one in found.values()) == questions
    assert all(set(one.asked) == set(Level) for one in found.values())
    assert all(one.counted <= one.questions for one in found.values())


def test_a_written_task_is_met_under_its_competency_and_asks_for_what_its_lessons_teach(catalogue: Catalogue) -> None:
    found, task = competency_outlines(catalogue), catalogue.written["coffee"]
    assert sum(len(one.written) for one in found.values()) == len(catalogue.written)
    assert task.title in found["C4"].written
    by_tasks_alone = competency_outlines(replace(catalogue, banks={}))["C4"]
    [boundaries] = [place for place in by_tasks_alone.taught if place.module.slug == task.module]
    assert boundaries.lessons
    assert all(task.objective in lesson.objectives for lesson in boundaries.lessons)


def test_anybody_reads_what_a_graduate_can_do_and_no_word_of_a_question(
    stranger, cohort: Cohort, catalogue: Catalogue
) -> None:
    page = stranger.get("/competencies/").text
    assert page.count("/competencies/C") == 12
    screening = stranger.get("/competencies/C5").text
    assert "The tablet nobody mentioned: medicines and screening" in screening
    items = [item for item in catalogue.banks["screening"].items if item.competency == "C5"]
    answers = [
        option.text for item in items for option in item.options if len(option.text.split()) > 3
    ]  # “4” is anywhere
    assert len(answers) > 20
    assert not any(words in screening for words in [*answers, *(item.title for item in items)])
    assert stranger.get("/competencies/C99").status_code == 404


def test_the_package_holds_what_case_requires_and_its_identifiers_are_ours_for_ever(stranger, cohort: Cohort) -> None:
    package = stranger.get(PACKAGE).json
    assert set(package["CFDocument"]) >= DOCUMENT
    assert package["CFDocument"]["caseVersion"] == "1.1"
    assert "CFPackageURI" not in package["CFDocument"]
    assert [set(item) >= ITEM for item in package["CFItems"]] == [True] * 12
    assert [set(one) >= ASSOCIATION for one in package["CFAssociations"]] == [True] * 12
    ends = [one[end] for one in package["CFAssociations"] for end in ("originNodeURI", "destinationNodeURI")]
    assert all(set(end) >= LINK for end in ends)
    everything = [package["CFDocument"], *package["CFItems"], *package["CFAssociations"]]
    assert all(UUID5.fullmatch(one["identifier"]) for one in everything)
    assert len({one["identifier"] for one in everything}) == 25
    assert identifier_of("C1") == "f9ef28dd-126d-59b8-881a-5e0d47d09779"


@pytest.mark.parametrize("kind", ["CFItems", "CFAssociations"])
def test_every_part_of_the_package_is_found_at_its_own_address(stranger, cohort: Cohort, kind: str) -> None:
    for part in stranger.get(PACKAGE).json[kind]:
        alone = stranger.get(part["uri"].partition("/ims/")[1] + part["uri"].partition("/ims/")[2]).json
        assert alone == {**part, "CFDocumentURI": alone["CFDocumentURI"]}
        assert set(alone["CFDocumentURI"]) == LINK


def test_the_only_framework_is_listed_and_what_is_nowhere_is_told_in_the_words_of_case(
    stranger, cohort: Cohort
) -> None:
    [document] = stranger.get("/ims/case/v1p1/CFDocuments").json["CFDocuments"]
    assert document["CFPackageURI"]["uri"].endswith(PACKAGE)
    for path in ("CFItems/00000000-0000-5000-8000-000000000000", "CFRubrics/x"):
        answer = stranger.get(f"/ims/case/v1p1/{path}")
        assert (answer.status_code, answer.json["imsx_codeMajor"]) == (404, "failure")


def test_a_case_that_plays_a_competency_is_there(catalogue: Catalogue) -> None:
    files = {**catalogue.release.files}
    files["competencies.yaml"] = files["competencies.yaml"].replace(b"[hold-me, keys", b"[hold-mee, keys")
    [message] = check_played(files, parse(files)[0], catalogue.cases)
    assert (message.path, message.line) == ("competencies.yaml", 13)
    assert message.text == "There is no case “hold-mee”. Did you mean “hold-me”?"
