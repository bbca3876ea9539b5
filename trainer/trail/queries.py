"""What was done, page by page, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from trainer.accounts.alphabet import alphabetical
from trainer.accounts.models import Membership, Person
from trainer.audit.models import AuditEntry

ON_A_PAGE = 50


@dataclass(frozen=True, kw_only=True)
class AuditFilter:
    """What somebody wants to see of a programme's audit; the programme "" is the installation itself.

    Attributes:
        act: only this kind of act, or "" for every kind.
        actor: only what this person did, by id, or "" for everybody.
        before: only what came before this entry, by id, or None for the newest.
    """

    programme: str
    act: str = ""
    actor: str = ""
    before: int | None = None

    @property
    def conditions(self) -> Sequence[ColumnElement[bool]]:
        """Return what an entry must fulfil."""
        found = [AuditEntry.programme == self.programme]
        if self.act:
            found.append(AuditEntry.act == self.act)
        if self.actor:
            found.append(AuditEntry.actor_id == self.actor)
        if self.before is not None:
            at = select(AuditEntry.at).where(AuditEntry.id == self.before).scalar_subquery()
            found.append((AuditEntry.at < at) | ((AuditEntry.at == at) & (AuditEntry.id < self.before)))
        return found


def entries(session: Session, *, asked: AuditFilter) -> tuple[Sequence[tuple[AuditEntry, str]], int | None]:
    """Return one page, each entry with who did it, or ""; and before which id the next page begins, if there is one."""
    query = select(AuditEntry, Person.name).outerjoin(Person, Person.id == AuditEntry.actor_id)
    query = query.where(*asked.conditions).order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(ON_A_PAGE + 1)
    rows = [(entry, name or "") for entry, name in session.execute(query)]
    shown = rows[:ON_A_PAGE]
    return shown, shown[-1][0].id if len(rows) > ON_A_PAGE else None


def names_by_address(session: Session, *, programme: str, shown: Sequence[AuditEntry]) -> Mapping[str, str]:
    """Return the names of people whose address is the subject of one of these entries, by address.

    Nobody learns by inviting an address whose it is: only those count who are or were in the programme.
    """
    query = select(Person.email, Person.name).join(Membership, Membership.person_id == Person.id).distinct()
    query = query.where(Membership.programme == programme, Person.email.in_({entry.subject for entry in shown}))
    return dict(session.execute(query).all())


def acts_in(session: Session, *, programme: str) -> Sequence[str]:
    """Return the kinds of acts that a programme has on record."""
    query = select(AuditEntry.act).where(AuditEntry.programme == programme).distinct()
    return session.scalars(query.order_by(AuditEntry.act)).all()


def actors_in(session: Session, *, programme: str) -> Sequence[tuple[str, str]]:
    """Return who did something in a programme, as id and name."""
    query = select(Person.id, Person.name).join(AuditEntry, AuditEntry.actor_id == Person.id)
    query = query.where(AuditEntry.programme == programme).distinct()
    found = [(person_id, name) for person_id, name in session.execute(query)]
    return sorted(found, key=lambda one: (alphabetical(one[1]), one[0]))
