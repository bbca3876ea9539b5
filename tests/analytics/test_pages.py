"""What a director and an author see, and what nobody else does."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest
from sqlalchemy import event

from trainer.accounts.words import Role
from trainer.analytics.queries import ended_runs
from trainer.analytics.scope import queries as scopes
from trainer.cases.play.engine import Play, init
from trainer.cases.runs.models import CaseComment, CaseEvent, CaseRun
from trainer.cases.runs.words import EventKind, RunPurpose
from trainer.clock import utc_now
from trainer.cohorts.services import create_cohort
from trainer.db import Database, new_id
from trainer.demo.players import Player

MINE = frozenset({"foundations"})


@contextmanager
def counted(database: Database) -> Iterator[list[str]]:
    """Keep every statement that is sent to the database meanwhile."""
    asked: list[str] = []

    def keep(_connection, _cursor, statement: str, *_rest: object) -> None:
        asked.append(statement)

    event.listen(database.engine, "before_cursor_execute", keep)
    yield asked
    event.remove(database.engine, "before_cursor_execute", keep)


@pytest.fixture
def addresses(cohort) -> list[str]:
    at = f"/analytics/{cohort.id}"
    tables = [f"{at}/tables/{name}.csv" for name in ("cases", "d-study", "self-rating")]
    tables += [f"{at}/tablet/tables/{name}.csv" for name in ("ways", "falls", "decisions", "variants")]
    pages = [at, "/analytics/foundations", f"{at}/tablet", f"{at}/tablet/authors", f"{at}/tablet/rescore"]
    return [*pages, *tables, *(f"{at}/tablet/authors/{name}.csv" for name in ("coverage", "reading"))]


def test_a_director_sees_every_page_before_anybody_has_played(as_, dana, addresses) -> None:
    browser = as_(dana)
    for address in addresses:
        assert browser.get(address).status_code == 200, address
    assert "Too few people" in browser.get(addresses[2]).text
    assert "Too few for a figure" in browser.get(addresses[0]).text


def test_a_director_sees_every_page_when_people_have_played(as_, dana, addresses, played) -> None:
    played(9, slugs=["tablet", "hold-me"])
    browser = as_(dana)
    for address in addresses:
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert "Fictional" not in answer.text, address
    page = browser.get(addresses[2]).text
    assert "9 people, 9 ended runs" in page
    assert "first practice run" in page


def test_another_programmes_director_finds_nothing(as_, nils, addresses) -> None:
    for address in addresses:
        assert as_(nils).get(address).status_code == 404, address


def test_a_trainee_and_a_supervisor_are_turned_away(as_, mara, sol, addresses) -> None:
    for person in (mara, sol):
        for address in addresses:
            assert as_(person).get(address).status_code == 403, address


def test_an_administrator_sees_what_authors_need_and_no_figures(as_, ada, addresses) -> None:
    browser = as_(ada)
    for address in addresses:
        wanted = 200 if "authors" in address or "rescore" in address else 403
        assert browser.get(address).status_code == wanted, address


def test_a_case_or_a_table_that_does_not_exist_is_not_found(as_, dana, cohort) -> None:
    for path in ("nothing", "tablet/tables/nothing.csv", "tables/nothing.csv", "nothing/authors", "nothing/rescore"):
        assert as_(dana).get(f"/analytics/{cohort.id}/{path}").status_code == 404


def test_a_programme_without_a_cohort_says_so(as_, person) -> None:
    answer = as_(person("Eva Lind", Role.DIRECTOR, programme="new")).get("/analytics/new")
    assert answer.status_code == 404
    assert "no cohort yet" in answer.text


def test_the_cohorts_page_leads_to_its_figures(as_, dana, ada, cohort) -> None:
    link = f'href="/analytics/{cohort.id}"'
    assert link in as_(dana).get(f"/desk/cohorts/{cohort.id}").text
    assert link not in as_(ada).get(f"/desk/cohorts/{cohort.id}").text


def test_one_cohorts_runs_are_not_the_others(database, dana, cohort, played, catalogue) -> None:
    with database.transaction() as session:
        other = create_cohort(
            session,
            programme="foundations",
            name="Autumn",
            release_hash=catalogue.release.hash,
            starts_on=utc_now().date(),
            by=dana.id,
            now=utc_now(),
        )
    played(6, slugs=["tablet"])
    played(7, seed=2, into=other, slugs=["tablet"])

    def people(key: str) -> int:
        with database.reading() as session:
            scope = scopes.scope_of(session, key=key, programmes=MINE)
            return scopes.figures_of(session, scope=scope, slug="tablet").people

    assert (people(cohort.id), people(other.id), people("foundations")) == (6, 7, 13)


def test_a_second_try_changes_no_figure(database, cohort, played) -> None:
    def figures():
        with database.reading() as session:
            scope = scopes.scope_of(session, key=cohort.id, programmes=MINE)
            return scopes.figures_of(session, scope=scope, slug="tablet")

    crowd = played(6, slugs=["tablet"])
    before = figures()
    for one in crowd:
        one.play("tablet")
    after = figures()
    assert (before.passed, before.links, before.decisions) == (after.passed, after.links, after.decisions)
    assert (before.runs, after.runs) == (6, 12)


def test_a_run_whose_text_is_not_understood_any_more_is_left_out_and_said(
    as_, dana, database, cohort, played, tampering
) -> None:
    played(7, slugs=["tablet"])
    with tampering() as session:
        run = session.query(CaseRun).first()
        first = session.query(CaseEvent).filter_by(run_id=run.id, seq=1).one()
        first.value = "a-choice-of-long-ago"
    page = as_(dana).get(f"/analytics/{cohort.id}/tablet").text
    assert "6 people" in page
    assert "left out: 1." in page


def test_answers_and_comments_stand_without_names_and_not_below_five(as_, dana, database, cohort, played) -> None:
    crowd = played(4, slugs=["hold-me"])
    with database.transaction() as session:
        for number, one in enumerate(crowd):
            run = session.query(CaseRun).filter_by(enrolment_id=one.enrolment.id).one()
            _say(session, run, f"Own words {number}")
            words = f"<b>Comment</b> {number}"
            session.add(CaseComment(id=new_id(), run_id=run.id, scene="morning", text=words, at=utc_now()))
    at = f"/analytics/{cohort.id}/hold-me/authors"
    few = as_(dana).get(at).text
    assert "Own words" not in few
    assert "&lt;b&gt;Comment&lt;/b&gt; 3" in few
    played(8, seed=2, slugs=["hold-me"])
    many = as_(dana).get(at).text
    assert "Fictional" not in many
    assert "in the order of the alphabet" in many


def _say(session, run: CaseRun, words: str) -> None:
    last = max(one.seq for one in session.query(CaseEvent).filter_by(run_id=run.id))
    session.add(CaseEvent(run_id=run.id, seq=last + 1, kind=EventKind.REASON, value=words, at=utc_now()))


def test_more_people_ask_no_more_of_the_database(database, cohort, played) -> None:
    def asked(page) -> int:
        with counted(database) as queries, database.reading() as session:
            page(session, scope=scopes.scope_of(session, key=cohort.id, programmes=MINE))
        return len(queries)

    pages = (
        scopes.overview,
        lambda session, scope: scopes.figures_of(session, scope=scope, slug="tablet"),
        lambda session, scope: scopes.authors_figures(session, scope=scope, slug="tablet"),
    )
    played(5, slugs=["tablet"])
    few = [asked(page) for page in pages]
    played(12, seed=2, slugs=["tablet"])
    many = [asked(page) for page in pages]
    assert few == many
    assert max(few) < 12


def test_whoever_knows_everything_passes_and_whoever_knows_nothing_seldom_does(database, cohort, played) -> None:
    strong = {one.enrolment.id for one in played(6, slugs=["tablet"], skill=(1.0, 1.0))}
    played(12, seed=2, slugs=["tablet"], skill=(0.0, 0.0))
    with database.reading() as session:
        runs = ended_runs(session, cohort_ids=[cohort.id])
    assert all(one.passed for one in runs if one.enrolment_id in strong)
    assert sum(one.passed for one in runs if one.enrolment_id not in strong) < 6


def test_the_same_seed_decides_the_same_again(catalogue) -> None:
    case = catalogue.cases["tablet"]
    one, again = Player(None, None, 0.5, utc_now(), Random(7)), Player(None, None, 0.5, utc_now(), Random(7))
    first = Play(init(case, next(iter(case.variants)), 3), {}, ())
    assert [one._choice(case, first) for _ in range(20)] == [again._choice(case, first) for _ in range(20)]


def test_titles_and_choices_read_as_they_do_in_play(as_, dana, cohort, played) -> None:
    played(6, slugs=["tablet"])
    for page in ("", "/authors", "/tables/decisions.csv"):
        text = as_(dana).get(f"/analytics/{cohort.id}/tablet{page}").text.replace("&#39;", "'").replace("&#34;", '"')
        assert "“So?”" in text, page
        assert '"So?"' not in text.replace('""', ""), page


def test_runs_of_an_examination_are_in_no_figure(as_, dana, cohort, played, tampering) -> None:
    played(6, slugs=["tablet", "hold-me"])
    with tampering() as session:
        for run in session.query(CaseRun).where(CaseRun.case_slug == "tablet"):
            run.purpose = RunPurpose.EXAM
    browser = as_(dana)
    assert "Too few people" in browser.get(f"/analytics/{cohort.id}/tablet").text
    assert "6 people, 6 ended runs" in browser.get(f"/analytics/{cohort.id}/hold-me").text
    rows = browser.get(f"/analytics/{cohort.id}/tables/cases.csv").text.splitlines()
    assert [row.split(",")[1] for row in rows if row.startswith(("The tablet", "Hold me"))] in (["", "6"], ["6", ""])
    ratings = browser.get(f"/analytics/{cohort.id}/tables/self-rating.csv").text
    assert not any(int(row.split(",")[2] or 0) > 6 for row in ratings.splitlines()[1:])
