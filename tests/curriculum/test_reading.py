"""Mara reads, stops, and goes on; Omar finds nothing of hers; a broken release is never served."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tests.curriculum.conftest import NOW
from trainer.accounts.models import Person
from trainer.authoring.release import Files, release_of
from trainer.curriculum import queries, services
from trainer.curriculum.course import course_of
from trainer.curriculum.models import LessonRead, ReadingPlace
from trainer.curriculum.reviews import ReviewedText, Reviewer
from trainer.curriculum.words import ReviewKind
from trainer.db import Database
from trainer.enrolment import queries as places
from trainer.enrolment.models import ContentRelease, Enrolment
from trainer.errors import Broken, Missing, Refused

Enrol = Callable[[Person], Enrolment]


def test_mara_reads_her_course_from_beginning_to_end(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}"
    browser = as_(mara)
    assert "Read “Why consent is different”" in browser.get(f"{base}/").text
    assert browser.send(f"{base}/ethics/why/read").location == f"{base}/ethics/how"
    assert "Read “How to ask”" in browser.get(f"{base}/").text
    assert browser.send(f"{base}/ethics/how/read").location == f"{base}/ethics/"
    assert "You have read every lesson" in browser.get(f"{base}/").text
    assert "Back to my path" in browser.get(f"{base}/ethics/").text


def test_mara_goes_on_at_the_heading_where_she_stopped(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}"
    browser = as_(mara)
    assert browser.send(f"{base}/ethics/why/place", {"anchor": "what-follows"}).status_code == 204
    assert f'href="{base}/ethics/why#what-follows"' in as_(mara).get(f"{base}/").text


def test_a_look_into_another_lesson_forgets_no_place(as_, mara: Person, enrol: Enrol) -> None:
    base, browser = f"/learn/{enrol(mara).id}", as_(mara)
    browser.send(f"{base}/ethics/why/place", {"anchor": "what-follows"})
    browser.send(f"{base}/ethics/how/place", {"anchor": ""})
    assert "Read “How to ask”" in browser.get(f"{base}/").text, "where she was last"
    assert browser.send(f"{base}/ethics/how/read").status_code == 303
    assert f'href="{base}/ethics/why#what-follows"' in browser.get(f"{base}/").text


def test_going_on_to_a_lesson_that_is_half_read_keeps_how_far(mara: Person, enrol: Enrol, database: Database) -> None:
    enrolment = enrol(mara)
    with database.transaction() as session:
        why, how = course_of(places.release_for(session, enrolment)).modules[0].lessons
        services.keep_place(session, enrolment=enrolment, lesson=why, anchor="what-follows", now=NOW)
        services.keep_place(session, enrolment=enrolment, lesson=how, anchor="", now=NOW)
        services.open_lesson(session, enrolment=enrolment, lesson=why, now=NOW)
        latest, earlier = queries.reading_places(session, enrolment_id=enrolment.id)
    assert (latest.lesson, latest.anchor) == ("why", "what-follows")
    assert (earlier.lesson, earlier.anchor) == ("how", "")


def test_a_place_that_the_lesson_does_not_have_is_its_top(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}"
    browser = as_(mara)
    browser.send(f"{base}/ethics/how/place", {"anchor": "x" * 500})
    assert f'href="{base}/ethics/how"' in browser.get(f"{base}/").text


def test_a_lesson_page_holds_what_a_reader_needs(as_, mara: Person, enrol: Enrol) -> None:
    page = as_(mara).get(f"/learn/{enrol(mara).id}/ethics/why").text
    for words in ("I have read this", "On this page", "Sources", "Words used here", "Afterwards you can", "1 of 2"):
        assert words in page
    assert "style=" not in page


def test_saying_twice_that_a_lesson_is_read_keeps_it_once(as_, mara: Person, enrol: Enrol, database: Database) -> None:
    address = f"/learn/{enrol(mara).id}/ethics/why/read"
    browser = as_(mara)
    assert [browser.send(address).status_code for _ in range(2)] == [303, 303]
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LessonRead)) == 1
        assert session.scalar(select(func.count()).select_from(ReadingPlace)) == 1


@pytest.mark.parametrize(
    "path", ["", "ethics/", "ethics/why", "glossary", "references", "POST ethics/why/read", "POST ethics/why/place"]
)
def test_omar_finds_nothing_of_maras(as_, mara: Person, omar: Person, enrol: Enrol, path: str) -> None:
    hers = enrol(mara).id
    verb, _, rest = path.rpartition(" ")
    browser = as_(omar)
    answer = browser.send(f"/learn/{hers}/{rest}") if verb else browser.get(f"/learn/{hers}/{path}")
    assert answer.status_code == 404


def test_sol_and_a_stranger_are_not_let_in(as_, sol: Person, stranger, mara: Person, enrol: Enrol) -> None:
    path = f"/learn/{enrol(mara).id}/ethics/why"
    assert as_(sol).get(path).status_code == 403
    assert "/sign-in" in stranger.get(path).location


def test_a_module_or_lesson_that_does_not_exist_is_missing(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}"
    browser = as_(mara)
    assert [
        browser.get(f"{base}/{path}").status_code
        for path in ("law/", "ethics/law", "law/why", "ethics/exercise", "ethics/summary")
    ] == [404] * 5


def test_the_glossary_and_the_sources_stand_on_pages_of_their_own(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}"
    browser = as_(mara)
    terms, sources = browser.get(f"{base}/glossary").text, browser.get(f"{base}/references").text
    assert 'id="term-stop-signal"' in terms
    assert "Also called" not in terms  # content of before names no other names
    assert '<a href="#term-stop-signal">S</a>' in terms
    assert "https://doi.org/10.1055/a-1524-2794" in sources
    names = re.findall(r'<dt id="S\d+">(.+?)</dt>', sources)
    assert names == sorted(names, key=str.lower)


def test_the_sources_can_be_taken_along_for_a_library_of_ones_own(as_, mara: Person, enrol: Enrol) -> None:
    base = f"/learn/{enrol(mara).id}"
    browser = as_(mara)
    assert "why" in browser.get(f"{base}/references").text
    taken = browser.get(f"{base}/references.bib")
    assert taken.text.startswith("@misc{S1,")
    assert taken.headers["Content-Disposition"] == 'attachment; filename="sources.bib"'
    assert [item["id"] for item in browser.get(f"{base}/references.json").json] == ["S1", "S2"]


def test_a_retraction_reaches_those_who_follow_an_older_release(
    as_, mara: Person, enrol: Enrol, database: Database, files: Files
) -> None:
    base = f"/learn/{enrol(mara).id}"
    assert "Something became known" not in as_(mara).get(f"{base}/ethics/why").text
    notice = b', retracted: {on: 2026-03-03, note: "Why.", source: "A list."}}'
    newer = {**files, "references.yaml": files["references.yaml"].replace(b"}", notice, 1)}
    with database.transaction() as session:
        services.publish(session, release=release_of(newer), now=NOW + timedelta(days=1))
    page = as_(mara).get(f"{base}/ethics/why").text
    assert "Something became known of a source since this was written" in page
    assert "Retracted, 2026-03-03: Why." in page
    assert "Retracted, 2026-03-03: Why." in as_(mara).get(f"{base}/references").text


def test_a_lesson_that_changed_after_it_was_read_still_counts_and_says_so(
    as_, mara: Person, enrol: Enrol, database: Database, files: Files, tampering
) -> None:
    enrolment = enrol(mara)
    base = f"/learn/{enrolment.id}"
    browser = as_(mara)
    browser.send(f"{base}/ethics/why/read")
    changed = release_of({**files, "modules/01-ethics/01-why.md": files["modules/01-ethics/01-why.md"] + b"\nMore.\n"})
    with tampering() as session:
        services.publish(session, release=changed, now=NOW + timedelta(days=1))
        places.cohort_of(session, enrolment).release_hash = changed.hash
    assert "has changed since you read it" in browser.get(f"{base}/ethics/why").text
    assert "Read “How to ask”" in browser.get(f"{base}/").text
    browser.send(f"{base}/ethics/why/read")
    assert "has changed since you read it" not in browser.get(f"{base}/ethics/why").text


def test_a_release_with_a_mistake_is_not_published(database: Database, spoil) -> None:
    broken = release_of(spoil("modules/01-ethics/01-why.md", "[@S1; @S2]", "[@S1; @S22]"))
    with pytest.raises(Refused, match=r"01-why\.md:8: "), database.transaction() as session:
        services.publish(session, release=broken, now=NOW)


def test_a_release_altered_in_the_database_is_never_served(
    database: Database, mara: Person, enrol: Enrol, tampering, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolment = enrol(mara)
    monkeypatch.setattr(places, "_KEPT", type(places._KEPT)())
    with tampering() as session:
        altered = services.pack_release({"glossary.md": b""})
        session.execute(text("UPDATE content_release SET archive = :a"), {"a": altered})
    with database.reading() as session, pytest.raises(Broken, match="altered"):
        places.release_for(session, enrolment)


def test_a_damaged_archive_is_never_served(
    database: Database, mara: Person, enrol: Enrol, tampering, monkeypatch: pytest.MonkeyPatch
) -> None:
    enrolment = enrol(mara)
    monkeypatch.setattr(places, "_KEPT", type(places._KEPT)())
    with tampering() as session:
        session.execute(text("UPDATE content_release SET archive = :a"), {"a": b"no zip"})
    with database.reading() as session, pytest.raises(Broken, match="damaged"):
        places.release_for(session, enrolment)


def test_a_release_is_stored_once_and_comes_back_whole(
    database: Database, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "_KEPT", type(places._KEPT)())
    with database.transaction() as session:
        for day in range(2):
            services.publish(session, release=release_of(files), now=NOW + timedelta(days=day))
        assert session.scalar(select(func.count()).select_from(ContentRelease)) == 1
    with database.reading() as session:
        newest = places.newest_release(session)
        assert dict(newest.files) == files
        assert len(course_of(newest).modules) == 1


def test_without_any_release_the_way_out_is_named(database: Database) -> None:
    with database.reading() as session, pytest.raises(Missing, match="published"):
        places.newest_release(session)


def test_a_person_is_enrolled_once_in_a_cohort(enrol: Enrol, mara: Person, database: Database) -> None:
    assert enrol(mara).id == enrol(mara).id
    with database.reading() as session:
        assert len(places.enrolments_of(session, person_id=mara.id)) == 1


def test_a_clinician_signs_one_version_once_and_says_what_they_saw(database: Database, sol: Person) -> None:
    def sign(statement: str) -> None:
        with database.transaction() as session:
            services.sign_content(
                session,
                text=ReviewedText(kind=ReviewKind.LESSON, id="ethics/why", hash="a" * 64),
                reviewer=Reviewer(person_id=sol.id, name=sol.name, role="Psychiatrist"),
                statement=statement,
                now=NOW,
            )

    with pytest.raises(Refused, match="Write what"):
        sign(" ")
    sign("Read against the trial manual; correct.")
    with pytest.raises(Refused, match="already"):
        sign("Once more.")
    with database.reading() as session:
        assert queries.signed_hashes(session) == {"a" * 64}
