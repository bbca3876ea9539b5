"""What is written after a run: a note for oneself, a word to the authors."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.cases.afterwards.queries import comments_of, note_of
from trainer.cases.afterwards.versions import settled_text
from trainer.cases.runs.models import CaseComment, CaseNote, CaseRun
from trainer.db import new_id
from trainer.errors import Stale

LONGEST_NOTE = 2000
"""Characters of a note or a comment."""


def keep_note(
    session: Session, *, run_id: str, text: str, shared: bool, now: datetime, seen: int | None = None
) -> None:
    """Keep a new version of the note; one that says the same as the last is not kept again.

    Args:
        seen: the number of the version that the page had shown, 0 for none; None where it does not say.

    Raises:
        Stale: the note was changed on this page and on another one meanwhile. What stands is kept.
    """
    _hold(session, run_id)
    last = note_of(session, run_id=run_id)
    known = last if seen is None else session.get(CaseNote, (run_id, seen))
    (stands, is_shared), (shown, was_shared) = _says(last), _says(known)
    words = settled_text(stands, shown=shown, here=text.strip()[:LONGEST_NOTE])
    if words is None:
        raise Stale(
            "This note was changed on another page while this one was open. Both stand here, and yours is not kept "
            "yet: make one note of the two, or of the one that you mean, and keep it."
        )
    shares = bool(words) and (is_shared if shared is was_shared else shared)
    if (words, shares) == (stands, is_shared):
        return
    session.add(CaseNote(run_id=run_id, seq=last.seq + 1 if last else 1, text=words, shared=shares, at=now))
    session.flush()


def _says(note: CaseNote | None) -> tuple[str, bool]:
    return (note.text, note.shared) if note else ("", False)


def send_comment(session: Session, *, run_id: str, scene: str, text: str, now: datetime) -> None:
    """Keep a word to the authors about a scene; the same word sent twice is kept once."""
    _hold(session, run_id)
    text = text.strip()[:LONGEST_NOTE]
    if not any((sent.scene, sent.text) == (scene, text) for sent in comments_of(session, run_id=run_id)):
        session.add(CaseComment(id=new_id(), run_id=run_id, scene=scene, text=text, at=now))
        session.flush()


def _hold(session: Session, run_id: str) -> None:
    """Let of two clicks at once one come second."""
    session.execute(select(CaseRun.id).where(CaseRun.id == run_id).with_for_update())
