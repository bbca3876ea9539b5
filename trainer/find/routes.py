"""One field for all that somebody may see: a page without scripts, and the same as JSON for the dialog."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainer.accounts.access import me, programmes_where, public
from trainer.accounts.words import Role
from trainer.enrolment.queries import enrolments_of, release_for
from trainer.errors import Broken
from trainer.find.course_places import places_of_release
from trainer.find.pages import FindPage, FoundPlace, found_at
from trainer.find.places import Findable, pages_for, pages_of_enrolment
from trainer.find.queries import certificates_numbered, people_called
from trainer.find.ranking import LONGEST_QUESTION, best
from trainer.web import Session, reading
from trainer.web.limits import limiter
from trainer.web.pages import show

PER_MINUTE = 240
"""A question is asked anew with each pause in typing, and one network may be a whole class."""

bp = Blueprint("find", __name__)


@bp.get("/find")
@public
@limiter.limit(f"{PER_MINUTE} per minute")
def find() -> ResponseReturnValue:
    """Show what fits; without a question the pages that somebody may open."""
    return show(FindPage(asked=_asked(), found=_found()))


@bp.get("/find.json")
@public
@limiter.limit(f"{PER_MINUTE} per minute")
def find_json() -> ResponseReturnValue:
    """Say the same to the dialog."""
    answer = jsonify(
        [{"kind": one.kind, "title": one.title, "about": one.about, "to": one.address} for one in _found()]
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked() -> str:
    return request.args.get("q", "").strip()[:LONGEST_QUESTION]


def _found() -> Sequence[FoundPlace]:
    asked = _asked()
    with reading() as session:
        owner = dict(_places(session, asked))
    return [found_at(place, owner[place]) for place in best(owner, asked)]


def _places(session: Session, asked: str) -> Iterator[tuple[Findable, str]]:
    """Yield what this visitor may see, each with the enrolment to which it belongs, or "".

    What stands in two enrolments leads to the newer one.
    """
    roles = frozenset(role for role in Role if current_user.is_authenticated and programmes_where(role))
    yield from ((page, "") for page in pages_for(roles, signed_in=current_user.is_authenticated))
    if not current_user.is_authenticated:
        return
    if Role.TRAINEE in roles:
        for enrolment in reversed(enrolments_of(session, person_id=me().id)):
            if enrolment.programme not in programmes_where(Role.TRAINEE):
                continue
            with suppress(Broken):  # content that cannot be read: its own page says so
                course = places_of_release(release_for(session, enrolment), enrolment.programme)
                yield from ((place, enrolment.id) for place in (*pages_of_enrolment(), *course))
    desks = programmes_where(Role.DIRECTOR) | programmes_where(Role.ADMINISTRATOR)
    for look in (people_called, certificates_numbered):
        yield from ((place, "") for place in look(session, asked=asked, programmes=desks))
