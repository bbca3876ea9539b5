"""What the counter says while the registry changes, and when something in it was changed by hand."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tests.certificates.conftest import ISSUED
from trainer.certificates.models import Certificate
from trainer.db import Database
from trainer.registry.models import RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.services import change_status
from trainer.registry.status import Decision, Reason, Word
from trainer.settings import Settings
from trainer.verify.queries import verdict_for_reference

LATER = ISSUED + timedelta(days=1)


def test_a_revocation_in_the_midst_of_an_answer_does_not_make_a_paper_look_forged(
    database: Database, certificate: Certificate, log: Signer
) -> None:
    done: list[bool] = []

    def revoke(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if done or "FROM status_change" not in statement:
            return
        done.append(True)
        with database.transaction() as session:
            change_status(
                session,
                public_id=certificate.public_id,
                decision=Decision(word=Word.REVOKED, at=LATER, reason_code=Reason.CONDUCT),
                log=log,
            )

    with database.reading() as session:
        event.listen(database.engine, "after_cursor_execute", revoke)
        now = LATER + timedelta(seconds=1)
        verdict = verdict_for_reference(
            session, text=certificate.public_id, log=log.verifier, base_url="http://localhost", now=now
        )
    assert done
    assert verdict.status is Word.VALID  # as it stood when the question was asked


@pytest.mark.parametrize(
    "edit",
    [
        {"valid_until": ISSUED + timedelta(days=9000)},
        {"issued_at": ISSUED - timedelta(days=400)},
        {"number": "2222-2222-2222"},
    ],
)
def test_dates_and_number_edited_in_the_registry_are_called_out(
    stranger, certificate: Certificate, tampering, edit: dict[str, object]
) -> None:
    with tampering() as session:
        entry = session.get_one(RegistryEntry, certificate.public_id)
        for column, value in edit.items():
            setattr(entry, column, value)
    page = stranger.get(f"/c/{certificate.public_id}").text
    assert "no longer what was certified" in page


@pytest.mark.parametrize("claim", [{}, {"hours": "1/0"}, {"issued_on": "soon"}, {"covered": None}])
def test_facts_that_cannot_be_read_are_a_verdict_and_not_an_error(
    stranger, certificate: Certificate, tampering, claim: dict[str, object]
) -> None:
    with tampering() as session:
        kept = session.get_one(Certificate, certificate.public_id)
        kept.claim = {**kept.claim, **claim} if claim else {}
    page = stranger.get(f"/c/{certificate.public_id}").text
    assert "no longer what was certified" in page


@pytest.mark.parametrize("edit", [{"salt": b"short"}, {"sha256": "no hexadecimal digits"}])
def test_a_commitment_that_cannot_be_recomputed_is_a_verdict_and_not_an_error(
    stranger, certificate: Certificate, tampering, edit: dict[str, object]
) -> None:
    with tampering() as session:
        entry = session.get_one(RegistryEntry, certificate.public_id)
        for column, value in edit.items():
            setattr(entry, column, value)
    assert "cannot be proved to be in our public log" in stranger.get(f"/c/{certificate.public_id}").text


def test_a_lost_key_folder_makes_nobody_look_like_a_forger(
    stranger, certificate: Certificate, settings: Settings
) -> None:
    (settings.instance / "log").rename(settings.instance / "elsewhere")
    answer = stranger.get(f"/c/{certificate.public_id}")
    assert answer.status_code == 500
    assert "not genuine" not in answer.text.lower()
    assert "key of the log is missing" in answer.text


def test_a_damaged_public_key_tells_nobody_where_the_installation_lies(
    stranger, certificate: Certificate, settings: Settings
) -> None:
    (settings.instance / "log" / "public-key").write_text("nonsense")
    answer = stranger.get(f"/c/{certificate.public_id}")
    assert answer.status_code == 500
    assert str(settings.instance) not in answer.text


def test_tiles_are_handed_out_without_a_cookie(as_, mara, certificate: Certificate) -> None:
    browser = as_(mara)
    for path in ("/checkpoint", "/tile/0/000.p/2", "/tile/entries/000.p/2"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        *("63/000", "64/000", "0/", "0/000.p/0", "0/000.p/256", "0/x001", "0/-01", "0/٠٠٠", "0/000%0A", "0/%00"),
        *("0/x000/000", "entries", "entries/000.p/9", "entries/" + "x999/" * 11 + "999"),
    ],
)
def test_odd_tile_addresses_lead_nowhere(stranger, certificate: Certificate, path: str) -> None:
    assert stranger.get(f"/tile/{path}").status_code in (308, 400, 404)
