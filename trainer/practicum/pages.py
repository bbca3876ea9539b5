"""The page of a promise."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.curriculum.values import Attestation
from trainer.practicum.forms import SignatureForm
from trainer.practicum.models import SignedAttestation
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class AttestationPage(Page):
    """One text to sign, or the signature under it."""

    template: ClassVar[str] = "practicum/attestation.html"
    enrolment_id: str
    attestation: Attestation
    signed: SignedAttestation | None
    form: SignatureForm
