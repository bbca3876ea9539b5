"""A witness vouches for what only grew."""

import hashlib
import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import httpx
import pytest

from tests.witness.board import AT, LEAVES, LOG, OTHERS, SOON, STRANGER, Board, asked, note
from trainer.errors import Broken
from trainer.registry.merkle import EMPTY_ROOT, leaf_hash
from trainer.registry.notes import (
    Checkpoint,
    Signer,
    Verifier,
    cosignature,
    cosigners_of,
    open_note,
    sign_note,
    text_in,
)
from trainer.registry.submission import Submission
from trainer.settings import ROOT
from trainer.witness.counter import Counter
from trainer.witness.growth import LONGEST_SUBMISSION, Refusal, read_submission
from trainer.witness.memory import ONLOOKER, WitnessMemory

VECTORS = json.loads((ROOT / "tests/registry/vectors/cosignatures.json").read_text(encoding="utf-8"))


def test_the_published_race_is_answered_as_published(tmp_path: Path) -> None:
    published = VECTORS["submissions"]
    origin = read_submission(published["bodies"][0].encode()).note.partition("\n")[0]
    board = Board(tmp_path / "board", Verifier(origin, bytes.fromhex(published["key"])))
    first, shorter, longer = (read_submission(body.encode()) for body in published["bodies"])
    assert [submission.body().decode() for submission in (first, shorter, longer)] == published["bodies"]
    assert [board.answer(one) for one in (first, longer, shorter)] == [200, 200, 409]
    seen = board.memory.seen(origin)
    assert seen is not None
    assert seen.size == 5


LEAF = leaf_hash(b"leaf")


@pytest.mark.parametrize(
    ("known", "old", "new", "top", "proof", "status"),
    [
        (0, 0, 0, EMPTY_ROOT, (), 200),
        (0, 0, 0, LEAF, (), 422),
        (0, 0, 0, EMPTY_ROOT, (LEAF,), 422),
        (0, 0, 1, LEAF, (), 200),
        (0, 0, 1, LEAF, (LEAF,), 422),
        (1, 0, 1, LEAF, (LEAF,), 409),
        (1, 1, 0, EMPTY_ROOT, (), 400),
        (1, 1, 1, LEAF, (), 200),
        (1, 1, 1, EMPTY_ROOT, (), 422),
    ],
)
def test_empty_and_first_checkpoints_are_answered_as_published(
    board: Board, known: int, old: int, new: int, top: bytes, proof: tuple[bytes, ...], status: int
) -> None:
    def signed(size: int, of: bytes) -> str:
        return sign_note(Checkpoint(origin=LOG.name, size=size, root=of).text(), LOG)

    if known:
        assert board.answer(Submission(old=0, proof=(), note=signed(1, LEAF))) == 200
    assert board.answer(Submission(old=old, proof=proof, note=signed(new, top))) == status
    seen = board.memory.seen(LOG.name)
    expected = (new, top) if status == 200 else (1, LEAF) if known else None
    assert (seen and (seen.size, seen.root)) == expected


def test_a_log_that_grows_is_cosigned_again_and_again(board: Board) -> None:
    for old, new in ((0, 3), (3, 3), (3, 12), (12, 40)):
        line = board.counter.add_checkpoint(asked(old, new).body())
        assert cosigners_of(note(new) + line, [board.key]) == [(board.key.name, AT + 60)]


def test_a_fork_is_never_cosigned_and_kept_as_evidence(board: Board) -> None:
    assert board.answer(asked(0, 20)) == 200
    for new in (20, 30):
        assert board.answer(asked(20, new, OTHERS)) == 422
    assert board.answer(replace(asked(20, 30), proof=())) == 422
    assert board.answer(asked(20, 30)) == 200
    kept = board.memory.refused(LOG.name)
    assert [one for one, _ in kept] == [note(20, OTHERS), note(30, OTHERS), note(30)]
    assert "has another root for" in kept[0][1]


def test_a_stranger_cannot_make_a_witness_speak_against_an_honest_log(board: Board) -> None:
    assert board.answer(replace(asked(0, 20), proof=(LEAF,))) == 422
    assert board.answer(asked(0, 20)) == 200
    assert board.answer(replace(asked(20, 20), proof=(LEAF,))) == 422
    assert board.memory.refused(LOG.name) == []
    assert "another root" not in "".join(board.said)


def test_a_stranger_cannot_fill_the_memory_with_one_checkpoint(board: Board) -> None:
    assert board.answer(asked(0, 20)) == 200
    for number in range(5):
        note_with_a_line = note(20, OTHERS) + sign_note(f"{number}\n", STRANGER).rpartition("\n\n")[2]
        assert board.answer(replace(asked(20, 20), note=note_with_a_line)) == 422
    assert [one for one, _ in board.memory.refused(LOG.name)] == [note(20, OTHERS)]


def test_whoever_submits_good_checkpoints_badly_leaves_room_for_a_fork(board: Board, monkeypatch) -> None:
    monkeypatch.setattr("trainer.witness.growth.MOST_REFUSED", 4)
    monkeypatch.setattr("trainer.witness.growth.MOST_UNPROVED", 2)
    assert board.answer(asked(0, 20)) == 200
    for new in (21, 22, 23, 24, 25):
        assert board.answer(replace(asked(20, new), proof=(LEAF,))) == 422
    assert board.answer(asked(20, 20, OTHERS)) == 422
    assert [one for one, _ in board.memory.refused(LOG.name)] == [note(21), note(22), note(20, OTHERS)]


def test_a_smaller_log_is_told_what_was_seen(board: Board) -> None:
    assert board.answer(asked(0, 20)) == 200
    with pytest.raises(Refusal) as refused:
        board.counter.add_checkpoint(asked(0, 12).body())
    assert (refused.value.status, refused.value.size) == (409, 20)
    assert board.answer(replace(asked(0, 12), old=20)) == 400


def test_only_the_log_itself_can_ask(board: Board) -> None:
    assert board.answer(Submission(old=0, proof=(), note=note(3, signer=STRANGER))) == 403
    other = sign_note(Checkpoint(origin="elsewhere.example", size=1, root=LEAF).text(), LOG)
    assert board.answer(Submission(old=0, proof=(), note=other)) == 404


def test_a_spoiled_signature_of_the_log_is_refused_even_beside_a_good_one(board: Board) -> None:
    text_, _, lines = note(3).rpartition("\n\n")
    other = note(4).rpartition("\n\n")[2].split("\n")[0]
    assert board.answer(Submission(old=0, proof=(), note=f"{text_}\n\n{lines}{other}\n")) == 403


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 1",
        b"\xff\xfe",
        b"old 01\n\n" + note(3).encode(),
        b"old -1\n\n" + note(3).encode(),
        b"old 0\nAAAA\n\n" + note(3).encode(),
        b"old 0\n!\n\n" + note(3).encode(),
        b"old 0\n" + b"KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n" + b"\n" + note(3).encode(),
        b"old 0\n" + b"KgEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\n" + note(3).encode(),
        b"old 0\n\nno checkpoint\n\n" + note(3).encode().rpartition(b"\n\n")[2],
        b"old 0\n\n" + note(3).encode()[:-1],
    ],
)
def test_what_is_no_submission_is_refused(board: Board, body: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        board.counter.add_checkpoint(body)
    assert refused.value.status == 400


def test_of_two_histories_told_at_once_one_is_cosigned(board: Board) -> None:
    assert board.answer(asked(0, 10)) == 200

    def slow() -> datetime:  # asked for between comparing and remembering
        time.sleep(0.05)
        return SOON

    board.counter = Counter(board.signer, board.memory, [LOG.verifier], say=board.said.append, clock=slow)
    told = [asked(10, 30, hashes) for hashes in (LEAVES, OTHERS)] * 8
    with ThreadPoolExecutor(16) as threads:
        answers = list(threads.map(board.answer, told))
    assert sorted(set(answers)) == [200, 409]
    assert len({told[at].note for at, answer in enumerate(answers) if answer == 200}) == 1


def test_a_witness_answers_over_http_as_the_protocol_says(board: Board, serve: Callable) -> None:
    url = serve(board.counter)
    page = httpx.get(url)
    assert page.text == f"{board.key.text()}\n{LOG.name} 0\n"
    where = f"{url}/{hashlib.sha256(LOG.name.encode()).hexdigest()}/checkpoint"
    assert httpx.get(where).status_code == 404
    good = httpx.post(f"{url}/add-checkpoint", content=asked(0, 9).body())
    assert (good.status_code, good.text[:2]) == (200, "— ")
    shown = httpx.get(where).text
    assert open_note(shown, LOG.verifier) == text_in(note(9))
    assert cosigners_of(shown, [board.key]) == [(board.key.name, AT + 60)]
    again = httpx.post(f"{url}/add-checkpoint", content=asked(0, 12).body())
    assert (again.status_code, again.text) == (409, "9\n")
    assert again.headers["Content-Type"] == "text/x.tlog.size"
    assert httpx.post(f"{url}/add-checkpoint", content=b"x" * (LONGEST_SUBMISSION + 1)).status_code == 413
    assert httpx.get(f"{url}/add-checkpoint").status_code == 405
    assert httpx.get(f"{url}/elsewhere").status_code == 404


def test_lines_of_strangers_are_neither_kept_nor_shown(board: Board) -> None:
    junk = "".join(cosignature(text_in(note(9)), Signer(f"x{n}", LOG.key), at=n) for n in range(1, 62))
    assert board.answer(replace(asked(0, 9), note=note(9) + junk)) == 200
    seen = board.memory.seen(LOG.name)
    assert seen is not None
    assert seen.note == note(9) + cosignature(text_in(note(9)), board.signer, at=AT + 60)


# --- what a witness keeps ---


def test_a_witness_remembers_under_the_same_key(tmp_path: Path) -> None:
    first = Board(tmp_path / "board", LOG.verifier)
    assert first.answer(asked(0, 20)) == 200
    second = Board(tmp_path / "board", LOG.verifier, name="ignored.example")
    assert second.key == first.key
    assert second.answer(asked(0, 20)) == 409


def test_a_key_without_its_memory_is_not_used_again(tmp_path: Path) -> None:
    Board(tmp_path / "board", LOG.verifier)
    (tmp_path / "board/state").unlink()
    with pytest.raises(Broken, match="a second history"):
        Board(tmp_path / "board", LOG.verifier)


def test_a_memory_serves_one_witness_alone(tmp_path: Path) -> None:
    Board(tmp_path / "board", LOG.verifier)
    Board(tmp_path / "other", LOG.verifier)
    (tmp_path / "other/state").replace(tmp_path / "board/state")
    with pytest.raises(Broken, match="another witness"):
        Board(tmp_path / "board", LOG.verifier)
    with pytest.raises(Broken, match="another witness"):
        WitnessMemory(tmp_path / "board/state", owner=ONLOOKER)


@pytest.mark.parametrize("content", ["", "PRIVATE+KEY+a+00000000+AAAA", "x" * 99])
def test_a_file_that_is_no_key_or_no_memory_is_named(tmp_path: Path, content: str) -> None:
    Board(tmp_path / "board", LOG.verifier)
    key = tmp_path / "board/key"
    key.write_text(content)
    with pytest.raises(Broken, match=str(key)):
        Board(tmp_path / "board", LOG.verifier)
    (tmp_path / "notes").write_text("no database, but long enough to look like one\n" * 99)
    with pytest.raises(Broken, match="memory"):
        WitnessMemory(tmp_path / "notes", owner=ONLOOKER)


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    Board(tmp_path / "board", LOG.verifier)
    assert (tmp_path / "board/key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "board/key").chmod(0o644)
    with pytest.raises(Broken, match="chmod 600"):
        Board(tmp_path / "board", LOG.verifier)
