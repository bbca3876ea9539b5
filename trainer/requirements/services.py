"""Gather what the rooms have on record, and prove how far somebody has come."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from trainer.cases import services as cases
from trainer.curriculum.models import Cohort, Enrolment
from trainer.curriculum.services import cohort_of, marks_by_enrolment, release_with, signed_hashes
from trainer.errors import Broken
from trainer.practicum.services import signed_by_enrolment
from trainer.quizzes.services import sent_attempts
from trainer.requirements.catalogue import Catalogue, catalogue_of
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Kind, Leaf, Proof, Requirement, Standing, prove
from trainer.requirements.standing import Record, standing_of


def programme_of(session: Session, enrolled: Enrolment | Cohort) -> Programme:
    """Return the programme as it stands in the release that the cohort follows.

    Raises:
        Broken: the release has no such programme.
    """
    cohort = enrolled if isinstance(enrolled, Cohort) else cohort_of(session, enrolled)
    programme = catalogue_of(release_with(session, cohort.release_hash)).programmes.get(cohort.programme)
    if programme is None:
        raise Broken(f"The release of the cohort {cohort.name} has no programme {cohort.programme!r}.")
    return programme


def proof_for(session: Session, *, enrolment: Enrolment, now: datetime) -> Proof:
    """Prove how far one trainee has come."""
    cohort = cohort_of(session, enrolment)
    return proofs_for(session, cohort=cohort, enrolments=[enrolment], now=now)[enrolment.id]


def proofs_for(
    session: Session, *, cohort: Cohort, enrolments: Sequence[Enrolment], now: datetime
) -> Mapping[str, Proof]:
    """Prove how far each trainee of a cohort has come, by enrolment; one query per room, however many people."""
    catalogue = catalogue_of(release_with(session, cohort.release_hash))
    programme = programme_of(session, cohort)
    records = _records(session, [enrolment.id for enrolment in enrolments])
    signed = signed_hashes(session)
    return {enrolment.id: _prove(programme, catalogue, records[enrolment.id], signed, now) for enrolment in enrolments}


def _records(session: Session, ids: Sequence[str]) -> Mapping[str, Record]:
    marks = marks_by_enrolment(session, enrolment_ids=ids)
    sent = sent_attempts(session, enrolment_ids=ids)
    played = cases.ended_runs(session, enrolment_ids=ids)
    texts = signed_by_enrolment(session, enrolment_ids=ids)
    return {
        one: Record(
            marks=marks[one],
            sent={bank: attempts for (owner, bank), attempts in sent.items() if owner == one},
            played=played.get(one, ()),
            texts=texts.get(one, {}),
        )
        for one in ids
    }


def _prove(programme: Programme, catalogue: Catalogue, record: Record, signed: frozenset[str], now: datetime) -> Proof:
    evidence: dict[tuple[Kind, str], Standing] = {
        (leaf.kind, leaf.slug): standing_of(leaf, catalogue, record, signed, now) for leaf in leaves(programme.needs)
    }
    return prove(programme.needs, evidence)


def leaves(requirement: Requirement) -> Sequence[Leaf]:
    """Return every leaf of a requirement, in order."""
    if isinstance(requirement, Leaf):
        return (requirement,)
    return [leaf for part in requirement.parts for leaf in leaves(part)]
