"""Whether somebody may confer."""

from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import check_may_decide
from trainer.accounts.words import Role
from trainer.certificates.queries import holds_one_of
from trainer.enrolment.models import Enrolment
from trainer.errors import Refused


def check_may_confer(session: Session, director: Person, enrolment: Enrolment) -> None:
    """Let a director of the programme decide, but never about themselves.

    Raises:
        Refused: this person does not direct the programme, it is their own certificate, or one of the two owes the
            other an office, be it through others.
    """
    if director.id == enrolment.person_id:
        raise Refused("Nobody confers their own certificate. Another director of the programme must decide.")
    check_may_decide(session, decider_id=director.id, about_id=enrolment.person_id)
    if not holds_one_of(director, enrolment.programme, Role.DIRECTOR):
        raise Refused("Only a director of this programme can confer its certificate.")
