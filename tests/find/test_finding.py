"""Each finds what they may open, and nobody finds anything of another programme."""

from collections.abc import Callable

import pytest

from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.cases.afterwards.services import keep_note
from trainer.cases.runs.services import start_run
from trainer.certificates.facts.number import number_from
from trainer.clock import utc_now
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.requirements.catalogue import Catalogue

Enrol = Callable[[Person], Enrolment]


def titles(browser, asked: str) -> list[str]:
    return [found["title"] for found in browser.get("/find.json", query_string={"q": asked}).json]


def test_a_stranger_finds_what_is_for_everybody(stranger) -> None:
    assert "Verify a certificate" in titles(stranger, "verify")
    assert "Sign in" in titles(stranger, "")
    for asked in ("consent", "desk", "my account", "path"):
        assert titles(stranger, asked) == []
    for asked in ("contact", "director", "join"):
        assert "How to join" in titles(stranger, asked)
    for asked in ("cost", "fee", "price"):
        assert titles(stranger, asked) == ["What it costs"]
    assert titles(stranger, "privacy") == ["What is kept about you"]
    page = stranger.get("/find?q=%3Cscript%3E").text
    assert "Nothing fits “&lt;script&gt;”" in page


def test_who_types_a_number_is_led_to_the_counter_and_not_told_whether_there_is_one(stranger) -> None:
    number = number_from(20260301)
    (found,) = stranger.get("/find.json", query_string={"q": number.replace("-", " ").lower()}).json
    assert (found["title"], found["about"]) == ("Check this certificate", number)
    assert f'value="{number}"' in stranger.get(found["to"]).text
    assert titles(stranger, number[:-1]) == []


@pytest.mark.parametrize(
    ("asked", "offered"),
    [
        ("7K4M-2QXH-9PTW", True),  # one sign is wrong
        ("7k4m2qxh9ptw", True),
        ("7K4M-2QXH-9PTO", True),  # there is no O in numbers: the counter says so
        ("7K4M2QXH9PTO", False),
        ("7K4M-2QXH-9PT", False),
        ("serotonin 2a", False),
        ("psychedelics", False),
    ],
)
def test_what_is_shaped_like_a_number_goes_to_the_counter_as_typed(stranger, asked: str, offered: bool) -> None:
    found = stranger.get("/find.json", query_string={"q": asked}).json
    assert [one["title"] for one in found] == ["Check this certificate"] * offered
    if offered:
        assert f'value="{asked}"' in stranger.get(found[0]["to"]).text


def test_a_note_is_found_by_its_words_and_by_nobody_else(
    as_, mara: Person, omar: Person, enrolled: Enrol, catalogue: Catalogue, database: Database
) -> None:
    mine, _his = enrolled(mara), enrolled(omar)
    about = {"case": catalogue.cases["tablet"], "release_hash": catalogue.release.hash, "now": utc_now()}
    with database.transaction() as session:
        run = start_run(session, enrolment=mine, **about)
        said = "Next time I breathe before I answer the brother."
        keep_note(session, run_id=run.id, text=said, shared=False, now=utc_now())
    (found, *_) = as_(mara).get("/find.json?q=breathe brother").json
    assert found["kind"] == "My note"
    assert "My note" not in {one["kind"] for one in as_(omar).get("/find.json?q=breathe brother").json}
    assert titles(as_(mara), "breathe sister") == []


@pytest.mark.parametrize("who", ["mara", "dana", "sol", "ada", "stranger"])
def test_every_page_that_is_offered_opens(as_, enrolled: Enrol, request: pytest.FixtureRequest, who: str) -> None:
    visitor = request.getfixturevalue(who)
    if who in ("mara", "stranger"):
        enrolled(request.getfixturevalue("mara"))
    browser = visitor if who == "stranger" else as_(visitor)
    for asked in ("", "the", "my"):
        for found in browser.get("/find.json", query_string={"q": asked}).json:
            assert browser.get(found["to"].partition("#")[0], follow_redirects=True).status_code == 200, found


def test_mara_finds_the_parts_of_her_course_and_no_people(as_, mara: Person, omar: Person, enrolled: Enrol) -> None:
    mine, _his = enrolled(mara), enrolled(omar)
    browser = as_(mara)
    found = browser.get("/find.json?q=distress ladder").json
    assert {one["kind"] for one in found} == {"Word", "Lesson"}
    assert all(f"/learn/{mine.id}/" in one["to"] for one in found)
    assert titles(browser, "Omar Haddad") == []
    assert titles(browser, "foundations") != []


def test_a_case_that_is_only_examined_is_not_told_of(as_, mara: Person, enrolled: Enrol, catalogue) -> None:
    enrolled(mara)
    browser = as_(mara)
    for case in catalogue.cases.values():
        found = browser.get("/find.json", query_string={"q": case.head.title}).json
        told = ("Case", case.head.title) in {(one["kind"], one["title"]) for one in found}
        assert told is not case.head.examined_only, case.slug
        assert not any(f"/{case.slug}" in one["to"] for one in found if case.head.examined_only), case.slug


def test_dana_finds_her_people_and_nils_of_another_programme_does_not(
    as_, mara: Person, dana: Person, nils: Person, sol: Person, ada: Person, person, enrolled: Enrol
) -> None:
    place = enrolled(mara)
    for official in (dana, ada):
        (found,) = as_(official).get("/find.json?q=vogel mara").json
        assert (found["kind"], found["to"]) == ("Person", f"/desk/people/{place.id}")
    for other in (nils, sol, person("Eve Vole", Role.TRAINEE), person("Adam Vole", Role.ADMINISTRATOR, programme="x")):
        assert titles(as_(other), "vogel mara") == []
    assert titles(as_(dana), "%") == titles(as_(dana), "")  # no sign of a pattern finds everybody
    assert titles(as_(dana), "__") == titles(as_(dana), "")


def test_a_question_of_any_length_is_answered(as_, dana: Person) -> None:
    assert as_(dana).get("/find", query_string={"q": "ä" * 5000}).status_code == 200


def test_what_was_found_is_kept_by_no_browser(as_, dana: Person) -> None:
    assert "no-store" in as_(dana).get("/find.json?q=x").headers["Cache-Control"]


def test_a_word_that_only_a_lesson_says_is_found_and_a_slip_is_forgiven(as_, mara: Person, enrolled: Enrol) -> None:
    mine, browser = enrolled(mara), as_(mara)
    (first, *more) = browser.get("/find.json?q=serotonin syndrome").json
    assert (first["kind"], first["title"]) == ("Word", "Serotonin toxicity")
    assert first["about"].startswith("Also called serotonin syndrome. ")
    assert "Lesson" in {one["kind"] for one in more}
    (first, *_) = browser.get("/find.json?q=extreme or swinging vital").json
    assert first["kind"] == "Lesson"
    assert f"/learn/{mine.id}/" in first["to"]
    page = browser.get("/find?q=seratonin").text
    assert "Nearest to it" in page
    assert "Serotonin toxicity" in page
