"""What the newest release offers to somebody who has no account: its programmes in figures, and what can be tried.

Everything is counted from the release; nothing here is written by hand (decision 0063).
"""

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from trainer.authoring.release import Release
from trainer.curriculum.values import Module
from trainer.curriculum.words import FICTIONAL_REVIEWER
from trainer.front.samples import Samples, samples_of
from trainer.requirements.catalogue import Catalogue, catalogue_of
from trainer.requirements.hours import learning
from trainer.requirements.programme import Programme
from trainer.requirements.rules import RequirementKind, RequirementLeaf, leaves
from trainer.signoff.texts import signable_texts


@dataclass(frozen=True, kw_only=True)
class ModuleOnOffer:
    """One line of the syllabus.

    Attributes:
        aims: what somebody can do afterwards, in the author's words.
        minutes: of reading; `quiz`: of its quiz, 0 where the programme asks for none or declares nothing.
    """

    title: str
    aims: tuple[str, ...]
    lessons: int
    minutes: int
    quiz: int


@dataclass(frozen=True, kw_only=True)
class ExaminationOnOffer:
    """What an examination asks; `of_cases`: it is played, and not a list of questions."""

    title: str
    asks: int
    of_cases: bool


@dataclass(frozen=True, kw_only=True)
class ProgrammeOnOffer:
    """One programme in figures.

    Attributes:
        cases: how many are practised; `texts`: how many are signed or written.
        minutes: of work, as the path adds them up; `made_of`: the kinds of work in them.
    """

    title: str
    summary: str
    credential: str
    validity_months: int
    modules: tuple[ModuleOnOffer, ...]
    quizzes: int
    cases: int
    examinations: tuple[ExaminationOnOffer, ...]
    texts: int
    minutes: int
    made_of: Sequence[tuple[str, int]]

    @property
    def lessons(self) -> int:
        """Return how many lessons there are."""
        return sum(module.lessons for module in self.modules)

    @property
    def hours(self) -> int:
        """Return the work in whole hours, rounded."""
        return round(self.minutes / 60)


@dataclass(frozen=True, kw_only=True)
class SignedShare:
    """How many texts of a release there are, and how many of them a named reviewer has signed.

    Attributes:
        waiting: of those without a signature, how many are marked as pending review.
    """

    whole: int
    signed: int
    waiting: int

    @property
    def unsigned(self) -> int:
        """Return how many have no signature yet."""
        return self.whole - self.signed

    @property
    def counting(self) -> int:
        """Return how many count although nobody has signed them."""
        return self.unsigned - self.waiting


@dataclass(frozen=True, kw_only=True)
class ReviewerSignature:
    """In which role somebody signed a text as it stands, and when."""

    role: str
    at: datetime

    @property
    def demonstrated(self) -> bool:
        """Say whether it is the signature of an invented person."""
        return self.role == FICTIONAL_REVIEWER


@dataclass(frozen=True, kw_only=True)
class WhatIsOffered:
    """Everything that the front page says of a release."""

    programmes: tuple[ProgrammeOnOffer, ...]
    samples: Samples
    share: SignedShare


@lru_cache(maxsize=4)
def what_is_offered(release: Release, signed: frozenset[str], kept_back: frozenset[tuple[str, str]]) -> WhatIsOffered:
    """Return what a release offers; asked again it costs nothing until something is signed or published.

    Args:
        signed: hashes of texts that a named reviewer has signed.
        kept_back: questions, by bank and id, that count for somebody and are therefore never shown.
    """
    catalogue = catalogue_of(release)
    return WhatIsOffered(
        programmes=tuple(_programme(catalogue, programme) for programme in catalogue.programmes.values()),
        samples=samples_of(catalogue, kept_back),
        share=_share(catalogue, signed),
    )


def _programme(catalogue: Catalogue, programme: Programme) -> ProgrammeOnOffer:
    asked = leaves(programme.needs)
    worked = learning(catalogue.course, asked, {(leaf.kind, leaf.slug) for leaf in asked})
    quizzes = {leaf.slug: leaf.minutes for leaf in _of(asked, RequirementKind.QUIZ)}
    read = {leaf.slug for leaf in _of(asked, RequirementKind.MODULE)}
    return ProgrammeOnOffer(
        title=programme.title,
        summary=programme.summary,
        credential=programme.credential,
        validity_months=programme.validity_months,
        modules=tuple(
            _module(module, quizzes.get(module.slug, 0)) for module in catalogue.course.modules if module.slug in read
        ),
        quizzes=len(quizzes),
        cases=sum(1 for _ in _of(asked, RequirementKind.CASE)),
        examinations=tuple(_examinations(catalogue, asked)),
        texts=sum(1 for _ in _of(asked, RequirementKind.ATTESTATION, RequirementKind.WRITTEN)),
        minutes=sum(minutes for _, minutes in worked.topics),
        made_of=worked.made_of,
    )


def _of(asked: Iterable[RequirementLeaf], *kinds: RequirementKind) -> Iterator[RequirementLeaf]:
    return (leaf for leaf in asked if leaf.kind in kinds)


def _module(module: Module, quiz: int) -> ModuleOnOffer:
    return ModuleOnOffer(
        title=module.title,
        aims=tuple(module.objectives.values()),
        lessons=len(module.lessons),
        minutes=module.minutes,
        quiz=quiz,
    )


def _examinations(catalogue: Catalogue, asked: Iterable[RequirementLeaf]) -> Iterator[ExaminationOnOffer]:
    for leaf in _of(asked, RequirementKind.EXAM):
        if played := catalogue.exams.get(leaf.slug):
            yield ExaminationOnOffer(title=played.title, asks=played.cases, of_cases=True)
        elif written := catalogue.knowledge_exams.get(leaf.slug):
            yield ExaminationOnOffer(title=written.title, asks=written.serve, of_cases=False)


def _share(catalogue: Catalogue, signed: Set[str]) -> SignedShare:
    texts = signable_texts(catalogue.release).values()
    return SignedShare(
        whole=len(texts),
        signed=sum(text.hash in signed for text in texts),
        waiting=sum(text.waits and text.hash not in signed for text in texts),
    )
