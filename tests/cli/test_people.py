"""Whoever runs the site lists roles and ends them, and closes accounts, for a reason that is kept."""

import pytest
from sqlalchemy import select

from trainer.accounts.models import IdentityChange, Person
from trainer.accounts.words import Role
from trainer.audit.queries import latest
from trainer.db import Database
from trainer.errors import TrainerError

WHY = ("--reason", "The school has closed.")


@pytest.fixture
def asked(run, database: Database, settings, monkeypatch: pytest.MonkeyPatch, tmp_path):
    """Run a command against the database of the test."""
    monkeypatch.setenv("TRAINER_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("TRAINER_INSTANCE", str(tmp_path))
    monkeypatch.setenv("TRAINER_SECRET_KEY", settings.secret_key)
    return run


def acts(database: Database) -> list[tuple[str, str, str | None]]:
    with database.reading() as session:
        found = latest(session, programmes=frozenset({"foundations"}))
        return [(one.act, one.detail, one.actor_id) for one in reversed(found)]


def test_the_last_director_goes_by_the_command_line_alone_and_with_a_reason(
    asked, database: Database, dana: Person
) -> None:
    assert f"{dana.email}  Dana Rivers  director" in asked("roles").output
    assert asked("end-role", dana.email, "--role", "director").exit_code == 2
    other = asked("end-role", dana.email, "--role", "supervisor", *WHY)
    assert "Dana Rivers is no supervisor of foundations" in str(other.exception)
    asking = asked("end-role", dana.email, "--role", "director", *WHY)
    assert asking.exit_code == 1
    assert "Dana Rivers is the last director of foundations" in asking.output
    assert acts(database) == []
    result = asked("end-role", dana.email.upper(), "--role", "director", "--yes", *WHY)
    assert result.output == "Dana Rivers is no director of foundations any more.\n"
    assert "Invite its first director" in asked("roles").output
    assert acts(database) == [("end role", "director: The school has closed.", None)]


def test_an_account_is_closed_and_opened_again(asked, database: Database, dana: Person, as_) -> None:
    browser = as_(dana)
    assert "is closed" in asked("close-account", dana.email, *WHY).output
    assert browser.get("/account").status_code == 303
    assert "is open" in asked("open-account", dana.email, *WHY).output
    assert [act for act, _, _ in acts(database)] == ["end role", "close account", "open account"]
    with database.reading() as session:
        assert session.get_one(Person, dana.id).memberships == []


def test_a_name_and_an_address_that_no_desk_may_mend_are_mended(asked, database: Database, mara: Person, as_) -> None:
    why = ("--reason", "Two programmes know her.")
    assert "is called Mara Fogel now" in asked("correct-name", mara.email, "--name", "Mara Fogel", *why).output
    wrong = asked("correct-address", mara.email, "--to", "mara at example.org", *why)
    assert isinstance(wrong.exception, TrainerError)  # a sentence, and no traceback
    assert "'mara at example.org' cannot be mailed. An e-mail address looks like" in str(wrong.exception)
    link = asked("correct-address", mara.email, "--to", "mara.fogel@example.org", *why).output.split()[0]
    browser = as_(mara)
    assert browser.send(link[link.index("/account") :], {"sure": "y"}).status_code == 303
    with database.reading() as session:
        kept = session.get_one(Person, mara.id)
        assert (kept.name, kept.email) == ("Mara Fogel", "mara.fogel@example.org")
        assert session.scalars(select(IdentityChange.decided_by)).all() == [None, None]


def test_nobody_has_an_address_that_nobody_has(asked, dana: Person) -> None:
    assert Role.DIRECTOR in {one.role for one in dana.memberships}
    for words in (("end-role", "x@y.zz", "--role", "director"), ("close-account", "x@y.zz")):
        assert "Nobody here has the address x@y.zz" in str(asked(*words, *WHY).exception)


def test_a_programme_that_there_is_not_is_named_in_a_sentence(asked, cohort) -> None:
    answer = asked("roles", "--programme", "nope")
    assert answer.exit_code == 1
    assert "The newest release has no programme 'nope'" in str(answer.exception)


def test_one_of_two_directors_goes_without_being_asked_twice(asked, dana: Person, person) -> None:
    person("Robin Kestrel", Role.DIRECTOR)
    assert asked("end-role", dana.email, "--role", "director", *WHY).exit_code == 0
