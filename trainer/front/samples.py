"""Which lesson, question and case can be tried without an account, by rules that hold for every school's content.

The lesson is the first one that does not wait for review. The question has a single right answer, and practice alone
asks it: none that counts for anybody is ever shown. Those come first that rest on no rule of one place, then critical
ones, which are about safety and consent, then those that ask for more than knowing. The case is the one of the
programme with the fewest decisions on the expert's way, in its first version; those that are only examined are never
shown.
"""

from collections.abc import Iterator, Set
from dataclasses import dataclass
from random import Random

from trainer.cases.play.engine import expert_play
from trainer.cases.script.values import Case
from trainer.curriculum.values import Course, Lesson, Module, Readiness
from trainer.items.formats import FORMATS
from trainer.items.forms import Question
from trainer.items.values import Item, ItemKind, Level
from trainer.quizzes.pools import counted_pool, practice_pool
from trainer.quizzes.values import Bank
from trainer.requirements.catalogue import Catalogue
from trainer.requirements.rules import RequirementKind, RequirementLeaf, leaves

TRIED_SEED = 1
"""Every stranger meets the same person in the same state."""


@dataclass(frozen=True, kw_only=True)
class SampleQuestion:
    """A question to try; `question` holds the order in which its options are shown, the same for everybody."""

    title: str
    item: Item
    question: Question


@dataclass(frozen=True, kw_only=True)
class SampleCase:
    """A case to try; `minutes` as the programme declares them, 0 where it does not."""

    case: Case
    variant: str
    minutes: int


@dataclass(frozen=True, kw_only=True)
class Samples:
    """What can be tried; None where a release has nothing that may be shown."""

    lesson: tuple[Module, Lesson] | None
    question: SampleQuestion | None
    case: SampleCase | None


def samples_of(catalogue: Catalogue, kept_back: Set[tuple[str, str]]) -> Samples:
    """Choose what can be tried; `kept_back` are questions, by bank and id, that count for somebody."""
    asked = [leaf for programme in catalogue.programmes.values() for leaf in leaves(programme.needs)]
    read = {leaf.slug for leaf in asked if leaf.kind is RequirementKind.MODULE}
    modules = [module for module in catalogue.course.modules if module.slug in read]
    questions = [_as_shown(bank, item) for bank, item in _to_show(catalogue, modules, kept_back)]
    cases = [leaf for leaf in asked if leaf.kind is RequirementKind.CASE]
    return Samples(
        lesson=next(_lessons(modules), None),
        question=min(questions, key=lambda one: _rank(catalogue.course, one.item), default=None),
        case=min(_cases(catalogue, cases), key=_decisions, default=None),
    )


def _rank(course: Course, item: Item) -> tuple[bool, bool, bool]:
    local = bool(item.law) or any(course.references[source].kind == "rule" for source in item.sources)
    return local, not item.critical, item.level is Level.KNOW


def questions_that_count(banks: Iterator[Bank]) -> frozenset[tuple[str, str]]:
    """Return the questions, by bank and id, from which counted forms and examinations are drawn."""
    return frozenset((bank.slug, item.id) for bank in banks for item in counted_pool(bank))


def _lessons(modules: list[Module]) -> Iterator[tuple[Module, Lesson]]:
    """Yield the lessons, those that wait for review last."""
    found = [(module, lesson) for module in modules for lesson in module.lessons]
    yield from sorted(found, key=lambda one: one[1].readiness is not Readiness.SOLID)


def _to_show(
    catalogue: Catalogue, modules: list[Module], kept_back: Set[tuple[str, str]]
) -> Iterator[tuple[Bank, Item]]:
    for bank in [catalogue.banks[module.slug] for module in modules if module.slug in catalogue.banks]:
        for item in practice_pool(bank):
            fits = item.kind is ItemKind.SINGLE and item.readiness is Readiness.SOLID and not item.figure_html
            if fits and (bank.slug, item.id) not in kept_back:
                yield bank, item


def _as_shown(bank: Bank, item: Item) -> SampleQuestion:
    order = FORMATS[item.kind].order(item, Random(item.hash))  # a draw, not a secret
    return SampleQuestion(title=bank.title, item=item, question=Question(item.id, order))


def _cases(catalogue: Catalogue, asked: list[RequirementLeaf]) -> Iterator[SampleCase]:
    for leaf in asked:
        case = catalogue.cases.get(leaf.slug)
        if case and not case.head.examined_only and case.variants:
            yield SampleCase(case=case, variant=next(iter(case.variants)), minutes=leaf.minutes)


def _decisions(sample: SampleCase) -> int:
    return len(expert_play(sample.case, sample.variant, TRIED_SEED).steps)
