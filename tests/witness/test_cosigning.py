"""A log asks its witnesses, and none of them holds it up."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from sqlalchemy import text

from tests.registry.conftest import NOW
from tests.witness.board import AT, LOG, SOON, Board, note
from trainer.db import Database
from trainer.errors import Broken
from trainer.registry.audit.queries import audit_cosignatures, witnesses_unknown
from trainer.registry.cosigning import errands as cosigning
from trainer.registry.cosigning.errands import cosign_newest, witnesses_of
from trainer.registry.log.queries import proof_of, size_cosigned_by
from trainer.registry.log.services import keep_cosignature
from trainer.registry.notes import (
    TIMED_ML_DSA,
    BadNote,
    Signer,
    Witness,
    _timed_tree,
    cosignature,
    cosigners_of,
    open_note,
    quorum_met,
    read_verifier,
    read_witness,
    text_in,
)
from trainer.registry.proofs import read_proof, verify_proof
from trainer.settings import ROOT, Settings
from trainer.witness.growth import read_submission

VECTORS = json.loads((ROOT / "tests/registry/vectors/cosignatures.json").read_text(encoding="utf-8"))


def test_cosignatures_of_the_public_witnesses_are_read() -> None:
    public = VECTORS["public"]
    witnesses = [read_witness(key) for key in public["witnesses"]]
    assert [key.text() for key in witnesses] == public["witnesses"]
    assert open_note(public["note"], read_verifier(public["log"])) == text_in(public["note"])
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
    assert open_note(shown, log.verifier).split("\n")[1] == "303"
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
    monkeypatch.setattr(cosigning, "WITNESS_PATIENCE", 1.0)
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
