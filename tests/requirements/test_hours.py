"""What hours of learning consist of."""

from types import SimpleNamespace

from tests.written.conftest import a_task
from trainer.requirements.hours import READING, learning, longest
from trainer.requirements.rules import RequirementKind, RequirementLeaf

COURSE = SimpleNamespace(
    modules=(
        SimpleNamespace(slug="ethics", title="Ethics", minutes=30),
        SimpleNamespace(slug="touch", title="Touch", minutes=20),
    )
)


def leaf(kind: RequirementKind, slug: str, minutes: int = 0) -> RequirementLeaf:
    return RequirementLeaf(kind=kind, slug=slug, title=slug.title(), minutes=minutes)


ASKED = (
    leaf(RequirementKind.MODULE, "ethics"),
    leaf(RequirementKind.MODULE, "touch"),
    leaf(RequirementKind.QUIZ, "ethics", 12),
    leaf(RequirementKind.CASE, "tablet", 25),
    leaf(RequirementKind.CASE, "keys", 25),
    leaf(RequirementKind.WRITTEN, "coffee", 14),
    leaf(RequirementKind.ATTESTATION, "code"),
)


def test_hours_are_reading_and_what_the_programme_declares_for_what_was_done() -> None:
    learned = learning(COURSE, ASKED, {(one.kind, one.slug) for one in ASKED})
    assert learned.made_of == ((READING, 50), ("Quizzes", 12), ("Cases", 50), ("Written tasks", 14))
    assert learned.topics == (("Ethics", 30), ("Touch", 20), *learned.made_of[1:])
    assert learned.modules == (("Ethics", 30), ("Touch", 20))


def test_what_was_not_done_is_not_counted() -> None:
    learned = learning(COURSE, ASKED, {(RequirementKind.MODULE, "touch"), (RequirementKind.CASE, "keys")})
    assert learned.made_of == ((READING, 20), ("Cases", 25))


def test_a_release_that_declares_no_work_keeps_its_hours_and_does_not_take_them_apart() -> None:
    asked = tuple(leaf(one.kind, one.slug) for one in ASKED)
    learned = learning(COURSE, asked, {(one.kind, one.slug) for one in asked})
    assert (learned.topics, learned.made_of) == ((("Ethics", 30), ("Touch", 20)), ())


def test_no_more_may_be_declared_than_reading_all_of_it_takes() -> None:
    files = {
        "cases/tablet/en.md": b"word " * 3000,
        "cases/keys/en.md": b"word " * 1500,
        "modules/03-ethics/bank.md": b"word " * 6000,
    }
    banks = {"ethics": SimpleNamespace(required_as="quiz", serve=10, items=range(40))}
    exams = {"judgement": SimpleNamespace(cases=2, warm_up=1)}
    written = {"coffee": a_task()}
    assert longest(files, banks, exams, written) == {
        (RequirementKind.CASE, "tablet"): 20,
        (RequirementKind.CASE, "keys"): 10,
        (RequirementKind.QUIZ, "ethics"): 10,
        (RequirementKind.EXAM, "judgement"): 45,
        (RequirementKind.WRITTEN, "coffee"): 14,
    }
