"""Who appears."""

from datetime import timedelta

from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.db import Database, new_id


def a_person(database: Database, password_hash: str, name: str, *roles: Role, programme: str = "foundations") -> Person:
    """Write down somebody who has been here for a month."""
    with database.transaction() as session:
        now = utc_now() - timedelta(days=30)
        made = Person(
            id=new_id(),
            email=f"{name.split(maxsplit=1)[0].lower()}@example.org",
            name=name,
            password_hash=password_hash,
            created_at=now,
        )
        made.memberships = [Membership(programme=programme, role=role, granted_at=now) for role in roles]
        session.add(made)
    return made
