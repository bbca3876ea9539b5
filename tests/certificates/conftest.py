"""Mara's certificate, her paper without a database, and what others say of it."""

import asyncio
from datetime import date
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import pem, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus
from pyhanko_certvalidator import ValidationContext

from tests.stage.authority import ISSUED
from tests.stage.certified import *  # noqa: F403
from tests.stage.certified import BASE_URL, COVERED, NEEDS
from trainer.certificates.facts.claim import Claim
from trainer.certificates.signing.authority import Authority
from trainer.requirements.rules import Proof, prove_requirement


@pytest.fixture
def not_met() -> Proof:
    return prove_requirement(NEEDS, {})


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
    from trainer.certificates.paper.certificate_page import unsigned_paper
    from trainer.certificates.signing.signature import signed_paper

    return signed_paper(unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED), authority)


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
