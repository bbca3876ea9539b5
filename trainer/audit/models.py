"""What people in charge decided; appended, never changed."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base
from trainer.db.fates import Kept


class AuditEntry(Base):
    """One act of one person on one thing."""

    __tablename__ = "audit_entry"
    __erasure__ = Kept("what the person did stays, as done by somebody erased; their name in it becomes “somebody”")
    __table_args__ = (Index("ix_audit_entry_programme_at", "programme", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[str | None] = mapped_column(ForeignKey("person.id"))  # None: the installation itself
    programme: Mapped[str] = mapped_column(String(80))
    act: Mapped[str] = mapped_column(String(40))  # a verb: invite, confer, revoke, publish, sign
    subject: Mapped[str] = mapped_column(String(300))
    detail: Mapped[str] = mapped_column(Text)
