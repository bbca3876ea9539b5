"""How often one network may ask. Counts are kept in the database, so that they hold for all processes."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from threading import Lock

from flask import Flask, Response, request
from flask_limiter import Limiter
from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError

from trainer.clock import utc_now
from trainer.networks import network_of
from trainer.try_limits import tried_hash
from trainer.web import brakes, database

log = logging.getLogger(__name__)

MANY = 10_000
"""How many networks a process remembers before it looks for some to forget."""
QUIET = 8
"""How many hits of a network in its window a process keeps to itself, so that ordinary visits write nothing."""


@dataclass(frozen=True)
class Known:
    """What a process knows of one key: the sum of all processes when it last wrote, and what came since."""

    written: int
    unwritten: int
    until: datetime

    @property
    def total(self) -> int:
        """How many hits are known of."""
        return self.written + self.unwritten

    @property
    def is_due(self) -> bool:
        """Say whether it is time to write: never for a few hits, and seldom in a flood."""
        return self.unwritten > max(QUIET, self.written // QUIET)


class DatabaseStorage(Storage):
    """The counts of Flask-Limiter, in the database of the application that asks.

    A process writes hits down nine at a time, later in larger lumps, and learns the sum of all processes from the
    same statement. So each further process can pass a limit by 8 hits or by an eighth of it; who looks at a few pages
    costs the database nothing, and a flood costs it little.
    """

    STORAGE_SCHEME = ["trainer"]  # noqa: RUF012  # as the library declares it
    base_exceptions = SQLAlchemyError

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: object) -> None:
        super().__init__(uri, wrap_exceptions)
        self._lock = Lock()
        self._known: dict[str, Known] = {}
        self._full = MANY

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count hits in a window of `expiry` seconds; return how many there are by now, as far as is known."""
        now = utc_now()
        with self._lock:
            self._drop_expired(now)
            known = self._known.get(key)
            if known is None or known.until <= now:
                known = Known(0, 0, now + timedelta(seconds=expiry))
            known = replace(known, unwritten=known.unwritten + amount)
            due = known.is_due
            # whoever writes takes all of it along; others go on counting from there
            self._known[key] = Known(known.total, 0, known.until) if due else known
        if not due:
            return known.total
        written = self._write(key, expiry, known, now)
        with self._lock:
            since = self._known.get(key, written)
            now_known = replace(written, written=max(written.written, since.written), unwritten=since.unwritten)
            self._known[key] = now_known
        return now_known.total

    def _write(self, key: str, expiry: int, known: Known, now: datetime) -> Known:
        try:
            with database().transaction() as session:
                brakes.sweep(session, now=now)
                total, until = brakes.add(
                    session,
                    key=tried_hash("limit", key),
                    about="",
                    lasts=timedelta(seconds=expiry),
                    now=now,
                    amount=known.unwritten,
                )
        except SQLAlchemyError:  # a full disk keeps nobody from reading; this process goes on counting alone
            log.warning("A limit could not be kept in the database", exc_info=True)
            return Known(known.total, 0, known.until)
        return Known(total, 0, until)

    def _drop_expired(self, now: datetime) -> None:
        if len(self._known) >= self._full:
            self._known = {key: known for key, known in self._known.items() if known.until > now}
            self._full = max(MANY, 2 * len(self._known))

    def get(self, key: str) -> int:
        """Return how many hits are known of here."""
        known = self._known.get(key)
        return known.total if known and known.until > utc_now() else 0

    def get_expiry(self, key: str) -> float:
        """Return when the window ends, in seconds since 1970."""
        known = self._known.get(key)
        return (known.until if known else utc_now()).timestamp()

    def check(self) -> bool:
        """Say that this storage works as long as the application does."""
        return True

    def reset(self) -> int | None:
        """Forget everything this process knows."""
        with self._lock:
            self._known.clear()
        return None

    def clear(self, key: str) -> None:
        """Forget one key."""
        with self._lock:
            self._known.pop(key, None)


limiter = Limiter(lambda: network_of(request.remote_addr), storage_uri="trainer://")


def init_app(app: Flask) -> None:
    """Let the limiter know the application."""
    limiter.init_app(app)


def found_nothing(response: Response) -> bool:
    """Say whether an answer counts against whoever tries addresses at random: looking at what is there does not."""
    return response.status_code == 404
