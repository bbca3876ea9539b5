"""What raised an alarm."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base
from trainer.db.fates import AboutNobody


class KeyAlarm(Base):
    """A key of ours signed something that was never entered. There is one row for it, however often it is shown."""

    __tablename__ = "key_alarm"
    __erasure__ = AboutNobody()  # hashes of what somebody else signed, and the id they wrote into it

    signed_sha256: Mapped[str] = mapped_column(String(64), primary_key=True)  # of what the signature is about
    kind: Mapped[str] = mapped_column(String(20))  # file, credential
    kid: Mapped[str] = mapped_column(String(64))
    seen_sha256: Mapped[str] = mapped_column(String(64))  # of the bytes that were shown first
    names: Mapped[str] = mapped_column(String(26))  # the id of a certificate that it claims to be, or ""
    at: Mapped[datetime]
