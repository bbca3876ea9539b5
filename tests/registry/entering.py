"""Enter a certificate that has no paper, for tests of the registry alone."""

from datetime import datetime

from sqlalchemy.orm import Session

from trainer.registry.models import RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.published.queries import give_status_place
from trainer.registry.services import FinishedPaper, commit, enter_certificate


def entered(
    session: Session,
    *,
    public_id: str,
    number: str,
    sha256: str,
    size: int,
    claim_sha256: str,
    issued_at: datetime,
    valid_until: datetime,
    log: Signer,
) -> RegistryEntry:
    """Enter a certificate with a credential of whatever hash."""
    committed = commit(
        session, public_id=public_id, claim_sha256=claim_sha256, credential_sha256="e5" * 32, log=log, now=issued_at
    )
    return enter_certificate(
        session,
        paper=FinishedPaper(
            public_id=public_id,
            number=number,
            sha256=sha256,
            size=size,
            status_index=give_status_place(session),
            issued_at=issued_at,
            valid_until=valid_until,
        ),
        committed=committed,
        log=log,
    )
