"""Who watches, and how far they are."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from trainer.errors import Missing
from trainer.registry.models import RegistryEntry
from trainer.watches.letters import secret_hash
from trainer.watches.models import Watch, WatchStep

CONFIRMED, ENDED = "confirmed", "ended"
"""The steps of a watch, in `WatchStep`."""
IS_CONFIRMED = exists().where(WatchStep.watch_id == Watch.id, WatchStep.step == CONFIRMED)
IS_ENDED = exists().where(WatchStep.watch_id == Watch.id, WatchStep.step == ENDED)


@dataclass(frozen=True, kw_only=True)
class WatchState:
    """A watch as whoever has its secret sees it."""

    public_id: str
    number: str
    target: str
    confirmed: bool
    ended: bool


def watch_with_secret(session: Session, *, token: str) -> WatchState:
    """Return the watch with this secret.

    Raises:
        Missing: there is none.
    """
    query = select(Watch, RegistryEntry.number, IS_CONFIRMED, IS_ENDED).join(
        RegistryEntry, RegistryEntry.public_id == Watch.public_id
    )
    found = session.execute(query.where(Watch.token_hash == secret_hash(token))).first()
    if found is None:
        raise Missing("There is nothing at this address. Perhaps a part of the link was left out.")
    watch, number, confirmed, ended = found
    return WatchState(
        public_id=watch.public_id, number=number, target=watch.target, confirmed=bool(confirmed), ended=bool(ended)
    )


def watching(session: Session, *, public_ids: Collection[str]) -> Mapping[str, int]:
    """Return how many confirmed watches there are of each of these certificates; for their holder, who sees no more."""
    counted = select(Watch.public_id, func.count()).where(Watch.public_id.in_(public_ids), IS_CONFIRMED, ~IS_ENDED)
    counts = dict(session.execute(counted.group_by(Watch.public_id)).all())
    return {public_id: counts.get(public_id, 0) for public_id in public_ids}
