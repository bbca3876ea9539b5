"""A whole folder of content: what is wrong in it, and its way to a release."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from trainer.audit import services as audit
from trainer.authoring.messages import Message
from trainer.authoring.release import Files, Release, release_of
from trainer.cases.prover.kept_reports import ReportCache
from trainer.cases.prover.report import Proved
from trainer.cases.runs.services import keep_reports
from trainer.certificates.paper.titles import unprintable
from trainer.curriculum.services import publish
from trainer.requirements.catalogue import check_content


def mistakes_in(files: Files, cache: ReportCache | None) -> Sequence[Message]:
    """Return every mistake, those that only a certificate would show among them; none means it may be published."""
    return (*check_content(files, cache), *unprintable(files))


def publish_content(
    session: Session, *, files: Files, proved: Sequence[Proved], now: datetime, note: str = ""
) -> Release:
    """Keep the files as a release, with what was proved about its cases, and write it down in the audit.

    The caller has looked for mistakes.

    Raises:
        Refused: it holds a mistake all the same.
    """
    release = publish(session, release=release_of(files), now=now, note=note)
    keep_reports(session, reports=[proof.plain for proof in proved], now=now)
    audit.note(session, actor_id=None, programme="", act="publish", subject=release.hash[:12], detail=note, now=now)
    return release
