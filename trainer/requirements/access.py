"""Whether the director has decided, asked of the room that confers.

That room stands above this one, so the application hands its rule down.
"""

from collections.abc import Callable
from typing import cast

from flask import Flask, current_app

from trainer.curriculum.models import Enrolment
from trainer.web import Session

Rule = Callable[[Session, Enrolment], bool]
"""Says whether a certificate was conferred on somebody, however it stands today."""


def ask_whether_conferred(app: Flask, rule: Rule) -> None:
    """Let this rule say on whom a certificate was conferred."""
    app.extensions["trainer.conferred"] = rule


def is_conferred(session: Session, enrolment: Enrolment) -> bool:
    """Say whether a certificate was conferred on this trainee, however it stands today."""
    return cast(Rule, current_app.extensions["trainer.conferred"])(session, enrolment)
