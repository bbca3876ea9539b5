"""Notes, checkpoints and proofs, as others write and read them."""

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from trainer.registry.merkle import from_leaves, inclusion, leaf_hash, root
from trainer.registry.notes import (
    BadNote,
    Checkpoint,
    Signer,
    open_note,
    read_checkpoint,
    read_verifier,
    sign_note,
    time_of,
)
from trainer.registry.proofs import BadProof, LogProof, read_proof, verify_proof

# golang.org/x/mod/sumdb/note, note_test.go
NEUMANN = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_SECRET = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
NOTE = (
    TEXT
    + "\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)
SUM_DATABASE = "sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8"
LOG = Signer("trainer.example/log", Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))
ENTRIES = [b"entry %d" % number for number in range(9)]


def checkpoint_note(size: int = 9) -> str:
    top = root(size, from_leaves([leaf_hash(one) for one in ENTRIES[:size]]))
    return sign_note(Checkpoint(origin=LOG.name, size=size, root=top).text(), LOG, at=1_770_000_000)


def proof(index: int = 4) -> LogProof:
    hashes = inclusion(index, 9, from_leaves([leaf_hash(one) for one in ENTRIES]))
    return LogProof(index=index, hashes=tuple(hashes), checkpoint=checkpoint_note(), extra=b"salt" * 8)


def test_a_published_note_opens_with_its_published_key() -> None:
    assert open_note(NOTE, read_verifier(NEUMANN)) == TEXT


def test_the_published_secret_signs_the_published_note() -> None:
    seed = base64.b64decode(NEUMANN_SECRET.split("+", 4)[4])[1:]
    signer = Signer("PeterNeumann", Ed25519PrivateKey.from_private_bytes(seed))
    assert signer.verifier.text() == NEUMANN
    assert sign_note(TEXT, signer) == NOTE


def test_a_public_key_is_read_back_and_its_id_is_checked() -> None:
    assert read_verifier(SUM_DATABASE).text() == SUM_DATABASE
    half_a_sign = SUM_DATABASE.replace("sum", "sum\udcff")
    wrongs = (SUM_DATABASE.replace("033de0ae", "033de0af"), SUM_DATABASE[:-4], "", "a+b", SUM_DATABASE.upper())
    for wrong in (*wrongs, half_a_sign):
        with pytest.raises(BadNote):
            read_verifier(wrong)


def test_a_checkpoint_says_its_size_its_root_and_its_time() -> None:
    note = checkpoint_note()
    assert note.startswith("trainer.example/log\n9\n")
    checkpoint = read_checkpoint(note, LOG.verifier)
    assert (checkpoint.origin, checkpoint.size) == ("trainer.example/log", 9)
    assert time_of(note, LOG.verifier) == 1_770_000_000


@given(st.integers(0, len(checkpoint_note().encode()) - 1), st.integers(0, 7))
def test_no_bit_of_a_checkpoint_can_change_unnoticed(at: int, bit: int) -> None:
    changed = bytearray(checkpoint_note().encode())
    changed[at] ^= 1 << bit
    note = changed.decode("utf-8", "replace")
    with pytest.raises(BadNote):  # the last line vouches for the time alone
        assert (read_checkpoint(note, LOG.verifier), time_of(note, LOG.verifier)) is None


def test_signatures_of_strangers_are_passed_over() -> None:
    stranger = Signer("witness.example", Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))
    text = checkpoint_note().partition("\n\n")[0] + "\n"
    both = checkpoint_note() + sign_note(text, stranger).rpartition("\n\n")[2]
    assert read_checkpoint(both, LOG.verifier).size == 9
    with pytest.raises(BadNote, match="expected key"):
        open_note(sign_note(text, stranger), LOG.verifier)
    namesake = Signer("trainer.example/log", stranger.key)
    with pytest.raises(BadNote, match="expected key"):
        open_note(sign_note(text, namesake), LOG.verifier)


def test_the_checkpoint_of_another_log_is_refused_even_if_our_key_signed_it() -> None:
    text = Checkpoint(origin="elsewhere.example", size=1, root=b"r" * 32).text()
    with pytest.raises(BadNote, match="another log"):
        read_checkpoint(sign_note(text, LOG), LOG.verifier)


@pytest.mark.parametrize(
    "text", ["", "one\n", "a\n01\n" + "A" * 43 + "=\n", "a\n1\nAAAA\n", "a\n-1\n" + "A" * 43 + "=\n"]
)
def test_what_is_no_checkpoint_is_refused(text: str) -> None:
    with pytest.raises((BadNote, ValueError)):
        read_checkpoint(sign_note(text, LOG), LOG.verifier)


@given(st.text(max_size=300))
def test_any_text_is_a_note_or_a_bad_note(text: str) -> None:
    for whole in (text, f"{text}\n\n— {text}\n", NOTE + text):
        try:
            assert open_note(whole, read_verifier(NEUMANN)) in NOTE + text
        except BadNote:
            continue


def test_a_proof_holds_without_us() -> None:
    text = proof().text()
    assert text.startswith("c2sp.org/tlog-proof@v1\nextra ")
    read = read_proof(text)
    assert read == proof()
    assert verify_proof(read, entry=ENTRIES[4], verifier=LOG.verifier).size == 9


def test_a_log_of_one_entry_has_a_proof_without_hashes() -> None:
    alone = LogProof(index=0, hashes=(), checkpoint=checkpoint_note(1))
    assert alone.text().startswith("c2sp.org/tlog-proof@v1\nindex 0\n\ntrainer.example/log\n1\n")
    assert verify_proof(read_proof(alone.text()), entry=ENTRIES[0], verifier=LOG.verifier).size == 1


def test_a_proof_proves_no_other_entry() -> None:
    with pytest.raises(BadProof, match="do not lead"):
        verify_proof(proof(), entry=ENTRIES[5], verifier=LOG.verifier)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t.replace("@v1", "@v2"),
        lambda t: t.replace("index 4", "index 04"),
        lambda t: t.replace("index 4", "index 5"),
        lambda t: t.replace("index 4\n", ""),
        lambda t: t.replace("index 4\n", "index 4\nAAAA\n"),
        lambda t: t.replace("\n9\n", "\n10\n"),
        lambda t: t.replace("extra ", "extra !"),
        lambda t: t.replace("\n\n", "\n"),
        lambda t: t[:-40],
        lambda t: "",
    ],
)
def test_a_spoiled_proof_proves_nothing(spoil) -> None:
    with pytest.raises(BadProof):
        verify_proof(read_proof(spoil(proof().text())), entry=ENTRIES[4], verifier=LOG.verifier)


@given(st.integers(0, len(proof().text().encode()) - 1))
def test_no_byte_of_a_proof_that_matters_can_change(at: int) -> None:
    changed = bytearray(proof().text().encode())
    changed[at] ^= 1
    try:
        read = read_proof(changed.decode("utf-8", "replace"))
        verify_proof(read, entry=ENTRIES[4], verifier=LOG.verifier)
    except BadProof:
        return
    # nothing vouches for the extra data, nor for signatures of others; all else is as it was
    assert (read.index, read.hashes) == (4, proof().hashes)
    assert read.checkpoint.partition("\n\n")[0] == checkpoint_note().partition("\n\n")[0]
