"""How often a name was compared with the one on a certificate."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base


class MatchTry(Base):
    """A name was compared with a certificate's; counted, so that nobody tries names by the thousand."""

    __tablename__ = "match_try"
    __table_args__ = (Index("ix_match_try_certificate", "public_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("registry_entry.public_id"))
    at: Mapped[datetime]
