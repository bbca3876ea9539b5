"""Mara with a whole record, a certificate that was suspended once, and somebody who watches it."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from tests.lifecycle.conftest import issued  # noqa: F401
from tests.notices.test_outbox import office  # noqa: F401
from tests.stage.certified import *  # noqa: F403
from tests.stage.deciding import decides
from trainer.accounts import services as accounts
from trainer.accounts.door import services as door
from trainer.accounts.door.attempt import Attempt
from trainer.accounts.models import AccountChange, IdentityChange, MembershipEnd, Person
from trainer.accounts.offers import OfferedRole
from trainer.accounts.words import Role
from trainer.audit.services import note
from trainer.cases.runs.models import (
    Accommodation,
    CaseComment,
    CaseEnding,
    CaseEvent,
    CaseNote,
    CaseRescore,
    CaseRun,
    DebriefStep,
)
from trainer.cases.runs.words import EventKind, Pace, RunPurpose
from trainer.certificates.models import Certificate, Conferral, ConferralWithdrawal, Document, DocumentOrder
from trainer.certificates.words import ConsentLevel, Occasion
from trainer.chances.models import Chance, ChanceAgreement, ChanceRefusal
from trainer.clock import utc_now
from trainer.curriculum.models import LessonRead, ReadingPlace
from trainer.db import Base, Database, new_id
from trainer.enrolment.models import Cohort, Enrolment, EnrolmentChange
from trainer.examinations.models import (
    Flag,
    FlagDecision,
    Sitting,
    SittingCase,
    SittingDecision,
    SittingResult,
    SittingRun,
)
from trainer.examinations.words import Zone
from trainer.guide.models import TourSkipped
from trainer.lifecycle.acts import Act
from trainer.lifecycle.holder.services import choose_consent
from trainer.notices.words import Channel
from trainer.practicum.services import sign_attestation
from trainer.quizzes.models import QuizAnswer, QuizAttempt, QuizSubmission
from trainer.registry.audit.queries import audit_log, audit_registry
from trainer.registry.log.leaves import leaf_of_document
from trainer.registry.log.services import append
from trainer.registry.models import RegistryDocument
from trainer.registry.notes import Signer
from trainer.registry.status import Reason
from trainer.verify.services import try_names
from trainer.watches.models import Watch, WatchStep
from trainer.written.models import WrittenAnswer, WrittenDraft, WrittenOutcome, WrittenRating


@pytest.fixture
def record(
    database: Database, log: Signer, certificate: Certificate, enrolment: Enrolment, cohort: Cohort, mara: Person, dana
) -> None:
    """Everything that can be known about Mara is known."""
    now = utc_now() - timedelta(minutes=1)
    with database.transaction() as session:
        mine = {"enrolment_id": enrolment.id}
        sign_attestation(
            session,
            **mine,
            attestation="ethics",
            version="1",
            text_hash="a" * 64,
            name_signed="Mara Ilona Vogel",
            now=now,
        )
        session.add(LessonRead(**mine, module="ethics", lesson="one", lesson_hash="a" * 64, minutes=5, read_at=now))
        for ended in (True, False):
            why = {"reason": "Mara was ill.", "decided_by": dana.id, "at": now}
            session.add(EnrolmentChange(**mine, ended=ended, **why))
        session.add(TourSkipped(person_id=mara.id, at=now))
        session.add(ReadingPlace(**mine, module="ethics", lesson="one", anchor="", at=now))
        mine |= {"person_id": mara.id, "release_hash": cohort.release_hash, "number": 1, "started_at": now}
        attempt = QuizAttempt(id=new_id(), bank="ethics", counted=True, seed="s", form={}, closes_at=None, **mine)
        case = {"case_slug": "tablet", "case_hash": "a" * 64, "variant": "one", "seed": 1}
        run = CaseRun(id=new_id(), **case, **mine, purpose=RunPurpose.EXAM, pace=Pace.REAL, factor=150)
        session.add_all([attempt, run])
        session.flush()
        graded = {"points": 1, "out_of": 1, "passed": True, "failed_critical": [], "grader": "1"}
        session.add(QuizAnswer(attempt_id=attempt.id, seq=1, item_id="q", chosen=[1], saved_at=now))
        session.add(QuizSubmission(attempt_id=attempt.id, submitted_at=now, **graded))
        session.add(CaseEvent(run_id=run.id, seq=1, kind=EventKind.REASON, value="I, Mara Vogel, would wait.", at=now))
        session.add(CaseEnding(run_id=run.id, ending="good", passed=True, result={}, rubric="1", ended_at=now))
        for row in (*_judged(run, by=dana.id, now=now), *_written(run, by=dana.id, now=now)):
            session.add(row)
            session.flush()
        into = OfferedRole(programme="foundations", role=Role.TRAINEE, cohort_id=cohort.id)
        invitation, _ = accounts.make_invitation(
            session, email=mara.email, name="Mara Vogel", into=into, invited_by=dana.id, now=now
        )
        session.flush()
        accounts.use_invitation(session, invitation=invitation, person=session.get_one(Person, mara.id), now=now)
        accounts.start_sign_in(session, person_id=mara.id, browser="Mara's telephone", now=now)
        attempt = Attempt(account=mara.email, address="203.0.113.7")
        door.knock(session, attempt=attempt, now=now)
        door.turn_away(session, attempt=attempt, now=now)
        _lost_and_given_again(session, mara, by=dana.id, now=now)
        _taken_back(session, certificate, by=dana.id, now=now)
        note(session, actor_id=dana.id, programme="foundations", act="invite", subject=mara.email, now=now)
        note(session, actor_id=mara.id, programme="foundations", act="sign", subject="Maravogelia", now=now)
    about, said = (dana, certificate.public_id), {"public_note": "Mara knows.", "log": log}
    with database.transaction() as session:
        decides(
            session,
            Act.SUSPEND,
            *about,
            **said,
            reason=Reason.UNDER_REVIEW,
            private_reason="Mara said.",
            now=now,
        )
        choose_consent(session, public_id=certificate.public_id, holder=mara, level=ConsentLevel.MATCHED, now=now)
        decides(
            session,
            Act.LIFT,
            *about,
            **said,
            reason=Reason.REVIEW_ENDED,
            private_reason="Vogel was right.",
            now=now + timedelta(seconds=1),
        )
        _watched_and_documented(session, certificate.public_id, log)


def _taken_back(session, certificate: Certificate, *, by: str, now: datetime) -> None:
    earlier = session.get_one(Conferral, certificate.conferral_id)
    same = ("enrolment_id", "person_id", "programme", "release_hash")
    session.add(
        Conferral(
            id=(again := new_id()),
            public_id=new_id(),
            decided_by=by,
            decided_at=now,
            proof={"reason": "Mara Vogel asked."},
            occasion=Occasion.AGAIN,
            follows=earlier.id,
            facts={**earlier.facts, "holder": "Mara Vogell"},
            **{name: getattr(earlier, name) for name in same},
        )
    )
    session.flush()
    session.add(ConferralWithdrawal(conferral_id=again, reason="Mara Vogell is not her name.", decided_by=by, at=now))


def _lost_and_given_again(session, mara: Person, *, by: str, now: datetime) -> None:
    person = session.get_one(Person, mara.id)
    [held] = person.memberships
    ended = {"reason": "Mara Vogel was away.", "ended_by": by, "ended_at": now}
    session.add(MembershipEnd(membership_id=held.id, **ended))
    for closed in (True, False):
        session.add(AccountChange(person_id=mara.id, closed=closed, reason="Mara was away.", decided_by=by, at=now))
    session.add(
        IdentityChange(
            person_id=mara.id,
            before="mara@old.example",
            after=person.email,
            reason="It was wrong.",
            decided_by=by,
            at=now,
        )
    )
    session.flush()
    accounts.grant(session, person=person, programme=held.programme, role=held.role, by=by, now=now)


def _watched_and_documented(session, public_id: str, log: Signer) -> None:
    now = utc_now()
    watch = Watch(
        id=new_id(), public_id=public_id, channel=Channel.MAIL, target="board@example.gov", token_hash="t" * 64, at=now
    )
    session.add(watch)
    session.flush()
    session.add(WatchStep(watch_id=watch.id, step="confirmed", at=now))
    asked = [(public_id, "Ilse")]
    try_names(session, asked=asked, address="203.0.113.7", base_url="http://localhost", now=now)
    session.add(DocumentOrder(public_id=public_id, kind="transcript", at=now))
    kept = RegistryDocument(sha256="d" * 64, public_id=public_id, kind="transcript", size=4, salt=b"\x05" * 32, at=now)
    session.add(kept)
    session.flush()
    session.add(Document(sha256="d" * 64, public_id=public_id, kind="transcript", pdf=b"Mara", at=now))
    append(session, leaves=[leaf_of_document(kept)], log=log, now=now)


@pytest.fixture
def audited(database: Database, log: Signer) -> Callable[[], list[str]]:
    """Recompute the whole log and registry; say what is wrong."""
    from trainer.certificates.audit.queries import audit_certificates

    def all_of_it() -> list[str]:
        def found() -> Iterator[str]:
            yield from audit_log(session, verifier=log.verifier, step=lambda: None)
            yield from audit_registry(session, step=lambda: None)
            yield from audit_certificates(session, step=lambda: None)

        with database.reading() as session:
            return list(found())

    return all_of_it


@pytest.fixture
def holder_of(database: Database) -> Callable[[str], Person]:
    """Read a person anew."""

    def read(person_id: str) -> Person:
        with database.reading() as session:
            return session.scalars(select(Person).where(Person.id == person_id)).one()

    return read


def _judged(run: CaseRun, *, by: str, now: datetime) -> Iterator[Base]:
    """Yield what is written about a run in an examination, and beside it."""
    decided = {"reason": "Mara Vogel told us why.", "decided_by": by, "at": now}
    about = {"enrolment_id": run.enrolment_id, "person_id": run.person_id, "release_hash": run.release_hash}
    sitting = Sitting(id=new_id(), exam="judgement", number=1, form=3, started_at=now, **about)
    flag = Flag(id=new_id(), sitting_id=sitting.id, run_id=run.id, rule="cf05-left-alone", raised_at=now)
    story = {"case_slug": run.case_slug, "case_hash": run.case_hash, "variant": run.variant, "seed": run.seed}
    scored = {"passed": True, "result": {}, "rubric": "2", "case_hash": "b" * 64}
    yield sitting
    yield SittingCase(sitting_id=sitting.id, position=1, warm_up=False, **story)
    yield SittingRun(sitting_id=sitting.id, position=1, run_id=run.id)
    yield flag
    yield FlagDecision(flag_id=flag.id, sitting_id=sitting.id, confirmed=False, **decided)
    yield SittingResult(sitting_id=sitting.id, zone=Zone.GREY, result={}, at=now)
    yield SittingDecision(sitting_id=sitting.id, passed=True, **decided)
    yield CaseRescore(id=new_id(), run_id=run.id, **scored, **decided)
    yield CaseNote(run_id=run.id, seq=1, text="Note of Mara Vogel", shared=False, at=now)
    yield DebriefStep(run_id=run.id, number=0, whole=9, at=now)
    yield CaseComment(id=new_id(), run_id=run.id, scene="door", text="Mara finds this unclear.", at=now)
    chance = {"enrolment_id": run.enrolment_id, "number": 1, "kind": "quiz", "slug": "ethics", "further": 0}
    waiver = Chance(id=new_id(), **chance, plan="Mara rests first.", not_before=None, takes_two=True, **decided)
    yield waiver
    yield ChanceAgreement(chance_id=waiver.id, agreed_by=by, at=now)
    declined = Chance(id=new_id(), **{**chance, "number": 2}, plan="", not_before=None, takes_two=True, **decided)
    yield declined
    yield ChanceRefusal(chance_id=declined.id, **decided)
    yield Accommodation(id=new_id(), enrolment_id=run.enrolment_id, factor=150, **decided)


def _written(run: CaseRun, *, by: str, now: datetime) -> Iterator[Base]:
    """Yield an answer in Mara's own words, and what was said about it."""
    about = {"enrolment_id": run.enrolment_id, "person_id": run.person_id, "release_hash": run.release_hash}
    task = {"task": "coffee", "text": "I, Mara Vogel, would say no."}
    answer = WrittenAnswer(id=new_id(), task_hash="c" * 64, number=1, sent_at=now, **task, **about)
    yield WrittenDraft(enrolment_id=run.enrolment_id, seq=1, saved_at=now, **task)
    yield answer
    yield WrittenRating(answer_id=answer.id, place=1, steps=[2], comment="Well said, Mara.", rated_by=by, at=now)
    yield WrittenOutcome(answer_id=answer.id, steps=[2], holds=True, rule="1", at=now)
