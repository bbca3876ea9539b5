"""Whoever looks at a log notices what an operator with every key could do to it."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import text, update
from sqlalchemy.orm import Session

from tests.registry.conftest import NOW, leaves
from tests.witness.board import AT, SOON
from trainer.db import Database
from trainer.registry.audit.queries import audit_cosignatures, audit_log
from trainer.registry.cosigning.errands import Answer, cosign_newest
from trainer.registry.log.queries import newest_checkpoint
from trainer.registry.log.services import append
from trainer.registry.models import LogCheckpoint, LogEntry
from trainer.registry.notes import (
    Signer,
    sign_note,
    text_in,
)
from trainer.witness.growth import LogSeen
from trainer.witness.looking import Wrong, look


@pytest.fixture
def fetch(stranger) -> Callable[[str], bytes]:
    """Read the log as anybody can."""

    def get(path: str) -> bytes:
        answer = stranger.get(f"/{path}")
        if answer.status_code != 200:
            raise Wrong(f"{path} answers with status {answer.status_code}.")
        return answer.data

    return get


def rewrite(session: Session, log: Signer) -> None:
    """Make another history of the same length, signed with the log's own key."""
    cut(session, log, 0)
    append(session, leaves=leaves(300, 5_000), log=log, now=NOW)


def rewrite_without_cosignatures(session: Session, log: Signer) -> None:
    session.execute(text("DELETE FROM log_cosignature"))
    rewrite(session, log)


def cut(session: Session, _: Signer, size: int = 200) -> None:
    """Take off the end, as if nothing had come after the checkpoint of that size."""
    for statement in (
        'DELETE FROM log_entry WHERE "index" >= :size',
        "DELETE FROM log_checkpoint WHERE size > :size",
        'DELETE FROM log_tile WHERE ("index" + 1) * 256 > :size',
    ):
        session.execute(text(statement), {"size": size})


def restore_older(session: Session, log: Signer) -> None:
    session.execute(text("DELETE FROM log_cosignature WHERE size > 200"))
    cut(session, log)


def cut_and_regrow(session: Session, log: Signer) -> None:
    session.execute(text("DELETE FROM log_cosignature WHERE size > 200"))
    cut(session, log)
    append(session, leaves=leaves(100, 5_000), log=log, now=NOW)


def cut_and_regrow_further(session: Session, log: Signer) -> None:
    cut_and_regrow(session, log)
    append(session, leaves=leaves(100, 6_000), log=log, now=NOW)


def sign_again_dated_back(session: Session, log: Signer) -> None:
    earlier = NOW - timedelta(days=30)
    note_ = session.execute(text("SELECT note FROM log_checkpoint WHERE size = 300")).scalar_one()
    again = sign_note(text_in(note_), log, at=int(earlier.timestamp()))
    session.execute(text("UPDATE log_checkpoint SET note = :note WHERE size = 300"), {"note": again})
    session.execute(update(LogCheckpoint).where(LogCheckpoint.size == 300).values(at=earlier))
    session.execute(update(LogEntry).where(LogEntry.index >= 200).values(at=earlier))


def date_back(session: Session, _: Signer) -> None:
    session.execute(update(LogEntry).where(LogEntry.index == 250).values(at=NOW - timedelta(days=30)))


def issue_dated_back(session: Session, log: Signer) -> None:
    append(session, leaves=leaves(1, 7_000), log=log, now=NOW - timedelta(days=30))


def grow_honestly(session: Session, log: Signer) -> None:
    append(session, leaves=leaves(1, 300), log=log, now=SOON)


def swap(session: Session, _: Signer) -> None:
    for old, new in ((5, 9999), (6, 5), (9999, 6)):
        session.execute(text(f'UPDATE log_entry SET "index" = {new} WHERE "index" = {old}'))


def run(statement: str) -> Callable[[Session, Signer], None]:
    return lambda session, _: session.execute(text(statement)) and None


NINE = '(SELECT {} FROM log_entry WHERE "index" = 9)'
OTHER_DATA, OTHER_HASH = NINE.format("data"), NINE.format("leaf_hash")
EVERYBODY = {"audit", "witness asked", "witness looks", "witness counts again"}
WITNESSES = EVERYBODY - {"audit"}
COUNTED = {"audit", "witness counts again"}
WHO_NOTICES = {
    "nothing was done": (run("SELECT 1"), set()),
    "the log grew": (grow_honestly, set()),
    "an early entry changed": (run(f'UPDATE log_entry SET data = {OTHER_DATA} WHERE "index" = 7'), COUNTED),
    "an early entry and its hash changed": (
        run(f'UPDATE log_entry SET data = {OTHER_DATA}, leaf_hash = {OTHER_HASH} WHERE "index" = 7'),
        COUNTED,
    ),
    "a late entry and its hash changed": (
        run(f'UPDATE log_entry SET data = {OTHER_DATA}, leaf_hash = {OTHER_HASH} WHERE "index" = 290'),
        EVERYBODY,
    ),
    "an early entry deleted": (run('DELETE FROM log_entry WHERE "index" = 7'), COUNTED),
    "a late entry deleted": (run('DELETE FROM log_entry WHERE "index" = 290'), EVERYBODY),
    "entries reordered": (swap, COUNTED),
    "an entry dated back, unsigned": (date_back, {"audit"}),
    "a tile changed": (run("UPDATE log_tile SET root = hashes"), EVERYBODY),
    "the newest checkpoint signed again, dated back": (
        sign_again_dated_back,
        {"witness looks", "witness counts again"},
    ),
    "issued and dated back, signed": (issue_dated_back, {"witness looks", "witness counts again"}),
    "whole log rewritten and signed": (rewrite, EVERYBODY),
    "whole log rewritten, cosignatures too": (rewrite_without_cosignatures, WITNESSES),
    "an older backup restored": (restore_older, WITNESSES),
    "end cut off and regrown as long": (cut_and_regrow, WITNESSES),
    "end cut off and regrown longer": (cut_and_regrow_further, WITNESSES),
}


@pytest.fixture
def noticed(database: Database, log: Signer, grow: Callable, watched: SimpleNamespace, fetch: Callable):
    """Let two boards see 300 entries; then say who notices that something was done."""
    for count in (200, 100):
        grow(count)
        assert all(one.cosigned for one in cosign_newest(database, watched.settings, now=SOON))
    seen: LogSeen = look(fetch, log=log.verifier, seen=None, now=AT + 60, whole=True)

    def looks(whole: bool) -> bool:
        try:
            look(fetch, log=log.verifier, seen=seen, now=AT + 90, whole=whole)
        except Wrong:
            return True
        return False

    def who() -> set[str]:
        with database.reading() as session:
            audited = [
                *audit_log(session, verifier=log.verifier, step=lambda: None),
                *audit_cosignatures(session, witnesses=watched.keys),
            ]
            newest = newest_checkpoint(session)
        found = {"audit": bool(audited), "witness looks": looks(False), "witness counts again": looks(True)}
        if newest is not None and newest.size >= 300:  # a log of the old length must go on before anybody is asked
            with database.transaction() as session:
                append(session, leaves=leaves(1, 9_000), log=log, now=SOON)
        report: list[Answer] = cosign_newest(database, watched.settings, now=SOON, everybody=True)
        found["witness asked"] = any(one.problem for one in report)
        return {name for name, says in found.items() if says}

    return who


@pytest.mark.parametrize("act", WHO_NOTICES)
def test_who_notices_what_was_done_to_the_log(
    act: str, tampering: Callable, database: Database, log: Signer, noticed: Callable
) -> None:
    how, expected = WHO_NOTICES[act]
    with tampering() as session:
        how(session, log)
    assert noticed() == expected


def test_a_log_that_shows_something_else_to_whoever_looks_is_found_out(
    grow: Callable, log: Signer, fetch: Callable
) -> None:
    grow(300)
    honest = look(fetch, log=log.verifier, seen=None, now=AT + 60)

    def said(answer: Callable[[str, bytes], bytes], *, seen: LogSeen | None = honest, whole: bool = False) -> str:
        with pytest.raises(Wrong) as wrong:
            look(lambda path: answer(path, fetch(path)), log=log.verifier, seen=seen, now=AT + 90, whole=whole)
        return str(wrong.value)

    assert "not text" in said(lambda path, content: b"\xff\xfe")
    assert "not genuine" in said(lambda path, content: content.replace(b"300", b"301"))
    assert "not genuine" in said(lambda path, content: content.replace(b"\n\n", b"\n"))
    assert "does not have the" in said(lambda path, content: content[:-1] if "tile" in path else content)
    assert "do not lead to the root" in said(lambda path, content: bytes(len(content)) if "tile/0" in path else content)
    spoiled = said(lambda path, content: content[:-3] if "entries" in path else content, whole=True)
    assert "breaks off" in spoiled
    missing = said(lambda path, content: content[: 2 + content[1]] if "entries" in path else content, whole=True)
    assert "1 entries instead of 256" in missing
    entries = said(lambda path, content: content.swapcase() if "entries" in path else content, whole=True)
    assert "entries" in entries
    with pytest.raises(Wrong, match="in the future"):
        look(fetch, log=log.verifier, seen=None, now=AT - 86_400)
