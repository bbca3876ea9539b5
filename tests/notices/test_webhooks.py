"""A webhook goes to the address that was checked, to the open internet, once, and not for long."""

import json
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select

from trainer.db import Database
from trainer.notices import webhook
from trainer.notices.errands import deliver_due
from trainer.notices.models import Delivery
from trainer.notices.network_addresses import is_open
from trainer.notices.outcome import Undelivered
from trainer.notices.services import tell
from trainer.notices.webhook import Webhooks, read_target
from trainer.notices.words import Channel

NOW = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)


def sign(body: bytes) -> str:
    return f"header..{len(body)}"


class Board(BaseHTTPRequestHandler):
    """A licensing board that takes what we send."""

    def do_POST(self) -> None:
        taken = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append((self.path, dict(self.headers), taken))
        if self.server.answer == "slow":
            for _ in range(100):
                self.wfile.write(b"H")
                time.sleep(0.1)
        self.send_response(self.server.answer)
        self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(b"x" * 100_000)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def board() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Board)
    server.daemon_threads = True
    server.handle_error = lambda *_: None  # we hang up on answers that are too long or too slow
    server.taken, server.answer = [], 204
    server.url = f"http://127.0.0.1:{server.server_port}/hook?of=us"
    Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def post(url: str, **options: object) -> str:
    return Webhooks(sign=sign, **options).post(url=url, body=b'{"status":"revoked"}', reference="notice-7")


def test_a_message_arrives_with_its_signature(board: ThreadingHTTPServer, database: Database) -> None:
    with database.transaction() as session:
        body = json.dumps({"status": "revoked"})
        tell(session, channel=Channel.WEBHOOK, recipient=board.url, subject="", body=body, now=NOW)
    assert deliver_due(database, mail=None, webhooks=None, now=NOW) == 0  # without a key it waits
    assert deliver_due(database, mail=None, webhooks=Webhooks(sign=sign, local=True), now=NOW) == 1
    [(path, headers, taken)] = board.taken
    assert (path, json.loads(taken)) == ("/hook?of=us", {"status": "revoked"})
    assert headers["X-Trainer-Signature"] == f"header..{len(taken)}"
    assert headers["Content-Type"] == "application/json"
    assert headers["X-Trainer-Notice"].startswith("notice-")
    with database.reading() as session:
        assert session.scalars(select(Delivery.answer)).all() == ["answered 204"]


@pytest.mark.parametrize("answer", [302, 307, 400, 500])
def test_any_other_answer_is_a_failure_and_no_redirect_is_followed(board: ThreadingHTTPServer, answer: int) -> None:
    board.answer = answer
    with pytest.raises(Undelivered, match=str(answer)):
        post(board.url, local=True)
    assert len(board.taken) == 1


def test_a_board_that_answers_letter_by_letter_is_given_up(
    board: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "ANSWER_SECONDS", 0.5)
    board.answer = "slow"
    begun = time.monotonic()
    with pytest.raises(Undelivered):
        post(board.url, local=True)
    assert time.monotonic() - begun < 3


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/",
        "ftp://example.org/",
        "https://",
        "https://user:password@example.org/",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://exam ple.org/",
        "https://example.org/\r\nX: y",
        "https://[::1",
        "file:///etc/passwd",
        "http://localhost.example.org/",
    ],
)
def test_what_is_no_address_of_a_webhook_is_refused(url: str) -> None:
    for local in (False, True):
        with pytest.raises(Undelivered):
            read_target(url, local=local)


PRIVATE = [
    "127.0.0.1", "127.1.2.3", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1", "2002:7f00:1::", "2002:a00:1::",
    "2001:0:7f00:1::", "2001:db8::1", "198.18.0.1", "192.0.2.1", "::127.0.0.1",
    "fec0::1", "3fff::1", "192.88.99.1", "192.0.0.8", "100::1", "5f00::1", "64:ff9b:1::1", "4000::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_inside_a_network_is_not_open(address: str) -> None:
    assert not is_open(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "93.184.216.34", "2606:4700:4700::1111", "64:ff9b::101:101"])
def test_an_address_of_the_internet_is_open(address: str) -> None:
    assert is_open(address)


def named(*addresses: str) -> Callable[..., list[object]]:
    return lambda *_args, **_more: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, 443)) for one in addresses]


@pytest.mark.parametrize("found", [("10.0.0.1",), ("93.184.216.34", "127.0.0.1"), ("169.254.169.254",), ()])
@pytest.mark.parametrize("local", [False, True])
def test_a_name_that_leads_inside_is_not_followed(
    found: tuple[str, ...], local: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", named(*found))
    with pytest.raises(Undelivered, match="private network"):
        post("https://hook.example.org/", local=local)


@pytest.mark.parametrize("url", ["https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://2130706433/"])
def test_an_installation_on_the_internet_does_not_knock_at_its_own_door(url: str) -> None:
    with pytest.raises(Undelivered):
        post(url)


def test_the_connection_goes_to_the_address_that_was_checked_and_the_name_must_be_proved(
    board: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    trusted = secured(board, tmp_path, "hook.example.org")
    asked, connect = [], socket.create_connection

    def look_up(host: str, *_args: object, **_more: object) -> list[object]:
        asked.append(host)
        return named("93.184.216.34" if len(asked) == 1 else "127.0.0.1")()

    reached = []
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(
        socket,
        "create_connection",
        lambda address, **more: reached.append(address) or _direct(board.server_port, connect),
    )
    url = f"https://hook.example.org:{board.server_port}/"
    assert post(url, trusted=trusted) == "answered 204"
    assert reached == [("93.184.216.34", board.server_port)]
    assert asked == ["hook.example.org"]  # once: a name that changes its meaning gains nothing
    with pytest.raises(Undelivered, match="SSLCertVerificationError"):
        post(url.replace("hook", "other"), trusted=_fresh(monkeypatch, asked, trusted))


def _fresh(monkeypatch: pytest.MonkeyPatch, asked: list[str], trusted: ssl.SSLContext) -> ssl.SSLContext:
    asked.clear()
    return trusted


def _direct(port: int, connect: Callable) -> socket.socket:
    raw = socket.socket()
    raw.settimeout(5)
    raw.connect(("127.0.0.1", port))
    return raw


def secured(board: ThreadingHTTPServer, folder: Path, name: str) -> ssl.SSLContext:
    """Let the board speak TLS under a name; return what believes it."""
    from datetime import timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(called, called, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "tls.pem").write_bytes(pem + private)
    serving = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    serving.load_cert_chain(folder / "tls.pem")
    board.socket = serving.wrap_socket(board.socket, server_side=True)
    return ssl.create_default_context(cadata=pem.decode())
