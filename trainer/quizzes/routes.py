"""Take a quiz: read what it asks, answer, check, send, learn from the result."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime

from flask import Blueprint, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from trainer.accounts.access import me, only
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.curriculum.access import best_next, outstanding_for
from trainer.curriculum.course import course_of
from trainer.curriculum.queries import signed_hashes
from trainer.curriculum.values import Course
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import enrolment_for, release_for, release_with
from trainer.errors import Broken, Missing, Refused
from trainer.items.asked import AskedQuestion, asked
from trainer.items.formats import FORMATS
from trainer.items.forms import ItemForm, Misshapen, form_from_json, received_answers, tried_answers
from trainer.items.merging import SentPage
from trainer.items.outcomes import Telling, questions_shown
from trainer.quizzes import services
from trainer.quizzes.bank import banks_of
from trainer.quizzes.disclosure import telling
from trainer.quizzes.knowledge_exams import bank_in
from trainer.quizzes.models import QuizAttempt
from trainer.quizzes.pages import (
    AttemptPage,
    CheckPage,
    ExamResultPage,
    QuizIntroPage,
    QuizResultPage,
    ResultPage,
)
from trainer.quizzes.pools import held_back, practice_pool
from trainer.quizzes.queries import (
    answers_that_count,
    attempt_for,
    attempts_of,
    met_of,
    open_attempt,
    submission_of,
    tries_of,
)
from trainer.quizzes.taught import places_taught
from trainer.quizzes.topics import topics_to_read_again, topics_told
from trainer.quizzes.tries import Tries
from trainer.quizzes.values import Bank
from trainer.web import Session, reading, transaction
from trainer.web.forms import number_in
from trainer.web.pages import show
from trainer.web.templates import own_time
from trainer.windows.opening import opening
from trainer.windows.queries import windows_for

bp = Blueprint("quizzes", __name__, url_prefix="/quizzes")


def _bank(session: Session, enrolment: Enrolment, slug: str) -> Bank:
    bank = banks_of(release_for(session, enrolment)).get(slug)
    if bank is None:
        raise Missing("There is no such quiz in your programme.")
    return bank


def _mine(session: Session, attempt_id: str) -> tuple[QuizAttempt, Bank, Course]:
    """Return my attempt with the bank and course of the release it was drawn from."""
    attempt = attempt_for(session, person_id=me().id, attempt_id=attempt_id)
    release = release_with(session, attempt.release_hash)
    if (bank := bank_in(release, attempt.bank)) is None:
        raise Broken("The questions of this try cannot be read any more. Everything you answered is kept.")
    return attempt, bank, course_of(release)


def _changed(form: ItemForm, sent: MultiDict[str, str]) -> Mapping[int, Sequence[str]]:
    """Read what a page says of each question; `only` limits it to those that a script knows have changed."""
    changed = sent["only"].split() if "only" in sent else None
    numbers = range(1, len(form) + 1)
    return {number: sent.getlist(f"q{number}") for number in numbers if changed is None or str(number) in changed}


def _tried(form: ItemForm, sent: MultiDict[str, str]) -> Mapping[int, Sequence[Sequence[str]]]:
    """Read off a script's form what it has sent before without an answer."""
    numbers = range(1, len(form) + 1)
    return {number: [_values(text) for text in sent.getlist(f"tried{number}")[:100]] for number in numbers}


def _values(text: str) -> Sequence[str]:
    """Read the values of one question: a JSON list; or, from a script of before, places with blanks between."""
    if not text.startswith("["):
        return text.split()
    try:
        return [str(value) for value in json.loads(text)]
    except (ValueError, RecursionError):  # what anybody's page may send
        return ()


@bp.get("/<enrolment_id>/<bank>")
@only(Role.TRAINEE)
def intro(enrolment_id: str, bank: str) -> ResponseReturnValue:
    """Say what the quiz asks, how it counts and where I stand."""
    now = utc_now()
    with reading() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        found = _bank(session, enrolment, bank)
        page = QuizIntroPage(
            enrolment_id=enrolment_id,
            bank=found,
            tries=tries_of(session, enrolment_id=enrolment_id, bank=found, now=now),
            open_attempt=open_attempt(session, enrolment_id=enrolment_id, bank=bank, counted=True),
            open_practice=open_attempt(session, enrolment_id=enrolment_id, bank=bank, counted=False),
            outstanding=outstanding_for(session, enrolment, "quiz", bank),
            spare=len(practice_pool(found)),
            rounds=attempts_of(session, enrolment_id=enrolment_id, bank=bank, counted=False),
        )
    return show(page)


@bp.post("/<enrolment_id>/<bank>")
@only(Role.TRAINEE)
def start(enrolment_id: str, bank: str) -> ResponseReturnValue:
    """Start an attempt, or go on with the open one."""
    mode = request.form.get("mode")
    with transaction() as session:
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
        release = release_for(session, enrolment)
        found = _bank(session, enrolment, bank)
        if mode not in ("counted", "practice"):
            raise Refused("Nothing has begun. Begin from the page of the quiz, where you see what counts.")
        attempt = services.start_attempt(
            session,
            enrolment=enrolment,
            bank=found,
            release_hash=release.hash,
            counted=mode == "counted",
            outstanding=outstanding_for(session, enrolment, "quiz", bank),
            now=utc_now(),
        )
    return redirect(url_for(".attempt", attempt_id=attempt.id), code=303)


@bp.get("/attempts/<attempt_id>")
@only(Role.TRAINEE)
def attempt(attempt_id: str) -> ResponseReturnValue:
    """Show the questions with what is saved."""
    now = utc_now()
    with reading() as session:
        found, bank, _course = _mine(session, attempt_id)
        if submission_of(session, attempt_id=attempt_id):
            return redirect(url_for(".result", attempt_id=attempt_id), code=303)
        answers, seen = answers_that_count(session, attempt_id=attempt_id)
    if services.is_over(found, now):
        return _send(attempt_id)
    questions = asked(form_from_json(found.form), bank.by_id, answers)
    return show(_attempt_page(found, bank, questions=questions, seen=seen, now=now))


def _attempt_page(
    found: QuizAttempt, bank: Bank, *, questions: tuple[AskedQuestion, ...], seen: int, now: datetime
) -> AttemptPage:
    return AttemptPage(
        enrolment_id=found.enrolment_id,
        attempt=found,
        bank=bank,
        questions=questions,
        seen=seen,
        left=services.left_of(found, now),
    )


@bp.get("/attempts/<attempt_id>/time")
@only(Role.TRAINEE)
def time_left(attempt_id: str) -> ResponseReturnValue:
    """Say how many seconds are left: the clock of a page stands still while its device sleeps."""
    with reading() as session:
        found = attempt_for(session, person_id=me().id, attempt_id=attempt_id)
        here = submission_of(session, attempt_id=attempt_id) is None
    answer = jsonify(here=here, left=services.left_of(found, utc_now()) or 0)
    answer.headers["Cache-Control"] = "no-store"
    return answer


@bp.post("/attempts/<attempt_id>/answers")
@only(Role.TRAINEE)
def save(attempt_id: str) -> ResponseReturnValue:
    """Keep answers. A script asks for JSON and hears when they are durable; a page goes on to the check."""
    now = utc_now()
    by_script = request.accept_mimetypes.best == "application/json"
    try:
        with transaction() as session:
            found, bank, _course = _mine(session, attempt_id)
            form = form_from_json(found.form)
            saved = services.save_answers(
                session,
                attempt=found,
                sent=_sent(form, bank, request.form),
                now=now,
            )
    except services.TooLate as refusal:
        return (jsonify(problem=str(refusal)), 409) if by_script else _send(attempt_id, late=True)
    except Refused as refusal:
        if by_script:
            return jsonify(problem=own_time(str(refusal))), 409
        raise
    if by_script and saved.newer:
        question = next(question for question in form if question.item_id in saved.newer)  # a script sends one by one
        newer, item = saved.newer[question.item_id], bank.item(question.item_id)
        stands = FORMATS[item.kind].sendable(item, question.order, newer.stands)
        return jsonify(newer=stands, at=newer.at.isoformat(), seen=saved.last), 409
    if by_script:
        answered = sum(map(bool, saved.answers.values()))
        return jsonify(saved_at=now.isoformat(timespec="seconds"), seen=saved.last, answered=answered)
    if saved.newer:
        questions = asked(form, bank.by_id, saved.answers, saved.newer)
        return show(_attempt_page(found, bank, questions=questions, seen=saved.last, now=now), 409)
    return redirect(url_for(".check", attempt_id=attempt_id), code=303)


def _sent(form: ItemForm, bank: Bank, sent: MultiDict[str, str]) -> SentPage:
    try:
        given = received_answers(form, bank.by_id, _changed(form, sent))
    except Misshapen as error:
        raise Refused(str(error)) from error
    tried = tried_answers(form, bank.by_id, _tried(form, sent))
    return SentPage(given=given, seen=_seen(sent), changed="only" in sent, tried=tried)


def _seen(sent: MultiDict[str, str]) -> int | None:
    """Return the number of the last answer that a page knew of; None where a script of before does not say."""
    seen = number_in(sent.get("seen", ""))
    return 0 if seen is None and "only" not in sent else seen


@bp.get("/attempts/<attempt_id>/check")
@only(Role.TRAINEE)
def check(attempt_id: str) -> ResponseReturnValue:
    """Show what is still blank before sending."""
    now = utc_now()
    with reading() as session:
        found, bank, _course = _mine(session, attempt_id)
        if submission_of(session, attempt_id=attempt_id):
            return redirect(url_for(".result", attempt_id=attempt_id), code=303)
        answers, _seen = answers_that_count(session, attempt_id=attempt_id)
    if services.is_over(found, now):
        return _send(attempt_id)
    page = CheckPage(
        enrolment_id=found.enrolment_id,
        attempt=found,
        bank=bank,
        questions=asked(form_from_json(found.form), bank.by_id, answers),
        left=services.left_of(found, now),
    )
    return show(page)


@bp.post("/attempts/<attempt_id>/submission")
@only(Role.TRAINEE)
def submit(attempt_id: str) -> ResponseReturnValue:
    """Send the attempt."""
    return _send(attempt_id)


def _send(attempt_id: str, *, late: bool = False) -> ResponseReturnValue:
    with transaction() as session:
        found, bank, _course = _mine(session, attempt_id)
        services.submit(session, attempt=found, bank=bank, now=utc_now())
    return redirect(url_for(".result", attempt_id=attempt_id, late=1 if late else None), code=303)


@bp.get("/attempts/<attempt_id>/result")
@only(Role.TRAINEE)
def result(attempt_id: str) -> ResponseReturnValue:
    """Show the mark and what can be learnt; right answers only when they are released."""
    now = utc_now()
    with reading() as session:
        found, bank, course = _mine(session, attempt_id)
        submission = submission_of(session, attempt_id=attempt_id)
        if submission is None:
            return redirect(url_for(".attempt", attempt_id=attempt_id), code=303)
        answers, _seen = answers_that_count(session, attempt_id=attempt_id)
        stand = tries_of(session, enrolment_id=found.enrolment_id, bank=bank, now=now)
        told = _told(session, found, bank, stand, passed=submission.passed)
        enrolment = enrolment_for(session, person_id=me().id, enrolment_id=found.enrolment_id)
        following = best_next(session, enrolment, bank.slug) if found.counted and submission.passed else None
        windows = windows_for(session, cohort_id=enrolment.cohort_id, exam=bank.slug) if bank.is_examination else ()
    form = form_from_json(found.form)
    common = ResultPage(
        enrolment_id=found.enrolment_id,
        attempt=found,
        bank=bank,
        submission=submission,
        following=following,
        tries=stand,
        late="late" in request.args and found.closes_at is not None,
    )
    if bank.is_examination:
        opens = opening(windows, now=now, not_before=stand.next_at)
        topics = topics_told(form, bank, course, answers)
        return show(ExamResultPage(**vars(common), opening=opens, topics=topics))
    untold = found.counted and stand.spent
    to_read = topics_to_read_again(form, bank, course, answers) if untold else ()
    items = () if untold else questions_shown(form, bank.by_id, course.references, answers, told)
    drawn = [bank.item(question.item_id) for question in form]
    taught = places_taught(list(zip(items, drawn, strict=False)), course, bank.slug)
    return show(QuizResultPage(**vars(common), items=items, untold=untold, to_read=to_read, taught=taught))


def _told(session: Session, sent: QuizAttempt, bank: Bank, stand: Tries, *, passed: bool) -> Telling:
    enrolment = enrolment_for(session, person_id=me().id, enrolment_id=sent.enrolment_id)
    met = met_of(session, enrolment=enrolment, bank=sent.bank)
    held = held_back(bank, signed=signed_hashes(session), met=met, left=stand.left)
    return telling(
        form_from_json(sent.form),
        bank,
        counted=sent.counted,
        passed=passed,
        over=stand.open_key,
        spent=stand.spent,
        held=frozenset(item.id for item in held),
    )
