"""A cohort, Mara's place in it with everything met, and an authority made for the tests."""

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from trainer.accounts.models import Person
from trainer.certificates.authority import Authority, authority_in
from trainer.certificates.claim import Claim
from trainer.certificates.issuing import Means
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.paper import PaperSize
from trainer.certificates.services import confer, issue
from trainer.curriculum.models import Cohort, ContentRelease, Enrolment
from trainer.db import Database, new_id
from trainer.registry.notes import Signer
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Group, Kind, Leaf, Proof, Standing, prove

ISSUED = datetime(2026, 2, 1, 12, tzinfo=UTC)
BASE_URL = "http://localhost"
TOPICS = (("Ethics and informed consent", 400), ("Medical and psychiatric screening", 240), ("Hold me (case)", 114))
COVERED = tuple(title for title, _ in TOPICS)
NEEDS = Group(title="Everything", needed=1, parts=(Leaf(kind=Kind.MODULE, slug="ethics", title=COVERED[0]),))


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """One authority for all tests; making keys costs time."""
    return authority_in(tmp_path_factory.mktemp("instance"), issuer="Trainer test programme", now=ISSUED)


@pytest.fixture
def programme() -> Programme:
    return Programme(
        slug="foundations",
        title="Foundations of psychedelic-assisted therapy",
        credential="Certificate in psychedelic-assisted therapy, foundations",
        version="2026.1",
        validity_months=24,
        summary="All of it.",
        needs=NEEDS,
    )


@pytest.fixture
def met() -> Proof:
    return prove(NEEDS, {(Kind.MODULE, "ethics"): Standing(done=1, whole=1, evidence="Read.", at=ISSUED)})


@pytest.fixture
def not_met() -> Proof:
    return prove(NEEDS, {})


@pytest.fixture
def cohort(database: Database) -> Cohort:
    with database.transaction() as session:
        session.add(ContentRelease(hash="3f" * 32, archive=b"", published_at=ISSUED, note=""))
        session.flush()
        made = Cohort(
            id=new_id(),
            programme="foundations",
            name="Spring 2026",
            release_hash="3f" * 32,
            starts_on=date(2026, 1, 5),
            created_at=ISSUED,
        )
        session.add(made)
    return made


@pytest.fixture
def enrol(database: Database, cohort: Cohort) -> Callable[[Person], Enrolment]:
    def make(person: Person) -> Enrolment:
        with database.transaction() as session:
            made = Enrolment(
                id=new_id(), person_id=person.id, cohort_id=cohort.id, programme="foundations", enrolled_at=ISSUED
            )
            session.add(made)
        return made

    return make


@pytest.fixture
def enrolment(enrol: Callable[[Person], Enrolment], mara: Person) -> Enrolment:
    return enrol(mara)


@pytest.fixture
def means(authority: Authority, log: Signer) -> Means:
    """What the worker issues with."""
    return Means(authority=authority, log=log, base_url=BASE_URL, size=PaperSize.A4, check=lambda _paper: None)


@pytest.fixture
def decide(
    database: Database, cohort: Cohort, programme: Programme, met: Proof, dana: Person
) -> Callable[..., Conferral]:
    """Confer, as the director's desk does: `decide(enrolment, mara)`."""

    def confer_as_dana(
        enrolment: Enrolment, holder: Person, *, proof: Proof = met, director: Person = dana, now: datetime = ISSUED
    ) -> Conferral:
        with database.transaction() as session:
            return confer(
                session,
                enrolment=enrolment,
                holder=holder,
                director=director,
                proof=proof,
                programme=programme,
                cohort=cohort,
                topics=TOPICS,
                issuer="Trainer test programme",
                now=now,
            )

    return confer_as_dana


@pytest.fixture
def award(database: Database, decide: Callable[..., Conferral], means: Means) -> Callable[..., Certificate]:
    """Confer as the desk does, then issue as the worker does: `award(enrolment, mara)`."""

    def give(enrolment: Enrolment, holder: Person, *, now: datetime = ISSUED, **how: object) -> Certificate:
        conferral = decide(enrolment, holder, now=now, **how)
        with database.transaction() as session:
            return issue(session, conferral_id=conferral.id, means=means, now=now)[0]

    return give


@pytest.fixture
def certificate(award: Callable[..., Certificate], enrolment: Enrolment, mara: Person) -> Certificate:
    return award(enrolment, mara)


def claim(holder: str = "Mara Vogel", **changes: object) -> Claim:
    """A claim as it could be."""
    values: dict[str, object] = {
        "public_id": "abcdefghijklmnopqrstuvwxyz",
        "number": "7K4M-2QXH-9PTC",
        "holder": holder,
        "credential": "Certificate in psychedelic-assisted therapy, foundations",
        "programme": "Foundations of psychedelic-assisted therapy",
        "version": "2026.1",
        "cohort": "Spring 2026",
        "release": "3f" * 32,
        "issued_on": date(2026, 2, 1),
        "valid_until": date(2028, 2, 1),
        "conferred_by": "Dana Rivers",
        "issuer": "Trainer test programme",
        "covered": COVERED,
        "hours": Fraction(25, 2),
    }
    return Claim(**{**values, **changes})


@pytest.fixture(scope="session")
def paper(authority: Authority) -> bytes:
    """Mara's signed paper, without a database."""
    from trainer.certificates.paper import unsigned_paper
    from trainer.certificates.signature import signed

    return signed(unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED), authority)


def judged(paper: bytes, authority: Authority, *, timestamp_root: bytes | None = None) -> PdfSignatureStatus:
    """What pyHanko's own validator says, trusting our root and that of the timestamp authority."""
    ours, theirs = (
        x509.Certificate.load(pem.unarmor(one)[2]) for one in (authority.root_pem, timestamp_root or authority.root_pem)
    )
    [embedded] = PdfFileReader(BytesIO(paper)).embedded_signatures
    return asyncio.run(
        async_validate_pdf_signature(
            embedded,
            signer_validation_context=ValidationContext(trust_roots=[ours], moment=ISSUED),
            ts_validation_context=ValidationContext(trust_roots=[theirs]),
        )
    )


@pytest.fixture
def paper_file(paper: bytes, tmp_path: Path) -> Path:
    path = tmp_path / "certificate.pdf"
    path.write_bytes(paper)
    return path
