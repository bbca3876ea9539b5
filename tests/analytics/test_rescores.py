"""Runs are scored again by somebody's decision, and nobody loses a pass by it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from trainer.analytics.rescores import services as rescores
from trainer.analytics.rescores.queries import By, Preview, preview
from trainer.analytics.scope.queries import Scope, scope_of
from trainer.audit.queries import latest
from trainer.authoring.release import read_folder, release_of
from trainer.cases.play.engine import options
from trainer.cases.runs.models import CaseEnding, CaseRescore, CaseRun
from trainer.cases.runs.queries import played_by_enrolment
from trainer.certificates.models import Conferral
from trainer.certificates.words import Occasion
from trainer.clock import utc_now
from trainer.curriculum.reviews import ReviewedText, Reviewer
from trainer.curriculum.services import publish, sign_content
from trainer.curriculum.words import ReviewKind
from trainer.db import new_id
from trainer.demo.players import Player
from trainer.errors import Refused
from trainer.requirements.catalogue import catalogue_of
from trainer.settings import ROOT

MINE = frozenset({"foundations"})
RULE = "- cf16-held-down: press-down"
STRICTER = [(RULE, f"{RULE}, say-name")]
"""What the expert says becomes a critical failure, so that nobody passes who did as the expert."""

KINDER = [
    ("- cf05-left-alone: both-out", "- cf05-left-alone: press-down"),
    ("presence: pass 60%", "presence: pass 1%"),
    ("safety: pass 60%", "safety: pass 1%"),
    ("ethics: pass 70%", "ethics: pass 1%"),
]
"""To step out both at once is no critical failure any more."""

EXPERTS = (1.0, 1.0)


class Careless(Player):
    """Does as the expert does, but leaves the room when the colleague does."""

    def _choice(self, case, play) -> str:
        return "both-out" if "both-out" in options(case, play.state) else super()._choice(case, play)


@pytest.fixture
def scope(database, cohort) -> Scope:
    with database.reading() as session:
        return scope_of(session, key=cohort.id, programmes=MINE)


@pytest.fixture
def republished(database, dana) -> Callable[..., str]:
    """Publish the content again with another text of “Hold me”, and sign it."""

    def publish_with(changes: list[tuple[str, str]], *, signed: bool = True) -> str:
        files = dict(read_folder(ROOT / "content"))
        text = files["cases/hold-me/en.md"].decode()
        for before, after in changes:
            assert before in text
            text = text.replace(before, after)
        files["cases/hold-me/en.md"] = text.encode()
        with database.transaction() as session:
            release = publish(session, release=release_of(files), now=utc_now())
            case = catalogue_of(release).cases["hold-me"]
            if signed:
                _sign(session, case.hash, dana)
        return case.hash

    return publish_with


def _sign(session, content_hash: str, reviewer) -> None:
    sign_content(
        session,
        text=ReviewedText(kind=ReviewKind.CASE, id="hold-me", hash=content_hash),
        reviewer=Reviewer(person_id=reviewer.id, name=reviewer.name, role="reviewer in a test"),
        statement="Read for a test.",
        now=utc_now(),
    )


def look(database, scope: Scope, by: By = By.TEXT) -> Preview:
    with database.reading() as session:
        return preview(session, scope=scope, slug="hold-me", by=by)


def keep(database, scope: Scope, dana, **more: object) -> int:
    target = more.pop("target", None) or look(database, scope).target
    with database.transaction() as session:
        given = {"by": By.TEXT, "reason": "The mark was set wrongly.", **more}
        asked = rescores.Rescoring(slug="hold-me", target=target, **given)
        return rescores.apply(session, scope=scope, asked=asked, director=dana, now=utc_now())


def counting(database, crowd) -> int:
    """How many people's runs count as passed."""
    ids = [one.enrolment.id for one in crowd]
    with database.reading() as session:
        runs = played_by_enrolment(session, enrolment_ids=ids)
        return sum(run.passed for one in runs.values() for run in one["hold-me"])


def test_nothing_is_to_be_scored_again_in_the_same_text(database, scope, played) -> None:
    played(3, slugs=["hold-me"])
    found = look(database, scope)
    assert (found.effect.runs, found.same, found.done) == (0, 3, 0)
    assert look(database, scope, By.RUBRIC).effect.runs == 0


def test_a_stricter_text_takes_no_pass_away(database, scope, played, republished, dana) -> None:
    crowd = played(4, slugs=["hold-me"], skill=EXPERTS)
    assert counting(database, crowd) == 4
    republished(STRICTER)
    found = look(database, scope)
    assert (len(found.effect.lowered), len(found.effect.raised)) == (4, 0)
    assert {one.scored for one in found.changed} == set(found.effect.lowered)
    assert all(one.name.startswith("Trainee Fictional") for one in found.changed)
    assert keep(database, scope, dana) == 4
    assert counting(database, crowd) == 4


def test_a_kinder_text_lets_people_pass_and_the_first_result_stays(database, scope, played, republished, dana) -> None:
    crowd = [Careless(**vars(one)) for one in played(3, slugs=["tablet"], skill=EXPERTS)]
    for one in crowd:
        one.play("hold-me")
    with database.reading() as session:
        before = {one.run_id: (one.passed, one.result) for one in session.query(CaseEnding)}
    assert counting(database, crowd) == 0
    republished(KINDER)
    assert len(look(database, scope).effect.raised) == 3
    keep(database, scope, dana)
    assert counting(database, crowd) == 3
    with database.reading() as session:
        assert {one.run_id: (one.passed, one.result) for one in session.query(CaseEnding)} == before


def test_a_second_click_keeps_nothing_twice(database, scope, played, republished, dana) -> None:
    played(4, slugs=["hold-me"])
    republished(STRICTER)
    target = look(database, scope).target
    assert keep(database, scope, dana, target=target) == 4
    assert keep(database, scope, dana, target=target) == 0
    with pytest.raises(Refused, match="done meanwhile"):  # on another page she gave another reason
        keep(database, scope, dana, target=target, reason="The key was wrong.")
    found = look(database, scope)
    assert (found.effect.runs, found.done) == (0, 4)
    with database.reading() as session:
        assert session.query(CaseRescore).count() == 4
        notes = [one for one in latest(session, programmes=MINE) if one.act == "rescore"]
    assert len(notes) == 1
    assert "4 runs" in notes[0].detail
    assert "The mark was set wrongly." in notes[0].detail
    assert [(one.runs, one.by, one.reason) for one in found.history] == [(4, dana.name, "The mark was set wrongly.")]


def test_a_run_that_the_new_text_cannot_play_is_named_and_left(database, scope, played, republished, dana) -> None:
    played(4, slugs=["hold-me"])
    republished(
        [("{#read-aloud}", "{#read-it-aloud}"), ("{#file-page}", "{#file-the-page}"), ("{#offer-more}", "{#offer}")]
    )
    found = look(database, scope)
    assert found.effect.runs == 0
    assert len(found.effect.left) == 4
    assert all("does not exist in this text" in one.scored.problem for one in found.changed)
    assert keep(database, scope, dana) == 0


def test_people_with_a_certificate_are_listed_apart(as_, database, scope, played, republished, dana, cohort) -> None:
    crowd = played(4, slugs=["hold-me"], skill=EXPERTS)
    republished(STRICTER)
    lowered = {one.run_id for one in look(database, scope).effect.lowered}
    with database.transaction() as session:
        enrolment_id = session.get(CaseRun, next(iter(lowered))).enrolment_id
        session.add(_conferral(enrolment_id, crowd, dana))
    found = look(database, scope)
    assert [one.enrolment_id for one in found.changed if one.conferred] == [enrolment_id]
    page = as_(dana).get(f"/analytics/{cohort.id}/hold-me/rescore").text
    assert "These people have a certificate" in page


def _conferral(enrolment_id: str, crowd, dana) -> Conferral:
    return Conferral(
        id=new_id(),
        public_id=new_id(),
        enrolment_id=enrolment_id,
        person_id=next(one.enrolment.person_id for one in crowd if one.enrolment.id == enrolment_id),
        programme="foundations",
        decided_by=dana.id,
        decided_at=utc_now(),
        release_hash="a" * 64,
        proof={},
        occasion=Occasion.FIRST,
        facts={},
    )


def test_an_unreviewed_text_can_be_looked_at_and_decides_nothing(
    as_, database, scope, played, republished, dana
) -> None:
    played(3, slugs=["hold-me"])
    republished(STRICTER, signed=False)
    assert look(database, scope).effect.runs == 3
    with pytest.raises(Refused, match="clinical review"):
        keep(database, scope, dana)
    assert "waits for its clinical review" in as_(dana).get(f"/analytics/{scope.key}/hold-me/rescore").text


def test_what_was_looked_at_is_what_is_kept(database, scope, played, republished, dana) -> None:
    played(3, slugs=["hold-me"])
    republished(STRICTER)
    target = look(database, scope).target
    republished(KINDER)
    with pytest.raises(Refused, match="Another text"):
        keep(database, scope, dana, target=target)


def test_a_reason_is_asked_for(as_, database, scope, played, republished, dana) -> None:
    played(3, slugs=["hold-me"])
    republished(STRICTER)
    with pytest.raises(Refused, match="why"):
        keep(database, scope, dana, reason="  ")
    at = f"/analytics/{scope.key}/hold-me/rescore"
    sent = {"target": look(database, scope).target, "reason": "A wrong key.", "sure": "y"}
    assert as_(dana).send(at, {**sent, "reason": ""}).status_code == 422
    assert as_(dana).send(at, {**sent, "sure": ""}).status_code == 422
    assert as_(dana).send(at, sent).status_code == 303
    assert as_(dana).send(at, sent).status_code == 303
    page = as_(dana).get(at).text
    assert "A wrong key." in page
    assert "Nothing to score again" in page


def test_only_the_programmes_director_decides(as_, database, scope, dana, nils, ada, mara, played, republished) -> None:
    played(3, slugs=["hold-me"], skill=EXPERTS)
    republished(STRICTER)
    sent = {"target": look(database, scope).target, "reason": "Because.", "sure": "y"}
    at = f"/analytics/{scope.key}/hold-me/rescore"
    assert as_(nils).send(at, sent).status_code == 404
    assert as_(nils).send(at, {}).status_code == 404
    assert as_(ada).send(at, sent).status_code == 403
    assert as_(mara).send(at, sent).status_code == 403
    assert "Keep the new scores" not in as_(ada).get(at).text
    assert "3 would change from passed to not passed" in as_(ada).get(at).text
    assert "Trainee Fictional" in as_(dana).get(at).text
    assert "Trainee Fictional" not in as_(ada).get(at).text
    with database.reading() as session:
        assert session.query(CaseRescore).count() == 0


def test_an_older_rubric_can_be_replaced(database, scope, played, tampering, dana) -> None:
    played(3, slugs=["hold-me"])
    with tampering() as session:
        for one in session.query(CaseEnding):
            one.rubric = "0"
    assert look(database, scope, By.RUBRIC).effect.runs == 3
    target = look(database, scope, By.RUBRIC).target
    assert keep(database, scope, dana, by=By.RUBRIC, target=target) == 3
    assert keep(database, scope, dana, by=By.RUBRIC, target=target) == 0
    assert utc_now() - look(database, scope, By.RUBRIC).history[0].at < timedelta(minutes=5)
