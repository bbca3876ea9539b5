"""What a machine is told: each answer in its shape, the verdict with the facts that the holder lets be shown."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from pydantic import Field, WithJsonSchema

from trainer.bulk.answers import DOES_NOT_FIT, FITS_IN_PART, NOT_COMPARED, TOO_MANY_TRIES, ListedAnswer, counts_of
from trainer.certificates.facts.claim import Claim
from trainer.certificates.words import ConsentLevel
from trainer.json_shapes import Instant, JsonShape, one_of
from trainer.notices.words import Channel
from trainer.registry.status import Reason, Word
from trainer.verify.matching import Match
from trainer.verify.verdict import Doubt, Verdict

TITLES: Mapping[int, str] = {
    400: "Bad request",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    415: "Unsupported media type",
    422: "Cannot be done with what was sent",
    429: "Too many requests",
    500: "Failure on our side",
    503: "Cannot be afforded at this moment",
}

StatusWord = Annotated[Word | Doubt, one_of(Word, Doubt)]
Count = Annotated[int, Field(ge=0)]


class ProblemAnswer(JsonShape):
    """An error; every error has this one shape (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str = Field(description="One sentence that says why.")


class CheckAnswer(JsonShape):
    """One question, whether it holds, and how we know."""

    question: str
    holds: bool
    evidence: str


class WorkAnswer(JsonShape):
    """One kind of work among the hours of a programme."""

    work: str
    minutes: Count


class ProgrammeAnswer(JsonShape):
    """The programme that was completed."""

    title: str
    version: str
    hours: float = Field(ge=0)
    hours_consist_of: tuple[WorkAnswer, ...] = Field(
        default=(),
        exclude_if=lambda parts: not parts,
        description="Kinds of work with their minutes, where the certificate says it.",
    )


class HolderAnswer(JsonShape):
    """The name is there only when the holder lets it be shown, or when the file itself was sent."""

    name: Annotated[str | None, WithJsonSchema({"type": "string"})] = Field(
        default=None, exclude_if=lambda name: name is None
    )
    consent: Annotated[ConsentLevel, one_of(ConsentLevel)]


class ProofsAnswer(JsonShape):
    """What can be checked without us."""

    credential: str | None = Field(description="Open Badges 3.0 as a JWT; only when the name may be shown.")
    tlog_proof: str | None = Field(description="c2sp.org/tlog-proof@v1 of the credential.")
    checkpoint: str | None = Field(description="The newest signed checkpoint of the log.")


class VerdictAnswer(JsonShape):
    """Whether this certificate is genuine and holds today, and how we know."""

    id: str | None
    number: str | None
    status: StatusWord
    sentence: str
    certificate_status: Annotated[Word | None, one_of(Word, more=(None,))] = Field(
        description="What holds now about the certificate itself, also beside a file that was altered. The moment, "
        "reason and note below are about this."
    )
    status_since: Instant | None
    status_reason_code: Annotated[str | None, one_of(Reason, more=(None,))]
    public_note: str | None
    checked_at: Instant
    file_seen: bool = Field(description="The file itself was compared, not only a reference.")
    valid_from: date | None
    valid_until: date | None = Field(description="The last day on which it is valid.")
    time_zone: str | None = Field(description="Whose days `valid_from` and `valid_until` are: an IANA name, or UTC.")
    credential: str | None = Field(description="What was awarded.")
    programme: ProgrammeAnswer | None
    issuer: str | None
    holder: HolderAnswer | None
    statement: str | None
    checks: tuple[CheckAnswer, ...]
    receipt: str = Field(description="A JWS (ES256) over this answer.")


class CredentialAnswer(VerdictAnswer):
    """All that is public about one certificate."""

    supersedes: str | None = Field(description="The id of the certificate that this one replaced.")
    superseded_by: str | None
    proofs: ProofsAnswer


class MatchAnswer(JsonShape):
    """Whether a name fits, and not a word more."""

    match: Annotated[Match, one_of(Match)]


class RowAnswer(JsonShape):
    """A row of a list with its verdict."""

    row: int = Field(ge=1)
    reference: str
    name: str | None
    verdict: Annotated[str, one_of(Word, Doubt, more=(FITS_IN_PART, DOES_NOT_FIT, NOT_COMPARED))] = Field(
        description="The status, and of a valid certificate whether the name in the row fits. It is counted."
    )
    status: StatusWord
    status_since: Instant | None
    status_reason_code: str | None
    valid_until: date | None
    number: str | None
    id: str | None
    name_match: Annotated[str | None, one_of(Match, more=(TOO_MANY_TRIES, None))]
    note: str


class TableAnswer(JsonShape):
    """A list with its verdicts."""

    checked_at: Instant
    counts: dict[str, Count]
    rows: tuple[RowAnswer, ...]


class AskedAnswer(JsonShape):
    """The address has been asked whether it wants to be told; the same whether or not it is told already."""

    id: str
    number: str
    channel: Annotated[Channel, one_of(Channel)]
    sentence: str


class WatchAnswer(JsonShape):
    """How a watch stands."""

    id: str
    number: str
    confirmed: bool
    ended: bool


@dataclass(frozen=True, kw_only=True)
class CertificateLinks:
    """What belongs to a certificate beyond the verdict.

    Attributes:
        credential: the JWT, or None when the holder's name may not be shown or there is none.
        tlog_proof: that the credential is in the log (c2sp.org/tlog-proof@v1), together with the credential only.
        checkpoint: the newest signed one.
    """

    supersedes: str | None = None
    superseded_by: str | None = None
    credential: str | None = None
    tlog_proof: str | None = None
    checkpoint: str | None = None


def problem(status: int, detail: str) -> ProblemAnswer:
    """Return an error in its one shape."""
    return ProblemAnswer(type="about:blank", title=TITLES.get(status, "Error"), status=status, detail=detail)


def verdict_answer(verdict: Verdict, *, consent: ConsentLevel, receipt: str) -> VerdictAnswer:
    """Return a verdict; the name is in it only when the holder lets it be shown, or the file itself was sent."""
    claim = Claim.read(verdict.facts) if verdict.facts else None
    return VerdictAnswer(
        id=verdict.public_id or None,
        number=claim.number if claim else None,
        status=verdict.status,
        sentence=verdict.sentence,
        certificate_status=verdict.certificate_status,
        status_since=verdict.since,
        status_reason_code=verdict.reason_code or None,
        public_note=verdict.public_note or None,
        checked_at=verdict.checked_at,
        file_seen=verdict.file_seen,
        valid_from=claim.issued_on if claim else None,
        valid_until=claim.valid_until if claim else None,
        time_zone=claim.days.name if claim else None,
        credential=claim.credential if claim else None,
        programme=_programme(claim) if claim else None,
        issuer=claim.issuer if claim else None,
        holder=_holder(verdict, claim, consent) if claim else None,
        statement=claim.statement if claim else None,
        checks=tuple(
            CheckAnswer(question=check.question, holds=check.holds, evidence=check.evidence) for check in verdict.checks
        ),
        receipt=receipt,
    )


def _programme(claim: Claim) -> ProgrammeAnswer:
    return ProgrammeAnswer(
        title=claim.programme,
        version=claim.version,
        hours=float(claim.hours),
        hours_consist_of=tuple(WorkAnswer(work=work, minutes=minutes) for work, minutes in claim.hours_from),
    )


def _holder(verdict: Verdict, claim: Claim, consent: ConsentLevel) -> HolderAnswer:
    shown = verdict.file_seen or consent is ConsentLevel.SHOWN
    return HolderAnswer(name=claim.holder if shown else None, consent=consent)


def credential_answer(
    verdict: Verdict, *, consent: ConsentLevel, receipt: str, further: CertificateLinks
) -> CredentialAnswer:
    """Return all that is public about one certificate."""
    return CredentialAnswer(
        **dict(verdict_answer(verdict, consent=consent, receipt=receipt)),
        supersedes=further.supersedes,
        superseded_by=further.superseded_by,
        proofs=ProofsAnswer(
            credential=further.credential, tlog_proof=further.tlog_proof, checkpoint=further.checkpoint
        ),
    )


def version_of(answer: VerdictAnswer) -> str:
    """Return what changes whenever the answer does, leaving out what only says that time has gone by."""
    lasting = answer.model_dump(mode="json", exclude={"checked_at", "receipt", "checks"})
    lasting["checks"] = [(check.question, check.holds) for check in answer.checks]
    return hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:32]


def table_answer(answers: Sequence[ListedAnswer], *, now: datetime) -> TableAnswer:
    """Return what is said about each row of a list, and how often each verdict."""
    return TableAnswer(checked_at=now, counts=dict(counts_of(answers)), rows=tuple(_row(answer) for answer in answers))


def _row(answer: ListedAnswer) -> RowAnswer:
    return RowAnswer(
        row=answer.row.line,
        reference=answer.row.reference,
        name=answer.row.name or None,
        verdict=answer.verdict,
        status=answer.status,
        status_since=answer.since,
        status_reason_code=answer.reason or None,
        valid_until=answer.valid_until,
        number=answer.certificate or None,
        id=answer.public_id or None,
        name_match=answer.match or None,
        note=answer.note,
    )
