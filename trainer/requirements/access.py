"""How the certificate of an enrolment stands, asked of the room that confers.

That room stands above this one, so the application hands its rule down.
"""

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

from trainer.enrolment.models import Enrolment
from trainer.requirements.award import Award
from trainer.web import Session

_Rule = Callable[[Session, Enrolment], Award | None]
"""Says what was conferred on somebody, and how it stands now; None where nothing was."""


def ask_what_was_conferred(app: Flask, rule: _Rule) -> None:
    """Let this rule say how the certificate of an enrolment stands."""
    app.extensions["trainer.conferred"] = rule


def award_conferred(session: Session, enrolment: Enrolment) -> Award | None:
    """Return what was conferred on this trainee, and how it stands now; None where nothing was."""
    return cast(_Rule, current_app.extensions["trainer.conferred"])(session, enrolment)
