"""What the doctor asks the database."""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from trainer.audit.models import AuditEntry
from trainer.registry.models import LogEntry


def answers(session: Session) -> None:
    """Let a database pass that answers with what is ours.

    Raises:
        DBAPIError: it does not.
    """
    session.execute(text("SELECT 1 FROM alembic_version"))


def last_noted(session: Session) -> datetime | None:
    """Return when something was last written down about somebody's work."""
    return session.scalar(select(func.max(AuditEntry.at)))


def clock_of(session: Session) -> datetime | None:
    """Return the clock of the database's own machine, None where it is this one."""
    if session.get_bind().dialect.name != "postgresql":
        return None
    at: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return at


def entries_in_log(session: Session) -> int:
    """Count the entries of the log, whatever its checkpoints say."""
    return session.scalar(select(func.count()).select_from(LogEntry)) or 0
