"""A name is corrected, a certificate is renewed: what was issued stays, and a new one takes its place."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from tests.certificates.conftest import ISSUED
from tests.stage.deciding import decides
from trainer.accounts import services as accounts
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.certificates.facts.claim import Claim, fingerprint
from trainer.certificates.models import Certificate, Conferral
from trainer.certificates.queries import consent_of, waiting
from trainer.certificates.words import ConsentLevel, Occasion
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Refused
from trainer.lifecycle.acts import Act, acts_now
from trainer.lifecycle.holder.services import choose_consent
from trainer.lifecycle.queries import reason_of
from trainer.lifecycle.renewal import renewal_window
from trainer.registry.models import RegistryEntry
from trainer.registry.notes import Signer
from trainer.registry.queries import status_at
from trainer.registry.status import Decision, Reason, Word

LAST_DAY = date(2028, 2, 1)
EARLY = datetime(2027, 12, 1, 9, tzinfo=ISSUED.tzinfo)
LATE = datetime(2028, 6, 1, 9, tzinfo=ISSUED.tzinfo)
WHY = {"private_reason": "Seen in the passport.", "sure": "y"}


@pytest.fixture
def renew(database: Database, certificate: Certificate, dana: Person) -> Callable[[datetime], Conferral]:
    def decide(now: datetime) -> Conferral:
        with database.transaction() as session:
            return decides(session, Act.RENEW, dana, certificate.public_id, now=now, private_reason="Has kept up.")

    return decide


@pytest.fixture
def correct(database: Database, certificate: Certificate, dana: Person) -> Callable[[str], Conferral]:
    def decide(name: str, now: datetime = ISSUED + timedelta(days=3)) -> Conferral:
        with database.transaction() as session:
            return decides(
                session, Act.CORRECT, dana, certificate.public_id, holder=name, now=now, private_reason="Passport."
            )

    return decide


@pytest.fixture
def change(database: Database, certificate: Certificate, log: Signer, dana: Person) -> Callable[[Word], None]:
    def decide(word: Word, now: datetime = ISSUED + timedelta(days=1)) -> None:
        from trainer.registry.services import change_status

        with database.transaction() as session:
            change_status(
                session,
                public_id=certificate.public_id,
                decision=Decision(
                    word=word,
                    at=now,
                    reason_code=Reason.CONDUCT,
                    decided_by=dana.id,
                    successor="a" * 26 if word is Word.SUPERSEDED else None,
                ),
                log=log,
            )

    return decide


def read(database: Database, public_id: str, now: datetime) -> tuple[Claim, Word, str]:
    with database.reading() as session:
        status = status_at(session, public_id=public_id, now=now)
        return Claim.read(session.get_one(Certificate, public_id).claim), status.word, status.successor


def test_a_corrected_name_gives_a_new_certificate_with_the_same_end(
    database: Database, certificate: Certificate, correct: Callable, issued: Callable, mara: Person
) -> None:
    now = ISSUED + timedelta(days=100)
    conferral = correct("Mara Falk")
    assert (conferral.occasion, conferral.supersedes) == (Occasion.CORRECTION, certificate.public_id)
    made = issued(conferral, now)
    old, word, successor = read(database, certificate.public_id, now)
    new, new_word, _ = read(database, made.public_id, now)
    assert (word, new_word, successor) == (Word.SUPERSEDED, Word.VALID, made.public_id)
    assert (old.holder, new.holder) == ("Mara Vogel", "Mara Falk")
    assert new.valid_until == old.valid_until == LAST_DAY
    assert new.conferred_by == old.conferred_by
    assert {new.number, new.public_id}.isdisjoint({old.number, old.public_id})
    with database.reading() as session:
        assert session.get_one(Person, mara.id).name == "Mara Falk"
        assert session.get_one(RegistryEntry, old.public_id).claim_sha256 == fingerprint(old)


@pytest.mark.parametrize("hers_too", [False, True])
def test_the_account_of_somebody_in_another_programme_is_not_renamed_from_this_one(
    hers_too: bool, database: Database, certificate: Certificate, mara: Person, dana: Person
) -> None:
    with database.transaction() as session:
        for one in [mara, *([dana] if hers_too else [])]:
            who = session.get_one(Person, one.id)
            accounts.grant(session, person=who, programme="elsewhere", role=Role.DIRECTOR, by=None, now=ISSUED)
        dana = session.get_one(Person, dana.id)
        session.refresh(dana)
        decides(
            session,
            Act.CORRECT,
            dana,
            certificate.public_id,
            holder="Mara Falk",
            now=ISSUED + timedelta(days=3),
            private_reason="Passport.",
        )
    with database.reading() as session:
        assert session.get_one(Person, mara.id).name == ("Mara Falk" if hers_too else mara.name)
        assert (
            session.scalar(select(Conferral.facts).where(Conferral.supersedes == certificate.public_id))["holder"]
            == "Mara Falk"
        )


def test_the_counter_no_longer_shows_the_name_that_was_corrected(
    certificate: Certificate, correct: Callable, issued: Callable, mara: Person, as_: Callable, stranger
) -> None:
    old, new = certificate.public_id, issued(correct("Mara Falk"), ISSUED + timedelta(days=100)).public_id
    for public_id, name in ((old, None), (new, "Mara Falk")):
        assert stranger.get(f"/api/v1/credentials/{public_id}").json["holder"].get("name") == name
    assert "Vogel" not in stranger.get(f"/c/{old}").text
    as_(mara).decide(f"/certificates/{old}/visibility", {"level": "shown"})
    assert "Mara Vogel" in stranger.get(f"/c/{old}").text


def test_a_renewal_leaves_the_name_on_the_old_certificate_as_it_was(
    certificate: Certificate, renew: Callable, issued: Callable, stranger
) -> None:
    made = issued(renew(EARLY), EARLY)
    for public_id in (certificate.public_id, made.public_id):
        assert "Mara Vogel" in stranger.get(f"/c/{public_id}").text


def test_a_certificate_corrected_twice_still_ends_on_its_day(
    database: Database, correct: Callable, issued: Callable, dana: Person
) -> None:
    first = issued(correct("Mara Falk"), ISSUED + timedelta(days=100))
    now = ISSUED + timedelta(days=200)
    with database.transaction() as session:
        again = decides(
            session, Act.CORRECT, dana, first.public_id, holder="Mara Falk-Vogel", now=now, private_reason="Again."
        )
    assert read(database, issued(again, now).public_id, now)[0].valid_until == LAST_DAY


def test_a_renewal_before_the_end_runs_from_the_end(
    database: Database, renew: Callable, issued: Callable, dana: Person
) -> None:
    made = issued(renew(EARLY), EARLY)
    new, word, _ = read(database, made.public_id, EARLY)
    assert (new.issued_on, new.valid_until, word) == (EARLY.date(), date(2030, 2, 1), Word.VALID)
    assert new.conferred_by == dana.name


def test_a_renewal_after_the_end_runs_from_its_own_day(
    database: Database, renew: Callable, issued: Callable, certificate: Certificate
) -> None:
    made = issued(renew(LATE), LATE)
    assert read(database, made.public_id, LATE)[0].valid_until == date(2030, 6, 1)
    assert read(database, certificate.public_id, LATE)[1] is Word.SUPERSEDED


def test_the_reason_and_the_proof_go_along(renew: Callable) -> None:
    conferral = renew(EARLY)
    assert reason_of(conferral) == "Has kept up."
    assert conferral.proof["met"] is True


@pytest.mark.parametrize("day", [date(2027, 11, 2), date(2029, 2, 1)])
def test_outside_its_window_nothing_is_renewed(renew: Callable, day: date) -> None:
    with pytest.raises(Refused, match="can be renewed from 3 November 2027 to 31 January 2029"):
        renew(datetime(day.year, day.month, day.day, 12, tzinfo=ISSUED.tzinfo))


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_the_window_lasts_from_90_days_before_to_365_days_after(last_day: date) -> None:
    opens, closes = renewal_window(last_day)
    assert ((last_day - opens).days, (closes - last_day).days) == (90, 365)
    for today, possible in (
        (opens, True),
        (closes, True),
        (opens - timedelta(1), False),
        (closes + timedelta(1), False),
    ):
        word = Word.VALID if today <= last_day else Word.EXPIRED
        acts = acts_now(word, valid_until=last_day, replaced=False, today=today)
        assert (Act.RENEW in acts) is possible


@pytest.mark.parametrize("word", [Word.SUSPENDED, Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED])
def test_what_does_not_hold_is_neither_renewed_nor_corrected(
    change: Callable, renew: Callable, correct: Callable, database: Database, word: Word
) -> None:
    change(word)
    with pytest.raises(Refused):
        renew(EARLY)
    with pytest.raises(Refused):
        correct("Mara Falk")
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Conferral)) == 1


def test_deciding_twice_finds_the_first_decision(renew: Callable, correct: Callable, database: Database) -> None:
    assert renew(EARLY).id == renew(EARLY + timedelta(days=1)).id
    with pytest.raises(Refused, match="being replaced already"):
        correct("Mara Falk", EARLY)


def test_a_correction_that_is_sent_again_later_does_not_bring_the_old_name_back(
    correct: Callable, issued: Callable, database: Database, dana: Person, mara: Person
) -> None:
    first = issued(correct("Mara Falk"), ISSUED + timedelta(days=4))
    with database.transaction() as session:
        decides(
            session,
            Act.CORRECT,
            dana,
            first.public_id,
            holder="Mara Falk-Vogel",
            now=ISSUED + timedelta(days=5),
            private_reason="Passport.",
        )
    correct("Mara Falk", ISSUED + timedelta(days=6))
    with database.reading() as session:
        assert session.get_one(Person, mara.id).name == "Mara Falk-Vogel"


def test_the_name_it_has_already_is_no_correction(correct: Callable) -> None:
    with pytest.raises(Refused, match="already"):
        correct("Mara Vogel")


@pytest.mark.parametrize("word", [Word.SUSPENDED, Word.REVOKED, Word.SURRENDERED])
def test_what_was_ended_since_the_decision_is_not_replaced(
    renew: Callable, change: Callable, issued: Callable, database: Database, certificate: Certificate, word: Word
) -> None:
    conferral = renew(EARLY)
    change(word, EARLY)
    with pytest.raises(Refused):
        issued(conferral, EARLY + timedelta(minutes=1))
    with database.reading() as session:
        assert session.scalars(select(Certificate.public_id)).all() == [certificate.public_id]
        assert bool(waiting(session)) is (word is Word.SUSPENDED)  # what can never be issued is not tried for ever
    if word is Word.SUSPENDED:
        change(Word.VALID, EARLY + timedelta(minutes=2))
        issued(conferral, EARLY + timedelta(minutes=3))


@pytest.mark.parametrize(
    ("word", "said"), [(Word.SUSPENDED, "once the suspension"), (Word.REVOKED, ""), (None, "This one holds until")]
)
def test_the_page_says_what_becomes_of_a_replacement_on_its_way(
    as_: Callable, dana: Person, correct: Callable, change: Callable, certificate: Certificate, word: Word, said: str
) -> None:
    correct("Mara Falk", utc_now())
    if word:
        change(word, utc_now())
    page = as_(dana).get(f"/certificates/{certificate.public_id}/status").text
    assert ("A new certificate is on its way" in page) is bool(said)
    assert said in page


def test_what_the_holder_chose_to_hide_stays_hidden_on_the_new_one(
    database: Database, certificate: Certificate, renew: Callable, issued: Callable, mara: Person
) -> None:
    with database.transaction() as session:
        choose_consent(session, public_id=certificate.public_id, holder=mara, level=ConsentLevel.HIDDEN, now=EARLY)
    made = issued(renew(EARLY), EARLY)
    with database.reading() as session:
        assert consent_of(session, public_id=made.public_id) is ConsentLevel.HIDDEN


def test_dana_corrects_a_name_on_its_page(
    as_: Callable, dana: Person, certificate: Certificate, database: Database, issued: Callable, letters: Callable
) -> None:
    browser, path = as_(dana), f"/certificates/{certificate.public_id}/correction"
    assert 'value="Mara Vogel"' in browser.get(path).text
    for name, said in (("", "give the full name"), ("Mara रवि", "cannot write"), ("\u202eMara", "U+202E")):
        answer = browser.send(path, {**WHY, "name": name})
        assert answer.status_code == 422
        assert said in answer.text
    opened = {**WHY, "name": "  Mara   Falk ", "seen": browser.shown(path)}
    assert [browser.send(path, opened).status_code for _ in range(2)] == [303, 303]
    page = browser.get(f"/certificates/{certificate.public_id}/status").text
    assert "A new certificate is on its way" in page
    with database.reading() as session:
        conferral = session.scalars(select(Conferral).where(Conferral.supersedes.is_not(None))).one()
    assert conferral.conferred.holder == "Mara Falk"
    made = issued(conferral, utc_now())
    page = browser.get(f"/certificates/{certificate.public_id}/status").text
    assert f"/certificates/{made.public_id}/status" in page
    assert "Seen in the passport." in page
    assert [subject for _, subject in letters()] == ["Your new certificate is ready"]


def test_dana_renews_on_its_page_and_not_too_early(
    as_: Callable, dana: Person, award: Callable, enrolment, mara: Person, certificate: Certificate, database: Database
) -> None:
    browser = as_(dana)
    assert "can be renewed from" in browser.get(f"/certificates/{certificate.public_id}/renewal").text
    assert browser.send(f"/certificates/{certificate.public_id}/renewal", WHY).status_code == 409


def test_dana_renews_one_that_ends_soon(
    as_: Callable, dana: Person, award: Callable, enrolment, mara: Person, database: Database
) -> None:
    soon = award(enrolment, mara, now=utc_now() - timedelta(days=690))
    browser = as_(dana)
    assert "Renew it" in browser.get(f"/certificates/{soon.public_id}/status").text
    page = browser.get(f"/certificates/{soon.public_id}/renewal")
    assert "runs on from the end of this one" in page.text
    assert browser.send(f"/certificates/{soon.public_id}/renewal", {"sure": "y"}).status_code == 422
    path = f"/certificates/{soon.public_id}/renewal"
    opened = {**WHY, "seen": browser.shown(path)}
    assert [browser.send(path, opened).status_code for _ in range(2)] == [303, 303]
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Conferral.occasion == Occasion.RENEWAL)) == 1
    assert "was decided on" in browser.get(f"/certificates/{soon.public_id}/renewal").text
