"""How often something was tried lately."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base
from trainer.db.fates import Deleted


class TryCount(Base):
    """How often something was tried lately, under a hash: who tried, and what, is kept nowhere.

    Attributes:
        key: the SHA-256 of what is counted.
        about: the SHA-256 of the account or certificate it concerns, so that it can be forgotten; "" for none.
        free_at: when the next try is free.
        expires_at: when the count begins anew.
    """

    __tablename__ = "tally"
    __erasure__ = Deleted(by="about")
    __table_args__ = (Index("ix_tally_about", "about"), Index("ix_tally_expires_at", "expires_at"))

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    about: Mapped[str] = mapped_column(String(64))
    count: Mapped[int]
    free_at: Mapped[datetime]
    expires_at: Mapped[datetime]
