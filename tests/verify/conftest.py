"""The counter is tested with real certificates."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.certificates.conftest import claim
from tests.stage.certified import *  # noqa: F403
from tests.verify.carrier import Carried, carried
from trainer.certificates.models import Certificate
from trainer.certificates.signing.authority import Authority
from trainer.certificates.signing.timestamps import OwnTimestamps
from trainer.db import Database
from trainer.settings import Settings
from trainer.verify.handed_in import attachments, sandbox
from trainer.verify.handed_in.attachments import texts_in


@pytest.fixture(scope="session")
def answers() -> dict[bytes, bytes]:
    """What the reader behind bars has answered in this process, by the hash of the file."""
    return {}


@pytest.fixture
def each_file_is_read_once(answers: dict[bytes, bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Counter and offline check, on both kinds of database, are handed the same files: each has its reader once.

    A file of tests that looks at verdicts, not at what they cost, uses it.
    """
    run = sandbox._run

    def read(content: bytes, program: Path) -> bytes:
        if program != Path(attachments.__file__):
            return run(content, program)
        known = sha256(content).digest()
        if known not in answers:
            answers[known] = run(content, program)
        return answers[known]

    monkeypatch.setattr(sandbox, "_run", read)


@pytest.fixture
def pdf(certificate: Certificate, database: Database) -> bytes:
    """The stored bytes of Mara's paper."""
    with database.reading() as session:
        return session.get_one(Certificate, certificate.public_id).pdf


@pytest.fixture
def upload(stranger) -> Callable:
    """Send a file to the counter, as somebody without an account."""
    from io import BytesIO

    def send(content: bytes, name: str = "certificate.pdf"):
        answer = stranger.send("/verify", {"file": (BytesIO(content), name)}, content_type="multipart/form-data")
        answer.request.environ["wsgi.input"].close()  # the test client puts large bodies into a file
        return answer

    return send


@pytest.fixture(scope="session")
def file(authority: Authority) -> Carried:
    """Mara's certificate as she has it, without a database."""
    return carried(claim(), authority)


@pytest.fixture
def handed_out(database: Database, authority: Authority, settings: Settings) -> Callable[[Certificate], Carried]:
    """Return a certificate as its holder has it; the issuer's folder has the root, and what it stamps with."""
    folder = settings.instance / "authority"
    folder.mkdir(exist_ok=True)
    (folder / "root.pem").write_bytes(authority.root_pem)
    if isinstance(authority.timestamps, OwnTimestamps):
        (folder / "timestamp.pem").write_bytes(authority.timestamps.key.certificate.public_bytes(Encoding.PEM))

    def fetch(certificate: Certificate) -> Carried:
        with database.reading() as session:
            stored = session.get_one(Certificate, certificate.public_id)
            return Carried(pdf=stored.pdf, jwt=stored.credential or "", proof=texts_in(stored.pdf)["proof"])

    return fetch


@pytest.fixture
def in_registry(handed_out: Callable[[Certificate], Carried], certificate: Certificate) -> Carried:
    """Mara's certificate as she has it, and the issuer's root in its folder."""
    return handed_out(certificate)
