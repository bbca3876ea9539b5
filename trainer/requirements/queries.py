"""Gather what the rooms have on record, and prove how far somebody has come."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from trainer.cases.catalogue import cases_of
from trainer.cases.runs.queries import open_runs, played_by_enrolment
from trainer.chances.queries import granted_by_enrolment
from trainer.curriculum.queries import reading_places, readings_by_enrolment, signed_hashes
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.queries import cohort_of, followed, release_with
from trainer.errors import Broken, TrainerError
from trainer.examinations.queries import sat_by_enrolment
from trainer.practicum.queries import signed_by_enrolment
from trainer.quizzes.queries import begun_by_enrolment, sent_at_other_places, sent_attempts
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.hours import learning
from trainer.requirements.overview import Headway
from trainer.requirements.programme import Programme
from trainer.requirements.rules import (
    LeafRecord,
    Proof,
    RequirementKind,
    RequirementLeaf,
    leaves,
    prove_requirement,
)
from trainer.requirements.standing import EMPTY_RECORD, Record, leaf_record
from trainer.windows.queries import windows_of
from trainer.written.queries import sent_answers


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


def title_for_enrolment(session: Session, enrolment: Enrolment) -> str:
    """Return what the programme of an enrolment is called; its slug where its release cannot be read."""
    try:
        return programme_of(session, enrolment).title
    except Broken:
        return enrolment.programme


def unreadable_cohorts(session: Session) -> Sequence[tuple[Cohort, str]]:
    """Open every release that a cohort follows; return the cohorts that cannot be read any more, each with why."""
    found: list[tuple[Cohort, str]] = []
    for cohort in followed(session):
        try:
            lost = _lost(session, cohort)
        except TrainerError as error:
            found.append((cohort, str(error)))
            continue
        if lost:
            found.append((cohort, f"Its programme asks for what cannot be read: {', '.join(lost)}."))
    return found


def what_is_unreadable(session: Session) -> str:
    """Return a sentence about the cohorts whose release this version cannot read, or "" when it can read all."""
    found = [f"“{cohort.name}” of {cohort.programme}: {why}" for cohort, why in unreadable_cohorts(session)]
    if not found:
        return ""
    return (
        f"The database is at the newest schema, but this version cannot read {len(found)} of its cohorts. "
        f"{' '.join(found)} Everything in them is kept, and the rest of the site works."
    )


def _lost(session: Session, cohort: Cohort) -> Sequence[str]:
    catalogue = catalogue_of(release_with(session, cohort.release_hash))
    asked = leaves(programme_of(session, cohort).needs)
    return [f"{leaf.kind.value} {leaf.slug}" for leaf in asked if not catalogue.has(leaf)]


def hours_of_programme(session: Session, *, cohort: Cohort) -> Sequence[tuple[str, int]]:
    """Return what the hours of the whole programme consist of, with minutes; nothing where the release does not say."""
    catalogue = catalogue_of(release_with(session, cohort.release_hash))
    asked = leaves(programme_of(session, cohort).needs)
    return learning(catalogue.course, asked, {(leaf.kind, leaf.slug) for leaf in asked}).made_of


def proof_for(session: Session, *, enrolment: Enrolment, now: datetime) -> Proof:
    """Prove how far one trainee has come."""
    cohort = cohort_of(session, enrolment)
    return proofs_for(session, cohort=cohort, enrolment_ids=[enrolment.id], now=now)[enrolment.id]


def readable_proof(session: Session, *, enrolment: Enrolment, now: datetime) -> Proof | None:
    """Return how far one trainee has come; None where the release of their cohort cannot tell.

    For pages that are about something else: they do not fail because of what stands beside them.
    """
    try:
        return proof_for(session, enrolment=enrolment, now=now)
    except TrainerError:
        return None


def headway_of(session: Session, *, enrolment: Enrolment, now: datetime) -> Headway:
    """Gather all that is on record for one trainee, and prove how far they have come; as many queries as a proof."""
    cohort = cohort_of(session, enrolment)
    catalogue, programme = catalogue_of(release_with(session, cohort.release_hash)), programme_of(session, cohort)
    windows = windows_of(session, cohort_id=cohort.id)
    ((_, record),) = _records(session, [enrolment.id], windows)
    signed = signed_hashes(session)
    stands = {
        (leaf.kind, leaf.slug): leaf_record(leaf, catalogue, record, signed, now, windows)
        for leaf in leaves(programme.needs)
    }
    return Headway(
        programme=programme,
        catalogue=catalogue,
        record=record,
        proof=prove_requirement(programme.needs, stands),
        places=reading_places(session, enrolment_id=enrolment.id),
        windows=windows,
    )


def proofs_for(session: Session, *, cohort: Cohort, enrolment_ids: Sequence[str], now: datetime) -> Mapping[str, Proof]:
    """Prove how far each trainee of a cohort has come, by enrolment; one query per room, however many people."""
    catalogue = catalogue_of(release_with(session, cohort.release_hash))
    needs = programme_of(session, cohort).needs
    signed = signed_hashes(session)
    windows = windows_of(session, cohort_id=cohort.id)
    asked = leaves(needs)

    def evidence(record: Record, asked: Sequence[RequirementLeaf]) -> dict[tuple[RequirementKind, str], LeafRecord]:
        return {(leaf.kind, leaf.slug): leaf_record(leaf, catalogue, record, signed, now, windows) for leaf in asked}

    at_first = evidence(EMPTY_RECORD, asked)  # where nobody has begun, all stand alike
    return {
        enrolment_id: prove_requirement(
            needs, at_first | evidence(record, [leaf for leaf in asked if record.touches(leaf)])
        )
        for enrolment_id, record in _records(session, enrolment_ids, windows)
    }


def _records(session: Session, ids: Sequence[str], windows: Collection[str]) -> Iterator[tuple[str, Record]]:
    read = readings_by_enrolment(session, enrolment_ids=ids)
    sent = sent_attempts(session, enrolment_ids=ids)
    sent_elsewhere = sent_at_other_places(session, enrolment_ids=ids)
    played = played_by_enrolment(session, enrolment_ids=ids)
    sat = sat_by_enrolment(session, enrolment_ids=ids)
    texts = signed_by_enrolment(session, enrolment_ids=ids)
    written = sent_answers(session, enrolment_ids=ids)
    granted = granted_by_enrolment(session, enrolment_ids=ids)
    begun = begun_by_enrolment(session, enrolment_ids=ids, banks=windows) if windows else {}
    for id_ in ids:
        yield (
            id_,
            Record(
                read=read.get(id_, {}),
                sent=sent.get(id_, {}),
                sent_elsewhere=sent_elsewhere.get(id_, {}),
                played=played.get(id_, {}),
                sat=sat.get(id_, {}),
                texts=texts.get(id_, {}),
                written=written.get(id_, {}),
                granted=granted.get(id_, ()),
                begun=begun.get(id_, frozenset()),
            ),
        )


def what_is_asked_for(session: Session, *, enrolment: Enrolment) -> Sequence[RequirementLeaf]:
    """Return everything that the programme of somebody asks for; nothing where it cannot be read."""
    cohort = cohort_of(session, enrolment)
    programme = catalogue_of(release_with(session, cohort.release_hash)).programmes.get(cohort.programme)
    return leaves(programme.needs) if programme else ()


def missing_before(
    session: Session, *, enrolment: Enrolment, kind: RequirementKind, slug: str, now: datetime
) -> Sequence[Proof]:
    """Return what the programme wants met before this may begin, and is not met; nothing where it asks for nothing."""
    asked = what_is_asked_for(session, enrolment=enrolment)
    after = next((leaf.after for leaf in asked if (leaf.kind, leaf.slug) == (kind, slug)), ())
    if not after:
        return ()
    proved = proof_for(session, enrolment=enrolment, now=now).leaves()
    return [proof for proof in proved if (proof.kind, proof.slug) in after and not proof.met]


def cases_under_way(session: Session, *, enrolment_id: str) -> Sequence[tuple[str, str, str]]:
    """Return the id, the slug and the title of every case run that a trainee can go on with, the newest first."""
    open_ones = open_runs(session, enrolment_id=enrolment_id)
    texts = [(run, cases_of(release_with(session, run.release_hash)).get(run.case_slug)) for run in open_ones]
    return [(run.id, run.case_slug, case.title) for run, case in texts if case]
