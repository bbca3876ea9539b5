"""What was done, for those who answer for it."""

import re

from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from trainer.accounts.access import only, programmes_where
from trainer.accounts.words import Role
from trainer.errors import Missing
from trainer.trail import queries
from trainer.trail.pages import TrailPage
from trainer.trail.queries import AuditFilter
from trainer.web import reading
from trainer.web.pages import show

bp = Blueprint("trail", __name__)

AN_ID = re.compile("[0-9]{1,9}")


@bp.get("/desk/audit/<programme>")
@only(Role.DIRECTOR, Role.ADMINISTRATOR)
def of_programme(programme: str) -> ResponseReturnValue:
    """Show what was done in a programme, page by page; by kind and person if wanted."""
    if programme not in programmes_where(Role.DIRECTOR) | programmes_where(Role.ADMINISTRATOR):
        raise Missing("There is no such programme among yours.")
    return _shown(programme)


@bp.get("/desk/audit/")
@only(Role.ADMINISTRATOR)
def installation() -> ResponseReturnValue:
    """Show what was done to the installation itself: releases, keys."""
    return _shown("")


def _shown(programme: str) -> ResponseReturnValue:
    before = request.args.get("before", "")
    asked = AuditFilter(
        programme=programme,
        act=request.args.get("act", ""),
        actor=request.args.get("who", ""),
        before=int(before) if AN_ID.fullmatch(before) else None,
    )
    with reading() as session:
        entries, further = queries.entries(session, asked=asked)
        page = TrailPage(
            asked=asked,
            entries=entries,
            further=further,
            people=queries.names_by_address(session, programme=programme, shown=[entry for entry, _who in entries]),
            acts=queries.acts_in(session, programme=programme),
            actors=queries.actors_in(session, programme=programme),
            administers=bool(programmes_where(Role.ADMINISTRATOR)),
        )
    return show(page)
