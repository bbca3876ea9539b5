"""Walk a trainee through the real content, by the same services as the pages use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from trainer.accounts.models import Person
from trainer.cases.play.engine import expert_choice, failed, options
from trainer.cases.runs.queries import run_of, walk_through
from trainer.cases.runs.run import Run
from trainer.cases.runs.services import go_through_moment, keep_reaction, start_run, take_step
from trainer.cases.runs.transcript import Reaction
from trainer.curriculum.services import mark_read
from trainer.curriculum.study.prerequisites import Outstanding
from trainer.db import Session
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import release_for
from trainer.examinations import services as examinations
from trainer.examinations.blueprint import Blueprint
from trainer.installation import Installation
from trainer.items.answers import NO_ANSWER
from trainer.items.formats import FORMATS
from trainer.items.forms import form_from_json
from trainer.items.merging import SentPage
from trainer.practicum.services import sign_attestation
from trainer.quizzes import services as quizzes
from trainer.quizzes.values import Bank
from trainer.requirements.catalogue import Catalogue, catalogue_of
from trainer.requirements.queries import missing_before, programme_of
from trainer.requirements.rules import RequirementKind, RequirementLeaf, leaves
from trainer.written.services import send_answer


@dataclass
class Walk:
    """One trainee on the way; `now` moves on with every step.

    Attributes:
        slips: how many questions of each quiz are answered wrongly (never critical ones).
    """

    installation: Installation
    person: Person
    enrolment: Enrolment
    now: datetime
    slips: int = 0

    def catalogue(self) -> Catalogue:
        """Return the content that the cohort follows."""
        with self.installation.database.reading() as session:
            return catalogue_of(release_for(session, self.enrolment))

    def leaves(self) -> Sequence[RequirementLeaf]:
        """Return everything the programme asks for, in order."""
        with self.installation.database.reading() as session:
            return leaves(programme_of(session, self.enrolment).needs)

    def do(self, leaf: RequirementLeaf) -> None:
        """Meet one requirement."""
        ways: Mapping[RequirementKind, Callable[[str], object]] = {
            RequirementKind.MODULE: self.read,
            RequirementKind.QUIZ: self.answer,
            RequirementKind.CASE: self.play,
            RequirementKind.EXAM: self.sit,
            RequirementKind.ATTESTATION: self.promise,
            RequirementKind.WRITTEN: self.write,
        }
        ways[leaf.kind](leaf.slug)

    def read(self, slug: str, lessons: int | None = None) -> None:
        """Read a module, or its first lessons."""
        module = self.catalogue().course.module(slug)
        for lesson in module.lessons[:lessons] if module else ():
            self._later(minutes=lesson.minutes)
            with self.installation.database.transaction() as session:
                mark_read(session, enrolment=self.enrolment, lesson=lesson, now=self.now)

    def answer(self, slug: str) -> None:
        """Take a quiz and send it."""
        bank = self.catalogue().banks[slug]
        self._later(minutes=5)
        self._answer(bank, RequirementKind.QUIZ)

    def _answer(self, bank: Bank, kind: RequirementKind) -> None:
        with self.installation.database.transaction() as session:
            attempt = quizzes.start_attempt(
                session,
                enrolment=self.enrolment,
                bank=bank,
                release_hash=self.catalogue().release.hash,
                counted=True,
                outstanding=self._outstanding(session, kind, bank.slug),
                now=self.now,
            )
        slips = self.slips
        for seen, question in enumerate(form_from_json(attempt.form)):
            item = bank.item(question.item_id)
            wrong = slips > 0 and not item.critical
            slips -= wrong
            answer = NO_ANSWER if wrong else FORMATS[item.kind].key(item)
            self._later(minutes=1)
            with self.installation.database.transaction() as session:
                page = SentPage(given={item.id: answer}, seen=seen)
                quizzes.save_answers(session, attempt=attempt, sent=page, now=self.now)
        with self.installation.database.transaction() as session:
            quizzes.submit(session, attempt=attempt, bank=bank, now=self.now)

    def play(self, slug: str) -> None:
        """Play a case as its expert would, and go through its debrief."""
        catalogue = self.catalogue()
        case = catalogue.cases[slug]
        self._later(minutes=10)
        with self.installation.database.transaction() as session:
            begun = start_run(
                session, enrolment=self.enrolment, case=case, release_hash=catalogue.release.hash, now=self.now
            )
            self._to_the_end(session, run_of(session, begun, case))
        with self.installation.database.transaction() as session:
            self._look_back(session, run_of(session, begun, case))

    def _look_back(self, session: Session, run: Run) -> None:
        """Say how it was, and go through the debrief moment by moment."""
        self._later(minutes=1)
        keep_reaction(session, run=run, reaction=Reaction(), now=self.now)
        walk = walk_through(session, run)
        while not walk.has_ended:
            self._later(minutes=1)
            walk = go_through_moment(session, run=run, number=walk.open_moment, now=self.now)

    def sit(self, slug: str, *, errs: bool = False) -> None:
        """Sit an examination as an expert would; who errs does once what must not be done, in a case that counts."""
        catalogue = self.catalogue()
        self._later(minutes=10)
        if bank := catalogue.knowledge_exams.get(slug):
            self._answer(bank, RequirementKind.EXAM)
        else:
            self._sit(catalogue, catalogue.exams[slug], errs=errs)

    def _sit(self, catalogue: Catalogue, exam: Blueprint, *, errs: bool) -> None:
        with self.installation.database.transaction() as session:
            sitting = examinations.start_sitting(
                session,
                enrolment=self.enrolment,
                exam=exam,
                cases=catalogue.cases,
                release_hash=catalogue.release.hash,
                outstanding=self._outstanding(session, RequirementKind.EXAM, exam.slug),
                now=self.now,
            )
            for position in range(1, exam.whole + 1):
                self._later(minutes=5)
                begun = examinations.begin_case(session, sitting=sitting, position=str(position), now=self.now)
                run = run_of(session, begun, catalogue.cases[begun.case_slug])
                if errs and position > exam.warm_up:
                    run = self._err(session, run)
                    errs = not run.play.state.failures
                self._to_the_end(session, run)
            examinations.settle(session, sitting=sitting, now=self.now)

    def _to_the_end(self, session: Session, run: Run) -> None:
        while (choice := self._next(run)) is not None:
            self._later(minutes=1)
            run = take_step(session, run=run, choice_id=choice, reason="", now=self.now)

    def _err(self, session: Session, run: Run) -> Run:
        """Go on as the expert would to the first critical failure that is open, and commit it, if there is one."""
        while (choice := self._next(run)) is not None and not run.play.state.failures:
            state = run.play.state
            wrong = next((open_one for open_one in options(run.case, state) if failed(run.case, state, open_one)), None)
            reason = "I thought there was no time to ask." if wrong else ""
            self._later(minutes=1)
            run = take_step(session, run=run, choice_id=wrong or choice, reason=reason, now=self.now)
        return run

    def _next(self, run: Run) -> str | None:
        return None if run.has_ended else expert_choice(run.case, run.play.state)

    def promise(self, slug: str) -> None:
        """Sign a text."""
        text = self.catalogue().course.attestations[slug]
        self._later(minutes=10)
        with self.installation.database.transaction() as session:
            sign_attestation(
                session,
                enrolment_id=self.enrolment.id,
                attestation=slug,
                version=text.version,
                text_hash=text.hash,
                name_signed=self.person.name,
                now=self.now,
            )

    def write(self, slug: str, text: str = "") -> str:
        """Send an answer in one's own words; without a text, one of its best anchors.

        Returns:
            The id of the answer; "" where there is no such task.
        """
        catalogue = self.catalogue()
        if (task := catalogue.written.get(slug)) is None:
            return ""
        words = (text or " ".join(criterion.anchors[-1] for criterion in task.rubric)).split()
        self._later(minutes=10)
        with self.installation.database.transaction() as session:
            answer = send_answer(
                session,
                enrolment=self.enrolment,
                task=task,
                written=" ".join(words[: task.most]),
                release_hash=catalogue.release.hash,
                outstanding=self._outstanding(session, RequirementKind.WRITTEN, slug),
                now=self.now,
            )
        return answer.id

    def _outstanding(self, session: Session, kind: RequirementKind, slug: str) -> Sequence[Outstanding]:
        missing = missing_before(session, enrolment=self.enrolment, kind=kind, slug=slug, now=self.now)
        return [Outstanding(title=requirement.title, step=requirement.step) for requirement in missing]

    def _later(self, *, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)
