"""Ask the witnesses of our log to cosign its newest checkpoint.

All are asked at once, each for a few seconds in all: a dead, slow or lying one holds up neither the others
nor anything else, since issuing never waits for them.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache

import httpx

from trainer.db import Database
from trainer.errors import Broken
from trainer.registry.log.queries import consistency_of, newest_checkpoint, size_cosigned_by
from trainer.registry.log.services import keep_cosignature
from trainer.registry.models import LogCheckpoint
from trainer.registry.notes import BadNote, Witness, cosignature_of, read_witness
from trainer.registry.submission import SUBMISSION_SKEW, Submission
from trainer.settings import Settings

WITNESS_PATIENCE = 10.0  # for everything a witness is asked, in seconds
_LARGEST = 64 * 1024  # of an answer, in bytes
_LONGEST_NAME = 200  # of a witness, in characters
MOST_WITNESSES = 16  # with the longest signatures, so many fit under a note
_SIZE = re.compile(r"(0|[1-9]\d{0,18})\n", re.ASCII)


@dataclass(frozen=True)
class NamedWitness:
    """A witness of our log, and where it can be asked; "" when it is not asked."""

    witness: Witness
    url: str


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of asking a witness.

    Attributes:
        size: of the checkpoint it was asked about.
        problem: why it did not cosign, as one sentence, or "".
        ahead: it has seen more of our log than there is: an older database was restored.
    """

    witness: str
    size: int
    problem: str = ""
    ahead: bool = False

    @property
    def cosigned(self) -> bool:
        """Say whether the witness vouches for this checkpoint."""
        return not self.problem


class NoLine(Exception):
    """A witness did not cosign; the text says why."""


class Ahead(NoLine):
    """It has seen more of our log than there is."""


def witnesses_of(settings: Settings) -> list[NamedWitness]:
    """Return the witnesses of our log.

    Raises:
        Broken: a key cannot be read, two are the same, or there are too many.
    """
    if len(settings.witnesses) > MOST_WITNESSES:
        raise Broken(f"{len(settings.witnesses)} witnesses are named in the settings; {MOST_WITNESSES} are the most.")
    named: list[NamedWitness] = []
    for text, url in settings.witnesses:
        try:
            witness = read_witness(text)
        except BadNote as error:
            raise Broken(f"The witness {text[:60]!r} in the settings cannot be used: {error}") from error
        if len(witness.name) > _LONGEST_NAME:
            raise Broken(f"The name of the witness {witness.name[:60]}… is longer than {_LONGEST_NAME} characters.")
        if any(witness.name == other.witness.name or witness.key == other.witness.key for other in named):
            raise Broken(f"The witness {witness.name} stands twice in the settings, by its name or by its key.")
        named.append(NamedWitness(witness, url))
    return named


def new_client() -> httpx.AsyncClient:
    """Return what witnesses are asked with: no redirects, nothing kept."""
    return httpx.AsyncClient(timeout=WITNESS_PATIENCE / 2, verify=_trusted())


@cache
def _trusted() -> ssl.SSLContext:
    """Return the authorities that vouch for a witness's site: read once, as that takes longer than asking."""
    return httpx.create_ssl_context()


def cosign_newest(
    database: Database,
    settings: Settings,
    *,
    now: datetime,
    everybody: bool = False,
    client: Callable[[], httpx.AsyncClient] = new_client,
) -> list[Answer]:
    """Ask each witness that has not yet cosigned the newest checkpoint; keep what fits and say what happened.

    Whoever calls this holds no transaction: it waits for others, `WITNESS_PATIENCE` seconds at most. Repeating it is
    harmless. With `everybody`, those that have cosigned are asked again: that finds a log whose end is gone, as
    after the restore of an older backup, before anything is added to it.

    Raises:
        Broken: the witnesses in the settings cannot be used.
    """
    named = witnesses_of(settings)
    with database.reading() as session:
        newest = newest_checkpoint(session)
        if newest is None:
            return []
        known = {name: size_cosigned_by(session, witness=name.witness.name) for name in named if name.url}
    waiting = {one: size for one, size in known.items() if everybody or size < newest.size}
    return asyncio.run(_ask_all(database, newest, waiting, now, client)) if waiting else []


async def _ask_all(
    database: Database,
    newest: LogCheckpoint,
    waiting: dict[NamedWitness, int],
    now: datetime,
    client: Callable[[], httpx.AsyncClient],
) -> list[Answer]:
    async with client() as line:
        asked = (_ask(line, database, newest, one, old, now) for one, old in waiting.items())
        return list(await asyncio.gather(*asked))


async def _ask(
    client: httpx.AsyncClient, database: Database, newest: LogCheckpoint, one: NamedWitness, old: int, now: datetime
) -> Answer:
    name, ahead = one.witness.name, False
    try:
        async with asyncio.timeout(WITNESS_PATIENCE):
            line = await _cosignature(client, database, newest, one, old, now)
    except TimeoutError:
        problem = f"{name} did not answer within {WITNESS_PATIENCE:.0f} seconds."
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        problem = f"{name} cannot be reached: {str(error) or type(error).__name__}."
    except (NoLine, BadNote) as error:
        problem, ahead = f"{name}: {error}", isinstance(error, Ahead)
    else:
        with database.transaction() as session:
            keep_cosignature(session, size=newest.size, witness=name, line=line, now=now)
        problem = ""
    return Answer(witness=name, size=newest.size, problem=problem, ahead=ahead)


async def _cosignature(
    client: httpx.AsyncClient, database: Database, newest: LogCheckpoint, one: NamedWitness, old: int, now: datetime
) -> str:
    """Return the verified line of a witness; when it remembers another size than we do, ask from there."""
    status, text = await _send(client, one, _submission(database, newest, old))
    if status == 409:
        remembered = _remembered(text, newest.size)
        status, text = await _send(client, one, _submission(database, newest, remembered))
    if status != 200:
        raise NoLine(f"it refused with status {status}: {_first_line(text)}")
    if "\n\n" in f"\n{text}":  # an empty line would make the checkpoint's own signatures part of the text
        raise NoLine("its answer is not a list of signatures.")
    line, at = cosignature_of(newest.note + text, one.witness)
    if abs(at - int(now.timestamp())) > SUBMISSION_SKEW:
        raise NoLine("it cosigned with a time that is not now; one of the two clocks is wrong.")
    return line


def _submission(database: Database, newest: LogCheckpoint, old: int) -> bytes:
    try:
        with database.reading() as session:
            proof = consistency_of(session, old=old, new=newest.size) if old else []
    except (IndexError, ValueError) as error:  # a log that was tampered with may lack anything
        raise NoLine("our own log has gaps, so that nothing can be proved; run `trainer registry audit`.") from error
    return Submission(old=old, proof=tuple(proof), note=newest.note).body()


def _remembered(text: str, size: int) -> int:
    found = _SIZE.fullmatch(text)
    if found is None:
        raise NoLine("it remembers another checkpoint of ours, but does not say which.")
    if int(found[1]) > size:
        raise Ahead(
            f"it has seen {found[1]} entries of our log, which has {size}. The end of the log was cut off, or an "
            "older backup was restored: stop issuing and find the newer database."
        )
    return int(found[1])


async def _send(client: httpx.AsyncClient, one: NamedWitness, body: bytes) -> tuple[int, str]:
    content = bytearray()
    async with client.stream("POST", f"{one.url}/add-checkpoint", content=body) as answer:
        async for part in answer.aiter_bytes():
            content += part
            if len(content) > _LARGEST:
                raise NoLine("its answer is too long to be a cosignature.")
    return answer.status_code, content.decode("utf-8", "replace")


def _first_line(text: str) -> str:
    return text.partition("\n")[0][:200] or "it did not say why."
