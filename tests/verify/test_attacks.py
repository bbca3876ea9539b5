"""No way to change a certificate makes it genuine, ends in an error, or costs much."""

import os
import resource
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.certificates.conftest import ISSUED
from tests.verify.attacks import ATTACKS
from tests.verify.carrier import Carried, trust_for
from trainer.certificates.signing.authority import Authority
from trainer.db import Database
from trainer.registry.notes import Signer
from trainer.verify.handed_in import attachments, sandbox
from trainer.verify.handed_in.sandbox import AttachedTexts, read_attachments
from trainer.verify.offline.checking import verify_offline
from trainer.verify.queries import verdict_for_file
from trainer.verify.verdict import Doubt, Verdict

SECONDS, MEMORY = 5, 512 * 1024 * 1024
CORPUS = os.environ.get("TRAINER_HOSTILE_PDFS", "")
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def judges(database: Database, log: Signer, in_registry: Carried, authority: Authority) -> Callable:
    """The counter and the offline check, both with the same keys."""
    trust = trust_for(authority, log=log)

    def ask(content: bytes) -> Iterator[tuple[str, Verdict]]:
        with database.reading() as session:
            yield "counter", verdict_for_file(session, content=content, log=log.verifier, now=ISSUED, trust=trust)
        yield "offline", verify_offline(content, trust, ISSUED)

    return ask


def children_memory() -> int:
    """The most that any process started from here has used, in bytes."""
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024


def costs_little(ask: Callable, content: bytes) -> list[tuple[str, Verdict]]:
    """Ask both judges, and see that neither needs much for it."""
    began, before = time.perf_counter(), children_memory()
    answers = list(ask(content))
    assert time.perf_counter() - began < SECONDS
    # other tests may have started larger ones, and until it runs its own program a child counts as large as we are
    ours = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    assert children_memory() <= max(before, ours, MEMORY)
    return answers


def test_there_are_at_least_27_attacks_and_each_changes_the_file(file: Carried) -> None:
    assert len(ATTACKS) >= 27
    assert all(attack(file.pdf) != file.pdf for attack in ATTACKS.values())


@on_sqlite
@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_no_attack_makes_a_file_genuine(judges: Callable, in_registry: Carried, attack: Callable) -> None:
    for judge, verdict in costs_little(judges, attack(in_registry.pdf)):
        assert isinstance(verdict.status, Doubt), judge
        assert not verdict.holds, judge
        assert not verdict.file_seen, judge


@on_sqlite
def test_the_file_that_nobody_touched_is_genuine_to_both(judges: Callable, in_registry: Carried) -> None:
    assert all(verdict.holds for _, verdict in judges(in_registry.pdf))


@on_sqlite
@pytest.mark.skipif(not CORPUS, reason="set TRAINER_HOSTILE_PDFS to a folder of hostile files")
def test_no_file_of_a_hostile_collection_is_genuine(judges: Callable) -> None:
    for path in sorted(Path(CORPUS).rglob("*.pdf*")):
        for _, verdict in costs_little(judges, path.read_bytes()[: 2 * 1024 * 1024]):
            assert verdict.status in (Doubt.NOT_GENUINE, Doubt.UNREADABLE), path


# the sandbox


def trying(tmp_path: Path, *lines: str) -> AttachedTexts:
    """Run a program of somebody who has taken over the process in the sandbox."""
    program = tmp_path / "program.py"
    begin = (
        f"import sys; sys.path.insert(0, {str(Path(attachments.__file__).parent)!r}); import attachments, socket, os"
    )
    said = """os.write(1, b'{"credential": "got out", "proof": ""}')"""
    program.write_text(
        "\n".join((begin, "attachments.limit_resources(); confined = attachments.shut_in()", *lines, said))
    )
    return read_attachments(b"", program=program)


@pytest.mark.parametrize(
    "escape",
    [
        "socket.socket()",
        "open('/etc/passwd').read()",
        "open('/tmp/left-behind', 'w')",
        "os.fork()",
        "os.execv('/bin/true', ['true'])",
        "os.kill(os.getppid(), 9)",
        "x = bytearray(600_000_000)",
        "while True: pass",
        "os.write(1, b'x' * 5_000_000)",
        "os._exit(1)",
        "raise ValueError",
    ],
)
def test_nothing_gets_out_of_the_sandbox(tmp_path: Path, escape: str) -> None:
    began = time.perf_counter()
    assert trying(tmp_path, escape) == AttachedTexts()
    assert time.perf_counter() - began < sandbox.WALL_SECONDS + 1


def test_the_sandbox_lets_an_honest_program_answer(tmp_path: Path) -> None:
    assert trying(tmp_path).credential == "got out"


def test_without_the_kernels_filter_no_socket_and_no_file_can_be_opened_either(tmp_path: Path) -> None:
    for escape in ("socket.socket()", "open('/etc/passwd')"):
        assert trying(tmp_path, escape).credential == ""
        program = tmp_path / "program.py"
        program.write_text(program.read_text().replace("confined = attachments.shut_in()", ""))
        assert read_attachments(b"", program=program) == AttachedTexts()


def test_the_kernel_of_this_machine_does_filter(tmp_path: Path) -> None:
    assert trying(tmp_path, "assert confined").credential == "got out"


def test_two_credentials_in_one_file_are_none(file: Carried) -> None:
    assert read_attachments(file.pdf).credential == file.jwt
    other = b"\nstream\neyJhIjoxfQ.eyJhIjoxfQ.AAAA\nendstream\n"
    assert read_attachments(file.pdf + other).credential == ""


def test_the_machine_of_the_tests_has_a_network_to_be_kept_from() -> None:
    socket.socket().close()
