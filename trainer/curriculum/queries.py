"""What people have read, and what clinicians have signed: nothing is changed here."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from trainer.curriculum.models import ContentReview, LessonRead, ReadingPlace
from trainer.curriculum.study.progress import ReadingPosition, ReadMark, ReadMarks, ReadSoFar

_READ = (  # asked on every page of the course, so it is put together once
    select(LessonRead.module, LessonRead.lesson, LessonRead.lesson_hash, LessonRead.minutes, LessonRead.read_at)
    .where(LessonRead.enrolment_id == bindparam("enrolment"))
    .order_by(LessonRead.read_at, LessonRead.id)
)

_PLACES = (
    select(ReadingPlace.module, ReadingPlace.lesson, ReadingPlace.anchor)
    .where(
        ReadingPlace.id.in_(
            select(func.max(ReadingPlace.id))
            .where(ReadingPlace.enrolment_id == bindparam("enrolment"))
            .group_by(ReadingPlace.module, ReadingPlace.lesson)
        )
    )
    .order_by(ReadingPlace.id.desc())
)


def read_marks(session: Session, *, enrolment_id: str) -> ReadMarks:
    """Return what one person has read; later marks replace earlier ones."""
    rows = session.execute(_READ, {"enrolment": enrolment_id})
    return {(module, lesson): ReadMark(version, minutes, at) for module, lesson, version, minutes, at in rows}


def readings_by_enrolment(session: Session, *, enrolment_ids: Iterable[str]) -> Mapping[str, Mapping[str, ReadSoFar]]:
    """Return what several people have read, by enrolment and module, in one query with one row for each of these."""
    found: dict[str, dict[str, ReadSoFar]] = defaultdict(dict)
    query = select(
        LessonRead.enrolment_id,
        LessonRead.module,
        func.aggregate_strings(LessonRead.lesson, " "),  # a slug has no spaces
        func.max(LessonRead.read_at),
    ).where(LessonRead.enrolment_id.in_(list(enrolment_ids)))
    for enrolment_id, module, lessons, last_at in session.execute(
        query.group_by(LessonRead.enrolment_id, LessonRead.module)
    ):
        found[enrolment_id][module] = ReadSoFar(frozenset(lessons.split()), last_at)
    return found


def reading_places(session: Session, *, enrolment_id: str) -> Sequence[ReadingPosition]:
    """Return how far somebody had read in each lesson that they opened, the latest first."""
    return [ReadingPosition(*row) for row in session.execute(_PLACES, {"enrolment": enrolment_id})]


def signed_hashes(session: Session) -> frozenset[str]:
    """Return the hashes of every text version that a named reviewer has signed here."""
    return frozenset(session.scalars(select(ContentReview.content_hash)))
