"""Whether My path shows the tour."""

from flask import Flask
from flask_login import current_user

from trainer.accounts.access import me
from trainer.accounts.words import Role
from trainer.guide.queries import wants_no_tour
from trainer.web import reading


def tour_waits() -> bool:
    """Say whether the visitor is a trainee who has not skipped the tour."""
    if not current_user.is_authenticated or not current_user.holds(Role.TRAINEE):
        return False
    with reading() as session:
        return not wants_no_tour(session, person_id=me().id)


def tell_tour(app: Flask) -> None:
    """Let the pages ask."""
    app.context_processor(lambda: {"tour_waits": tour_waits})
