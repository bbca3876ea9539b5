"""People and certificates of programmes, by what somebody typed: nothing is changed here."""

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.certificates.models import Certificate, Conferral
from trainer.enrolment.models import Cohort, Enrolment
from trainer.find.places import Findable, PlaceKind
from trainer.find.ranking import LONGEST_QUESTION

FEWEST_LETTERS = 2
"""So many letters are asked for before people are looked up."""
FEWEST_SIGNS = 3
MOST_RANKED = 40
"""So many rows are ranked; who has more people of one name types more of it."""


def people_called(session: Session, *, asked: str, programmes: frozenset[str]) -> Iterator[Findable]:
    """Yield the trainees of these programmes whose names hold every word of the question.

    SQLite compares letters beyond ASCII as they are typed, so a word is also looked for with a capital.
    """
    words = asked[:LONGEST_QUESTION].split()
    if not programmes or sum(map(len, words)) < FEWEST_LETTERS:
        return
    named = (
        or_(Person.name.icontains(word, autoescape=True), Person.name.contains(word.capitalize(), autoescape=True))
        for word in words
    )
    query = select(Person.name, Enrolment.id, Cohort.name).join(Enrolment, Enrolment.person_id == Person.id)
    query = query.join(Cohort, Cohort.id == Enrolment.cohort_id).where(Cohort.programme.in_(programmes), and_(*named))
    for name, enrolment_id, cohort in session.execute(query.order_by(Person.name, Enrolment.id).limit(MOST_RANKED)):
        yield Findable(PlaceKind.PERSON, name, "cohorts.record", cohort, (("enrolment_id", enrolment_id),))


def certificates_numbered(session: Session, *, asked: str, programmes: frozenset[str]) -> Iterator[Findable]:
    """Yield the certificates of these programmes whose numbers hold what was typed; case and hyphens are forgiven."""
    signs = "".join(sign for sign in asked[:LONGEST_QUESTION].upper() if sign.isalnum())
    if not programmes or len(signs) < FEWEST_SIGNS:
        return
    bare = func.replace(Certificate.number, "-", "")
    query = (
        select(Certificate.number, Conferral.enrolment_id, Person.name)
        .join(Conferral, Conferral.id == Certificate.conferral_id)
        .join(Person, Person.id == Conferral.person_id)
        .where(Conferral.programme.in_(programmes), bare.contains(signs, autoescape=True))
        .order_by(Certificate.issued_at.desc())
    )
    for number, enrolment_id, name in session.execute(query.limit(MOST_RANKED)):
        yield Findable(PlaceKind.CERTIFICATE, number, "cohorts.record", name, (("enrolment_id", enrolment_id),))
