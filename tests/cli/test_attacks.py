"""The first person of an installation, and secrets that are not for others to read."""

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from trainer.accounts.door import services as door
from trainer.accounts.door.attempt import Attempt
from trainer.accounts.passwords import check_password
from trainer.accounts.queries import person_by_email
from trainer.accounts.services import create_person
from trainer.accounts.words import NOBODYS
from trainer.app import create_app
from trainer.certificates.signing.keys import SigningSettings
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Broken
from trainer.settings import ROOT, Settings, secret_key_in
from trainer.web.models import TryCount


def test_the_first_director_comes_in_and_gets_a_new_password_when_it_is_lost(run, published: Path) -> None:
    link = run("invite", "--email", "first@example.org", "--name", "Rosa First", "--role", "director").output.strip()
    settings = Settings.from_env({"TRAINER_INSTANCE": str(published)})
    app = create_app(settings)
    app.config["WTF_CSRF_ENABLED"] = False
    browser = app.test_client()
    form = {"name": "Rosa First", "password": "four quiet green herons"}
    assert browser.post(link.removeprefix(settings.base_url), data=form).status_code == 303
    assert browser.get("/desk/").status_code == 200
    password = run("new-password", "first@example.org").output.split("\n")[0]
    assert browser.get("/desk/").status_code == 303
    database: Database = app.extensions["trainer.database"]
    with database.reading() as session:
        person = person_by_email(session, "first@example.org")
    assert person is not None
    assert check_password(password, person.password_hash).right
    database.close()


def test_nobody_is_invited_into_a_programme_that_does_not_exist(run, published: Path) -> None:
    rosa = ("--email", "first@example.org", "--name", "Rosa First", "--role", "director")
    result = run("invite", *rosa, "--programme", "nothing")
    assert "foundations" in str(result.exception)


@pytest.mark.parametrize(
    "address", ["director", "admin@localhost", "a b@example.org", "josé@example.org", "a" * 250 + "@example.org"]
)
def test_nobody_is_invited_under_an_address_with_which_they_could_not_sign_in(
    run, published: Path, address: str
) -> None:
    result = run("invite", "--email", address, "--name", "Rosa First", "--role", "director")
    assert "cannot be mailed" in str(result.exception)


def test_a_new_password_ends_the_waits_that_strangers_made(run, tmp_path: Path) -> None:
    run("db", "upgrade")
    database, now = Database(f"sqlite:///{tmp_path}/instance/trainer.sqlite"), utc_now()
    with database.transaction() as session:
        create_person(session, email="first@example.org", name="Rosa", password_hash=NOBODYS, now=now)
        door.knock(session, attempt=Attempt(account="first@example.org", address="203.0.113.7"), now=now)
    assert run("new-password", "first@example.org").exit_code == 0
    with database.reading() as session:
        assert session.scalars(select(TryCount)).all() == []
    database.close()


def test_a_new_database_file_is_its_owners_alone(run, tmp_path: Path) -> None:
    (tmp_path / "instance").mkdir(mode=0o755)
    run("db", "upgrade")
    assert stat.S_IMODE((tmp_path / "instance/trainer.sqlite").stat().st_mode) == 0o600


def test_the_secret_is_made_once_and_leaves_no_draft(tmp_path: Path) -> None:
    assert secret_key_in(tmp_path) == secret_key_in(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


@pytest.mark.parametrize(
    "name",
    [
        "BASE_URL", "DATABASE_URL", "INSTANCE", "CONTENT", "ISSUER", "SECRET_KEY", "PAPER", "PROXIES", "SMTP_URL",
        "MAIL_FROM", "WITNESSES", "WITNESS_QUORUM", "SIGNING_PASSPHRASE", "TIMESTAMP_URL",
    ],
)  # fmt: skip
def test_a_setting_that_is_no_text_is_named_in_one_sentence(tmp_path: Path, name: str) -> None:
    environ = {"TRAINER_INSTANCE": str(tmp_path), f"TRAINER_{name}": os.fsdecode(b"http://x\xff" + b"y" * 40)}
    with pytest.raises(Broken, match=f"TRAINER_{name} has bytes that are no text"):
        Settings.from_env(environ)
    with pytest.raises(Broken, match=f"TRAINER_{name} has bytes that are no text"):
        SigningSettings.from_env(environ)


@pytest.mark.parametrize(
    "address",
    ["http://", "https:///c", "http://[::1", "http://a:99999", "http://a b", "http://a?x", "http://a#x", "ftp://a",
     "http://u:p@a", "http://a\n"],
)  # fmt: skip
def test_a_public_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(Broken, match="TRAINER_BASE_URL"):
        Settings.from_env({"TRAINER_INSTANCE": str(tmp_path), "TRAINER_BASE_URL": address})


def test_an_instance_that_cannot_be_made_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Broken, match="cannot be made"):
        Settings.from_env({"TRAINER_INSTANCE": str(tmp_path / "file" / "instance")})


def test_a_witness_whose_name_is_no_text_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    environ = {**os.environb, b"TRAINER_INSTANCE": os.fsencode(tmp_path), b"TRAINER_WITNESSES": b"x\xff+12345678+AQID"}
    command = [sys.executable, "-c", "from trainer.__main__ import main; main()", "registry", "trust"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 1
    assert done.stderr == "trainer: TRAINER_WITNESSES has bytes that are no text (UTF-8); set it anew.\n"


def test_a_secret_that_is_too_short_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Broken, match="32"):
        Settings.from_env({"TRAINER_INSTANCE": str(tmp_path), "TRAINER_SECRET_KEY": "short"})
