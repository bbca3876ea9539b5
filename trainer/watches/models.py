"""Who wants to be told when the status of a certificate changes."""

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from trainer.db import Base, Id
from trainer.db.fates import Blanked, Kept
from trainer.notices.words import Channel


class Watch(Base):
    """A verifier asked to be told; it counts once they have confirmed it, until they end it."""

    __tablename__ = "watch"
    __erasure__ = Blanked(
        by="public_id",
        to={"target": "", "token_hash": lambda _: secrets.token_hex(32)},
        why="whoever watched is told no more",
    )
    __table_args__ = (Index("ix_watch_certificate", "public_id"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    public_id: Mapped[str] = mapped_column(ForeignKey("registry_entry.public_id"))
    channel: Mapped[Channel]
    target: Mapped[str] = mapped_column(String(500))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)  # SHA-256 of the secret that confirms and ends it
    at: Mapped[datetime]


class WatchStep(Base):
    """A watch was confirmed, or ended."""

    __tablename__ = "watch_step"
    __erasure__ = Kept("it says when somebody unknown began and stopped watching")

    watch_id: Mapped[str] = mapped_column(ForeignKey("watch.id"), primary_key=True)
    step: Mapped[str] = mapped_column(String(20), primary_key=True)  # confirmed, ended
    at: Mapped[datetime]


class WatchTold(Base):
    """A watcher was told of this change of status."""

    __tablename__ = "watch_told"
    __erasure__ = Kept("it names nobody")

    watch_id: Mapped[str] = mapped_column(ForeignKey("watch.id"), primary_key=True)
    change_id: Mapped[int] = mapped_column(ForeignKey("status_change.id"), primary_key=True)
    notice_id: Mapped[int] = mapped_column(ForeignKey("notice.id"))
