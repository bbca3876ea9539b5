"""Publish releases, keep what people have read and what clinicians have signed."""

from contextlib import suppress
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from trainer.authoring.archive import pack_release
from trainer.authoring.release import FORMAT, Release
from trainer.curriculum.course import read_course
from trainer.curriculum.models import ContentReview, LessonRead, ReadingPlace
from trainer.curriculum.queries import reading_places
from trainer.curriculum.reviews import ReviewedText, Reviewer
from trainer.curriculum.study.progress import ReadingPosition
from trainer.curriculum.values import Lesson
from trainer.db import new_id
from trainer.enrolment.models import ContentRelease, Enrolment
from trainer.enrolment.queries import is_published
from trainer.errors import Refused


def publish(session: Session, *, release: Release, now: datetime, note: str = "") -> Release:
    """Keep a release for ever; publishing the same files again changes nothing.

    Raises:
        Refused: its modules, lists or attestations hold a mistake. The caller checks banks, cases
            and programmes, which belong to rooms above this one.
    """
    if is_published(session, release):
        return release
    _, messages = read_course(release)
    if messages:
        raise Refused(f"This content cannot be published: {messages[0]} (mistake 1 of {len(messages)})")
    session.add(
        ContentRelease(
            hash=release.hash, archive=pack_release(release.files), format=FORMAT, published_at=now, note=note
        )
    )
    session.flush()  # cohorts refer to the release
    return release


def mark_read(session: Session, *, enrolment: Enrolment, lesson: Lesson, now: datetime) -> None:
    """Keep the statement that a lesson has been read; saying it again changes nothing."""
    statement = LessonRead(
        enrolment_id=enrolment.id,
        module=lesson.module,
        lesson=lesson.slug,
        lesson_hash=lesson.hash,
        minutes=lesson.minutes,
        read_at=now,
    )
    with suppress(IntegrityError), session.begin_nested():  # a double click says it twice at once
        session.add(statement)


def keep_place(session: Session, *, enrolment: Enrolment, lesson: Lesson, anchor: str, now: datetime) -> None:
    """Keep how far somebody has read in a lesson; an anchor that it does not have means its top."""
    known = anchor if any(heading.id == anchor for heading in lesson.headings) else ""
    place = ReadingPosition(lesson.module, lesson.slug, known)
    if place not in reading_places(session, enrolment_id=enrolment.id)[:1]:
        session.add(
            ReadingPlace(enrolment_id=enrolment.id, module=place.module, lesson=place.lesson, anchor=known, at=now)
        )


def open_lesson(session: Session, *, enrolment: Enrolment, lesson: Lesson, now: datetime) -> None:
    """Keep that somebody went on to a lesson; how far they had read in it before stays."""
    places = reading_places(session, enrolment_id=enrolment.id)
    anchor = next(
        (place.anchor for place in places if (place.module, place.lesson) == (lesson.module, lesson.slug)), ""
    )
    keep_place(session, enrolment=enrolment, lesson=lesson, anchor=anchor, now=now)


def sign_content(
    session: Session,
    *,
    text: ReviewedText,
    reviewer: Reviewer,
    statement: str,
    now: datetime,
) -> ContentReview:
    """Keep a clinician's signature under one exact version of a text.

    Raises:
        Refused: the statement is empty, or this person has signed this version before.
    """
    if not statement.strip():
        raise Refused("Write what you have reviewed and what you found before you sign.")
    query = select(ContentReview.id).where(
        ContentReview.content_hash == text.hash, ContentReview.reviewer_id == reviewer.person_id
    )
    if session.scalar(query) is not None:
        raise Refused("You have signed this version already.")
    review = ContentReview(
        id=new_id(),
        kind=text.kind,
        content_hash=text.hash,
        content_id=text.id,
        reviewer_id=reviewer.person_id,
        reviewer_name=reviewer.name,
        reviewer_role=reviewer.role,
        statement=statement.strip(),
        signed_at=now,
    )
    session.add(review)
    return review
