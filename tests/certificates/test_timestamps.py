"""Timestamps: our own, and those of an authority that is asked over HTTP and may lie."""

import hashlib
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import pytest
from asn1crypto import cms, core, tsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.pdf_utils.reader import PdfFileReader

from tests.certificates.conftest import BASE_URL, ISSUED, claim, judged
from trainer.certificates.paper.certificate_page import unsigned_paper
from trainer.certificates.paper.gate import check_paper
from trainer.certificates.signing.authority import Authority, authority_in
from trainer.certificates.signing.chain import root_certificate
from trainer.certificates.signing.cms_check import leads_to, valid_path
from trainer.certificates.signing.keys import SigningSettings
from trainer.certificates.signing.public_timestamps import TimestampsByHttp, request_for
from trainer.certificates.signing.signature import CONTENTS_BYTES, signed_paper
from trainer.certificates.signing.timestamps import OwnTimestamps
from trainer.clock import utc_now
from trainer.errors import Broken
from trainer.verify.signature_check import check_signature

DIGEST = hashlib.sha256(b"a signature").digest()
Answer = Callable[[bytes], bytes | Iterator[bytes] | int]


def answered(status: str, token: bytes = b"") -> bytes:
    return core.Sequence(contents=tsp.PKIStatusInfo({"status": status}).dump() + token).dump()


def granted(token: bytes = b"") -> bytes:
    return answered("granted", token)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    """Somebody else's authority, which gives timestamps to whoever asks."""
    return authority_in(tmp_path_factory.mktemp("elsewhere"), issuer="Time and Date Ltd", now=utc_now())


@pytest.fixture
def theirs(elsewhere: Authority) -> OwnTimestamps:
    assert isinstance(elsewhere.timestamps, OwnTimestamps)
    return elsewhere.timestamps


@contextmanager
def serving(answer: Answer) -> Iterator[str]:
    """A server that answers each question so; a number is an HTTP status, an iterator drips."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(told if isinstance(told, int) else 200)
            self.end_headers()
            with suppress(ConnectionError):
                for piece in [told] if isinstance(told, bytes) else told if isinstance(told, Iterator) else []:
                    self.wfile.write(piece)
                    self.wfile.flush()
                    time.sleep(0 if isinstance(told, bytes) else 0.1)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def honest(theirs: OwnTimestamps) -> Answer:
    def answer(question: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(question)
        assert asked["cert_req"].native is True
        digest = asked["message_imprint"]["hashed_message"].native
        return granted(theirs.token(digest, nonce=asked["nonce"].native))

    return answer


def test_openssl_accepts_our_own_timestamp(authority: Authority, tmp_path: Path) -> None:
    assert authority.timestamps
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    (tmp_path / "token.der").write_bytes(authority.timestamps.stamp(DIGEST))
    command = [
        "openssl",
        "ts",
        "-verify",
        "-digest",
        DIGEST.hex(),
        "-in",
        "token.der",
        "-token_in",
        "-CAfile",
        "root.pem",
    ]
    told = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert "Verification: OK" in told.stdout, told.stderr
    command[4] = hashlib.sha256(b"something else").hexdigest()
    assert subprocess.run(command, check=False, capture_output=True, cwd=tmp_path).returncode != 0


def test_openssl_accepts_the_timestamp_inside_a_paper(paper: bytes, authority: Authority, tmp_path: Path) -> None:
    [embedded] = PdfFileReader(BytesIO(paper)).embedded_signatures
    [token] = [one["values"][0].dump() for one in embedded.signer_info["unsigned_attrs"]]
    (tmp_path / "root.pem").write_bytes(authority.root_pem)
    (tmp_path / "token.der").write_bytes(token)
    (tmp_path / "signature").write_bytes(embedded.signer_info["signature"].native)
    command = ["openssl", "ts", "-verify", "-data", "signature", "-in", "token.der", "-token_in", "-CAfile", "root.pem"]
    told = subprocess.run(command, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert "Verification: OK" in told.stdout, told.stderr


def test_a_timestamp_whose_length_looks_like_none_is_read_as_it_was_written(authority: Authority) -> None:
    """A length of 1,664 bytes ends in 80 (hex), which stands for no length at all where it stands alone."""

    class OfThatLength:
        def stamp(self, digest: bytes) -> bytes:
            assert isinstance(authority.timestamps, OwnTimestamps)
            away = (0x80 - authority.timestamps.token(digest, nonce=1)[3]) % 256 + 256
            tokens = (  # a signature has a byte more or less each time, so each length is tried again
                authority.timestamps.token(digest, nonce=1 << 8 * (away + more))
                for _ in range(40)
                for more in range(-14, 2)  # what says how long the rest is grows, too
            )
            return next(token for token in tokens if token[3] == 0x80)

    paper = signed_paper(
        unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED), replace(authority, timestamps=OfThatLength())
    )
    assert check_signature(paper, root=authority.root, pinned=[authority.signer]).timestamped


def test_openssl_understands_our_question(tmp_path: Path) -> None:
    (tmp_path / "question").write_bytes(request_for(DIGEST, nonce=0xFACADE << 40))
    command = ["openssl", "ts", "-query", "-in", "question", "-text"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path).stdout
    assert "Nonce: 0xFACADE0000000000" in told
    assert "Certificate required: yes" in told


def test_a_paper_with_a_public_timestamp_passes_every_judge(
    authority: Authority, elsewhere: Authority, theirs: OwnTimestamps
) -> None:
    with serving(honest(theirs)) as url:
        public = replace(authority, timestamps=TimestampsByHttp(url, elsewhere.root))
        paper = signed_paper(unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED), public)
    check_paper(paper, address=claim().address(BASE_URL))
    status = judged(paper, authority, timestamp_root=elsewhere.root_pem)
    assert status.bottom_line
    assert status.timestamp_validity
    assert status.timestamp_validity.trusted
    assert not judged(paper, authority).timestamp_validity.trusted  # our root does not vouch for them


def test_the_environment_chooses_a_public_authority(tmp_path: Path, elsewhere: Authority) -> None:
    root = tmp_path / "their-root.pem"
    root.write_bytes(elsewhere.root_pem)
    signing = SigningSettings(timestamp_url="http://127.0.0.1:9/", timestamp_root=str(root))
    chosen = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED, signing=signing)
    assert chosen.timestamps == TimestampsByHttp("http://127.0.0.1:9/", elsewhere.root)


@pytest.mark.parametrize(
    ("root", "sentence"), [("", "needs TRAINER_TIMESTAMP_ROOT"), ("/nowhere.pem", "nowhere.pem does not hold")]
)
def test_a_public_authority_without_its_root_is_not_asked(tmp_path: Path, root: str, sentence: str) -> None:
    signing = SigningSettings(timestamp_url="http://127.0.0.1:9/", timestamp_root=root)
    with pytest.raises(Broken, match=sentence):
        authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED, signing=signing)


def about_something_else(theirs: OwnTimestamps, asked: tsp.TimeStampReq) -> bytes:
    return granted(theirs.token(hashlib.sha256(b"else").digest(), nonce=asked["nonce"].native))


def of_another_question(theirs: OwnTimestamps, asked: tsp.TimeStampReq) -> bytes:
    return granted(theirs.token(DIGEST, nonce=asked["nonce"].native + 1))


def without_a_nonce(theirs: OwnTimestamps, asked: tsp.TimeStampReq) -> bytes:
    return granted(theirs.token(DIGEST))


def of_another_day(theirs: OwnTimestamps, asked: tsp.TimeStampReq) -> bytes:
    wrong = replace(theirs, clock=lambda: utc_now() + timedelta(hours=3))
    return granted(wrong.token(DIGEST, nonce=asked["nonce"].native))


def altered(theirs: OwnTimestamps, asked: tsp.TimeStampReq) -> bytes:
    token = bytearray(theirs.token(DIGEST, nonce=asked["nonce"].native))
    token[-3] ^= 1  # within the signature
    return granted(bytes(token))


def dated_back(theirs: OwnTimestamps, asked: tsp.TimeStampReq) -> bytes:
    token = theirs.token(DIGEST, nonce=asked["nonce"].native)
    year = f"{utc_now():%Y%m%d%H}".encode()
    at = token.index(year)  # the time itself, whose digest is signed
    return granted(token[: at + 13] + bytes([token[at + 13] ^ 1]) + token[at + 14 :])


def refused(theirs: OwnTimestamps, asked: tsp.TimeStampReq) -> bytes:
    return answered("rejection")


LIES = {
    "about something else": (about_something_else, "is about something else"),
    "of another question": (of_another_question, "another nonce"),
    "without a nonce": (without_a_nonce, "another nonce"),
    "of another day": (of_another_day, "where our clock says"),
    "altered signature": (altered, "altered|not signed"),
    "altered time": (dated_back, "altered|not signed"),
    "refused": (refused, r"it refused \(rejection\)"),
    "garbage": (lambda *_: b"<html>", "its answer is not a timestamp"),
    "nothing": (lambda *_: b"", "its answer is not a timestamp"),
    "granted nothing": (lambda *_: granted(), "its answer is not a timestamp"),
    "nested without end": (lambda *_: b"\x30\x80" * 20_000, "its answer is not a timestamp"),
    "more than the answer": (lambda theirs, asked: of_another_question(theirs, asked) + b"!", "not a timestamp"),
    "far too much": (lambda *_: bytes(200_000), "says too much"),
    "HTTP error": (lambda *_: 500, "HTTP status 500"),
    "moved": (lambda *_: 302, "HTTP status 302"),
}


@pytest.mark.parametrize(("lie", "sentence"), LIES.values(), ids=LIES.keys())
def test_an_authority_that_lies_is_not_believed(
    elsewhere: Authority, theirs: OwnTimestamps, lie: Callable[..., bytes | int], sentence: str
) -> None:
    def answer(question: bytes) -> bytes | int:
        return lie(theirs, tsp.TimeStampReq.load(question))

    with serving(answer) as url, pytest.raises(Broken, match=sentence) as told:
        TimestampsByHttp(url, elsewhere.root).stamp(DIGEST)
    assert "the next try completes it" in str(told.value)


def test_a_key_for_papers_gives_no_timestamps(elsewhere: Authority) -> None:
    with (
        serving(honest(OwnTimestamps(elsewhere.key, elsewhere.root))) as url,
        pytest.raises(Broken, match="not lead to"),
    ):
        TimestampsByHttp(url, elsewhere.root).stamp(DIGEST)


def test_an_authority_of_another_root_is_not_believed(authority: Authority, theirs: OwnTimestamps) -> None:
    with serving(honest(theirs)) as url, pytest.raises(Broken, match="does not lead to the root"):
        TimestampsByHttp(url, authority.root).stamp(DIGEST)


def test_a_timestamp_key_that_is_out_of_its_time_is_not_believed(elsewhere: Authority, theirs: OwnTimestamps) -> None:
    def in_twelve_years() -> datetime:
        return utc_now() + timedelta(days=12 * 366)

    with (
        serving(honest(replace(theirs, clock=in_twelve_years))) as url,
        pytest.raises(Broken, match="does not lead to the root"),
    ):
        TimestampsByHttp(url, elsewhere.root, clock=in_twelve_years).stamp(DIGEST)


def test_a_timestamp_that_names_another_certificate_than_it_brings_is_not_believed(
    elsewhere: Authority, theirs: OwnTimestamps
) -> None:
    ours = theirs.key.certificate
    twin = x509.CertificateBuilder(
        issuer_name=ours.issuer,
        subject_name=ours.subject,
        public_key=ours.public_key(),
        serial_number=ours.serial_number,
        not_valid_before=ours.not_valid_before_utc,
        not_valid_after=ours.not_valid_after_utc,
    ).sign(theirs.key.private, hashes.SHA256())

    def answer(question: bytes) -> bytes:
        asked = tsp.TimeStampReq.load(question)
        token = cms.ContentInfo.load(theirs.token(DIGEST, nonce=asked["nonce"].native))
        brought = cms.CertificateChoices.load(twin.public_bytes(serialization.Encoding.DER))
        token["content"]["certificates"] = [brought, token["content"]["certificates"][1]]
        return granted(token.dump())

    with serving(answer) as url, pytest.raises(Broken, match="not signed as it must be"):
        TimestampsByHttp(url, elsewhere.root).stamp(DIGEST)


def test_a_path_that_an_authority_was_not_allowed_to_extend_is_not_valid() -> None:
    """The root vouches for one level below it; whoever has that level's key makes another one."""
    now = utc_now()
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(3)]
    root = root_certificate(keys[0], issuer="Time and Date Ltd", begins=now)

    def below(above: x509.Certificate, *, level: int, **constraints: int | bool | None) -> x509.Certificate:
        return (
            x509.CertificateBuilder()
            .issuer_name(above.subject)
            .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"Level {level}")]))
            .public_key(keys[level].public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now)
            .not_valid_after(now + timedelta(days=1))
            .add_extension(x509.BasicConstraints(**constraints), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=False)
            .sign(keys[level - 1], hashes.SHA256())
        )

    first = below(root, level=1, ca=True, path_length=0)
    assert valid_path(below(first, level=2, ca=False, path_length=None), [first], root, now)
    second = below(first, level=2, ca=True, path_length=None)
    keys.append(keys[2])
    leaf = below(second, level=3, ca=False, path_length=None)
    assert leads_to(leaf, [first, second], [root], ExtendedKeyUsageOID.TIME_STAMPING)
    assert not valid_path(leaf, [first, second], root, now)


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://[", "nonsense"])
def test_an_authority_that_is_not_there_is_a_sentence(elsewhere: Authority, url: str) -> None:
    with pytest.raises(Broken, match="does not answer"):
        TimestampsByHttp(url, elsewhere.root).stamp(DIGEST)


def test_an_authority_that_hangs_holds_nobody_for_long(elsewhere: Authority) -> None:
    release = threading.Event()

    def hang(question: bytes) -> int:
        release.wait(20)
        return 500

    began = time.monotonic()
    with serving(hang) as url:
        with pytest.raises(Broken, match="does not answer"):
            TimestampsByHttp(url, elsewhere.root, timeout=0.3).stamp(DIGEST)
        release.set()
    assert time.monotonic() - began < 5


def test_an_authority_that_drips_holds_nobody_for_long(elsewhere: Authority) -> None:
    began = time.monotonic()
    with serving(lambda question: iter([b"0"] * 50)) as url, pytest.raises(Broken, match="too slow"):
        TimestampsByHttp(url, elsewhere.root, timeout=0.5).stamp(DIGEST)
    assert time.monotonic() - began < 3


def test_after_a_failure_the_next_try_completes_the_paper(
    authority: Authority, elsewhere: Authority, theirs: OwnTimestamps
) -> None:
    unsigned = unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED)
    tries: list[int] = []

    def at_first_broken(question: bytes) -> bytes | int:
        tries.append(1)
        return 503 if len(tries) == 1 else honest(theirs)(question)

    with serving(at_first_broken) as url:
        public = replace(authority, timestamps=TimestampsByHttp(url, elsewhere.root))
        with pytest.raises(Broken, match="HTTP status 503"):
            signed_paper(unsigned, public)
        assert judged(signed_paper(unsigned, public), authority, timestamp_root=elsewhere.root_pem).bottom_line


def test_a_timestamp_that_finds_no_room_is_a_sentence(authority: Authority) -> None:
    class Large:
        def stamp(self, digest: bytes) -> bytes:
            return core.Sequence(contents=bytes(CONTENTS_BYTES)).dump()

    with pytest.raises(Broken, match="more room"):
        signed_paper(unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED), replace(authority, timestamps=Large()))


def test_our_own_certificates_say_what_each_key_is_for(authority: Authority) -> None:
    assert isinstance(authority.timestamps, OwnTimestamps)
    pem = authority.timestamps.key.certificate.public_bytes(serialization.Encoding.PEM)
    told = subprocess.run(["openssl", "x509", "-noout", "-text"], input=pem, check=True, capture_output=True).stdout
    assert b"X509v3 Extended Key Usage: critical\n                Time Stamping\n" in told
