"""A witness vouches for what only grew, and notices what an operator with every key could do to a log."""

import hashlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from sqlalchemy import text, update
from sqlalchemy.orm import Session
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.registry.conftest import NOW, leaves
from trainer.cli.witness import Counter
from trainer.db import Database
from trainer.errors import Broken
from trainer.registry import cosigning
from trainer.registry.audit.queries import audit_cosignatures, audit_log, witnesses_unknown
from trainer.registry.cosigning import Answer, cosign_newest, witnesses_of
from trainer.registry.log.queries import newest_checkpoint, proof_of, size_cosigned_by
from trainer.registry.log.services import append, keep_cosignature
from trainer.registry.merkle import EMPTY_ROOT, consistency, from_leaves, leaf_hash, root
from trainer.registry.models import LogCheckpoint, LogEntry
from trainer.registry.notebook import ONLOOKER, Notebook, witness_in
from trainer.registry.notes import (
    TIMED_ML_DSA,
    BadNote,
    Checkpoint,
    Signer,
    Verifier,
    Witness,
    _timed_tree,
    cosignature,
    cosigners_of,
    opened,
    quorum_met,
    read_verifier,
    read_witness,
    sign,
    text_in,
)
from trainer.registry.proofs import read_proof, verify_proof
from trainer.registry.witness import LONGEST, Refusal, Seen, Submission, Wrong, look, read_submission
from trainer.settings import Settings

VECTORS = json.loads((Path(__file__).parent / "vectors/cosignatures.json").read_text(encoding="utf-8"))
AT = int(NOW.timestamp())
SOON = NOW + timedelta(minutes=1)
LEAVES = [leaf_hash(b"entry %d" % number) for number in range(40)]
OTHERS = [*LEAVES[:10], *(leaf_hash(b"another %d" % number) for number in range(30))]
LOG = Signer("trainer.example/log", Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))
STRANGER = Signer("trainer.example/log", Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))


def note(size: int, hashes: list[bytes] = LEAVES, *, signer: Signer = LOG, at: int = AT) -> str:
    top = root(size, from_leaves(hashes[:size]))
    return sign(Checkpoint(origin=LOG.name, size=size, root=top).text(), signer, at=at)


def asked(old: int, new: int, hashes: list[bytes] = LEAVES) -> Submission:
    proof = consistency(old, new, from_leaves(hashes)) if old else []
    return Submission(old=old, proof=tuple(proof), note=note(new, hashes))


class Board:
    """A state board with a key, a memory, and a counter that answers at an address."""

    def __init__(self, folder: Path, *logs: Verifier, name: str = "board.example/witness") -> None:
        folder.mkdir(exist_ok=True)
        self.signer, self.notebook = witness_in(folder / "key", folder / "state", name=name)
        self.counter = Counter(self.signer, self.notebook, logs, clock=lambda: AT + 60)
        self.key = self.signer.witness

    def answer(self, submission: Submission) -> int:
        """Give the status, 200 when it was cosigned."""
        try:
            self.counter.add_checkpoint(submission.body())
        except Refusal as error:
            return error.status
        return 200


class Quiet(WSGIRequestHandler):
    def log(self, *_: object) -> None:
        """Say nothing on the terminal."""


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Serve a WSGI application: `serve(app)` gives its address."""
    servers = []

    def begin(app: Callable) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.port}"

    yield begin
    for server in servers:
        server.shutdown()


@pytest.fixture
def board(tmp_path: Path) -> Board:
    """A board that watches over the log of these tests."""
    return Board(tmp_path / "board", LOG.verifier)


# --- cosignatures as others write them ---


def test_cosignatures_of_the_public_witnesses_are_read() -> None:
    public = VECTORS["public"]
    witnesses = [read_witness(key) for key in public["witnesses"]]
    assert [key.text() for key in witnesses] == public["witnesses"]
    assert opened(public["note"], read_verifier(public["log"])) == text_in(public["note"])
    found = cosigners_of(public["note"], witnesses)
    assert sorted(name for name, _ in found) == sorted(key.name for key in witnesses)
    assert {at for _, at in found} == {1779573024}
    assert quorum_met(public["note"], witnesses, 4)
    assert not quorum_met(public["note"], witnesses[:3], 4)


def test_the_published_ml_dsa_signature_is_read_but_without_a_time_it_is_no_cosignature() -> None:
    published = VECTORS["ml-dsa"]
    witness = read_witness(published["key"])
    assert witness.kind == TIMED_ML_DSA
    with pytest.raises(BadNote, match="does not fit"):
        cosigners_of(published["note"], [witness])


def test_a_witness_with_an_ml_dsa_key_is_counted() -> None:
    secret = MLDSA44PrivateKey.generate()
    witness = Witness("pq.example/w", secret.public_key().public_bytes_raw(), TIMED_ML_DSA)
    assert read_witness(witness.text()) == witness
    timed = AT.to_bytes(8, "big") + secret.sign(_timed_tree(witness.name, text_in(note(9)), AT))
    assert witness.signed_at(text_in(note(9)), timed) == AT
    assert witness.signed_at(text_in(note(8)), timed) is None
    assert replace(witness, name="other.example").signed_at(text_in(note(9)), timed) is None


@pytest.mark.parametrize(
    "spoil", [lambda t: t[:-9], lambda t: t.replace("+da77", "+da78"), lambda _: LOG.verifier.text()]
)
def test_what_is_no_key_of_a_witness_is_refused(spoil: Callable) -> None:
    with pytest.raises(BadNote):
        read_witness(spoil(VECTORS["public"]["witnesses"][2]))


def test_a_line_in_the_name_of_a_witness_that_does_not_fit_spoils_the_note(board: Board) -> None:
    line = cosignature(text_in(note(8)), board.signer, at=AT)
    with pytest.raises(BadNote, match="does not fit"):
        cosigners_of(note(9) + line, [board.key])
    assert cosigners_of(note(9) + line, []) == []


def test_of_two_lines_of_one_witness_the_earlier_counts_once(board: Board) -> None:
    lines = [cosignature(text_in(note(9)), board.signer, at=at) for at in (AT + 9, AT + 2)]
    assert cosigners_of(note(9) + "".join(lines), [board.key]) == [(board.key.name, AT + 2)]
    namesake = replace(board.key, name="second.example")
    second = cosignature(text_in(note(9)), Signer("second.example", board.signer.key), at=AT)
    assert not quorum_met(note(9) + lines[0] + second, [board.key, namesake], 2)  # one key is one witness


# --- the rule (C2SP tlog-witness) ---


def test_the_published_race_is_answered_as_published(tmp_path: Path) -> None:
    published = VECTORS["submissions"]
    origin = read_submission(published["bodies"][0].encode()).note.partition("\n")[0]
    board = Board(tmp_path / "board", Verifier(origin, bytes.fromhex(published["key"])))
    first, shorter, longer = (read_submission(body.encode()) for body in published["bodies"])
    assert [submission.body().decode() for submission in (first, shorter, longer)] == published["bodies"]
    assert [board.answer(one) for one in (first, longer, shorter)] == [200, 200, 409]
    seen = board.notebook.seen(origin)
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
        return sign(Checkpoint(origin=LOG.name, size=size, root=of).text(), LOG)

    if known:
        assert board.answer(Submission(old=0, proof=(), note=signed(1, LEAF))) == 200
    assert board.answer(Submission(old=old, proof=proof, note=signed(new, top))) == status
    seen = board.notebook.seen(LOG.name)
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
    kept = board.notebook.refused(LOG.name)
    assert [one for one, _ in kept] == [note(20, OTHERS), note(30, OTHERS), note(30)]
    assert "has another root for" in kept[0][1]


def test_a_stranger_cannot_make_a_witness_speak_against_an_honest_log(board: Board, capsys) -> None:
    assert board.answer(replace(asked(0, 20), proof=(LEAF,))) == 422
    assert board.answer(asked(0, 20)) == 200
    assert board.answer(replace(asked(20, 20), proof=(LEAF,))) == 422
    assert board.notebook.refused(LOG.name) == []
    assert "another root" not in capsys.readouterr().err


def test_a_stranger_cannot_fill_the_memory_with_one_checkpoint(board: Board) -> None:
    assert board.answer(asked(0, 20)) == 200
    for number in range(5):
        note_with_a_line = note(20, OTHERS) + sign(f"{number}\n", STRANGER).rpartition("\n\n")[2]
        assert board.answer(replace(asked(20, 20), note=note_with_a_line)) == 422
    assert [one for one, _ in board.notebook.refused(LOG.name)] == [note(20, OTHERS)]


def test_whoever_submits_good_checkpoints_badly_leaves_room_for_a_fork(board: Board, monkeypatch) -> None:
    monkeypatch.setattr("trainer.registry.witness.MOST_REFUSED", 4)
    monkeypatch.setattr("trainer.registry.witness.MOST_UNPROVED", 2)
    assert board.answer(asked(0, 20)) == 200
    for new in (21, 22, 23, 24, 25):
        assert board.answer(replace(asked(20, new), proof=(LEAF,))) == 422
    assert board.answer(asked(20, 20, OTHERS)) == 422
    assert [one for one, _ in board.notebook.refused(LOG.name)] == [note(21), note(22), note(20, OTHERS)]


def test_a_smaller_log_is_told_what_was_seen(board: Board) -> None:
    assert board.answer(asked(0, 20)) == 200
    with pytest.raises(Refusal) as refused:
        board.counter.add_checkpoint(asked(0, 12).body())
    assert (refused.value.status, refused.value.size) == (409, 20)
    assert board.answer(replace(asked(0, 12), old=20)) == 400


def test_only_the_log_itself_can_ask(board: Board) -> None:
    assert board.answer(Submission(old=0, proof=(), note=note(3, signer=STRANGER))) == 403
    other = sign(Checkpoint(origin="elsewhere.example", size=1, root=LEAF).text(), LOG)
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

    def slow() -> int:  # asked for between comparing and remembering
        time.sleep(0.05)
        return AT + 60

    board.counter = Counter(board.signer, board.notebook, [LOG.verifier], clock=slow)
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
    assert opened(shown, LOG.verifier) == text_in(note(9))
    assert cosigners_of(shown, [board.key]) == [(board.key.name, AT + 60)]
    again = httpx.post(f"{url}/add-checkpoint", content=asked(0, 12).body())
    assert (again.status_code, again.text) == (409, "9\n")
    assert again.headers["Content-Type"] == "text/x.tlog.size"
    assert httpx.post(f"{url}/add-checkpoint", content=b"x" * (LONGEST + 1)).status_code == 413
    assert httpx.get(f"{url}/add-checkpoint").status_code == 405
    assert httpx.get(f"{url}/elsewhere").status_code == 404


def test_lines_of_strangers_are_neither_kept_nor_shown(board: Board) -> None:
    junk = "".join(cosignature(text_in(note(9)), Signer(f"x{n}", LOG.key), at=n) for n in range(1, 62))
    assert board.answer(replace(asked(0, 9), note=note(9) + junk)) == 200
    seen = board.notebook.seen(LOG.name)
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
        Notebook(tmp_path / "board/state", owner=ONLOOKER)


@pytest.mark.parametrize("content", ["", "PRIVATE+KEY+a+00000000+AAAA", "x" * 99])
def test_a_file_that_is_no_key_or_no_memory_is_named(tmp_path: Path, content: str) -> None:
    Board(tmp_path / "board", LOG.verifier)
    key = tmp_path / "board/key"
    key.write_text(content)
    with pytest.raises(Broken, match=str(key)):
        Board(tmp_path / "board", LOG.verifier)
    (tmp_path / "notes").write_text("no database, but long enough to look like one\n" * 99)
    with pytest.raises(Broken, match="memory"):
        Notebook(tmp_path / "notes", owner=ONLOOKER)


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    Board(tmp_path / "board", LOG.verifier)
    assert (tmp_path / "board/key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "board/key").chmod(0o644)
    with pytest.raises(Broken, match="chmod 600"):
        Board(tmp_path / "board", LOG.verifier)


# --- the log's side ---


@pytest.fixture
def watched(tmp_path: Path, log: Signer, settings: Settings, serve: Callable):
    """Two boards that watch over the installation's log, and the settings that name them."""
    boards = [Board(tmp_path / name, log.verifier, name=f"{name}.example/w") for name in ("oregon", "colorado")]
    named = tuple((one.key.text(), serve(one.counter)) for one in boards)
    return SimpleNamespace(
        boards=boards,
        settings=replace(settings, witnesses=named, witness_quorum=2),
        keys=[one.key for one in boards],
    )


def test_every_witness_is_asked_once_for_each_checkpoint(
    database: Database, grow: Callable, watched: SimpleNamespace, stranger, log: Signer
) -> None:
    assert cosign_newest(database, watched.settings, now=SOON) == []
    for size in (3, 300):
        grow(size)
        report = cosign_newest(database, watched.settings, now=SOON)
        assert [(one.witness, one.cosigned) for one in report] == [(key.name, True) for key in watched.keys]
        assert cosign_newest(database, watched.settings, now=SOON) == []
    shown = stranger.get("/checkpoint").text
    assert opened(shown, log.verifier).split("\n")[1] == "303"
    assert cosigners_of(shown, watched.keys) == [(key.name, AT + 60) for key in reversed(watched.keys)]
    with database.reading() as session:
        assert list(audit_cosignatures(session, witnesses=watched.keys)) == []
        assert witnesses_unknown(session, witnesses=watched.keys[:1]) == [watched.keys[1].name]


def test_a_proof_is_provisional_until_enough_witnesses_have_cosigned(
    database: Database, grow: Callable, watched: SimpleNamespace, log: Signer
) -> None:
    def proof(index: int) -> tuple[int, bool]:
        with database.reading() as session:
            read = read_proof(proof_of(session, index=index, quorum=2).text())
            found = session.execute(text('SELECT data FROM log_entry WHERE "index" = :at'), {"at": index}).scalar_one()
        size = verify_proof(read, entry=found, verifier=log.verifier).size
        return size, quorum_met(read.checkpoint, watched.keys, 2)

    grow(5)
    assert proof(4) == (5, False)
    cosign_newest(database, watched.settings, now=SOON)
    assert proof(4) == (5, True)
    grow(5)
    assert proof(4) == (5, True)  # the newest that was cosigned covers it
    assert proof(9) == (10, False)
    cosign_newest(database, watched.settings, now=SOON)
    assert proof(4) == proof(9) == (10, True)


def test_a_witness_that_remembers_more_than_we_do_is_asked_from_there(
    database: Database, grow: Callable, watched: SimpleNamespace, tampering: Callable
) -> None:
    grow(5)
    cosign_newest(database, watched.settings, now=SOON)
    with tampering() as session:  # as after a restart in the middle of it
        session.execute(text("DELETE FROM log_cosignature"))
    assert all(one.cosigned for one in cosign_newest(database, watched.settings, now=SOON))
    with tampering() as session:
        session.execute(text("DELETE FROM log_cosignature"))
    grow(5)
    assert all(one.cosigned for one in cosign_newest(database, watched.settings, now=SOON))


def lying(answer: Callable[[bytes], tuple[str, bytes]]) -> Callable:
    def app(environ: dict, start: Callable) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, content = answer(body)
        start(status, [("Content-Type", "text/plain"), ("Content-Length", str(len(content)))])
        return [content]

    return app


def dripping(release: threading.Event) -> Callable:
    def app(environ: dict, start: Callable) -> Iterator[bytes]:
        start("200 OK", [("Content-Type", "text/plain")])
        while not release.wait(0.1):
            yield b"x"

    return app


def test_no_witness_holds_up_or_spoils_another(
    database: Database, grow: Callable, watched: SimpleNamespace, serve: Callable, monkeypatch
) -> None:
    grow(5)
    monkeypatch.setattr(cosigning, "PATIENCE", 1.0)
    release = threading.Event()
    liar = Signer("liar.example/w", Ed25519PrivateKey.generate())

    def elsewhere(body: bytes) -> tuple[str, bytes]:
        return "200 OK", cosignature("another log\n1\n\n", liar, at=AT).encode()

    def long_ago(body: bytes) -> tuple[str, bytes]:
        return "200 OK", cosignature(text_in(read_submission(body).note), liar, at=AT - 86_400).encode()

    def sly(body: bytes) -> tuple[str, bytes]:  # signs the checkpoint's own signatures as text
        whole = read_submission(body).note
        return "200 OK", ("\n" + cosignature(whole, liar, at=AT)).encode()

    wrong = {
        "it cannot be reached": "http://127.0.0.1:9",
        "did not answer": serve(dripping(release)),
        "does not fit": serve(lying(elsewhere)),
        "a time that is not now": serve(lying(long_ago)),
        "not a list of signatures": serve(lying(sly)),
        "too long": serve(lying(lambda _: ("200 OK", b"x" * 70_000))),
        "does not say which": serve(lying(lambda _: ("409 Conflict", b"many\n"))),
        "status 409": serve(lying(lambda _: ("409 Conflict", b"3\n"))),
        "stop issuing": serve(lying(lambda _: ("409 Conflict", b"999\n"))),
        "status 302": serve(lying(lambda _: ("302 Found", b""))),
        "not a signature": serve(lying(lambda _: ("200 OK", b"what?\n"))),
    }
    for said, url in wrong.items():
        named = ((liar.witness.text(), url), *watched.settings.witnesses)
        with database.reading() as session:
            done = size_cosigned_by(session, witness=watched.keys[0].name)
        grow(1)
        first, *others = cosign_newest(database, replace(watched.settings, witnesses=named), now=SOON)
        assert said.removeprefix("it ") in first.problem, first
        assert first.problem.startswith("liar.example/w")
        assert all(one.cosigned for one in others), others
        with database.reading() as session:
            assert size_cosigned_by(session, witness=liar.name) == 0
            assert size_cosigned_by(session, witness=watched.keys[0].name) > done
    release.set()


def test_a_stored_cosignature_that_does_not_fit_is_found_by_the_audit(
    database: Database, grow: Callable, watched: SimpleNamespace
) -> None:
    grow(5)
    with database.transaction() as session:
        line = cosignature("another\n5\n", watched.boards[0].signer, at=AT)
        assert keep_cosignature(session, size=5, witness=watched.keys[0].name, line=line, now=NOW)
        assert not keep_cosignature(session, size=5, witness=watched.keys[0].name, line="twice", now=NOW)
    with database.reading() as session:
        [sentence] = audit_cosignatures(session, witnesses=watched.keys)
        assert "does not fit" in sentence
        assert list(audit_cosignatures(session, witnesses=[])) == []


def named(tmp_path: Path, **more: str) -> Settings:
    return Settings.from_env({"TRAINER_INSTANCE": str(tmp_path), **more})


def test_witnesses_are_named_by_variable_or_file(tmp_path: Path) -> None:
    first, second = VECTORS["public"]["witnesses"][:2]
    (tmp_path / "witnesses").write_text(f"# the boards\n{first} https://one.example/w/\n\n{second}\n")
    settings = named(tmp_path, TRAINER_WITNESS_QUORUM="2")
    assert settings.witnesses == ((first, "https://one.example/w"), (second, ""))
    assert [one.witness.text() for one in witnesses_of(settings)] == [first, second]
    assert named(tmp_path, TRAINER_WITNESSES="").witnesses == ()
    assert named(tmp_path, TRAINER_WITNESSES=f"{second} http://two.example").witnesses == (
        (second, "http://two.example"),
    )


@pytest.mark.parametrize(
    ("text_", "quorum", "said"),
    [
        ("https://one.example", "0", "follows no key"),
        ("{0} https://a.example https://b.example", "0", "follows no key"),
        ("board", "0", "neither a witness's key"),
        ("{0}", "2", "only 1 witnesses"),
        ("{0}", "many", "whole number"),
        ("{0} {0}", "0", "stands twice"),
        ("board+00000000+AAAA", "0", "cannot be used"),
        ("x\udcff+12345678+AQID", "0", "no text"),
        ("{0}", "\udcff", "no text"),
        ("{0}", "9" * 5000, "four digits"),
        ("{0} http://", "0", "no address"),
        ("{0} http://[::1", "0", "no address"),
        ("{0} http://a.example:99999", "0", "no address"),
        ("pq+c8a1a3b1+BgAA", "0", "cannot be used"),
    ],
)
def test_witnesses_that_cannot_be_used_are_one_sentence(tmp_path: Path, text_: str, quorum: str, said: str) -> None:
    words = text_.format(VECTORS["public"]["witnesses"][0])
    with pytest.raises(Broken, match=said):
        witnesses_of(named(tmp_path, TRAINER_WITNESSES=words, TRAINER_WITNESS_QUORUM=quorum))


@pytest.mark.parametrize(("content", "said"), [(b"x\xff+12345678+AQID", "no text"), (None, "cannot be read")])
def test_a_file_of_witnesses_that_cannot_be_read_is_one_sentence(
    tmp_path: Path, content: bytes | None, said: str
) -> None:
    if content is None:
        (tmp_path / "witnesses").mkdir()
    else:
        (tmp_path / "witnesses").write_bytes(content)
    with pytest.raises(Broken, match=said):
        named(tmp_path)


def test_a_byte_order_mark_before_the_first_witness_is_forgiven(tmp_path: Path) -> None:
    first = VECTORS["public"]["witnesses"][0]
    (tmp_path / "witnesses").write_text(first, encoding="utf-8-sig")
    assert named(tmp_path).witnesses == ((first, ""),)


# --- who notices what ---


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
    again = sign(text_in(note_), log, at=int(earlier.timestamp()))
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
    seen: Seen = look(fetch, log=log.verifier, seen=None, now=AT + 60, whole=True)

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

    def said(answer: Callable[[str, bytes], bytes], *, seen: Seen | None = honest, whole: bool = False) -> str:
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
