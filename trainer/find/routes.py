"""One field for all that somebody may see: a page without scripts, and the same as JSON for the dialog."""

from collections.abc import Iterator, Sequence
from contextlib import suppress

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainer.accounts.access import me, programmes_where, public
from trainer.accounts.words import Role
from trainer.authoring.release import Release
from trainer.cases.afterwards.queries import own_notes
from trainer.certificates.facts.number import LENGTH, read_number, slips_in
from trainer.enrolment.models import Enrolment
from trainer.enrolment.queries import enrolments_of, release_for
from trainer.errors import Broken
from trainer.find.course_places import places_of_release, sentences_of_release
from trainer.find.pages import FindPage, FoundPlace, found_at
from trainer.find.places import Findable, PlaceKind, certificate_check, pages_for, pages_of_enrolment
from trainer.find.queries import certificates_numbered, people_called
from trainer.find.ranking import LONGEST_QUESTION, MOST_FOUND, best, folded, nearest
from trainer.find.sentences import lessons_saying, note_found
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
    found, fits = _found()
    return show(FindPage(asked=_asked(), found=found, fits=fits))


@bp.get("/find.json")
@public
@limiter.limit(f"{PER_MINUTE} per minute")
def find_json() -> ResponseReturnValue:
    """Say the same to the dialog."""
    answer = jsonify(
        [{"kind": one.kind, "title": one.title, "about": one.about, "to": one.address} for one in _found()[0]]
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _asked() -> str:
    return request.args.get("q", "").strip()[:LONGEST_QUESTION]


def _found() -> tuple[Sequence[FoundPlace], bool]:
    """Return what fits and True; where nothing does, what is spelt nearly so and False."""
    asked = _asked()
    with reading() as session:
        studied = _studied(session)
        owner = dict(_places(session, asked, studied))
        found = [(place, owner[place]) for place in best(owner, asked)]
        told = {place.values for place, _ in found if place.kind is PlaceKind.LESSON}
        more = [hit for hit in _said(session, asked, studied) if hit[0].values not in told]
    found = [*_checked(asked), *found, *more][:MOST_FOUND]
    near = [] if found else [(place, owner[place]) for place in nearest(owner, asked)]
    return [found_at(place, enrolment_id) for place, enrolment_id in found or near], bool(found)


def _checked(asked: str) -> Sequence[tuple[Findable, str]]:
    """Return the way to the counter for what is shaped like a certificate's number; if there is one is not said.

    Twelve signs of numbers with one wrong among them, or three groups, go there as they were typed: it says the slip.
    """
    slips, number = slips_in(asked), read_number(asked)
    digits = any(sign.isdigit() for sign in asked)  # “psychedelics” has twelve letters, with an L that is read as 1
    if digits and slips and slips.count == LENGTH and (not slips.strange or asked.count("-") == 2):
        number = asked
    return [(certificate_check(number), "")] if number else []


def _studied(session: Session) -> Sequence[tuple[Enrolment, Release]]:
    """Return my places in cohorts with the release of each, the newest last, as far as it can be read."""
    if not current_user.is_authenticated or not (mine := programmes_where(Role.TRAINEE)):
        return ()
    found = []
    for enrolment in reversed(enrolments_of(session, person_id=me().id)):
        if enrolment.programme in mine:
            with suppress(Broken):  # content that cannot be read: its own page says so
                found.append((enrolment, release_for(session, enrolment)))
    return found


def _said(session: Session, asked: str, studied: Sequence[tuple[Enrolment, Release]]) -> Iterator[tuple[Findable, str]]:
    """Yield my own notes and the sentences of my lessons in which every word of the question stands."""
    if not (words := folded(asked).split()):
        return
    for enrolment, release in reversed(studied):
        for note in own_notes(session, enrolment=enrolment):
            if all(word in folded(note.text) for word in words):
                yield note_found(note.case, note.text), enrolment.id
        for place in lessons_saying(sentences_of_release(release), asked, MOST_FOUND):
            yield place, enrolment.id


def _places(
    session: Session, asked: str, studied: Sequence[tuple[Enrolment, Release]]
) -> Iterator[tuple[Findable, str]]:
    """Yield what this visitor may see, each with the enrolment to which it belongs, or "".

    What stands in two enrolments leads to the newer one.
    """
    roles = frozenset(role for role in Role if current_user.is_authenticated and programmes_where(role))
    yield from ((page, "") for page in pages_for(roles, signed_in=current_user.is_authenticated))
    if not current_user.is_authenticated:
        return
    for enrolment, release in studied:
        course = places_of_release(release, enrolment.programme)
        yield from ((place, enrolment.id) for place in (*pages_of_enrolment(), *course))
    desks = programmes_where(Role.DIRECTOR) | programmes_where(Role.ADMINISTRATOR)
    for look in (people_called, certificates_numbered):
        yield from ((place, "") for place in look(session, asked=asked, programmes=desks))
