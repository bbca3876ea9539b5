"""Write an answer in one's own words: it is saved as it is typed, sent once, and rated by people."""

from dataclasses import dataclass

from flask import Blueprint, flash, jsonify, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.curriculum.access import is_asked_for, outstanding_for
from trainer.curriculum.course import course_of
from trainer.curriculum.queries import signed_hashes
from trainer.curriculum.values import Module
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import enrolment_for, release_for
from trainer.errors import Missing, Refused
from trainer.web import Session, reading, transaction
from trainer.web.pages import show
from trainer.written import services
from trainer.written.answers import OutOfLength, TooLong
from trainer.written.forms import AnswerForm
from trainer.written.pages import TaskPage, shown_version
from trainer.written.queries import draft_of, task_behind, versions_of
from trainer.written.reading import tasks_of
from trainer.written.task import WrittenTask

bp = Blueprint("written", __name__, url_prefix="/written")


@dataclass(frozen=True)
class _Asked:
    """A task in the release that my cohort follows."""

    enrolment: Enrolment
    task: WrittenTask
    module: Module
    release_hash: str


def _asked(session: Session, enrolment_id: str, task: str) -> _Asked:
    enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
    release = release_for(session, enrolment)
    found = tasks_of(release).get(task)
    module = course_of(release).module(found.module) if found else None
    if found is None or module is None:
        raise Missing("There is no such written task in your programme.")
    return _Asked(enrolment, found, module, release.hash)


@bp.get("/<enrolment_id>/<task>")
@only(Role.TRAINEE)
def task(enrolment_id: str, task: str) -> ResponseReturnValue:
    """Show what to write, what I have written, and what was said about it."""
    return show(_page(enrolment_id, task, AnswerForm(formdata=None)))


def _page(
    enrolment_id: str, task: str, form: AnswerForm, *, newer: str | None = None, problem: str = "", typed: bool = False
) -> TaskPage:
    """Make the page anew; `typed` keeps in the box what was sent, in place of what is saved."""
    with reading() as session:
        asked = _asked(session, enrolment_id, task)
        versions = versions_of(session, enrolment_id=enrolment_id, task=task)
        shown = [shown_version(version, task_behind(session, version.answer)) for version in versions]
        draft = draft_of(session, enrolment_id=enrolment_id, task=task)
        counts = asked.task.counts(signed_hashes(session))
        is_asked = is_asked_for(session, asked.enrolment, "written", task)
        first = outstanding_for(session, asked.enrolment, "written", task) if draft is None else ()
    form.seen.data = str(draft.seq if draft else 0)
    if not typed:
        form.text.data = draft.text if draft else ""
    return TaskPage(
        enrolment_id=enrolment_id,
        module=asked.module,
        task=asked.task,
        counts=counts,
        is_asked=is_asked,
        outstanding=first,
        versions=shown[::-1],
        form=form,
        newer=newer,
        problem=problem,
    )


@bp.post("/<enrolment_id>/<task>/draft")
@only(Role.TRAINEE)
def keep(enrolment_id: str, task: str) -> ResponseReturnValue:
    """Keep what is written so far. A script asks for JSON and hears when it is durable; a page shows it again."""
    form, by_script = AnswerForm(), request.accept_mimetypes.best == "application/json"
    try:
        kept = _keep(enrolment_id, task, form)
    except Refused as refusal:
        if by_script:
            return jsonify(problem=str(refusal)), 409
        return show(_page(enrolment_id, task, form, problem=str(refusal), typed=True), 422)
    if by_script:
        return jsonify(seen=kept.seq, newer=kept.newer), 200 if kept.newer is None else 409
    if kept.newer is not None:
        return show(_page(enrolment_id, task, form, newer=kept.newer, typed=True), 409)
    flash("What you have written is saved. Nothing is sent yet.")
    return redirect(url_for(".task", enrolment_id=enrolment_id, task=task), code=303)


def _keep(enrolment_id: str, task: str, form: AnswerForm) -> services.KeptDraft:
    with transaction() as session:
        asked = _asked(session, enrolment_id, task)
        return services.keep_draft(
            session,
            enrolment=asked.enrolment,
            task=asked.task,
            written=form.written,
            seen=form.knew_of,
            outstanding=outstanding_for(session, asked.enrolment, "written", task),
            now=utc_now(),
        )


@bp.post("/<enrolment_id>/<task>")
@only(Role.TRAINEE)
def send(enrolment_id: str, task: str) -> ResponseReturnValue:
    """Send a version. What is too short or too long for that is saved all the same."""
    form = AnswerForm()
    try:
        with transaction() as session:
            asked = _asked(session, enrolment_id, task)
            services.send_answer(
                session,
                enrolment=asked.enrolment,
                task=asked.task,
                written=form.written,
                release_hash=asked.release_hash,
                outstanding=outstanding_for(session, asked.enrolment, "written", task),
                now=utc_now(),
            )
    except OutOfLength as refusal:
        kept = _keep(enrolment_id, task, form)
        return show(_page(enrolment_id, task, form, newer=kept.newer, problem=str(refusal), typed=True), 422)
    except TooLong as refusal:
        return show(_page(enrolment_id, task, form, problem=str(refusal), typed=True), 422)
    flash("Your answer is sent. A rater reads it without knowing whose it is.")
    return redirect(url_for(".task", enrolment_id=enrolment_id, task=task), code=303)
