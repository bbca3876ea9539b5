"""Rate answers without knowing whose they are, once; and see how far raters agree."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.web import reading, transaction
from trainer.web.pages import show
from trainer.written.access import my_programmes
from trainer.written.agreement import agreement
from trainer.written.answers import code_of, code_of_rating, words_in
from trainer.written.queries import task_behind
from trainer.written.raters import services
from trainer.written.raters.forms import rating_form
from trainer.written.raters.pages import (
    AgreementPage,
    CriterionPairs,
    RatedAnswer,
    RatingPage,
    RatingQueuePage,
    WaitingAnswer,
)
from trainer.written.raters.queries import (
    Pairs,
    answer_to_rate,
    answers_waiting,
    is_decided,
    rated_last,
    rated_twice,
    ratings_given,
)
from trainer.written.rating import RATERS

bp = Blueprint("raters", __name__, url_prefix="/ratings")


@bp.get("/")
@only(*RATERS)
def queue() -> ResponseReturnValue:
    """Show the answers that I can rate."""
    with reading() as session:
        by_task: dict[str, list[WaitingAnswer]] = {}
        for answer in answers_waiting(session, programmes=my_programmes(), by=me().id):
            waiting = WaitingAnswer(id=answer.id, code=code_of(answer.id), words=words_in(answer.text))
            by_task.setdefault(task_behind(session, answer).title, []).append(waiting)
        rated = [
            RatedAnswer(id=answer.id, code=code_of(answer.id), title=task_behind(session, answer).title, at=at)
            for answer, at in rated_last(session, programmes=my_programmes(), by=me().id)
        ]
    return show(RatingQueuePage(waiting=sorted(by_task.items()), rated=rated))


@bp.route("/<answer_id>", methods=["GET", "POST"])
@only(*RATERS)
def rate(answer_id: str) -> ResponseReturnValue:
    """Show one answer with its rubric; keep what I give it."""
    with reading() as session:
        answer = answer_to_rate(session, answer_id=answer_id, programmes=my_programmes(), by=me().id)
        task = task_behind(session, answer)
        ratings = ratings_given(session, answer_id=answer_id)
        decided = is_decided(session, answer_id=answer_id)
    form = rating_form(task)()
    if form.validate_on_submit():
        with transaction() as session:
            services.rate_answer(
                session,
                answer_id=answer_id,
                programmes=my_programmes(),
                by=me().id,
                steps=form.steps,
                comment=form.comment.data,
                now=utc_now(),
            )
        flash(f"Your rating of answer {code_of(answer_id)} is kept.")
        return redirect(url_for(".queue"), code=303)
    mine = next((rating for rating in ratings if rating.rated_by == me().id), None)
    if mine is None and decided and not form.is_submitted():
        flash(f"Answer {code_of(answer_id)} is rated already, and nothing more is wanted of you.")
        return redirect(url_for(".queue"), code=303)
    page = RatingPage(
        code=code_of(answer_id),
        text=answer.text,
        task=task,
        form=form,
        mine=mine.steps if mine else None,
        own_code=code_of_rating(answer_id, me().id),
        comment=mine.comment if mine else "",
    )
    return show(page, 422 if form.errors else 200)


@bp.get("/agreement")
@only(Role.DIRECTOR)
def agree() -> ResponseReturnValue:
    """Show how far raters agree about answers that two of them rated."""
    with reading() as session:
        found = rated_twice(session, programmes=programmes_where(Role.DIRECTOR))
    return show(AgreementPage(tasks=_by_task(found)))


def _by_task(found: Pairs) -> Sequence[tuple[str, Sequence[CriterionPairs]]]:
    tasks: dict[str, tuple[str, list[CriterionPairs]]] = {}
    for (task, title, criterion), pairs in found.items():
        tasks.setdefault(task, (title, []))[1].append(CriterionPairs(name=criterion, found=agreement(pairs)))
    return list(tasks.values())
