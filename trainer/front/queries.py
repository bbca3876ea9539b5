"""What strangers are shown of this installation: read, counted, and nothing is changed here."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.authoring.release import Release
from trainer.clock import utc_now
from trainer.curriculum.models import ContentReview
from trainer.curriculum.queries import signed_hashes
from trainer.enrolment.models import Cohort
from trainer.enrolment.queries import newest_release, release_with
from trainer.errors import TrainerError
from trainer.front.offer import ReviewerSignature, WhatIsOffered, what_is_offered
from trainer.front.samples import questions_that_count
from trainer.quizzes.bank import banks_of
from trainer.quizzes.knowledge_exams import knowledge_exams_of
from trainer.registry.queries import entry_by_number, status_at
from trainer.registry.status import Word
from trainer.requirements.catalogue import catalogue_of

_FOLLOWED = select(Cohort.release_hash).distinct().order_by(Cohort.release_hash)
_ROLES = select(ContentReview.reviewer_role).distinct().order_by(ContentReview.reviewer_role)


def offered(session: Session) -> WhatIsOffered | None:
    """Return what the newest release offers; None where there is none, or this version cannot read it."""
    try:
        release = newest_release(session)
        if not catalogue_of(release).programmes:
            return None
    except TrainerError:  # the front page stands also while an operator mends that
        return None
    kept_back = frozenset().union(*_counted(session), _counted_in(release))
    return what_is_offered(release, signed_hashes(session), kept_back)


def _counted(session: Session) -> Iterator[frozenset[tuple[str, str]]]:
    """Yield what counts in each release that a cohort follows: practice of a new one may count in an old one."""
    for release_hash in session.scalars(_FOLLOWED):
        with suppress(TrainerError):  # nobody can be asked anything of a release that cannot be read
            yield _counted_in(release_with(session, release_hash))


@lru_cache(maxsize=8)
def _counted_in(release: Release) -> frozenset[tuple[str, str]]:
    banks = (*banks_of(release).values(), *knowledge_exams_of(release).values())
    return questions_that_count(iter(banks))


def roles_of_reviewers(session: Session) -> Sequence[str]:
    """Return as what people signed texts here, in their own words, each once."""
    return session.scalars(_ROLES).all()


def signatures_under(session: Session, *, content_hash: str) -> Sequence[ReviewerSignature]:
    """Return in which roles this version of a text was signed, the newest first."""
    query = select(ContentReview.reviewer_role, ContentReview.signed_at)
    query = query.where(ContentReview.content_hash == content_hash).order_by(ContentReview.signed_at.desc())
    return [ReviewerSignature(role=role, at=at) for role, at in session.execute(query)]


def specimen_address(session: Session, *, number: str) -> str | None:
    """Return the public id of the certificate with this number; None unless it is there and valid today."""
    entry = entry_by_number(session, number=number) if number else None
    if entry is None or status_at(session, public_id=entry.public_id, now=utc_now()).word is not Word.VALID:
        return None
    return entry.public_id
