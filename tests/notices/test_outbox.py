"""What is written arrives once, or waits and is tried again; nothing of it is lost."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select, update

from tests.journey.conftest import free_port
from trainer.accounts.models import Person
from trainer.db import Database
from trainer.errors import Broken
from trainer.notices.errands import deliver_due
from trainer.notices.mail import Letter, MailServer, mail_server_of
from trainer.notices.models import Delivery, Notice
from trainer.notices.outcome import Undelivered
from trainer.notices.queries import due, what_waits
from trainer.notices.schedule import WAITS, next_attempt
from trainer.notices.services import tell
from trainer.notices.words import Channel
from trainer.settings import Settings

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


class Office:
    """A mail server that keeps what it takes, and refuses whom it is told to."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refused: set[str] = set()

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list) -> str:
        if address in self.refused:
            return f"550 nobody here is called {address}"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.letters.append(message_from_bytes(envelope.original_content, policy=default))
        self.letters[-1]["X-Envelope"] = ",".join(envelope.rcpt_tos)
        return "250 taken"


@pytest.fixture
def office() -> Iterator[Office]:
    kept = Office()

    def knows(_server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: LoginPassword) -> AuthResult:
        return AuthResult(success=(given.login, given.password) == (b"trainer", b"p@ss/word"), handled=False)

    controller = Controller(
        kept, hostname="127.0.0.1", port=free_port(), authenticator=knows, auth_require_tls=False, enable_SMTPUTF8=True
    )
    controller.start()
    kept.url = f"smtp://127.0.0.1:{controller.port}"
    yield kept
    controller.stop()


@pytest.fixture
def mail(office: Office) -> MailServer:
    return MailServer.at(office.url, sender="office@example.org")


@pytest.fixture
def write(database: Database, mara: Person) -> Callable[..., Notice]:
    def one(recipient: str = mara.id, subject: str = "Your certificate", body: str = "It is ready.\n") -> Notice:
        with database.transaction() as session:
            return tell(session, channel=Channel.MAIL, recipient=recipient, subject=subject, body=body, now=NOW)

    return one


def test_mara_gets_her_letter_by_name_at_the_address_she_has_today(
    database: Database, write: Callable, mail: MailServer, office: Office, mara: Person
) -> None:
    write()
    with database.transaction() as session:
        session.execute(update(Person).where(Person.id == mara.id).values(email="mara.vogel@example.net"))
    assert deliver_due(database, mail=mail, webhooks=None, now=NOW) == 1
    [letter] = office.letters
    assert letter["To"] == letter["X-Envelope"] == "mara.vogel@example.net"
    assert letter["From"] == "office@example.org"
    assert letter["Subject"] == "Your certificate"
    assert letter.get_content().replace("\r\n", "\n") == "Hello Mara Vogel,\n\nIt is ready.\n"


def test_a_letter_that_arrived_is_not_sent_again(
    database: Database, write: Callable, mail: MailServer, office: Office
) -> None:
    write()
    assert [deliver_due(database, mail=mail, webhooks=None, now=NOW) for _ in range(3)] == [1, 0, 0]
    assert len(office.letters) == 1


def test_a_letter_that_is_refused_is_tried_again_and_the_answer_does_not_name_anybody(
    database: Database, write: Callable, mail: MailServer, office: Office, mara: Person
) -> None:
    write()
    office.refused = {mara.email}
    assert deliver_due(database, mail=mail, webhooks=None, now=NOW) == 0
    assert deliver_due(database, mail=mail, webhooks=None, now=NOW + timedelta(seconds=59)) == 0
    with database.reading() as session:
        [attempt] = session.scalars(select(Delivery)).all()
        assert not attempt.delivered
        assert "550" in attempt.answer
        assert mara.email not in attempt.answer
        assert "could not be delivered so far: 1" in (what_waits(session, has_mail=True) or "")
    office.refused = set()
    assert deliver_due(database, mail=mail, webhooks=None, now=NOW + timedelta(minutes=1)) == 1


def test_one_letter_that_cannot_go_does_not_keep_the_others(
    database: Database, write: Callable, mail: MailServer, office: Office
) -> None:
    for recipient in ("nobody\r\nBcc: all@example.org@x", "somebody@example.org", "<>@@"):
        write(recipient)
    assert deliver_due(database, mail=mail, webhooks=None, now=NOW) == 1
    assert [letter["X-Envelope"] for letter in office.letters] == ["somebody@example.org"]


def test_without_a_mail_server_letters_wait_and_the_operator_is_told(
    database: Database, write: Callable, mail: MailServer, settings: Settings
) -> None:
    write()
    assert mail_server_of(settings) is None
    assert deliver_due(database, mail=None, webhooks=None, now=NOW) == 0
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 0
        assert "TRAINER_SMTP_URL" in (what_waits(session, has_mail=False) or "")
    assert deliver_due(database, mail=mail, webhooks=None, now=NOW + timedelta(days=90)) == 1
    with database.reading() as session:
        assert what_waits(session, has_mail=False) is None


def test_a_server_that_is_gone_costs_an_attempt_and_nothing_else(database: Database, write: Callable) -> None:
    write()
    gone = MailServer.at(f"smtp://127.0.0.1:{free_port()}", sender="office@example.org")
    assert deliver_due(database, mail=gone, webhooks=None, now=NOW) == 0
    with database.reading() as session:
        assert "ConnectionRefusedError" in session.scalars(select(Delivery.answer)).one()


def test_a_letter_is_given_up_after_five_days_of_attempts(database: Database, write: Callable) -> None:
    write()
    gone = MailServer.at(f"smtp://127.0.0.1:{free_port()}", sender="office@example.org")
    now = NOW
    for wait in (*WAITS, timedelta(days=400)):
        deliver_due(database, mail=gone, webhooks=None, now=now)
        now += wait
    with database.reading() as session:
        assert session.scalar(select(func.count()).select_from(Delivery)) == 1 + len(WAITS)
        assert due(session, now=now) == []


@given(st.integers(0, 30), st.integers(0, 10**6))
def test_each_wait_is_at_least_as_long_as_the_one_before(failures: int, seconds: int) -> None:
    last = NOW + timedelta(seconds=seconds)
    at = next_attempt(written_at=NOW, failures=failures, last_failure=last if failures else None)
    if failures == 0:
        assert at == NOW
    elif failures > len(WAITS):
        assert at is None
    else:
        assert at == last + WAITS[failures - 1]
    assert list(WAITS) == sorted(WAITS)
    assert timedelta(days=5) < sum(WAITS, timedelta()) < timedelta(days=5, hours=3)


@pytest.mark.parametrize("subject", ["Hello\r\nBcc: all@example.org", "Hello\nX: y", "a\r\n\r\nAnother body"])
def test_a_subject_cannot_become_a_header(office: Office, mail: MailServer, subject: str) -> None:
    with pytest.raises(Undelivered):
        mail.send(Letter(to="mara@example.org", subject=subject, body="x", reference="n-1", at=NOW))
    assert office.letters == []


@pytest.mark.parametrize(
    "to", ["a@b.org\r\nBcc: c@d.org", "a@b.org, c@d.org", "A <a@b.org>", "", "a", "@", "a@b.org\n", '"x\r\n"@b.org']
)
def test_an_address_is_one_address_or_nothing_is_sent(office: Office, mail: MailServer, to: str) -> None:
    with pytest.raises(Undelivered):
        mail.send(Letter(to=to, subject="x", body="x", reference="n-1", at=NOW))
    assert office.letters == []


def test_a_body_may_say_anything_and_stays_a_body(office: Office, mail: MailServer) -> None:
    body = "Bcc: all@example.org\n\n.\nQUIT\nZoë – schöne Grüße ☀\n" + "x" * 3000
    mail.send(Letter(to="zoe@example.org", subject="Grüße ☀", body=body, reference="n-1", at=NOW))
    [letter] = office.letters
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Grüße ☀"
    assert letter.get_content().replace("\r\n", "\n").rstrip("\n") == body
    assert letter["Message-ID"] == "<n-1@example.org>"


def test_the_password_opens_the_server_and_a_wrong_one_does_not(office: Office) -> None:
    def send(login: str) -> str:
        server = MailServer.at(office.url.replace("//", f"//{login}@"), sender="office@example.org")
        return server.send(Letter(to="mara@example.org", subject="x", body="x", reference="n-1", at=NOW))

    assert send("trainer:p%40ss%2Fword") == "taken by the mail server"
    with pytest.raises(Undelivered, match="535"):
        send("trainer:wrong")


def test_a_server_that_must_hide_the_letter_and_cannot_gets_none(office: Office) -> None:
    server = MailServer.at(office.url.replace("smtp:", "starttls:"), sender="office@example.org")
    with pytest.raises(Undelivered, match="SMTPNotSupportedError"):
        server.send(Letter(to="mara@example.org", subject="x", body="x", reference="n-1", at=NOW))
    assert office.letters == []


@pytest.mark.parametrize(
    "url",
    ["post.example.net", "http://post.example.net", "smtp:///x", "smtp://host:x", "smtp://host/path", "smtps://h?x=1"],
)
def test_an_address_of_a_mail_server_that_cannot_be_read_is_said_to_be_without_repeating_it(url: str) -> None:
    with pytest.raises(Broken, match="TRAINER_SMTP_URL") as said:
        MailServer.at(url, sender="office@example.org")
    assert url not in str(said.value)


def test_a_password_is_not_shown_by_chance(office: Office) -> None:
    server = MailServer.at("smtps://trainer:secret-word@mail.example.org", sender="office@example.org")
    assert "secret-word" not in repr(server)
    assert "secret-word" not in repr(Settings.from_env({"TRAINER_SMTP_URL": "smtps://a:secret-word@b.org"}))
