"""The outbox: appended when something is decided, delivered by the worker."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base
from trainer.db.fates import Kept
from trainer.notices.words import Channel


class Notice(Base):
    """One message to one address, written in the transaction of what it tells about."""

    __tablename__ = "notice"
    __erasure__ = Kept("it names a person by the id of the blanked row, and repeats nothing they wrote")

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[Channel]
    recipient: Mapped[str] = mapped_column(String(500))  # a mail address, or the address of a webhook
    subject: Mapped[str] = mapped_column(String(300))
    body: Mapped[str] = mapped_column(Text)  # the letter, or the JSON that will be signed
    at: Mapped[datetime]


class Delivery(Base):
    """One attempt to deliver a notice."""

    __tablename__ = "delivery"
    __erasure__ = Kept("it never repeats an address")
    __table_args__ = (Index("ix_delivery_notice", "notice_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
    delivered: Mapped[bool]
    answer: Mapped[str] = mapped_column(Text)  # what the other side, or the network, said
    at: Mapped[datetime]
