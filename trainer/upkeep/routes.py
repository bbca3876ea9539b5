"""The law as the course holds it, for whoever follows or runs it."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, signed_in
from trainer.clock import utc_now
from trainer.curriculum.course import course_of
from trainer.enrolment.queries import release_in_view
from trainer.upkeep.pages import LawPage
from trainer.web import reading
from trainer.web.pages import show

bp = Blueprint("upkeep", __name__)


@bp.get("/law")
@signed_in
def law() -> ResponseReturnValue:
    """Show the law by place: of the release that my cohort follows, or of the newest for who is in none."""
    with reading() as session:
        course = course_of(release_in_view(session, person_id=me().id))
    return show(LawPage(law=course.law, references=course.references, today=utc_now().date()))
