"""Publish releases, enrol people, keep what they have read, keep what clinicians have signed."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from threading import Lock

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from trainer.accounts.models import HELD_NOW, Membership, Role
from trainer.curriculum.archive import pack, unpack
from trainer.curriculum.course import read
from trainer.curriculum.models import (
    PLACE_ENDED,
    Cohort,
    ContentRelease,
    ContentReview,
    Enrolment,
    EnrolmentChange,
    LessonRead,
    ReadingPlace,
    ReviewKind,
)
from trainer.curriculum.progress import Mark, Marks, Place, Reading
from trainer.curriculum.release import FORMAT, Release, release_of
from trainer.curriculum.values import Lesson
from trainer.db import new_id
from trainer.errors import Broken, Missing, Refused

_KEPT: OrderedDict[str, Release] = OrderedDict()
_KEEP = 8
_LOCK = Lock()


# --- releases ----------------------------------------------------------------------------------


def publish(session: Session, *, release: Release, now: datetime, note: str = "") -> Release:
    """Keep a release for ever; publishing the same files again changes nothing.

    Raises:
        Refused: its modules, lists or attestations hold a mistake. The caller checks banks, cases
            and programmes, which belong to rooms above this one.
    """
    if is_published(session, release):
        return release
    _, messages = read(release)
    if messages:
        raise Refused(f"This content cannot be published: {messages[0]} (mistake 1 of {len(messages)})")
    session.add(
        ContentRelease(hash=release.hash, archive=pack(release.files), format=FORMAT, published_at=now, note=note)
    )
    session.flush()  # cohorts refer to the release
    return release


def is_published(session: Session, release: Release) -> bool:
    """Say whether the very same files have been published here."""
    return session.get(ContentRelease, release.hash) is not None


def release_with(session: Session, release_hash: str) -> Release:
    """Return the release of that hash; it is read from the database once per process.

    Raises:
        Missing: no such release has been published here.
        Broken: the stored files are not those that were published, or a later version of Trainer published them.
    """
    with _LOCK:
        if (known := _KEPT.get(release_hash)) is not None:
            _KEPT.move_to_end(release_hash)
            return known
    query = select(ContentRelease.archive, ContentRelease.format).where(ContentRelease.hash == release_hash)
    kept = session.execute(query).one_or_none()
    if kept is None:
        raise Missing("No content has been published under this number.")
    if kept.format > FORMAT:
        raise Broken("The content of this cohort was published by a later version of Trainer. Install that version.")
    release = release_of(unpack(kept.archive))
    if release.hash != release_hash:
        raise Broken("The stored content of this cohort has been altered. Restore the database from a backup.")
    with _LOCK:
        _KEPT[release_hash] = release
        while len(_KEPT) > _KEEP:
            _KEPT.popitem(last=False)
    return release


def followed(session: Session) -> Sequence[Cohort]:
    """Return every cohort, those of the newest releases first."""
    query = select(Cohort).join(ContentRelease, ContentRelease.hash == Cohort.release_hash)
    return session.scalars(query.order_by(ContentRelease.published_at.desc(), Cohort.name)).all()


def newest_release(session: Session) -> Release:
    """Return the release that was published last.

    Raises:
        Missing: nothing has been published yet.
    """
    query = select(ContentRelease.hash).order_by(ContentRelease.published_at.desc(), ContentRelease.hash)
    newest = session.scalar(query.limit(1))
    if newest is None:
        raise Missing("No content has been published yet. An administrator publishes it on the command line.")
    return release_with(session, newest)


def release_for(session: Session, enrolment: Enrolment) -> Release:
    """Return the release that this person's cohort follows."""
    return release_with(session, cohort_of(session, enrolment).release_hash)


# --- cohorts and enrolments --------------------------------------------------------------------


def cohort_of(session: Session, enrolment: Enrolment) -> Cohort:
    """Return the cohort of an enrolment."""
    return session.get_one(Cohort, enrolment.cohort_id)


def enrol(session: Session, *, person_id: str, cohort: Cohort, now: datetime) -> Enrolment:
    """Give a person a place in a cohort, or the one they had before it ended; a second time changes nothing."""
    query = select(Enrolment).where(Enrolment.person_id == person_id, Enrolment.cohort_id == cohort.id)
    if (present := session.scalar(query)) is not None:
        if has_ended(session, present):
            again = {"reason": "Invited again.", "decided_by": person_id, "at": now}
            session.add(EnrolmentChange(enrolment_id=present.id, ended=False, **again))
        return present
    enrolment = Enrolment(
        id=new_id(), person_id=person_id, cohort_id=cohort.id, programme=cohort.programme, enrolled_at=now
    )
    session.add(enrolment)
    session.flush()  # what the person does next refers to the enrolment
    return enrolment


def has_ended(session: Session, enrolment: Enrolment) -> bool:
    """Say whether this place in a cohort has ended, and was not taken up again."""
    return bool(session.scalar(select(Enrolment.id).where(Enrolment.id == enrolment.id, PLACE_ENDED)))


_STUDIES = exists().where(
    Membership.person_id == Enrolment.person_id,
    Membership.programme == Enrolment.programme,
    Membership.role == Role.TRAINEE,
    HELD_NOW,
)
_MINE = (  # asked on nearly every page, so it is put together once
    select(Enrolment)
    .options(joinedload(Enrolment.cohort, innerjoin=True))
    .where(Enrolment.id == bindparam("enrolment"), Enrolment.person_id == bindparam("person"), _STUDIES, ~PLACE_ENDED)
)


def enrolment_for(session: Session, *, person_id: str, enrolment_id: str) -> Enrolment:
    """Return my enrolment of that id.

    Raises:
        Missing: there is none, it is somebody else's, it has ended, or I am a trainee of its programme no more.
    """
    found = session.scalar(_MINE, {"enrolment": enrolment_id, "person": person_id})
    if found is None:
        raise Missing("There is no such programme among yours.")
    return found


def enrolments_of(session: Session, *, person_id: str) -> Sequence[Enrolment]:
    """Return my enrolments that have not ended, the newest first."""
    query = select(Enrolment).where(Enrolment.person_id == person_id, ~PLACE_ENDED)
    return session.scalars(query.order_by(Enrolment.enrolled_at.desc(), Enrolment.id)).all()


def has_studied(session: Session, *, person_id: str) -> bool:
    """Say whether the person is or ever was in a cohort."""
    return session.scalar(select(Enrolment.id).where(Enrolment.person_id == person_id).limit(1)) is not None


# --- reading -----------------------------------------------------------------------------------


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


def marks_of(session: Session, *, enrolment_id: str) -> Marks:
    """Return what one person has read; later marks replace earlier ones."""
    query = select(
        LessonRead.module, LessonRead.lesson, LessonRead.lesson_hash, LessonRead.minutes, LessonRead.read_at
    ).where(LessonRead.enrolment_id == enrolment_id)
    rows = session.execute(query.order_by(LessonRead.read_at, LessonRead.id))
    return {(module, lesson): Mark(version, minutes, at) for module, lesson, version, minutes, at in rows}


def readings_by_enrolment(session: Session, *, enrolment_ids: Iterable[str]) -> Mapping[str, Mapping[str, Reading]]:
    """Return what several people have read, by enrolment and module, in one query with one row for each of these."""
    found: dict[str, dict[str, Reading]] = defaultdict(dict)
    query = select(
        LessonRead.enrolment_id,
        LessonRead.module,
        func.aggregate_strings(LessonRead.lesson, " "),  # a slug has no spaces
        func.max(LessonRead.read_at),
    ).where(LessonRead.enrolment_id.in_(list(enrolment_ids)))
    for enrolment_id, module, lessons, last_at in session.execute(
        query.group_by(LessonRead.enrolment_id, LessonRead.module)
    ):
        found[enrolment_id][module] = Reading(frozenset(lessons.split()), last_at)
    return found


def keep_place(session: Session, *, enrolment: Enrolment, lesson: Lesson, anchor: str, now: datetime) -> None:
    """Keep where somebody is reading; an anchor that the lesson does not have means its top."""
    known = anchor if any(heading.id == anchor for heading in lesson.headings) else ""
    place = Place(lesson.module, lesson.slug, known)
    if place_of(session, enrolment_id=enrolment.id) != place:
        session.add(
            ReadingPlace(enrolment_id=enrolment.id, module=place.module, lesson=place.lesson, anchor=known, at=now)
        )


def place_of(session: Session, *, enrolment_id: str) -> Place | None:
    """Return where somebody was reading last."""
    query = select(ReadingPlace.module, ReadingPlace.lesson, ReadingPlace.anchor)
    query = query.where(ReadingPlace.enrolment_id == enrolment_id)
    last = session.execute(query.order_by(ReadingPlace.at.desc(), ReadingPlace.id.desc()).limit(1)).first()
    return Place(*last) if last else None


# --- reviews -----------------------------------------------------------------------------------


def sign_content(
    session: Session,
    *,
    kind: ReviewKind,
    content_hash: str,
    content_id: str,
    reviewer_id: str,
    reviewer_name: str,
    reviewer_role: str,
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
        ContentReview.content_hash == content_hash, ContentReview.reviewer_id == reviewer_id
    )
    if session.scalar(query) is not None:
        raise Refused("You have signed this version already.")
    review = ContentReview(
        id=new_id(),
        kind=kind,
        content_hash=content_hash,
        content_id=content_id,
        reviewer_id=reviewer_id,
        reviewer_name=reviewer_name,
        reviewer_role=reviewer_role,
        statement=statement.strip(),
        signed_at=now,
    )
    session.add(review)
    return review


def signed_hashes(session: Session) -> frozenset[str]:
    """Return the hashes of every text version that a named reviewer has signed here."""
    return frozenset(session.scalars(select(ContentReview.content_hash)))
