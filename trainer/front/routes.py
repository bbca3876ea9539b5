"""The front door for who has no account, and what can be tried there. Nothing of it is kept."""

from dataclasses import replace

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainer.accounts.access import me, public
from trainer.cases.afterwards.moments import MomentReason, every_moment, moments_of
from trainer.cases.play.chart import chart_of
from trainer.cases.play.engine import Play
from trainer.cases.play.memory import choice_words
from trainer.cases.play.score import score
from trainer.cases.play.state import end_of
from trainer.cases.play.view import view
from trainer.cases.runs.queries import refuse_while_examined
from trainer.curriculum.course import course_of
from trainer.enrolment.queries import newest_release
from trainer.errors import Missing, Refused
from trainer.front.pages import (
    FrontPage,
    TriedCaseIntroPage,
    TriedDebriefPage,
    TriedLessonPage,
    TriedQuestionPage,
    TriedScenePage,
)
from trainer.front.queries import offered, roles_of_reviewers, signatures_under, specimen_address
from trainer.front.samples import SampleCase, SampleQuestion, Samples
from trainer.front.specimen import specimen_number
from trainer.front.thrown_away import carried_on, gone_on, played, word_for
from trainer.items.answers import NO_ANSWER, ItemAnswer
from trainer.items.asked import AskedQuestion, asked
from trainer.items.forms import Misshapen, received_answers
from trainer.items.outcomes import Telling, questions_shown
from trainer.web import Session, reading, settings
from trainer.web.forms import csrf
from trainer.web.limits import limiter
from trainer.web.pages import show

PER_MINUTE = 60
LOOKS_PER_MINUTE = 240
"""Each choice is a look as well, and so is each step back."""
NOTHING_TO_TRY = "There is nothing of this kind to try here at present."
OTHER_QUESTION = "The question on your page is not the one that stands here now. Here it is."
NO_SUCH_ANSWER = "That was no answer to this question. Here it is again."
NOTHING_CHOSEN = "Choose one of the answers; then you see what speaks for each of them."
UNANSWERED = "Choose one of the answers; then you see what follows."

bp = Blueprint("front", __name__, url_prefix="/try")
csrf.exempt(bp)  # nothing is changed, and whoever looks around gets no cookie


def front_page() -> ResponseReturnValue:
    """Show what is offered here to somebody who is not signed in."""
    site = settings()
    number = specimen_number(site)
    with reading() as session:
        found = offered(session)
        public_id = specimen_address(session, number=number)
        roles = roles_of_reviewers(session)
    samples = found.samples if found else None
    return show(
        FrontPage(
            issuer=site.issuer,
            base_url=site.base_url,
            programmes=found.programmes if found else (),
            samples=samples,
            share=found.share if found else None,
            reviewers=roles,
            question=_open(samples.question) if samples and samples.question else None,
            specimen=(number, public_id) if public_id else None,
            witnesses=len(site.witnesses),
        )
    )


def _samples(session: Session) -> Samples:
    found = offered(session)
    if found is None:
        raise Missing(NOTHING_TO_TRY)
    return found.samples


@bp.get("/lesson")
@public
def lesson() -> ResponseReturnValue:
    """Show a lesson of the newest release, whole."""
    with reading() as session:
        found = _samples(session).lesson
        if found is None:
            raise Missing(NOTHING_TO_TRY)
        module, text = found
        signed = signatures_under(session, content_hash=text.hash)
    return show(TriedLessonPage(issuer=settings().issuer, module=module, lesson=text, signed=signed))


@bp.route("/question", methods=["GET", "POST"])
@public
@limiter.limit(f"{PER_MINUTE} per minute", methods=["POST"])
def question() -> ResponseReturnValue:
    """Ask a question that practice asks; once it is answered, say what speaks for each answer.

    The form puts the answer into the address, so that a browser goes back and forth without sending it twice.
    """
    with reading() as session:
        sample = _samples(session).question
        if sample is None:
            raise Missing(NOTHING_TO_TRY)
        sources = course_of(newest_release(session)).references
        signed = signatures_under(session, content_hash=sample.item.hash)
    page = TriedQuestionPage(sample=sample, question=_open(sample), signed=signed)
    if "item" not in request.values:
        return show(page)
    item = sample.item
    if request.values["item"] != item.hash:
        return show(replace(page, note=OTHER_QUESTION), 422)
    try:
        answers = received_answers((sample.question,), {item.id: item}, {1: request.values.getlist("q1")})
    except Misshapen:
        return show(replace(page, note=NO_SUCH_ANSWER), 422)
    if answers.get(item.id, NO_ANSWER) == NO_ANSWER:
        return show(replace(page, note=NOTHING_CHOSEN), 422)
    told = Telling(whole=frozenset({item.id}), nothing=frozenset())
    (outcome,) = questions_shown((sample.question,), {item.id: item}, sources, answers, told)
    return show(replace(page, question=_open(sample, answers[item.id]), outcome=outcome))


def _open(sample: SampleQuestion, answer: ItemAnswer = NO_ANSWER) -> AskedQuestion:
    item = sample.item
    return asked((sample.question,), {item.id: item}, {item.id: answer})[0]


@bp.get("/case")
@public
def case() -> ResponseReturnValue:
    """Say what the case is about before it begins."""
    return _intro(_case())


@bp.post("/case")
@public
@limiter.limit(f"{PER_MINUTE} per minute")
def play() -> ResponseReturnValue:
    """Begin, or take a choice, and lead to what follows: going back and loading again play nothing twice."""
    sample, secret = _case(), settings().secret_key
    so_far, choice = request.form.get("so_far", ""), request.form.get("choice", "")
    try:
        now = played(secret, sample, so_far)
        if so_far and choice:
            now = gone_on(secret, sample, now, choice)
    except Refused as refusal:
        return _intro(sample, str(refusal))
    unanswered = "yes" if so_far and not choice else None
    run = carried_on(secret, sample, now)
    return redirect(url_for(".scene", run=run, unanswered=unanswered, _anchor="scene"), code=303)


@bp.get("/case/run")
@public
@limiter.limit(f"{LOOKS_PER_MINUTE} per minute")
def scene() -> ResponseReturnValue:
    """Show where a run stands: the address carries all of it, and nothing of it is kept here."""
    sample = _case()
    try:
        now = played(settings().secret_key, sample, request.args.get("run", ""))
    except Refused as refusal:
        return _intro(sample, str(refusal))
    if now.state.ending:
        return show(_debrief(sample, now))
    return show(_scene(sample, now, UNANSWERED if "unanswered" in request.args else ""))


def _intro(sample: SampleCase, note: str = "") -> ResponseReturnValue:
    with reading() as session:
        signed = signatures_under(session, content_hash=sample.case.hash)
    return show(TriedCaseIntroPage(sample=sample, signed=signed, note=note), 422 if note else 200)


def _case() -> SampleCase:
    with reading() as session:
        sample = _samples(session).case
        if sample is None:
            raise Missing(NOTHING_TO_TRY)
        if current_user.is_authenticated:
            refuse_while_examined(session, person_id=me().id, slug=sample.case.slug)
    return sample


def _scene(sample: SampleCase, now: Play, note: str = "") -> TriedScenePage:
    secret, seen = settings().secret_key, view(sample.case, now)
    return TriedScenePage(
        sample=sample,
        so_far=carried_on(secret, sample, now),
        scene=seen,
        said=choice_words(sample.case, now.steps[-1].choice) if now.steps else "",
        words={answer.id: word_for(secret, sample, now, answer.id) for answer in seen.answers},
        chart=chart_of(sample.case, now, limits=sample.case.agreed) if seen.signs else None,
        note=note,
    )


def _debrief(sample: SampleCase, now: Play) -> TriedDebriefPage:
    result = score(sample.case, now)
    return TriedDebriefPage(
        sample=sample,
        passed=result.passed,
        ending=end_of(sample.case, now.state),
        decisions=len(now.steps),
        lost=[moment for moment in every_moment(sample.case, now) if moment.why is not MomentReason.WELL],
        moments=moments_of(sample.case, now),
    )
