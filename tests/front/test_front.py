"""The front page says what the newest release offers, and what is tried there is kept nowhere."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from types import SimpleNamespace

import pytest
from flask import Flask
from sqlalchemy import func, select

from trainer.accounts.models import Person
from trainer.cases.afterwards.moments import MomentReason, every_moment
from trainer.cases.play.engine import expert_choice, options
from trainer.cases.play.state import end_of
from trainer.cases.runs.models import CaseRun
from trainer.cases.runs.words import RunPurpose
from trainer.curriculum.queries import signed_hashes
from trainer.curriculum.words import FICTIONAL_REVIEWER
from trainer.db import Base, Database
from trainer.enrolment.models import Cohort
from trainer.errors import Refused
from trainer.front.offer import what_is_offered
from trainer.front.queries import offered, signatures_under
from trainer.front.samples import SampleCase, questions_that_count, samples_of
from trainer.front.specimen import specimen_number
from trainer.front.thrown_away import MOST_DECISIONS, carried_on, gone_on, played, word_for
from trainer.items.values import Item
from trainer.quizzes.pools import counted_pool
from trainer.requirements.catalogue import Catalogue
from trainer.school.reading import School
from trainer.settings import Settings
from trainer.web.models import TryCount

RUN = "/try/case/run"
BEGINNING = "Here is the beginning"


def rows(database: Database) -> dict[str, int]:
    """Count the rows of every table but that of the limits, which counts how often one network asks of anything."""
    tables = [table for table in Base.metadata.sorted_tables if table.name != TryCount.__tablename__]
    with database.reading() as session:
        return {table.name: session.scalar(select(func.count()).select_from(table)) for table in tables}


def field(page: str, name: str) -> str:
    return unescape(re.search(rf'name="{name}" value="([^"]*)"', page)[1])


def words_of_choices(page: str) -> list[str]:
    return re.findall(r'name="choice" value="([^"]*)"', page)


@pytest.fixture
def sample(catalogue: Catalogue) -> SampleCase:
    return samples_of(catalogue, frozenset()).case


def test_a_stranger_reads_what_the_release_offers(stranger, cohort: Cohort, catalogue: Catalogue) -> None:
    page = stranger.get("/").text
    programme = catalogue.programmes["foundations"]
    assert programme.summary.split(",")[0] in page
    assert all(str(module.title) in unescape(page) for module in catalogue.course.modules)
    lessons = sum(len(module.lessons) for module in catalogue.course.modules)
    assert f"Read {lessons} lessons, and pass {len(catalogue.banks)} quizzes" in page
    assert f"valid for {programme.validity_months} months" in page
    assert "No named reviewer has signed" in page
    assert 'property="og:image" content="http://localhost/static/front/preview.png' in page
    assert "One is invited by Trainer test programme" in page


def test_what_is_signed_is_counted_and_never_more(
    stranger, database: Database, cohort: Cohort, catalogue: Catalogue, reviewed: None
) -> None:
    with database.reading() as session:
        share = what_is_offered(catalogue.release, signed_hashes(session), frozenset()).share
    assert share.signed == len(catalogue.cases)
    assert f"{share.signed} of {share.whole:,} texts are signed" in stranger.get("/").text
    assert share.signed + share.unsigned == share.whole
    assert share.waiting <= share.unsigned


def test_before_anything_is_published_the_front_page_stands(stranger) -> None:
    page = stranger.get("/").text
    assert "Practise the hardest hours" in page
    assert "/try/" not in page
    assert [stranger.get(f"/try/{what}").status_code for what in ("lesson", "question", "case")] == [404] * 3


@pytest.fixture
def school_with(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], None]]:
    """Let the pages wear a school that has, or has not, somebody to ask."""

    def wear(contact: str) -> None:
        monkeypatch.setitem(app.jinja_env.globals, "school", School(contact=contact))
        app.jinja_env.cache.clear()  # parts of pages remember the school with which they were first read

    yield wear
    app.jinja_env.cache.clear()


def test_strangers_are_told_whom_to_ask_where_the_school_says(
    stranger, cohort: Cohort, school_with: Callable[[str], None]
) -> None:
    for contact, shown in (
        ("office@school.example", 'href="mailto:office@school.example"'),
        ("https://school.example/join?a=1&b=2", 'href="https://school.example/join?a=1&amp;b=2"'),
        ("+41 44 000 00 00, mornings", '<strong class="contact">+41 44 000 00 00, mornings</strong>'),
        ("javascript:alert(1)", '<strong class="contact">javascript:alert(1)</strong>'),
        ("Ask the office: o@school.example", 'Ask the office: <a href="mailto:o@school.example">o@school.example</a>'),
    ):
        school_with(contact)
        assert shown in stranger.get("/").text


@pytest.mark.parametrize("address", ["/", "/sign-in", "/help", "/try/lesson", "/try/question", "/try/case", RUN])
def test_every_page_of_a_stranger_says_whom_to_ask(
    stranger, cohort: Cohort, school_with: Callable[[str], None], address: str
) -> None:
    nobody = stranger.get(address).text
    assert "the person from whom you heard of it" in " ".join(nobody.split())
    assert "sk the director" not in nobody
    school_with("office@school.example")
    assert 'href="mailto:office@school.example"' in stranger.get(address).text


def test_only_a_certificate_that_is_there_and_valid_is_shown_as_a_specimen(
    app: Flask, stranger, settings: Settings, cohort: Cohort
) -> None:
    assert "See how to check one" in stranger.get("/").text
    (settings.instance / "specimen").write_text("7Y5S-K482-3MRC\n")
    assert specimen_number(settings) == "7Y5S-K482-3MRC"
    assert "7Y5S" not in stranger.get("/").text
    (settings.instance / "specimen").write_bytes(b"\xff\xfe")
    assert specimen_number(settings) == ""


def test_a_lesson_is_read_whole(stranger, cohort: Cohort, catalogue: Catalogue) -> None:
    page = stranger.get("/try/lesson").text
    lesson = catalogue.course.modules[0].lessons[0]
    assert all(heading.text in unescape(page) for heading in lesson.headings)
    assert "noindex" not in page
    assert "noindex" in stranger.get("/try/case").text


def test_what_is_tried_is_kept_nowhere(stranger, database: Database, cohort: Cohort, sample: SampleCase) -> None:
    before = rows(database)
    stranger.get("/")
    stranger.get("/try/lesson")
    question = stranger.get("/try/question").text
    told = stranger.post("/try/question", data={"q1": "0", "item": field(question, "item")})
    assert "(your answer)" in told.text
    page = stranger.post("/try/case", follow_redirects=True).text
    names = [name for name in sample.case.choices if "-" in name]
    for _ in range(MOST_DECISIONS):
        assert not any(name in page for name in names)
        if not (choices := words_of_choices(page)):
            break
        sent = {"so_far": field(page, "so_far"), "choice": choices[-1]}
        page = stranger.post("/try/case", data=sent, follow_redirects=True).text
    assert "We have kept nothing of your run." in page
    assert "would" in page
    assert rows(database) == before
    assert not told.headers.getlist("Set-Cookie")


def test_the_case_that_is_tried_is_the_one_that_trainees_play(sample: SampleCase) -> None:
    now = played("secret", sample, "")
    assert not sample.case.head.examined_only
    while not now.state.ending:
        would = expert_choice(sample.case, now.state) or options(sample.case, now.state)[0]
        now = gone_on("secret", sample, now, word_for("secret", sample, now, would))
        assert played("secret", sample, carried_on("secret", sample, now)) == now
    assert end_of(sample.case, now.state)


def test_a_case_that_is_only_examined_is_never_the_one_to_try(catalogue: Catalogue, sample: SampleCase) -> None:
    slug = next(slug for slug, case in catalogue.cases.items() if case is sample.case)
    hidden = replace(sample.case, head=replace(sample.case.head, examined_only=True))
    found = samples_of(replace(catalogue, cases={**catalogue.cases, slug: hidden}), frozenset()).case
    assert found
    assert found.case.head.title != sample.case.head.title


def test_what_was_forged_leads_to_the_beginning(stranger, cohort: Cohort) -> None:
    page = stranger.post("/try/case", follow_redirects=True).text
    so_far, choice = field(page, "so_far"), words_of_choices(page)[0]
    text, _, mark = so_far.rpartition(".")
    for altered in (f"{text}.0.{mark}", f"{text}.{mark[:-2]}", "x" * 3000, "é.é", "."):
        answer = stranger.post("/try/case", data={"so_far": altered, "choice": choice})
        assert answer.status_code == 422
        assert BEGINNING in answer.text
        looked = stranger.get(RUN, query_string={"run": altered})
        assert (looked.status_code, BEGINNING in looked.text) == (422, True)
    answer = stranger.post("/try/case", data={"so_far": so_far, "choice": "nothing"})
    assert (answer.status_code, BEGINNING in answer.text) == (422, True)
    asked = stranger.post("/try/case", data={"so_far": so_far}, follow_redirects=True)
    assert "Choose one of the answers; then you see what follows." in asked.text
    assert field(asked.text, "so_far") == so_far


def test_going_back_and_loading_again_play_nothing_twice(stranger, cohort: Cohort) -> None:
    first = stranger.post("/try/case")
    assert first.status_code == 303
    page = stranger.get(first.location).text
    sent = {"so_far": field(page, "so_far"), "choice": words_of_choices(page)[0]}
    second, clicked_twice = (stranger.post("/try/case", data=sent) for _ in range(2))
    assert second.status_code == 303
    assert second.location == clicked_twice.location != first.location
    assert stranger.get(second.location).text == stranger.get(second.location).text
    assert stranger.get(first.location).text == page


def test_a_question_is_answered_by_an_address(stranger, cohort: Cohort) -> None:
    asked = stranger.get("/try/question").text
    told = stranger.get("/try/question", query_string={"item": field(asked, "item"), "q1": "0"})
    assert told.status_code == 200
    assert "(your answer)" in told.text


def test_whoever_tries_reads_who_signed_it_or_on_what_it_rests(
    stranger, database: Database, cohort: Cohort, catalogue: Catalogue, reviewed: None, sol: Person
) -> None:
    for address in ("/try/lesson", "/try/question"):
        page = " ".join(stranger.get(address).text.split())
        assert "Not yet signed by a reviewer; it rests on the sources named in it." in page
    with database.reading() as session:
        case = offered(session).samples.case.case
        (signature,) = signatures_under(session, content_hash=case.hash)
    page = " ".join(stranger.get("/try/case").text.split())
    assert f"by a reviewer ({signature.role}) on" in page
    assert sol.name not in page, "nobody has agreed to be named to strangers"
    assert replace(signature, role=FICTIONAL_REVIEWER).demonstrated
    assert not signature.demonstrated


def test_a_try_tells_every_decision_that_cost_something(
    stranger, settings: Settings, cohort: Cohort, sample: SampleCase
) -> None:
    secret = settings.secret_key
    now = played(secret, sample, "")
    while not now.state.ending:
        last = options(sample.case, now.state)[-1]
        now = gone_on(secret, sample, now, word_for(secret, sample, now, last))
    lost = [moment for moment in every_moment(sample.case, now) if moment.why is not MomentReason.WELL]
    page = stranger.get(RUN, query_string={"run": carried_on(secret, sample, now)}).text
    told = re.search(r'class="lost".*?</ul>', page, re.DOTALL)[0]
    assert told.count("<li>") == len(lost) > 3


def test_a_run_of_another_text_or_without_end_begins_anew(sample: SampleCase) -> None:
    rewritten = replace(sample, case=replace(sample.case, hash="0" * 64))
    with pytest.raises(Refused, match="rewritten"):
        played("secret", sample, carried_on("secret", rewritten, played("secret", rewritten, "")))
    first = next(iter(sample.case.choices))
    endless = replace(played("secret", sample, ""), steps=(SimpleNamespace(choice=first),) * MOST_DECISIONS)
    with pytest.raises(Refused, match="round in circles"):
        played("secret", sample, carried_on("secret", sample, endless))
    with pytest.raises(Refused, match="not one of ours"):
        played("another secret", sample, carried_on("secret", sample, played("secret", sample, "")))


def test_an_answer_that_is_none_asks_the_question_again(stranger, cohort: Cohort) -> None:
    item = field(stranger.get("/try/question").text, "item")
    for data in (
        {"item": item},
        {"item": item, "q1": "99"},
        {"item": item, "q1": ["0", "1"]},
        {"item": "x", "q1": "0"},
    ):
        answer = stranger.post("/try/question", data=data)
        assert answer.status_code == 422
        assert "your answer" not in answer.text
        assert 'name="q1"' in answer.text


def test_no_question_that_counts_is_ever_tried(catalogue: Catalogue) -> None:
    """Whichever questions are kept back, what is left to try is one that practice alone asks."""
    banks = [*catalogue.banks.values(), *catalogue.knowledge_exams.values()]
    counting = {item.hash for bank in banks for item in counted_pool(bank)}
    assert len(counting) > 500
    kept_back = set(questions_that_count(iter(banks)))
    shown: list[Item] = []
    while (found := samples_of(catalogue, frozenset(kept_back)).question) is not None:
        assert found.item not in shown, "what is kept back is not shown again"
        assert found.item.hash not in counting
        assert not found.item.retired
        slug = next(slug for slug, bank in catalogue.banks.items() if found.item in bank.items)
        kept_back |= {(slug, item.id) for item in catalogue.banks[slug].items}
        shown.append(found.item)
    assert len(shown) > 10


def test_the_question_to_try_rests_on_no_rule_of_one_place(catalogue: Catalogue) -> None:
    item = samples_of(catalogue, frozenset()).question.item
    assert not item.law
    assert all(catalogue.course.references[source].kind != "rule" for source in item.sources)
    assert item.critical


def test_a_question_that_counts_in_the_release_of_a_cohort_is_kept_back(
    database: Database, cohort: Cohort, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with database.reading() as session:
        first = offered(session).samples.question
        slug = next(slug for slug, bank in catalogue.banks.items() if first.item in bank.items)
        counts = frozenset({(slug, first.item.id)})
        monkeypatch.setattr("trainer.front.queries._counted_in", lambda release: counts)
        assert offered(session).samples.question.item.id != first.item.id


def test_who_is_signed_in_is_led_to_their_own_work(as_, dana, enrolled: Callable, omar) -> None:
    place = enrolled(omar)
    assert as_(omar).get("/").location == f"/path/{place.id}"
    assert as_(dana).get("/").location == "/desk/"
    assert "Back to your own work" in as_(omar).get("/try/lesson").text


def test_who_is_examined_in_the_case_cannot_try_it_beside(
    as_, enrolled: Callable, omar, sample: SampleCase, tampering: Callable
) -> None:
    browser = as_(omar)
    run = browser.send(f"/cases/{enrolled(omar).id}/{sample.case.slug}").location.rsplit("/", 1)[1]
    assert browser.get("/try/case").status_code == 200
    with tampering() as session:
        session.get_one(CaseRun, run).purpose = RunPurpose.EXAM
    assert browser.get("/try/case").status_code == 409
    assert browser.post("/try/case").status_code == 409
