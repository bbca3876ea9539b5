"""What must be done before something may begin, asked of the room that knows programmes.

That room stands above the rooms in which quizzes and examinations begin, so the application hands its rule down.
"""

from collections.abc import Callable, Sequence
from typing import cast

from flask import Flask, current_app

from trainer.curriculum.models import Enrolment
from trainer.curriculum.prerequisites import Outstanding
from trainer.web import Session

Rule = Callable[[Session, Enrolment, str, str], Sequence[Outstanding]]
"""Takes the kind and the slug of a requirement, such as quiz and ethics; returns what comes first and is not done."""


def ask_before_beginning(app: Flask, rule: Rule) -> None:
    """Let this rule say what comes first."""
    app.extensions["trainer.prerequisites"] = rule


def outstanding_before(session: Session, enrolment: Enrolment, kind: str, slug: str) -> Sequence[Outstanding]:
    """Return what the programme asks for before this may begin, and is not done yet."""
    return cast(Rule, current_app.extensions["trainer.prerequisites"])(session, enrolment, kind, slug)
