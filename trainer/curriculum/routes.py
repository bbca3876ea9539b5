"""Read the course: modules, lessons, glossary, sources."""

from collections.abc import Callable, Iterable

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.curriculum import queries, services
from trainer.curriculum.access import beside_lessons, best_next, is_asked_for
from trainer.curriculum.course import Course, Lesson, Module, course_of
from trainer.curriculum.pages import (
    CoursePage,
    ExercisePage,
    GlossaryPage,
    LessonPage,
    ModulePage,
    ReferencesPage,
    SummaryPage,
)
from trainer.curriculum.parts.citing_places import cited_sources, lessons_citing
from trainer.curriculum.study.prerequisites import Outstanding
from trainer.curriculum.study.progress import (
    LessonProgress,
    course_progress,
    module_progress,
    where_in,
    where_to_go_on,
)
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import cohort_of, enrolment_for, newest_release, release_for
from trainer.errors import Missing
from trainer.references.bibtex import bibtex
from trainer.references.csl import csl_json
from trainer.references.reading import references_of
from trainer.references.reference import Reference
from trainer.references.since import noted_since
from trainer.web import Session, reading, transaction
from trainer.web.pages import show

bp = Blueprint("curriculum", __name__, url_prefix="/learn")


def _mine(session: Session, enrolment_id: str) -> tuple[Enrolment, Course]:
    enrolment = enrolment_for(session, person_id=me().id, enrolment_id=enrolment_id)
    return enrolment, course_of(release_for(session, enrolment))


def _module(course: Course, slug: str) -> Module:
    if (found := course.module(slug)) is None:
        raise Missing("There is no such module in your programme.")
    return found


def _lesson(module: Module, slug: str) -> Lesson:
    if (found := module.lesson(slug)) is None:
        raise Missing("There is no such lesson in this module.")
    return found


def _next_in(
    session: Session, enrolment: Enrolment, module: Module
) -> tuple[tuple[Lesson, str] | None, Outstanding | None]:
    """Return the lesson to go on with and where in it, or what comes after the last one."""
    marks = queries.read_marks(session, enrolment_id=enrolment.id)
    onward = where_in(module.lessons, marks, queries.reading_places(session, enrolment_id=enrolment.id))
    return onward, None if onward else best_next(session, enrolment, module.slug)


@bp.get("/<enrolment_id>/")
@only(Role.TRAINEE)
def course(enrolment_id: str) -> ResponseReturnValue:
    """Show every module, and where to go on."""
    with reading() as session:
        enrolment, whole = _mine(session, enrolment_id)
        marks = queries.read_marks(session, enrolment_id=enrolment.id)
        places = queries.reading_places(session, enrolment_id=enrolment.id)
        cohort = cohort_of(session, enrolment)
    onward, anchor = where_to_go_on(whole, marks, places) or (None, "")
    page = CoursePage(
        enrolment=enrolment,
        cohort=cohort,
        modules=course_progress(whole, marks),
        next=onward,
        anchor=anchor,
        titles={module.slug: module.title for module in whole.modules},
    )
    return show(page)


@bp.get("/<enrolment_id>/<module>/")
@only(Role.TRAINEE)
def module(enrolment_id: str, module: str) -> ResponseReturnValue:
    """Show what a module is for, and its lessons."""
    with reading() as session:
        enrolment, whole = _mine(session, enrolment_id)
        found = _module(whole, module)
        marks = queries.read_marks(session, enrolment_id=enrolment.id)
        places = queries.reading_places(session, enrolment_id=enrolment.id)
        beside = beside_lessons(session, enrolment, found.slug)
    progress, onward = module_progress(found, marks), where_in(found.lessons, marks, places)
    return show(ModulePage(enrolment=enrolment, course=whole, progress=progress, onward=onward, beside=beside))


@bp.get("/<enrolment_id>/<module>/<lesson>")
@only(Role.TRAINEE)
def lesson(enrolment_id: str, module: str, lesson: str) -> ResponseReturnValue:
    """Show one lesson."""
    with reading() as session:
        enrolment, whole = _mine(session, enrolment_id)
        part = _module(whole, module)
        found = _lesson(part, lesson)
        marks = queries.read_marks(session, enrolment_id=enrolment.id)
        known = references_of(newest_release(session)) if found.references else {}
        quiz = is_asked_for(session, enrolment, "quiz", part.slug)
    here = part.lessons.index(found)
    page = LessonPage(
        enrolment=enrolment,
        module=part,
        progress=LessonProgress(found, marks.get((part.slug, found.slug))),
        previous=part.lessons[here - 1] if here else None,
        next=part.lessons[here + 1] if here + 1 < len(part.lessons) else None,
        noted_since=noted_since(found.references, known),
        quiz=quiz,
    )
    return show(page)


@bp.get("/<enrolment_id>/<module>/exercise")
@only(Role.TRAINEE)
def exercise(enrolment_id: str, module: str) -> ResponseReturnValue:
    """Show what is done away from the screen."""
    with reading() as session:
        enrolment, whole = _mine(session, enrolment_id)
    part = _module(whole, module)
    if part.exercise is None:
        raise Missing("This module has no exercise.")
    return show(ExercisePage(enrolment=enrolment, module=part, exercise=part.exercise))


@bp.get("/<enrolment_id>/<module>/summary")
@only(Role.TRAINEE)
def summary(enrolment_id: str, module: str) -> ResponseReturnValue:
    """Show a module on one screen, what to read further, and what comes next."""
    with reading() as session:
        enrolment, whole = _mine(session, enrolment_id)
        part = _module(whole, module)
        if part.summary is None:
            raise Missing("This module has no summary.")
        onward, following = _next_in(session, enrolment, part)
    page = SummaryPage(enrolment=enrolment, module=part, summary=part.summary, onward=onward, following=following)
    return show(page)


@bp.post("/<enrolment_id>/<module>/<lesson>/read")
@only(Role.TRAINEE)
def read(enrolment_id: str, module: str, lesson: str) -> ResponseReturnValue:
    """Keep that the lesson has been read; go on to the next, or back to the module after the last."""
    with transaction() as session:
        enrolment, whole = _mine(session, enrolment_id)
        part = _module(whole, module)
        found = _lesson(part, lesson)
        following = part.lessons[part.lessons.index(found) + 1 :][:1]
        now = utc_now()
        services.mark_read(session, enrolment=enrolment, lesson=found, now=now)
        for onward in following:
            services.open_lesson(session, enrolment=enrolment, lesson=onward, now=now)
    flash(f"“{found.title}” is marked as read.")
    if following:
        target = url_for(".lesson", enrolment_id=enrolment_id, module=module, lesson=following[0].slug)
    else:
        target = url_for(".module", enrolment_id=enrolment_id, module=module)
    return redirect(target, code=303)


@bp.post("/<enrolment_id>/<module>/<lesson>/place")
@only(Role.TRAINEE)
def place(enrolment_id: str, module: str, lesson: str) -> ResponseReturnValue:
    """Keep where the reader stopped, so that they can go on there on any device."""
    with transaction() as session:
        enrolment, whole = _mine(session, enrolment_id)
        found = _lesson(_module(whole, module), lesson)
        anchor = request.form.get("anchor", "")
        services.keep_place(session, enrolment=enrolment, lesson=found, anchor=anchor, now=utc_now())
    return "", 204


@bp.get("/<enrolment_id>/glossary")
@only(Role.TRAINEE)
def glossary(enrolment_id: str) -> ResponseReturnValue:
    """Show every term of the course."""
    with reading() as session:
        enrolment, whole = _mine(session, enrolment_id)
    return show(GlossaryPage(enrolment=enrolment, terms=tuple(whole.glossary.values())))


@bp.get("/<enrolment_id>/references")
@only(Role.TRAINEE)
def references(enrolment_id: str) -> ResponseReturnValue:
    """Show every source that the modules of the course cite, as far as it is known by now."""
    with reading() as session:
        enrolment, whole = _mine(session, enrolment_id)
        known = references_of(newest_release(session))
    sources = cited_sources(whole, known)
    return show(ReferencesPage(enrolment=enrolment, references=sources, cited_in=lessons_citing(whole)))


@bp.get("/<enrolment_id>/references.bib")
@only(Role.TRAINEE)
def references_bibtex(enrolment_id: str) -> ResponseReturnValue:
    """Give the same as BibTeX."""
    return _sources_as(enrolment_id, bibtex, "application/x-bibtex; charset=utf-8", "sources.bib")


@bp.get("/<enrolment_id>/references.json")
@only(Role.TRAINEE)
def references_csl(enrolment_id: str) -> ResponseReturnValue:
    """Give the same as CSL-JSON."""
    return _sources_as(enrolment_id, csl_json, "application/vnd.citationstyles.csl+json", "sources.json")


def _sources_as(
    enrolment_id: str, written: Callable[[Iterable[Reference]], str], content_type: str, name: str
) -> ResponseReturnValue:
    with reading() as session:
        _enrolment, whole = _mine(session, enrolment_id)
        known = references_of(newest_release(session))
    answer = Response(written(cited_sources(whole, known)), content_type=content_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
