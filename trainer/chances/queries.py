"""Read what was decided about second chances."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.accounts.queries import stands_aside
from trainer.chances.granted import Chances, Declined, GrantedChance, chances_about
from trainer.chances.models import Chance, ChanceAgreement, ChanceRefusal
from trainer.enrolment.models import Enrolment


def granted_by_enrolment(session: Session, *, enrolment_ids: Collection[str]) -> Mapping[str, Sequence[GrantedChance]]:
    """Return everything that was decided, the oldest first, by enrolment."""
    decided = select(Chance, Person.name).join(Person, Person.id == Chance.decided_by)
    query = decided.where(Chance.enrolment_id.in_(enrolment_ids)).order_by(Chance.number)
    rows = session.execute(query).all()
    two = [chance.id for chance, _ in rows if chance.takes_two]
    agreed, declined = _agreements(session, two), _refusals(session, two)
    found: dict[str, list[GrantedChance]] = defaultdict(list)
    for chance, name in rows:
        second = agreed.get(chance.id)
        found[chance.enrolment_id].append(
            GrantedChance(
                id=chance.id,
                number=chance.number,
                kind=chance.kind,
                slug=chance.slug,
                further=chance.further,
                plan=chance.plan,
                not_before=chance.not_before,
                reason=chance.reason,
                by=(name, second[0]) if second else (name,),
                at=second[1] if second else chance.at,
                holds=not chance.takes_two or second is not None,
                proposer=chance.decided_by,
                declined=declined.get(chance.id),
            )
        )
    return found


def _agreements(session: Session, ids: Collection[str]) -> Mapping[str, tuple[str, datetime]]:
    if not ids:
        return {}
    query = select(ChanceAgreement, Person.name).join(Person, Person.id == ChanceAgreement.agreed_by)
    rows = session.execute(query.where(ChanceAgreement.chance_id.in_(ids)))
    return {agreement.chance_id: (name, agreement.at) for agreement, name in rows}


def _refusals(session: Session, ids: Collection[str]) -> Mapping[str, Declined]:
    if not ids:
        return {}
    query = select(ChanceRefusal, Person.name, Chance.decided_by)
    query = query.join(Person, Person.id == ChanceRefusal.decided_by).join(Chance, Chance.id == ChanceRefusal.chance_id)
    rows = session.execute(query.where(ChanceRefusal.chance_id.in_(ids)))
    return {
        one.chance_id: Declined(by=name, taken_back=one.decided_by == proposer, reason=one.reason, at=one.at)
        for one, name, proposer in rows
    }


def waivers_for(
    session: Session, *, director_id: str, programmes: Collection[str]
) -> Mapping[str, Sequence[GrantedChance]]:
    """Return the waivers that wait for this director, by enrolment: others proposed them, and they may decide."""
    waits = (
        select(Chance.enrolment_id)
        .join(Enrolment, Enrolment.id == Chance.enrolment_id)
        .where(
            Chance.takes_two,
            Chance.decided_by != director_id,
            ~exists().where(ChanceAgreement.chance_id == Chance.id),
            ~exists().where(ChanceRefusal.chance_id == Chance.id),
            Enrolment.programme.in_(programmes),
            Enrolment.person_id.not_in({director_id, *stands_aside(session, person_id=director_id)}),
        )
    )
    found = granted_by_enrolment(session, enrolment_ids=set(session.scalars(waits)))
    return {
        one: [waiver for waiver in granted if waiver.waits and waiver.proposer != director_id]
        for one, granted in found.items()
    }


def chances_of(session: Session, *, enrolment_id: str, kind: str, slug: str) -> Chances:
    """Return what was decided about one requirement of one person."""
    granted = granted_by_enrolment(session, enrolment_ids=[enrolment_id]).get(enrolment_id, ())
    return chances_about(granted, kind, slug)
