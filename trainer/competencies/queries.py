"""The competencies of the newest release: nothing is changed here."""

from datetime import datetime

from sqlalchemy.orm import Session

from trainer.enrolment.models import ContentRelease
from trainer.enrolment.queries import newest_release
from trainer.requirements.catalogue import Catalogue, catalogue_of


def newest_catalogue(session: Session) -> tuple[Catalogue, datetime]:
    """Return the release that was published last, understood, and when that was.

    Raises:
        Missing: nothing has been published yet.
    """
    release = newest_release(session)
    return catalogue_of(release), session.get_one(ContentRelease, release.hash).published_at
