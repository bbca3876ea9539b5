"""What issuing needs besides the database."""

from collections.abc import Callable
from dataclasses import dataclass

from trainer.certificates.paper.places import PaperSize
from trainer.certificates.signing.authority import Authority
from trainer.registry.notes import Signer


@dataclass(frozen=True, kw_only=True)
class IssuingTools:
    """Whatever issuing needs besides the database.

    Attributes:
        authority: who signs papers and credentials.
        log: the key of the public log.
        base_url: the public address, without a slash at its end.
        size: of the paper.
        check: lets a finished paper pass as a verifier would see it, or raises `Broken`.
    """

    authority: Authority
    log: Signer
    base_url: str
    size: PaperSize
    check: Callable[[bytes], None]
