"""What must be done before something may begin, and what follows it, asked of the room that knows programmes.

That room stands above the rooms in which quizzes and examinations begin, so the application hands its rule down.
"""

from collections.abc import Callable, Sequence
from typing import cast

from flask import Flask, current_app

from trainer.curriculum.study.prerequisites import BesideLessons, Outstanding
from trainer.enrolment.models import Enrolment
from trainer.web import Session

_Rule = Callable[[Session, Enrolment, str, str], Sequence[Outstanding]]
"""Takes the kind and the slug of a requirement, such as quiz and ethics; returns what comes first and is not done."""

Asked = Callable[[Session, Enrolment, str, str], bool]
"""Takes the kind and the slug of a requirement; says whether the programme has it."""

_Beside = Callable[[Session, Enrolment, str], BesideLessons]
"""Takes the slug of a module; returns what there is to do in it beside its lessons."""


def ask_before_beginning(app: Flask, rule: _Rule) -> None:
    """Let this rule say what comes first."""
    app.extensions["trainer.prerequisites"] = rule


def outstanding_for(session: Session, enrolment: Enrolment, kind: str, slug: str) -> Sequence[Outstanding]:
    """Return what the programme asks for before this may begin, and is not done yet."""
    return cast(_Rule, current_app.extensions["trainer.prerequisites"])(session, enrolment, kind, slug)


def ask_what_is_asked_for(app: Flask, rule: Asked) -> None:
    """Let this rule say what the programme of somebody asks for."""
    app.extensions["trainer.asked_for"] = rule


def is_asked_for(session: Session, enrolment: Enrolment, kind: str, slug: str) -> bool:
    """Say whether the programme asks for this; what it does not ask for is practice."""
    return cast(Asked, current_app.extensions["trainer.asked_for"])(session, enrolment, kind, slug)


def ask_what_is_beside(app: Flask, rule: _Beside) -> None:
    """Let this rule say what belongs to a module beside its lessons."""
    app.extensions["trainer.beside"] = rule


def beside_lessons(session: Session, enrolment: Enrolment, module: str) -> BesideLessons:
    """Return what there is to do in a module beside its lessons, and what is best done after the last of them."""
    return cast(_Beside, current_app.extensions["trainer.beside"])(session, enrolment, module)


def best_next(session: Session, enrolment: Enrolment, module: str) -> Outstanding | None:
    """Return what is best done after something of this module: its quiz first of all; None when nothing can be done."""
    return beside_lessons(session, enrolment, module).following
