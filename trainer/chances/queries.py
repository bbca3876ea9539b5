"""Read what was decided about second chances."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from trainer.accounts.models import Person
from trainer.chances.granted import Chances, Granted, chances_about
from trainer.chances.models import Chance, ChanceAgreement


def granted_by_enrolment(session: Session, *, enrolment_ids: Collection[str]) -> Mapping[str, Sequence[Granted]]:
    """Return everything that was decided, the oldest first, by enrolment."""
    decided = select(Chance, Person.name).join(Person, Person.id == Chance.decided_by)
    query = decided.where(Chance.enrolment_id.in_(enrolment_ids)).order_by(Chance.number)
    rows = session.execute(query).all()
    agreed = _agreements(session, [chance.id for chance, _ in rows if chance.takes_two])
    found: dict[str, list[Granted]] = defaultdict(list)
    for chance, name in rows:
        second = agreed.get(chance.id)
        found[chance.enrolment_id].append(
            Granted(
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
            )
        )
    return found


def _agreements(session: Session, ids: Collection[str]) -> Mapping[str, tuple[str, datetime]]:
    if not ids:
        return {}
    query = select(ChanceAgreement, Person.name).join(Person, Person.id == ChanceAgreement.agreed_by)
    rows = session.execute(query.where(ChanceAgreement.chance_id.in_(ids)))
    return {agreement.chance_id: (name, agreement.at) for agreement, name in rows}


def chances_of(session: Session, *, enrolment_id: str, kind: str, slug: str) -> Chances:
    """Return what was decided about one requirement of one person."""
    granted = granted_by_enrolment(session, enrolment_ids=[enrolment_id]).get(enrolment_id, ())
    return chances_about(granted, kind, slug)
