"""What stands above this room and is asked of here: what was conferred, and the page for who is not signed in.

The application hands both down.
"""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from flask import Flask, current_app
from flask.typing import ResponseReturnValue

from trainer.enrolment.models import Enrolment
from trainer.requirements.award import Award
from trainer.web import Session

_Rule = Callable[[Session, Enrolment, datetime], Award | None]
"""Says what was conferred on somebody, and how it stands at a moment; None where nothing was."""


def ask_what_was_conferred(app: Flask, rule: _Rule) -> None:
    """Let this rule say how the certificate of an enrolment stands."""
    app.extensions["trainer.conferred"] = rule


def award_conferred(session: Session, enrolment: Enrolment, now: datetime) -> Award | None:
    """Return what was conferred on this trainee, and how it stands now; None where nothing was."""
    return cast(_Rule, current_app.extensions["trainer.conferred"])(session, enrolment, now)


def show_strangers(app: Flask, view: Callable[[], ResponseReturnValue]) -> None:
    """Let this page answer at the front door whoever is not signed in."""
    app.extensions["trainer.front"] = view


def page_for_strangers() -> ResponseReturnValue:
    """Return what somebody sees at the front door who is not signed in."""
    return cast(Callable[[], ResponseReturnValue], current_app.extensions["trainer.front"])()
