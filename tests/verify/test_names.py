"""What the counter says about the holder's name: what the holder lets it say."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event

from trainer.certificates.models import Certificate, Consent
from trainer.certificates.queries import consent_of
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.db import Database
from trainer.verify.matching import Match
from trainer.verify.services import TRIES_A_DAY, try_names

UNKNOWN = "a" * 26


@pytest.fixture
def consents(database: Database, certificate: Certificate) -> Callable[[ConsentLevel], None]:
    """Mara decides what may be shown."""

    def decide(level: ConsentLevel) -> None:
        with database.transaction() as session:
            session.add(Consent(public_id=certificate.public_id, level=level, at=utc_now()))

    return decide


@pytest.fixture
def ask(database: Database) -> Callable[..., Match | None]:
    def compare(reference: str, name: str, address: str = "203.0.113.7", **later: int) -> Match | None:
        with database.transaction() as session:
            moment = utc_now() + timedelta(**later)
            base_url = "http://localhost"
            return try_names(session, asked=[(reference, name)], address=address, base_url=base_url, now=moment)[0]

    return compare


def test_the_newest_decision_of_the_holder_counts(database: Database, certificate: Certificate, consents) -> None:
    levels = []
    for level in (None, ConsentLevel.HIDDEN, ConsentLevel.MATCHED):
        if level:
            consents(level)
        with database.reading() as session:
            levels.append(consent_of(session, public_id=certificate.public_id))
    assert levels == [ConsentLevel.SHOWN, ConsentLevel.HIDDEN, ConsentLevel.MATCHED]


@pytest.mark.parametrize("level", [ConsentLevel.MATCHED, ConsentLevel.HIDDEN])
def test_a_name_that_may_not_be_shown_is_nowhere_on_the_page_or_in_the_receipt(
    stranger, certificate: Certificate, consents, level: ConsentLevel
) -> None:
    consents(level)
    page = stranger.get(f"/c/{certificate.public_id}").text
    kept = stranger.get(f"/c/{certificate.public_id}/receipt").text
    assert "Mara" not in page + kept
    assert "only its holder can decide" in page
    assert (f"/c/{certificate.public_id}/match" in page) == (level is ConsentLevel.MATCHED)


def test_whoever_holds_the_file_already_knows_the_name(upload, pdf: bytes, consents) -> None:
    consents(ConsentLevel.HIDDEN)
    assert "Mara Vogel" in upload(pdf).text


@pytest.mark.parametrize(
    ("name", "said"),
    [("vogel mara", "Yes, it matches"), ("Vogel", "It matches in part"), ("Ilse", "No match"), ("", "Please give")],
)
def test_a_person_compares_a_name_on_a_page(stranger, certificate: Certificate, consents, name: str, said: str) -> None:
    consents(ConsentLevel.MATCHED)
    answer = stranger.send(f"/c/{certificate.public_id}/match", {"name": name})
    assert said in answer.text
    assert "Mara Vogel" not in answer.text


def test_a_hidden_name_answers_as_an_unknown_certificate_does(stranger, certificate, consents, ask) -> None:
    consents(ConsentLevel.HIDDEN)
    assert ask(certificate.public_id, "Mara Vogel") is ask(UNKNOWN, "Mara Vogel") is Match.NO
    hidden, unknown = (
        stranger.send(f"/c/{one}/match", {"name": "Mara Vogel"}) for one in (certificate.public_id, UNKNOWN)
    )
    pages = [one.text.replace(certificate.public_id, UNKNOWN) for one in (hidden, unknown)]
    assert [page.partition("<main")[2].partition("csrf")[0] for page in pages] == [
        pages[0].partition("<main")[2].partition("csrf")[0]
    ] * 2


def test_a_network_compares_only_five_names_a_day_with_one_certificate(certificate: Certificate, ask) -> None:
    tries = [ask(certificate.public_id, "Ilse") for _ in range(TRIES_A_DAY)]
    assert tries == [Match.NO] * TRIES_A_DAY
    assert ask(certificate.public_id, "Mara Vogel") is None
    assert ask(certificate.number, "Mara Vogel") is None
    assert ask(certificate.number, "Mara Vogel", hours=25) is Match.YES


def test_wrong_names_from_one_network_keep_no_other_from_comparing(certificate: Certificate, ask) -> None:
    for _ in range(30):
        ask(certificate.public_id, "Ilse")
    assert ask(certificate.public_id, "Mara Vogel", "198.51.100.9") is Match.YES


def test_neighbours_have_twenty_tries_a_day_together(certificate: Certificate, ask) -> None:
    for known in (certificate.public_id, UNKNOWN):
        answers = [ask(known, "Ilse", f"2001:db8:1:{number:x}::1") for number in range(25)]
        assert answers == [Match.NO] * 20 + [None] * 5
    assert ask(certificate.public_id, "Mara Vogel", "2001:db8:2::1") is Match.YES


def test_two_at_once_cannot_share_the_last_try(database: Database, certificate: Certificate, ask) -> None:
    for _ in range(TRIES_A_DAY - 1):
        ask(certificate.public_id, "Ilse")
    with ThreadPoolExecutor(8) as crowd:
        answers = list(crowd.map(lambda _: ask(certificate.public_id, "Ilse"), range(16)))
    assert answers.count(Match.NO) == 1


def test_a_thousand_names_in_one_list_are_counted_one_by_one(database: Database, certificate: Certificate, ask) -> None:
    with database.transaction() as session:
        asked = [(certificate.number, f"Name {number}") for number in range(50)]
        where = {"address": "203.0.113.7", "base_url": "http://localhost"}
        answers = try_names(session, asked=asked, **where, now=utc_now())
    assert answers == [Match.NO] * TRIES_A_DAY + [None] * 45


@pytest.mark.parametrize("known", [True, False])
def test_after_five_tries_people_wait_whether_or_not_the_certificate_exists(
    stranger, certificate: Certificate, known: bool
) -> None:
    address = f"/c/{certificate.public_id if known else UNKNOWN}/match"
    codes = [stranger.send(address, {"name": "Ilse"}).status_code for _ in range(TRIES_A_DAY + 1)]
    assert codes == [200] * TRIES_A_DAY + [429]


def test_known_hidden_and_unknown_certificates_cost_the_same_queries(
    database: Database, certificate: Certificate, consents, ask
) -> None:
    counts = []
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for reference in (certificate.public_id, certificate.number, UNKNOWN, "7K4M-2QXH-9PTC", "nonsense"):
        statements.clear()
        ask(reference, "Mara Vogel")
        counts.append(len([one for one in statements if not one.startswith("BEGIN")]))
    consents(ConsentLevel.HIDDEN)
    statements.clear()
    ask(certificate.public_id, "Mara Vogel")
    counts.append(len([one for one in statements if not one.startswith("BEGIN")]))
    assert counts == [5] * 6


def test_facts_that_were_tampered_with_match_nobody(certificate: Certificate, tampering, ask) -> None:
    with tampering() as session:
        kept = session.get_one(Certificate, certificate.public_id)
        kept.claim = {**kept.claim, "holder": "Somebody Else"}
    assert ask(certificate.public_id, "Somebody Else") is Match.NO


def test_whoever_tries_addresses_at_random_has_to_wait_and_whoever_looks_does_not(stranger, certificate) -> None:
    assert {stranger.get(f"/c/{certificate.public_id}").status_code for _ in range(70)} == {200}
    codes = [stranger.get(f"/c/{number:026}").status_code for number in range(61)]
    assert codes == [404] * 60 + [429]
    with time_machine.travel(utc_now() + timedelta(minutes=2)):
        assert stranger.get(f"/c/{certificate.public_id}").status_code == 200
