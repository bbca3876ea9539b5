"""The counter is tested with real certificates."""

from collections.abc import Callable
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from tests.certificates.conftest import (  # fixtures of the room below
    ISSUED,
    authority,
    award,
    certificate,
    claim,
    cohort,
    decide,
    enrol,
    enrolment,
    means,
    met,
    programme,
)
from tests.verify.carrier import SALT, Carried, carried, credential_text, leaf_of, paper_with
from trainer.accounts.models import Person
from trainer.certificates.authority import Authority
from trainer.certificates.claim import fingerprint
from trainer.certificates.models import Certificate
from trainer.certificates.services import confer
from trainer.curriculum.models import Enrolment
from trainer.db import Database
from trainer.registry.entries import Kind
from trainer.registry.models import RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.queries import Leaf, leaves_of, proof_of
from trainer.registry.services import append, begin_log
from trainer.requirements.rules import Proof, as_json
from trainer.settings import Settings

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


@pytest.fixture(scope="session")
def file(authority: Authority) -> Carried:
    """Mara's certificate as she has it, without a database."""
    return carried(claim(), authority)


@pytest.fixture
def in_registry(
    database: Database,
    authority: Authority,
    log: Signer,
    enrolment: Enrolment,
    dana: Person,
    met: Proof,
    settings: Settings,
) -> Carried:
    """Mara's certificate as she has it, entered in the registry, and the issuer's certificates in their folder."""
    folder = settings.instance / "authority"
    folder.mkdir()
    for name, public in (("root", authority.root), ("signer", authority.signer)):
        (folder / f"{name}.pem").write_bytes(public.public_bytes(Encoding.PEM))
    with database.transaction() as session:
        conferral = confer(
            session, enrolment=enrolment, director=dana, release_hash="3f" * 32, proof=as_json(met), now=ISSUED
        )
        facts = claim(public_id=conferral.public_id)
        jwt = credential_text(facts, authority)
        begin_log(session, log=log, now=ISSUED)
        # logged as about nobody, until the one who issues enters credentials as well
        leaf = Leaf(kind=Kind.CREDENTIAL, data=leaf_of(jwt), public_id=None)
        index = append(session, leaves=[leaf], log=log, now=ISSUED)
        proof = proof_of(session, index=index, extra=SALT).text()
        pdf = paper_with(facts, authority, {"credential.jwt": jwt, "credential.tlog-proof": proof})
        registered = RegistryEntry(
            public_id=facts.public_id,
            number=facts.number,
            sha256=sha256(pdf).hexdigest(),
            size=len(pdf),
            claim_sha256=fingerprint(facts),
            issued_at=ISSUED,
            valid_until=facts.ends_at,
            salt=b"1" * 32,
            paper_salt=b"2" * 32,
            credential_sha256=sha256(jwt.encode()).hexdigest(),
        )
        session.add(registered)
        session.flush()
        append(session, leaves=leaves_of(registered), log=log, now=ISSUED)
        session.add(
            Certificate(
                public_id=facts.public_id,
                conferral_id=conferral.id,
                number=facts.number,
                claim=facts.plain(),
                pdf=pdf,
                sha256=registered.sha256,
                issued_at=ISSUED,
                credential=jwt,
            )
        )
    return Carried(pdf=pdf, jwt=jwt, proof=proof)
