"""An operator erases somebody from the command line."""

import pytest
from sqlalchemy import select

from trainer.accounts.models import Person
from trainer.clock import utc_now
from trainer.db import Database
from trainer.registry.notes import Signer


@pytest.fixture
def asked(run, database: Database, settings, log: Signer, mara: Person, monkeypatch: pytest.MonkeyPatch, tmp_path):
    monkeypatch.setenv("TRAINER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TRAINER_INSTANCE", str(tmp_path))
    assert mara.created_at < utc_now()
    return lambda *words: run("erase", *words)


def addresses(database: Database) -> list[str]:
    with database.reading() as session:
        return list(session.scalars(select(Person.email)))


def test_mara_is_erased_and_the_operator_is_asked_first(asked, database: Database, mara: Person) -> None:
    assert asked("mara@example.org").exit_code == 1  # nobody said yes
    assert addresses(database) == ["mara@example.org"]
    result = asked("MARA@example.org", "--yes")
    assert result.exit_code == 0, result.output
    assert "Nothing here leads to mara@example.org" in result.output
    assert addresses(database) == [f"{mara.id}@erased.invalid"]
    assert "Nobody here" in str(asked("mara@example.org", "--yes").exception)
