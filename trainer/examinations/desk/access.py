"""How much waits for me, for the menu of every page."""

from flask import Flask, g

from trainer.accounts.access import me, programmes_where
from trainer.accounts.queries import stands_aside
from trainer.accounts.words import Role
from trainer.examinations.queries import how_many_wait
from trainer.web import reading


def waiting_for_me() -> int:
    """Return how many flags and sittings in the grey zone I can decide now, counted once for a page; only behind a
    sign-in.
    """
    if "examinations_waiting" not in g:
        examines, directs = programmes_where(Role.SUPERVISOR), programmes_where(Role.DIRECTOR)
        with reading() as session:
            aside = stands_aside(session, person_id=me().id)
            g.examinations_waiting = how_many_wait(session, flags_in=examines, grey_in=examines | directs, but_of=aside)
    return int(g.examinations_waiting)


def tell_examiners_waiting(app: Flask) -> None:
    """Let the menu ask."""
    app.context_processor(lambda: {"examinations_waiting": waiting_for_me})
