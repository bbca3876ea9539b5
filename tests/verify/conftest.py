"""The counter is tested with real certificates."""

from collections.abc import Callable

import pytest

from tests.certificates.conftest import (  # fixtures of the room below
    authority,
    award,
    certificate,
    cohort,
    decide,
    enrol,
    enrolment,
    means,
    met,
    programme,
)
from trainer.certificates.models import Certificate
from trainer.db import Database

__all__ = ["authority", "award", "certificate", "cohort", "decide", "enrol", "enrolment", "means", "met", "programme"]


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
