"""Sol signs a lesson; when it changes, the page shows what, and the command signs that version and no other."""

from datetime import timedelta

import pytest

from trainer.accounts.models import Person
from trainer.authoring.release import release_of
from trainer.clock import utc_now
from trainer.curriculum.reviews import ReviewedText, Reviewer
from trainer.curriculum.services import publish, sign_content
from trainer.curriculum.words import ReviewKind
from trainer.db import Database
from trainer.enrolment.models import Cohort
from trainer.requirements.catalogue import Catalogue
from trainer.signoff.texts import signable_texts

LESSON = "ethics/while-altered"
PATH = f"/sign-off/lesson/{LESSON}"


@pytest.fixture
def signed_then_changed(database: Database, cohort: Cohort, catalogue: Catalogue, sol: Person) -> str:
    """Sol has signed a lesson, one word of which is another in the newest release; return its new hash."""
    before = signable_texts(catalogue.release)[ReviewKind.LESSON, LESSON]
    files = {**catalogue.release.files}
    files[before.path] = files[before.path].replace(b"\n---\n", b"\n---\nNew words.\n\n", 1)
    newer = release_of(files)
    with database.transaction() as session:
        sign_content(
            session,
            text=ReviewedText(kind=ReviewKind.LESSON, id=LESSON, hash=before.hash),
            reviewer=Reviewer(person_id=sol.id, name=sol.name, role="psychiatrist"),
            statement="Read whole.",
            now=utc_now(),
        )
        publish(session, release=newer, now=utc_now() + timedelta(hours=1))
    return signable_texts(newer)[ReviewKind.LESSON, LESSON].hash


def test_sol_reads_what_changed_and_nothing_twice(as_, sol: Person, signed_then_changed: str) -> None:
    browser = as_(sol)
    assert "Changed since (1)" in browser.get("/sign-off/").text
    assert PATH in browser.get("/sign-off/").text
    page = browser.get(PATH).text
    assert f"What changed since {sol.name} signed it" in page
    assert "<ins>New words.</ins>" in page
    assert "lines as" in page
    assert page.count('class="diff-new"') == 2
    assert f"--hash {signed_then_changed[:12]}" in page


def test_what_rests_on_a_source_that_reads_otherwise_by_now_keeps_its_signature_and_says_so(
    as_, dana: Person, reviewed: None, cohort: Cohort, catalogue: Catalogue, database: Database, sol: Person
) -> None:
    item = signable_texts(catalogue.release)[ReviewKind.ITEM, "ethics/nineteen-forms"]
    files = {**catalogue.release.files}
    files["references.yaml"] = files["references.yaml"].replace(b"Review of nineteen consent forms.", b"A review.")
    with database.transaction() as session:
        sign_content(
            session,
            text=ReviewedText(kind=item.kind, id=item.id, hash=item.hash),
            reviewer=Reviewer(person_id=sol.id, name=sol.name, role="psychiatrist"),
            statement="Read.",
            now=utc_now(),
        )
        publish(session, release=release_of(files), now=utc_now() + timedelta(hours=1))
    assert "Signed, rests on other data (1)" in as_(dana).get("/sign-off/").text
    page = as_(dana).get("/sign-off/item/ethics/nineteen-forms").text
    assert "The text itself is the same." in page
    assert "S96 text" in page


def test_what_nobody_signed_is_read_from_the_beginning_and_what_is_signed_not_at_all(
    as_, dana: Person, sol: Person, reviewed: None, cohort: Cohort
) -> None:
    browser = as_(dana)
    item = browser.get("/sign-off/item/ethics/nineteen-forms").text
    assert "The whole text" in item
    assert "Nobody has signed it yet." in item
    assert "Nothing has changed since it was signed." in browser.get("/sign-off/case/keys").text
    assert "Signed (20)" in browser.get("/sign-off/?show=signed").text


def test_what_waits_is_shown_first_and_the_rest_on_demand(as_, sol: Person, reviewed: None, cohort: Cohort) -> None:
    browser = as_(sol)
    first, every = browser.get("/sign-off/").text, browser.get("/sign-off/?show=all").text
    assert "/sign-off/case/keys" not in first  # it is signed
    assert "/sign-off/case/keys" in every


@pytest.mark.parametrize("path", ["", "lesson/ethics/nowhere", "poem/ethics/why", "case/nowhere"])
def test_a_trainee_is_not_let_in_and_what_is_not_there_is_missing(
    as_, omar: Person, sol: Person, cohort: Cohort, path: str
) -> None:
    assert as_(omar).get(f"/sign-off/{path}").status_code == 403
    assert as_(sol).get(f"/sign-off/{path}").status_code == (404 if path else 200)
