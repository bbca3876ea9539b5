"""What a transcript says that each part asks."""

from datetime import timedelta
from fractions import Fraction
from types import SimpleNamespace

from trainer.cases.script.values import CaseCompetency, CasePreface
from trainer.examinations.blueprint import Blueprint, Pace
from trainer.issuing.asked import asked_by
from trainer.quizzes.values import Bank


def bank(**changes: object) -> Bank:
    values = {
        "slug": "ethics",
        "title": "Ethics",
        "serve": 10,
        "pass_share": Fraction(4, 5),
        "attempts": 3,
        "wait": timedelta(days=1),
        "minutes": None,
        "blueprint": {},
        "critical": None,
        "items": (),
    }
    return Bank(**{**values, **changes})


JUDGEMENT = Blueprint(
    slug="judgement",
    title="Examination in judgement",
    summary="",
    cases=10,
    warm_up=1,
    cut=70,
    attempts=2,
    pace=Pace.SIMULATED,
    phases={},
    competencies={},
    risk=0,
)


def test_each_part_says_what_it_asks_in_one_line() -> None:
    marks = (CaseCompetency("safety", 70, 1), CaseCompetency("presence", 60, 2))
    catalogue = SimpleNamespace(
        cases={
            "hold-me": SimpleNamespace(head=CasePreface(competencies=marks)),
            "free": SimpleNamespace(head=CasePreface()),
        },
        banks={"ethics": bank()},
        knowledge_exams={"final": bank(serve=80, topics={"ethics": {}, "law": {}})},
        exams={"judgement": JUDGEMENT},
        written={"note": SimpleNamespace(objective="Writes a note that a colleague can act on.")},
    )
    assert asked_by(catalogue) == {
        ("case", "hold-me"): "Assessed: safety 70%, presence 60% of an expert’s points.",
        ("quiz", "ethics"): "10 questions, drawn anew for each attempt; passed from 80% of the points.",
        ("exam", "final"): "80 questions from 2 modules, drawn anew for each attempt; passed from 80% of the points.",
        ("exam", "judgement"): "10 cases, compared with experts; passed from 70% of an expert’s points.",
        ("written", "note"): "Writes a note that a colleague can act on.",
    }
