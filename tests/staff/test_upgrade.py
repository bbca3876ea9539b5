"""Yesterday's roles live on, and say what is known about how they were come by."""

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import text

from trainer.accounts.models import Membership, Person
from trainer.accounts.words import Role, RoleOrigin
from trainer.db import Database
from trainer.db.migrations import configuration, upgrade

WHEN = "2026-01-02 03:04:05+00:00"


@pytest.fixture
def yesterday(tmp_path: Path) -> Database:
    """A database of before, with Dana, whom the command line invited, Sol, whom she invited, and Mara."""
    database = Database(f"sqlite:///{tmp_path}/yesterday.sqlite")
    command.upgrade(configuration(database), "0004")
    with database.transaction() as session:
        for name in ("dana", "sol", "mara"):
            session.execute(text(f"INSERT INTO person VALUES ('{name}', '{name}', '{name}', '!', '{WHEN}')"))
        for name, role, by in (("dana", "director", "NULL"), ("sol", "supervisor", "'dana'")):
            session.execute(
                text(
                    f"INSERT INTO invitation VALUES ('{name}', '{name}', '{name}', '{name}', 'foundations', '{role}', "
                    f"NULL, {by}, '{WHEN}', '{WHEN}')"
                )
            )
            session.execute(text(f"INSERT INTO invitation_use VALUES ('{name}', '{name}', '{WHEN}')"))
        for name, role in (("dana", "director"), ("sol", "supervisor"), ("mara", "trainee")):
            session.execute(
                text(
                    "INSERT INTO membership (person_id, programme, role, granted_at) "
                    f"VALUES ('{name}', 'foundations', '{role}', '{WHEN}')"
                )
            )
    yield database
    database.close()


def test_roles_of_before_say_who_gave_them_where_an_invitation_tells(yesterday: Database) -> None:
    upgrade(yesterday)
    with yesterday.reading() as session:
        told = {one.person_id: (one.granted_by, one.way, one.number) for one in session.query(Membership)}
        assert session.get_one(Person, "dana").memberships[0].role is Role.DIRECTOR
    assert told == {
        "dana": (None, RoleOrigin.INVITATION, 1),
        "sol": ("dana", RoleOrigin.INVITATION, 1),
        "mara": (None, RoleOrigin.BEFORE, 1),
    }
