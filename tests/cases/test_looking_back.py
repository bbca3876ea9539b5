"""Looking back through the pages: what was not seen stays unseen, what is written stays one's own."""

import html
import itertools
import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from threading import Thread

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError

from tests.stage.debriefs import walk_debrief
from trainer.accounts.words import Role
from trainer.authoring.markdown import inline
from trainer.authoring.release import read_folder, release_of
from trainer.cases.afterwards.queries import mastery_of
from trainer.cases.afterwards.services import keep_note
from trainer.cases.catalogue import practised_cases
from trainer.cases.play.engine import expert_choice, options
from trainer.cases.play.state import end_of
from trainer.cases.runs.models import CaseComment, CaseEnding, CaseEvent, CaseNote, CaseRescore, CaseRun
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.run import Setup
from trainer.cases.runs.services import hold_run, start_exam_run, start_run, take_step
from trainer.cases.runs.words import Pace
from trainer.clock import utc_now
from trainer.curriculum.services import publish
from trainer.db import new_id
from trainer.settings import ROOT

NOTE = "First the question, then my hand."


@dataclass
class Looking:
    """Mara, her browser, and the runs she has played."""

    browser: object
    database: object
    case: object
    enrolment: object
    person: object
    walks: bool = True

    def play(self, choose: Callable[..., str]) -> str:
        """Play a run to its end, say how it was and, who walks, go through its debrief; return its address."""
        address = self.browser.send(f"/cases/{self.enrolment.id}/{self.case.slug}").location
        with self.database.transaction() as session:
            begun = hold_run(session, person_id=self.person.id, run_id=address.rsplit("/", 1)[1])
            run = run_of(session, begun, self.case)
            while not run.has_ended:
                choice = choose(self.case, run.play.state)
                run = take_step(session, run=run, choice_id=choice, reason="", now=utc_now())
        self.browser.send(f"{address}/reaction", {"words": "Quiet.", "felt-ethics": "2"})
        if self.walks:
            walk_debrief(self.browser, address)
        return address

    def played(self, address: str):
        """Return the play of a run."""
        with self.database.reading() as session:
            return run_of(session, session.get_one(CaseRun, address.rsplit("/", 1)[1]), self.case).play

    def count(self, model) -> int:
        with self.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0


def last(case, state) -> str:
    return options(case, state)[-1]


def by_chance(turn: int) -> Callable[..., str]:
    rnd = Random(turn)
    return lambda case, state: rnd.choice(options(case, state))


@pytest.fixture
def mara_looks(as_, mara, enrolled, database, catalogue) -> Looking:
    return Looking(as_(mara), database, catalogue.cases["hold-me"], enrolled(mara), mara)


@pytest.fixture
def ended(mara_looks) -> str:
    return mara_looks.play(last)


def plain(text: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]*>", "", text)).split())


def said_in(case, name: str) -> set[str]:
    """Every text of a scene as a reader would see it, and its ids."""
    scene = case.scenes[name]
    texts = {scene.title, *(one.text for one in scene.paragraphs), *(one.text for one in scene.choices)}
    texts |= {one.feedback for one in scene.choices} | {cue.text for one in scene.choices for cue in one.cue}
    ids = {f'"{name}"', f"#{name}", *(f'"{one.id}"' for one in scene.choices)}
    return {plain(str(inline(one))) for one in texts if len(one) > 8} | ids


# --- nothing is told of what was not seen ---------------------------------------------------------


def test_a_debrief_says_nothing_of_a_scene_that_was_not_visited(mara_looks, catalogue) -> None:
    for turn, case in enumerate([*practised_cases(catalogue.release).values(), catalogue.cases["hold-me"]]):
        mara_looks.case = case
        address = mara_looks.play(by_chance(turn))
        visited = {one.scene for one in mara_looks.played(address).steps}
        met = set().union(*(said_in(case, one) for one in visited))
        page = mara_looks.browser.get(f"{address}/debrief").text.partition("<main")[2].partition("</main>")[0]
        unstyled = re.sub(r' class="[^"]*"', "", page)  # a scene may be called “card”
        text = f"{unstyled}\n{plain(page)}"
        for name in set(case.scenes) - visited:
            assert [one for one in said_in(case, name) - met if one in text] == [], case.slug


def test_when_a_case_is_mastered_its_map_is_whole(mara_looks) -> None:
    for _ in range(2):
        mara_looks.play(expert_choice)
    address = mara_looks.play(last)
    page = mara_looks.browser.get(f"{address}/debrief").text
    assert "Mastered" in page
    assert all(plain(str(inline(one.title))) in plain(page) for one in mara_looks.case.scenes.values())


def test_one_played_well_asks_for_one_more_in_another_version(mara_looks) -> None:
    address = mara_looks.play(expert_choice)
    intro = f"/cases/{mara_looks.enrolment.id}/hold-me"
    for page in (f"{address}/debrief", intro):
        assert "It is mastered when you pass once more, in another version." in mara_looks.browser.get(page).text
    mara_looks.play(expert_choice)
    assert "You have passed it in two versions in a row." in mara_looks.browser.get(intro).text


def test_practice_goes_through_all_versions_and_never_twice_the_same_in_a_row(mara_looks, database) -> None:
    for _ in range(7):
        mara_looks.play(last)
    with database.reading() as session:
        met = session.scalars(select(CaseRun.variant).order_by(CaseRun.number)).all()
    assert set(met[:3]) == set(mara_looks.case.variants)
    assert met[3:6] == met[:3]
    assert all(before != after for before, after in itertools.pairwise(met))


def test_only_practice_of_the_present_text_counts_for_mastery(mara_looks, tampering) -> None:
    for _ in range(2):
        mara_looks.play(expert_choice)
    with tampering() as session:
        session.scalars(select(CaseRun)).first().case_hash = "0" * 64
    with mara_looks.database.reading() as session:
        assert mastery_of(session, enrolment_id=mara_looks.enrolment.id, case=mara_looks.case).done == 1


# --- the story ------------------------------------------------------------------------------------


def test_a_run_reads_as_a_story_of_what_was_met_done_and_answered_in_order(mara_looks, ended) -> None:
    page = plain(mara_looks.browser.get(f"{ended}/story").text)
    at = 0
    for step in mara_looks.played(ended).steps:
        for text in (mara_looks.case.choices[step.choice].text, *step.heard):
            at = page.index(plain(str(inline(text))), at)
    assert plain(str(inline(end_of(mara_looks.case, mara_looks.played(ended).state)))) in page[at:]


def test_a_story_judges_nothing_and_takes_no_step_of_the_debrief(mara_looks) -> None:
    mara_looks.walks = False
    address = mara_looks.play(last)
    page = mara_looks.browser.get(f"{address}/story").text.partition("<main")[2].partition("</main>")[0]
    assert not re.search(r"\d+%|Passed|Not passed|experienced colleague|failure", page)
    case, play = mara_looks.case, mara_looks.played(address)
    said = {plain(str(inline(choice.feedback))) for choice in case.choices.values() if choice.feedback}
    assert [one for one in said if one in plain(page)] == []
    met = set().union(*(said_in(case, one.scene) for one in play.steps))
    for name in set(case.scenes) - {one.scene for one in play.steps}:
        assert [one for one in said_in(case, name) - met if one in plain(page)] == []
    assert mara_looks.browser.get(f"{address}/debrief").location.endswith("/debrief/1#main")


def test_there_is_no_story_of_somebody_elses_run_nor_of_one_that_has_not_ended(
    as_, omar, nils, mara_looks, ended
) -> None:
    assert as_(omar).get(f"{ended}/story").status_code == 404
    assert as_(nils).get(f"{ended}/story").status_code == 403
    begun = mara_looks.browser.send(f"/cases/{mara_looks.enrolment.id}/hold-me").location
    assert mara_looks.browser.get(f"{begun}/story").status_code == 404


def test_the_introduction_says_how_far_the_debrief_of_a_run_is(mara_looks) -> None:
    mara_looks.walks = False
    address = mara_looks.play(last)
    intro = f"/cases/{mara_looks.enrolment.id}/hold-me"
    assert re.search(r"0 of \d+ moments gone through", plain(mara_looks.browser.get(intro).text))
    walk_debrief(mara_looks.browser, address)
    page = plain(mara_looks.browser.get(intro).text)
    assert "gone through" in page
    assert "moments gone through" not in page
    assert re.search(r"About \d+ minutes to read and decide, in 4 parts", page)


# --- what if --------------------------------------------------------------------------------------


def offered(page: str) -> list[str]:
    return re.findall(r'type="radio" name="chosen" value="([0-9a-f]+)"', page)


def rehearse(looking: Looking, address: str, step: int) -> tuple[str, list[str]]:
    """Take a decision back and play on with the first answers; return the last page and what was chosen."""
    chosen: list[str] = []
    while True:
        answer = looking.browser.get(f"{address}/what-if/{step}", query_string={"chosen": chosen})
        assert answer.status_code == 200
        if not (open_now := offered(answer.text)):
            return answer.text, chosen
        chosen.append(open_now[0])


def test_a_rehearsal_goes_to_its_end_and_nothing_of_it_is_kept(mara_looks, ended) -> None:
    before = [mara_looks.count(one) for one in (CaseRun, CaseEvent, CaseNote, CaseComment)]
    page, chosen = rehearse(mara_looks, ended, 2)
    assert len(chosen) > 3
    assert page.count("The end:") == 2
    assert "The two at the same time of the story" in page
    assert [mara_looks.count(one) for one in (CaseRun, CaseEvent, CaseNote, CaseComment)] == before


def test_a_rehearsal_shows_only_what_is_open_at_that_moment(mara_looks, ended) -> None:
    case, play = mara_looks.case, mara_looks.played(ended)
    for number, step in enumerate(play.steps):
        page = mara_looks.browser.get(f"{ended}/what-if/{number}").text
        opened = [plain(str(inline(case.choices[one].text))) for one in options(case, step.before)]
        shown = [plain(one) for one in re.findall(r'class="choice".*?<span>(.*?)</span></label>', page, re.DOTALL)]
        assert sorted(one.removesuffix(" (what you did)") for one in shown) == sorted(opened)
        assert sum(one.endswith("(what you did)") for one in shown) == 1
        met = set().union(*(said_in(case, one.scene) for one in play.steps[: number + 1]))
        for name in set(case.scenes) - {one.scene for one in play.steps}:
            assert [one for one in said_in(case, name) - met if one in f"{page}\n{plain(page)}"] == []


def test_a_token_of_another_moment_or_another_run_leads_nowhere(mara_looks, ended) -> None:
    address = f"{ended}/what-if/1"
    token = offered(mara_looks.browser.get(address).text)[0]
    for chosen in (["x"], [token, token], ["0" * 22], ["stay-and-decline"]):
        answer = mara_looks.browser.get(address, query_string={"chosen": chosen})
        assert answer.status_code == 409
        assert "This is where the rehearsal stands" in answer.text
    assert mara_looks.browser.get(f"{ended}/what-if/2", query_string={"chosen": token}).status_code == 409
    other = mara_looks.play(last)
    assert mara_looks.browser.get(f"{other}/what-if/1", query_string={"chosen": token}).status_code == 409


@pytest.mark.parametrize("step", ["-1", "999", "x", "²", "٣", "9" * 4000])
def test_there_is_no_rehearsal_of_a_decision_that_was_not_taken(mara_looks, ended, step) -> None:
    assert mara_looks.browser.get(f"{ended}/what-if/{step}").status_code == 404


def test_nothing_is_rehearsed_or_written_before_the_debrief(mara_looks) -> None:
    address = mara_looks.browser.send(f"/cases/{mara_looks.enrolment.id}/hold-me").location
    assert mara_looks.browser.get(f"{address}/what-if/0").status_code == 404
    assert mara_looks.browser.send(f"{address}/note", {"note": NOTE}).status_code == 404
    assert mara_looks.browser.send(f"{address}/comments", {"scene": "0", "comment": "x"}).status_code == 404


def test_omar_finds_nothing_of_what_mara_looks_back_at(as_, omar, ended, mara_looks) -> None:
    browser = as_(omar)
    assert browser.get(f"{ended}/what-if/0").status_code == 404
    assert browser.send(f"{ended}/note", {"note": NOTE}).status_code == 404
    assert browser.send(f"{ended}/comments", {"scene": "0", "comment": "x"}).status_code == 404
    assert mara_looks.count(CaseNote) == mara_looks.count(CaseComment) == 0


# --- a note, and a word to the authors ------------------------------------------------------------


def test_a_note_is_kept_in_versions_and_the_newest_is_shown(mara_looks, ended, database) -> None:
    for words in (NOTE, NOTE, f"  {NOTE}\n", "Ask Jonas sooner."):
        assert mara_looks.browser.send(f"{ended}/note", {"note": words}).status_code == 303
    with database.reading() as session:
        kept = session.scalars(select(CaseNote).order_by(CaseNote.seq)).all()
    assert [(one.seq, one.text, one.shared) for one in kept] == [(1, NOTE, False), (2, "Ask Jonas sooner.", False)]
    page = mara_looks.browser.get(f"{ended}/debrief").text
    assert "Ask Jonas sooner." in page
    assert NOTE not in page


def test_of_two_pages_neither_replaces_the_note_of_the_other(mara_looks, ended, database) -> None:
    browser, note = mara_looks.browser, f"{ended}/note"
    browser.send(note, {"note": "From the phone.", "seen": "0"})
    answer = browser.send(note, {"note": "From the laptop.", "seen": "0"})
    assert answer.status_code == 409
    assert "From the phone." in answer.text
    assert "From the laptop." in answer.text
    assert browser.send(note, {"note": "", "shared": "y", "seen": "0"}).status_code == 303, "no word changed there"
    with database.reading() as session:
        kept = session.scalars(select(CaseNote).order_by(CaseNote.seq)).all()
        assert [(one.text, one.shared) for one in kept] == [("From the phone.", False), ("From the phone.", True)]
    assert 'name="seen" type="hidden" value="1"' in answer.text
    assert browser.send(note, {"note": "From both.", "shared": "y", "seen": "2"}).status_code == 303
    assert "From both." in browser.get(f"{ended}/debrief").text


def test_a_note_that_says_nothing_is_no_note(mara_looks, ended) -> None:
    mara_looks.browser.send(f"{ended}/note", {"note": "  ", "shared": "y"})
    assert mara_looks.count(CaseNote) == 0


def test_a_note_that_is_too_long_comes_back_with_its_words(mara_looks, ended) -> None:
    answer = mara_looks.browser.send(f"{ended}/note", {"note": "long " * 500})
    assert answer.status_code == 422
    assert "below 2,000 characters" in answer.text
    assert "long long long" in answer.text
    assert mara_looks.count(CaseNote) == 0


def test_what_is_shared_is_read_by_supervisor_and_director_and_by_nobody_else(
    as_, mara_looks, ended, sol, dana, nils, ada, person
) -> None:
    desk = f"/desk/people/{mara_looks.enrolment.id}"
    elsewhere = person("Sven Elsewhere", Role.SUPERVISOR, programme="elsewhere")
    mara_looks.browser.send(f"{ended}/note", {"note": f"<b>{NOTE}</b>"})
    readers = [(as_(sol), "/cases/notes"), (as_(dana), "/cases/notes"), (as_(dana), desk)]
    others = [(as_(nils), "/cases/notes"), (as_(elsewhere), "/cases/notes"), (as_(ada), desk)]
    assert not any(NOTE in browser.get(path).text for browser, path in (*readers, *others))
    mara_looks.browser.send(f"{ended}/note", {"note": f"<b>{NOTE}</b>", "shared": "y"})
    assert all(f"&lt;b&gt;{NOTE}" in browser.get(path).text for browser, path in readers)
    assert not any(NOTE in browser.get(path).text for browser, path in others)
    mara_looks.browser.send(f"{ended}/note", {"note": f"<b>{NOTE}</b>"})
    assert not any(NOTE in browser.get(path).text for browser, path in readers)


def test_a_trainee_finds_every_note_of_their_own_in_one_list_until_they_are_examined_in_its_case(
    as_, mara_looks, ended, omar, nils, database, catalogue
) -> None:
    mine = f"/cases/notes/{mara_looks.enrolment.id}"
    assert "No notes yet" in mara_looks.browser.get(mine).text
    mara_looks.browser.send(f"{ended}/note", {"note": "An earlier thought."})
    mara_looks.browser.send(f"{ended}/note", {"note": f"<b>{NOTE}</b>"})
    page = mara_looks.browser.get(mine).text
    assert f"&lt;b&gt;{NOTE}" in page
    assert "An earlier thought." not in page
    assert f'href="{ended}/debrief"' in page
    assert f'href="{mine}"' in mara_looks.browser.get(f"/path/{mara_looks.enrolment.id}").text
    assert [as_(one).get(mine).status_code for one in (omar, nils)] == [404, 403]
    case = catalogue.cases[mara_looks.case.slug]
    with database.transaction() as session:
        drawn = Setup(variant=next(iter(case.variants)), seed=1, pace=Pace.CALM, pauses=0)
        release = catalogue.release.hash
        start_exam_run(
            session, enrolment=mara_looks.enrolment, case=case, release_hash=release, setup=drawn, now=utc_now()
        )
    assert NOTE not in mara_looks.browser.get(mine).text


def test_a_word_to_the_authors_is_kept_once_and_escaped(mara_looks, ended, database) -> None:
    form = {"scene": "1", "comment": "Jonas <script>would</script> ask."}
    for _ in range(2):
        assert mara_looks.browser.send(f"{ended}/comments", form).status_code == 303
    with database.reading() as session:
        (kept,) = session.scalars(select(CaseComment)).all()
    assert (kept.scene, kept.text) == (mara_looks.played(ended).steps[1].scene, form["comment"])
    page = mara_looks.browser.get(f"{ended}/debrief").text
    assert "Jonas &lt;script&gt;would" in page
    assert "<script>would" not in page


def test_many_clicks_at_once_keep_one_note_and_one_word(as_, mara, mara_looks, ended) -> None:
    sent = [("note", {"note": NOTE, "shared": "y"}), ("comments", {"scene": "1", "comment": "Who is Ruth?"})] * 5
    codes: list[int] = []

    def click(browser, place: str, form: dict[str, str]) -> None:
        codes.append(browser.send(f"{ended}/{place}", form).status_code)

    threads = [Thread(target=click, args=(as_(mara), *one)) for one in sent]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303] * 10
    assert (mara_looks.count(CaseNote), mara_looks.count(CaseComment)) == (1, 1)


@pytest.mark.parametrize(
    "form",
    [
        {"scene": "1", "comment": " "},
        {"scene": "1", "comment": "x" * 2001},
        {"scene": "999", "comment": "x"},
        {"scene": "two-chairs", "comment": "x"},
        {"comment": "x"},
    ],
)
def test_a_word_about_no_scene_or_without_words_is_not_kept(mara_looks, ended, form) -> None:
    assert mara_looks.browser.send(f"{ended}/comments", form).status_code == 422
    assert mara_looks.count(CaseComment) == 0


def test_notes_cannot_be_changed_afterwards(mara_looks, ended, database) -> None:
    with database.transaction() as session:
        run = session.scalars(select(CaseRun)).one()
        keep_note(session, run_id=run.id, text=NOTE, shared=False, now=utc_now())
    with pytest.raises(DatabaseError, match="case_note"), database.transaction() as session:
        session.execute(update(CaseNote).values(shared=True))


# --- a later score stands beside the first --------------------------------------------------------


def score_again(mara_looks, address: str, by, *, passed: bool) -> None:
    with mara_looks.database.transaction() as session:
        ending = session.get_one(CaseEnding, address.rsplit("/", 1)[1])
        session.add(
            CaseRescore(
                id=new_id(),
                run_id=ending.run_id,
                case_hash=f"{passed}",
                rubric="2",
                passed=passed,
                result=ending.result | {"competencies": {"ethics": 77, "safety": None}, "failures": ["cf99-new-rule"]},
                reason="The <b>key</b> was wrong.",
                decided_by=by.id,
                at=utc_now(),
            )
        )


def both_pages(mara_looks, address: str) -> tuple[str, str]:
    intro = mara_looks.browser.get(f"/cases/{mara_looks.enrolment.id}/{mara_looks.case.slug}")
    return plain(intro.text), plain(mara_looks.browser.get(f"{address}/debrief").text.partition("<h2")[0])


def test_a_trainee_sees_that_a_run_was_scored_again_and_what_it_was_first(mara_looks, dana) -> None:
    address = mara_looks.play(last)
    assert all("Scored again" not in page for page in both_pages(mara_looks, address))
    score_again(mara_looks, address, dana, passed=True)
    for page in both_pages(mara_looks, address):
        assert page.index("Not passed") < page.index("Scored again") < page.index("counts as passed from now on")
    debrief = both_pages(mara_looks, address)[1]
    assert "Ethics 77%, critical failure: New rule" in debrief
    assert "The <b>key</b> was wrong." in debrief


def test_a_later_score_that_is_not_passed_says_that_the_pass_goes_on_counting(mara_looks, dana) -> None:
    address = mara_looks.play(expert_choice)
    score_again(mara_looks, address, dana, passed=False)
    for page in both_pages(mara_looks, address):
        assert "Passed" in page
        assert "What you have passed still counts" in page


def test_a_pass_by_a_later_score_counts_for_mastery_and_for_what_comes_next(mara_looks, dana) -> None:
    addresses = [mara_looks.play(last) for _ in range(2)]
    for address in addresses:
        assert "Mastered" not in both_pages(mara_looks, address)[0]
        score_again(mara_looks, address, dana, passed=True)
    page = mara_looks.browser.get(f"{addresses[1]}/debrief").text
    assert "Mastered" in page
    assert "you meet another version of it" not in page


def test_scene_titles_beside_the_chart_have_their_typographic_quotes(mara_looks) -> None:
    page = mara_looks.browser.get(f"{mara_looks.play(expert_choice)}/debrief").text
    scenes = re.findall(r'<td class="number">\d+:\d\d</td><td>(.*?)</td>', page)
    assert "“Lie down with me”" in scenes


def test_a_title_that_is_a_quotation_is_not_quoted_twice(mara_looks) -> None:
    address = mara_looks.play(expert_choice)
    step = [one.scene for one in mara_looks.played(address).steps].index("lie-down")
    mara_looks.browser.send(f"{address}/comments", {"scene": str(step), "comment": "Good."})
    for page in (f"{address}/what-if/{step}", f"{address}/debrief"):
        text = mara_looks.browser.get(page).text
        assert "““" not in text
        assert "in “Lie down with me”, and" in text or "told them about “Lie down with me”:" in text
    assert "in “The page on the table”, and" in mara_looks.browser.get(f"{address}/what-if/0").text


def test_a_run_whose_text_is_not_understood_any_more_is_told_so_and_breaks_no_other_page(
    mara_looks, as_, sol, database
) -> None:
    files = dict(read_folder(ROOT / "content"))
    files["cases/hold-me/en.md"] = b"An older language of cases."
    with database.transaction() as session:
        old = publish(session, release=release_of(files), now=utc_now())
        run = start_run(
            session, enrolment=mara_looks.enrolment, case=mara_looks.case, release_hash=old.hash, now=utc_now()
        )
        keep_note(session, run_id=run.id, text=NOTE, shared=True, now=utc_now())
        address = f"/cases/runs/{run.id}"
    for page in (address, f"{address}/reaction", f"{address}/debrief", f"{address}/what-if/0"):
        answer = mara_looks.browser.get(page)
        assert answer.status_code == 409, page
        assert "not understood any more" in answer.text
    for page in (f"/path/{mara_looks.enrolment.id}", f"/cases/{mara_looks.enrolment.id}/hold-me"):
        assert mara_looks.browser.get(page).status_code == 200, page
    assert NOTE in as_(sol).get("/cases/notes").text


def test_a_pass_by_one_later_score_goes_on_counting_after_another(mara_looks, dana) -> None:
    address = mara_looks.play(last)
    score_again(mara_looks, address, dana, passed=True)
    score_again(mara_looks, address, dana, passed=False)
    for page in both_pages(mara_looks, address):
        assert "What you have passed still counts" in page
