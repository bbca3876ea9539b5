"""What lies inside a paper: the credential for machines, and the proof that it is in the log."""

import json
from collections.abc import Mapping
from typing import Any

from trainer.certificates.paper.pdfa import Attachment, Relationship
from trainer.registry.proofs import LogProof


def enclosures(document: Mapping[str, Any], credential: str, proof: LogProof) -> tuple[Attachment, ...]:
    """Return the three files that make a paper provable without us.

    Args:
        document: what the credential says.
        credential: the same, signed, as the text of a JWT.
        proof: that this text is in the log; its extra line is the salt of the commitment.
    """
    return (
        Attachment(
            name="credential.json",
            content=json.dumps(document, indent=1, ensure_ascii=False).encode(),
            media_type="application/ld+json",
            relationship=Relationship.DATA,
            description="The certificate as an Open Badges 3.0 credential",
        ),
        Attachment(
            name="credential.jwt",
            content=credential.encode(),
            media_type="application/jwt",
            relationship=Relationship.ALTERNATIVE,
            description="The same credential, signed by the issuer",
        ),
        Attachment(
            name="credential.tlog-proof",
            content=proof.text().encode(),
            media_type="text/plain",
            relationship=Relationship.SUPPLEMENT,
            description="The proof that the credential is in the public log",
        ),
    )
