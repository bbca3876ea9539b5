"""Ask to be told, confirm, end; and tell everybody of a change, once."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from trainer.db import new_id
from trainer.errors import Missing
from trainer.notices.models import Notice
from trainer.notices.services import tell
from trainer.notices.words import Channel
from trainer.registry.models import RegistryEntry, StatusChange
from trainer.watches.letters import (
    Change,
    WatchLetter,
    change_by_mail,
    change_by_webhook,
    question_by_mail,
    question_by_webhook,
    secret_hash,
    token_of,
)
from trainer.watches.models import Watch, WatchStep, WatchTold
from trainer.watches.queries import CONFIRMED, ENDED, IS_CONFIRMED, IS_ENDED

_TURN = 0x7761_7463  # the PostgreSQL lock that whoever tells must hold
MOST_WAITING: Mapping[Channel, int] = {Channel.MAIL: 5, Channel.WEBHOOK: 100}
"""How many questions one mailbox or webhook may be sent in a day without having said yes to them."""


def ask_to_watch(
    session: Session, *, public_id: str, channel: Channel, target: str, base_url: str, secret: str, now: datetime
) -> None:
    """Ask the address whether it wants to be told; say nothing about whether it already is.

    Nothing is sent when it watches already, was asked in the last day, or has too many questions waiting.

    Raises:
        Missing: no such certificate was entered.
    """
    # whoever holds this row asks; on SQLite the write transaction itself is the turn
    number = session.scalar(select(RegistryEntry.number).where(RegistryEntry.public_id == public_id).with_for_update())
    if number is None:
        raise Missing("There is no such certificate.")
    if _is_known(session, public_id, channel, target, now) or _has_enough(session, channel, target, now):
        return
    watch_id = new_id()
    token = token_of(watch_id, secret=secret)
    session.add(
        Watch(id=watch_id, public_id=public_id, channel=channel, target=target, token_hash=secret_hash(token), at=now)
    )
    if channel is Channel.MAIL:
        letter = question_by_mail(number=number, token=token, base_url=base_url)
    else:
        letter = question_by_webhook(public_id=public_id, number=number, token=token, base_url=base_url, at=now)
    _send(session, channel, target, letter, now)
    session.flush()


def confirm_watch(session: Session, *, token: str, now: datetime) -> None:
    """Keep that the watch is wanted; repeating it changes nothing, and what was ended stays ended.

    Raises:
        Missing: there is no such watch.
    """
    _step(session, token, CONFIRMED, now)


def end_watch(session: Session, *, token: str, now: datetime) -> None:
    """End the watch; repeating it changes nothing.

    Raises:
        Missing: there is no such watch.
    """
    _step(session, token, ENDED, now)


def end_all(session: Session, *, public_ids: Collection[str], now: datetime) -> None:
    """End every watch of these certificates."""
    session.add_all(
        WatchStep(watch_id=watch_id, step=ENDED, at=now)
        for watch_id in session.scalars(select(Watch.id).where(Watch.public_id.in_(public_ids), ~IS_ENDED))
    )
    session.flush()


def tell_watchers(session: Session, *, base_url: str, secret: str, now: datetime) -> int:
    """Append a notice for each change of status that a confirmed watch was not told of; return how many.

    Call it in one write transaction. Each watcher is told of each change since they asked exactly once, also when
    two processes do this at the same time.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_TURN)))
    told = exists().where(WatchTold.watch_id == Watch.id, WatchTold.change_id == StatusChange.id)
    untold = (
        select(Watch, StatusChange, RegistryEntry.number)
        .join(StatusChange, StatusChange.public_id == Watch.public_id)
        .join(RegistryEntry, RegistryEntry.public_id == Watch.public_id)
        .where(StatusChange.at >= Watch.at, StatusChange.at <= now, IS_CONFIRMED, ~IS_ENDED, ~told)
        .order_by(StatusChange.id, Watch.id)
    )
    sent = [
        (
            watch,
            change,
            _send(session, watch.channel, watch.target, _news(watch, change, number, base_url, secret, now), now),
        )
        for watch, change, number in session.execute(untold)
    ]
    session.flush()
    session.add_all(
        WatchTold(watch_id=watch.id, change_id=change.id, notice_id=notice.id) for watch, change, notice in sent
    )
    session.flush()
    return len(sent)


def _is_known(session: Session, public_id: str, channel: Channel, target: str, now: datetime) -> bool:
    asked = select(Watch.at, IS_CONFIRMED, IS_ENDED).where(
        Watch.public_id == public_id, Watch.channel == channel, Watch.target == target
    )
    return any(
        not ended if confirmed else at > now - timedelta(days=1)  # whoever said no is not asked again the same day
        for at, confirmed, ended in session.execute(asked)
    )


def _has_enough(session: Session, channel: Channel, target: str, now: datetime) -> bool:
    waiting = select(Watch.target).where(Watch.channel == channel, Watch.at > now - timedelta(days=1), ~IS_CONFIRMED)
    mailbox = _mailbox(target)
    same = sum(_mailbox(other) == mailbox for other in session.scalars(waiting))
    return same >= MOST_WAITING[channel]


def _mailbox(target: str) -> str:
    """Return what is the same for all spellings that reach one mailbox: capitals, and what follows a plus sign."""
    name, at, domain = target.casefold().rpartition("@")
    return f"{name.partition('+')[0]}{at}{domain}"


def _step(session: Session, token: str, step: str, now: datetime) -> None:
    watch_id = session.scalar(select(Watch.id).where(Watch.token_hash == secret_hash(token)).with_for_update())
    if watch_id is None:
        raise Missing("There is nothing at this address. Perhaps a part of the link was left out.")
    if session.get(WatchStep, (watch_id, step)) is None:
        session.add(WatchStep(watch_id=watch_id, step=step, at=now))
        session.flush()


def _news(watch: Watch, change: StatusChange, number: str, base_url: str, secret: str, now: datetime) -> WatchLetter:
    news = Change(
        event="status.changed",
        id=watch.public_id,
        number=number,
        status=change.status,
        since=change.at,
        reason_code=change.reason_code or None,
        at=now,
    )
    if watch.channel is Channel.WEBHOOK:
        return change_by_webhook(news)
    token = token_of(watch.id, secret=secret)  # not its own any more once the installation has a new secret
    return change_by_mail(news, token=token if secret_hash(token) == watch.token_hash else None, base_url=base_url)


def _send(session: Session, channel: Channel, target: str, letter: WatchLetter, now: datetime) -> Notice:
    return tell(session, channel=channel, recipient=target, subject=letter.subject, body=letter.body, now=now)
