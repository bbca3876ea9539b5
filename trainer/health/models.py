"""What the worker says of itself."""

from datetime import datetime

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base
from trainer.db.fates import AboutNobody


class Heartbeat(Base):
    """One worker, and when it last went round.

    Attributes:
        worker: the machine and the process.
        letters: how many letters wait to be sent.
        waits: what keeps notices from arriving, in a sentence; "" when nothing does.
    """

    __tablename__ = "heartbeat"
    __erasure__ = AboutNobody()  # it counts, and never names an address

    worker: Mapped[str] = mapped_column(String(200), primary_key=True)
    at: Mapped[datetime]
    letters: Mapped[int]
    waits: Mapped[str] = mapped_column(Text)
