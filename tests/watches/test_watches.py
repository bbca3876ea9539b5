"""Somebody is told of each change, once, only after saying yes, and until they say stop."""

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from trainer.certificates.models import Certificate
from trainer.clock import utc_now
from trainer.db import Database
from trainer.errors import Missing
from trainer.notices.models import Notice
from trainer.notices.words import Channel
from trainer.registry.services import change_status
from trainer.registry.status import Decision, Reason, Word
from trainer.watches import queries, services
from trainer.watches.models import Watch, WatchTold

SECRET, BASE_URL = "a secret that is long enough for tests", "http://localhost"
HOOK = "https://hooks.example.org/c"


@pytest.fixture
def ask(database: Database, certificate: Certificate) -> Callable[..., None]:
    def send(target: str = "vera@example.org", channel: Channel = Channel.MAIL, now: datetime | None = None) -> None:
        with database.transaction() as session:
            services.ask_to_watch(
                session,
                public_id=certificate.public_id,
                channel=channel,
                target=target,
                base_url=BASE_URL,
                secret=SECRET,
                now=now or utc_now(),
            )

    return send


@pytest.fixture
def notices(database: Database) -> Callable[[], list[Notice]]:
    def read() -> list[Notice]:
        with database.reading() as session:
            return list(session.scalars(select(Notice).order_by(Notice.id)))

    return read


@pytest.fixture
def watching(ask, notices, stranger) -> Callable[..., str]:
    """Ask and say yes; gives the secret."""

    def begin(target: str = "vera@example.org", channel: Channel = Channel.MAIL) -> str:
        ask(target, channel)
        token = token_in(notices()[-1])
        assert stranger.send(f"/watches/{token}/confirmed").status_code == 303
        return token

    return begin


@pytest.fixture
def change(database: Database, certificate: Certificate, log) -> Callable[[Word], None]:
    def decide(word: Word) -> None:
        with database.transaction() as session:
            change_status(
                session,
                public_id=certificate.public_id,
                decision=Decision(word=word, at=utc_now(), reason_code=Reason.UNDER_REVIEW, private_reason="A secret."),
                log=log,
            )

    return decide


@pytest.fixture
def tell(database: Database) -> Callable[[], int]:
    def work() -> int:
        with database.transaction() as session:
            return services.tell_watchers(session, base_url=BASE_URL, secret=SECRET, now=utc_now())

    return work


def token_in(notice: Notice) -> str:
    return re.search(r"/watches/([a-z2-7]{32})", notice.body)[1]


def test_a_watcher_who_said_yes_is_told_of_each_change_once(watching, change, tell, notices, certificate) -> None:
    watching()
    assert tell() == 0
    change(Word.SUSPENDED)
    assert [tell(), tell()] == [1, 0]
    change(Word.VALID)
    change(Word.REVOKED)
    assert [tell(), tell()] == [2, 0]
    letters = notices()[1:]
    assert [letter.subject.rsplit(" ", 1)[1] for letter in letters] == ["suspended", "valid", "revoked"]
    assert f"{BASE_URL}/c/{certificate.public_id}" in letters[0].body
    assert "A secret." not in "".join(letter.body for letter in letters)


def test_nobody_is_told_who_did_not_say_yes(ask, change, tell) -> None:
    ask()
    change(Word.REVOKED)
    assert tell() == 0


def test_opening_the_link_does_not_say_yes(ask, notices, stranger, change, tell) -> None:
    ask()
    page = stranger.get(f"/watches/{token_in(notices()[0])}")
    assert "Shall we tell you" in page.text
    change(Word.REVOKED)
    assert tell() == 0


def test_a_change_between_asking_and_saying_yes_is_told_and_an_older_one_is_not(ask, change, notices, tell, stranger):
    change(Word.SUSPENDED)
    ask()
    change(Word.REVOKED)
    stranger.send(f"/watches/{token_in(notices()[0])}/confirmed")
    assert tell() == 1
    assert notices()[-1].subject.endswith("revoked")


def test_the_link_in_every_letter_ends_it_and_again_is_no_error(watching, change, tell, notices, stranger) -> None:
    watching()
    change(Word.SUSPENDED)
    tell()
    token = token_in(notices()[-1])
    for _ in range(2):
        assert stranger.send(f"/watches/{token}/ended").status_code == 303
    assert "You hear no more of it" in stranger.get(f"/watches/{token}").text
    stranger.send(f"/watches/{token}/confirmed")
    change(Word.REVOKED)
    assert tell() == 0


def test_two_workers_at_once_tell_each_watcher_once(watching, change, tell, database, notices) -> None:
    for number in range(12):
        watching(f"vera{number}@example.org")
    change(Word.SUSPENDED)
    change(Word.REVOKED)
    before = len(notices())
    with ThreadPoolExecutor(4) as workers:
        told = sum(workers.map(lambda _: tell(), range(4)))
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(WatchTold)) == told == 24
    assert len(notices()) - before == 24


def test_asking_again_sends_nothing_and_says_the_same(watching, stranger, certificate, notices) -> None:
    watching()
    before = len(notices())
    pages = [
        stranger.send(f"/c/{certificate.public_id}/watch", {"email": address}).text.replace(address, "X")
        for address in ("vera@example.org", "newcomer@example.org")
    ]
    assert pages[0] == pages[1]
    assert len(notices()) == before + 1


def test_a_double_click_sends_one_letter_and_a_day_later_there_is_another(ask, notices) -> None:
    for _ in range(3):
        ask()
    assert len(notices()) == 1
    ask(now=utc_now() + timedelta(hours=25))
    assert len(notices()) == 2


def test_nobody_can_flood_a_mailbox_with_questions_however_it_is_spelt(database, award, enrol, person, notices) -> None:
    from trainer.accounts.words import Role

    spellings = ("victim", "Victim", "victim+1", "VICTIM+two", "victim+", "vicTim")
    for number, spelling in enumerate(spellings, start=1):
        holder = person(f"T{number} Holder", Role.TRAINEE)
        public_id = award(enrol(holder), holder).public_id
        with database.transaction() as session:
            services.ask_to_watch(
                session,
                public_id=public_id,
                channel=Channel.MAIL,
                target=f"{spelling}@Example.org",
                base_url=BASE_URL,
                secret=SECRET,
                now=utc_now(),
            )
        assert len(notices()) == min(number, 5)


def test_whoever_said_no_is_not_asked_again_the_same_day(ask, notices, stranger) -> None:
    ask()
    assert stranger.send(f"/watches/{token_in(notices()[0])}/ended").status_code == 303
    ask()
    assert len(notices()) == 1


def test_whoever_ended_it_may_begin_again_at_once(watching, stranger, notices) -> None:
    assert stranger.send(f"/watches/{watching()}/ended").status_code == 303
    watching()
    assert len(notices()) == 2


def test_a_webhook_is_sent_the_secret_first_and_then_each_change(ask, notices, stranger, change, tell, certificate):
    ask(HOOK, Channel.WEBHOOK)
    asked = json.loads(notices()[0].body)
    assert asked["event"] == "watch.asked"
    path = asked["confirm"]["url"].removeprefix(BASE_URL)
    assert stranger.open(path, method=asked["confirm"]["method"]).json["confirmed"] is True
    change(Word.SUSPENDED)
    tell()
    told = notices()[-1]
    body = json.loads(told.body)
    assert (told.channel, told.recipient) == (Channel.WEBHOOK, HOOK)
    assert set(body) == {"event", "id", "number", "status", "since", "reason_code", "at"}
    assert (body["event"], body["status"], body["id"]) == ("status.changed", "suspended", certificate.public_id)
    assert stranger.delete(path).status_code == 204
    assert stranger.delete(path).status_code == 204
    change(Word.REVOKED)
    assert tell() == 0


def test_the_database_does_not_keep_the_secret(watching, database) -> None:
    token = watching()
    with database.reading() as session:
        watch = session.scalar(select(Watch))
        assert token not in (watch.id, watch.token_hash, watch.target)


def test_after_the_installation_has_a_new_secret_letters_still_go_out_and_old_links_still_end(
    watching, change, database, notices, stranger
) -> None:
    token = watching()
    change(Word.SUSPENDED)
    with database.transaction() as session:
        services.tell_watchers(session, base_url=BASE_URL, secret="another secret that is long enough", now=utc_now())
    assert "use the link in the letter" in notices()[-1].body
    assert stranger.send(f"/watches/{token}/ended").status_code == 303


def test_the_holder_learns_how_many_watch_and_not_who(watching, database, certificate, stranger) -> None:
    tokens = [watching(), watching(HOOK, Channel.WEBHOOK), watching("omar@example.org")]
    stranger.send(f"/watches/{tokens[2]}/ended")
    with database.reading() as session:
        assert queries.watching(session, public_ids=[certificate.public_id, "b" * 26]) == {
            certificate.public_id: 2,
            "b" * 26: 0,
        }


def test_a_secret_that_is_none_and_a_certificate_that_is_none_are_not_found(stranger, database) -> None:
    assert stranger.get("/watches/" + "a" * 32).status_code == 404
    assert stranger.send("/watches/" + "a" * 32 + "/ended").status_code == 404
    assert stranger.get(f"/c/{'a' * 26}/watch").status_code == 404
    with database.transaction() as session, pytest.raises(Missing):
        services.confirm_watch(session, token="x", now=utc_now())


def test_an_address_that_is_none_is_refused_in_a_sentence(stranger, certificate: Certificate) -> None:
    answer = stranger.send(f"/c/{certificate.public_id}/watch", {"email": "nobody"})
    assert answer.status_code == 422
    assert "looks like name@example.org" in answer.text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("smtp_url", "leaves"), [("", False), ("smtp://127.0.0.1", True)])
def test_a_letter_is_said_to_be_on_its_way_only_where_letters_leave(
    stranger, app, certificate, monkeypatch, smtp_url: str, leaves: bool
) -> None:
    monkeypatch.setitem(
        app.extensions, "trainer.settings", replace(app.extensions["trainer.settings"], smtp_url=smtp_url)
    )
    page = stranger.send(f"/c/{certificate.public_id}/watch", {"email": "vera@example.org"}).text
    assert ("A letter with a link is on its way to vera@example.org" in " ".join(page.split())) is leaves
    assert ("no mail server is set up on this site" in page) is not leaves
    before = stranger.get(f"/c/{certificate.public_id}/watch").text
    assert ("No mail server is set up here" in before.partition('name="email"')[0]) is not leaves
