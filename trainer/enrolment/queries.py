"""Who is in which cohort, and which release a cohort follows: nothing is changed here."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from threading import Lock

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, aliased, joinedload

from trainer.accounts.models import HELD_NOW, Membership
from trainer.accounts.words import Role
from trainer.authoring.archive import unpack_release
from trainer.authoring.release import FORMAT, Release, release_of
from trainer.enrolment.models import PLACE_ENDED, Cohort, ContentRelease, Enrolment
from trainer.errors import Broken, Missing

_KEPT: OrderedDict[str, Release] = OrderedDict()
_KEEP = 8
_LOCK = Lock()


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
    release = release_of(unpack_release(kept.archive))
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


def releases_beginning(session: Session, digits: str) -> Sequence[str]:
    """Return the hashes of the published releases that begin with these digits."""
    return session.scalars(select(ContentRelease.hash).where(ContentRelease.hash.startswith(digits))).all()


# Asked by every lesson, so it is put together once.
_NEWEST = select(ContentRelease.hash).order_by(ContentRelease.published_at.desc(), ContentRelease.hash).limit(1)


def newest_release(session: Session) -> Release:
    """Return the release that was published last.

    Raises:
        Missing: nothing has been published yet.
    """
    newest = session.scalar(_NEWEST)
    if newest is None:
        raise Missing("No content has been published yet. An administrator publishes it on the command line.")
    return release_with(session, newest)


def release_for(session: Session, enrolment: Enrolment) -> Release:
    """Return the release that this person's cohort follows."""
    return release_with(session, cohort_of(session, enrolment).release_hash)


def release_in_view(session: Session, *, person_id: str) -> Release:
    """Return the release of somebody's newest cohort that can be read; the newest of all for who is in none.

    Raises:
        Missing: nothing has been published yet.
    """
    for enrolment in enrolments_of(session, person_id=person_id):
        with suppress(Broken):  # its own card says so
            return release_for(session, enrolment)
    return newest_release(session)


def cohort_of(session: Session, enrolment: Enrolment) -> Cohort:
    """Return the cohort of an enrolment."""
    return session.get_one(Cohort, enrolment.cohort_id)


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


def other_places(session: Session, *, enrolment_ids: Iterable[str]) -> Mapping[str, Sequence[str]]:
    """Return by enrolment the other places that the same person has or had in the same programme."""
    other = aliased(Enrolment)
    query = (
        select(Enrolment.id, other.id)
        .join(other, (other.person_id == Enrolment.person_id) & (other.programme == Enrolment.programme))
        .where(Enrolment.id.in_(list(enrolment_ids)), other.id != Enrolment.id)
        .order_by(other.enrolled_at)
    )
    found: dict[str, list[str]] = defaultdict(list)
    for enrolment_id, other_id in session.execute(query):
        found[enrolment_id].append(other_id)
    return found
