"""Which texts are signed, and in which release a signed version stands: nothing is changed here."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.authoring.release import Release
from trainer.curriculum.models import ContentReview
from trainer.enrolment.models import ContentRelease
from trainer.enrolment.queries import release_with
from trainer.signoff.changes import TextChanges, changes_between
from trainer.signoff.standing import KeptSignature, TextStanding
from trainer.signoff.texts import SignableText, signable_texts

MOST_RELEASES = 12
"""So many releases are looked through for the version that was signed; to read one may take seconds."""


def signatures(session: Session) -> Sequence[KeptSignature]:
    """Return every signature under a text, the newest first."""
    query = select(ContentReview).order_by(ContentReview.signed_at.desc(), ContentReview.id)
    return [
        KeptSignature(
            name=(row.kind, row.content_id),
            hash=row.content_hash,
            reviewer=row.reviewer_name,
            role=row.reviewer_role,
            statement=row.statement,
            at=row.signed_at,
        )
        for row in session.scalars(query)
    ]


def version_signed(session: Session, signature: KeptSignature) -> tuple[SignableText, Release] | None:
    """Return the text as it was signed, with the release that holds it; None where no release kept here does.

    The releases of before the signature are looked through first, the newest of them first of all.
    """
    rows = session.execute(select(ContentRelease.hash, ContentRelease.published_at)).all()
    newest_first = sorted(rows, key=lambda row: row.published_at, reverse=True)
    in_turn = sorted(newest_first, key=lambda row: row.published_at > signature.at)
    for row in in_turn[:MOST_RELEASES]:
        release = release_with(session, row.hash)
        found = signable_texts(release).get(signature.name)
        if found is not None and found.hash == signature.hash:
            return found, release
    return None


def compared_with_signed(
    session: Session, standing: TextStanding, release: Release
) -> tuple[TextStanding, TextChanges | None]:
    """Return a text with what changed since it was signed last, and whether it rests on other data by now.

    Without a signature, or where no release kept here holds the version that was signed, nothing can be compared.
    """
    signed = version_signed(session, standing.last) if standing.last else None
    if signed is None:
        return standing, None
    old, its_release = signed
    changes = changes_between(old, its_release.files, standing.text, release.files)
    return replace(standing, rests_on_other=bool(changes.sources or changes.law)), changes
