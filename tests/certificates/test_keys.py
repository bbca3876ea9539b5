"""Signing keys in PKCS#12 files and on a token; SoftHSM stands for a hardware module."""

import hashlib
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import pkcs12

from tests.certificates.conftest import BASE_URL, ISSUED, claim, judged
from trainer.certificates.paper.certificate_page import unsigned_paper
from trainer.certificates.paper.gate import check_paper
from trainer.certificates.signing.authority import Authority, authority_in, is_established
from trainer.certificates.signing.chain import signer_certificate
from trainer.certificates.signing.key_rotation import vouched_for
from trainer.certificates.signing.keys import SigningSettings, private_key_in
from trainer.certificates.signing.signature import signed_paper
from trainer.errors import Broken, Refused

SOFTHSM = "/usr/lib/softhsm/libsofthsm2.so"
PIN = "648219"
DIGEST = hashlib.sha256(b"a paper").digest()


def holds(signature: bytes, certificate: x509.Certificate) -> None:
    certificate.public_key().verify(signature, DIGEST, ec.ECDSA(Prehashed(hashes.SHA256())))


def opened(folder: Path, key: object, passphrase: str = "", *, days: int = 0) -> Authority:
    signing = SigningSettings(key=str(key), passphrase=passphrase)
    return authority_in(folder, issuer="Trainer test programme", now=ISSUED + timedelta(days=days), signing=signing)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An instance whose authority has a root."""
    authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    return tmp_path


@pytest.fixture
def vouch(home: Path) -> Callable[[ec.EllipticCurvePublicKey], x509.Certificate]:
    """Let the root of `home` vouch for a key."""
    root = x509.load_pem_x509_certificate((home / "authority/root.pem").read_bytes())
    root_key = private_key_in(home / "authority/root-key.pem", passphrase="")

    def certified(public: ec.EllipticCurvePublicKey) -> x509.Certificate:
        return signer_certificate(public, root=root, root_key=root_key, issuer="Trainer test programme", begins=ISSUED)

    return certified


@pytest.fixture
def bundle(home: Path, vouch: Callable) -> Callable[..., Path]:
    """Write a PKCS#12 file: `bundle()`, or with what is wrong about it."""

    def write(*, key=None, certificate=None, cas=None, passphrase: str = "open sesame") -> Path:
        key = key or ec.generate_private_key(ec.SECP256R1())
        certificate = certificate or vouch(key.public_key())
        locked = serialization.BestAvailableEncryption(passphrase.encode())
        path = home / "issuer.p12"
        path.write_bytes(pkcs12.serialize_key_and_certificates(b"issuer", key, certificate, cas, locked))
        return path

    return write


def test_a_key_in_a_pkcs12_file_signs_papers_that_pass_the_gate(home: Path, bundle: Callable) -> None:
    authority = opened(home, bundle(), "open sesame")
    holds(authority.key.sign(DIGEST), authority.signer)
    assert authority.key.sign(DIGEST) == authority.key.sign(DIGEST)
    check_paper(
        signed_paper(unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED), authority),
        address=claim().address(BASE_URL),
    )


def test_a_root_that_comes_in_the_file_needs_no_folder(tmp_path: Path, home: Path, bundle: Callable) -> None:
    root = x509.load_pem_x509_certificate((home / "authority/root.pem").read_bytes())
    authority = opened(tmp_path / "elsewhere", bundle(cas=[root]), "open sesame")
    assert authority.root == root
    assert authority.timestamps is None
    assert not (tmp_path / "elsewhere").exists()


def test_a_key_kept_elsewhere_counts_as_an_authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_established(tmp_path)
    monkeypatch.setenv("TRAINER_SIGNING_KEY", "/srv/issuer.p12")
    assert is_established(tmp_path)


def test_the_environment_chooses_the_key(home: Path, bundle: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRAINER_SIGNING_KEY", str(bundle()))
    monkeypatch.setenv("TRAINER_SIGNING_PASSPHRASE", "open sesame")
    chosen = authority_in(home, issuer="Trainer test programme", now=ISSUED)
    monkeypatch.delenv("TRAINER_SIGNING_KEY")
    assert authority_in(home, issuer="Trainer test programme", now=ISSUED).signer != chosen.signer


def test_no_settings_show_the_passphrase() -> None:
    assert "sesame" not in repr(SigningSettings(passphrase="open sesame"))


def test_a_wrong_passphrase_is_a_sentence(home: Path, bundle: Callable) -> None:
    with pytest.raises(Broken, match="TRAINER_SIGNING_PASSPHRASE is not its passphrase"):
        opened(home, bundle(), "open barley")
    with pytest.raises(Broken, match="TRAINER_SIGNING_PASSPHRASE is not its passphrase"):
        opened(home, bundle())


def test_a_missing_file_is_a_sentence(home: Path) -> None:
    with pytest.raises(Broken, match=r"nowhere\.p12 cannot be read"):
        opened(home, home / "nowhere.p12")


def test_a_file_that_is_something_else_is_a_sentence(home: Path) -> None:
    with pytest.raises(Broken, match=r"no PKCS#12 file"):
        opened(home, home / "authority/root.pem")


def test_a_key_of_another_kind_is_a_sentence(home: Path, bundle: Callable, vouch: Callable) -> None:
    key = ec.generate_private_key(ec.SECP384R1())
    with pytest.raises(Broken, match="curve P-256"):
        opened(home, bundle(key=key, certificate=vouch(key.public_key())), "open sesame")


def test_a_certificate_of_another_root_is_a_sentence(tmp_path: Path, home: Path, bundle: Callable) -> None:
    authority_in(tmp_path / "other", issuer="Trainer test programme", now=ISSUED)
    with pytest.raises(Broken, match="not issued by"):
        opened(tmp_path / "other", bundle(), "open sesame")


def test_an_expired_certificate_is_a_sentence(home: Path, bundle: Callable) -> None:
    with pytest.raises(Broken, match="ended on"):
        opened(home, bundle(), "open sesame", days=800)


@pytest.fixture(scope="session")
def hsm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A SoftHSM token of this run; the library reads its configuration once, so there is one for all tests."""
    folder = tmp_path_factory.mktemp("softhsm")
    (folder / "tokens").mkdir()
    (folder / "softhsm2.conf").write_text(f"directories.tokendir = {folder}/tokens\nobjectstore.backend = file\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(folder / "softhsm2.conf"))
        for label in ("trainer", "other"):
            command = (
                "softhsm2-util",
                "--init-token",
                "--free",
                "--label",
                label,
                "--pin",
                PIN,
                "--so-pin",
                "12345678",
            )
            subprocess.run(command, check=True, capture_output=True)
        yield "trainer"


@pytest.fixture
def on_token(hsm: str, vouch: Callable) -> Callable[..., str]:
    """Make a key and its certificate on the token; give the address."""
    import pkcs11
    from asn1crypto.keys import PublicKeyInfo
    from pkcs11.util.ec import encode_ec_public_key, encode_named_curve_parameters

    def make(label: str, *, certificate: x509.Certificate | None = None, curve: str = "secp256r1") -> str:
        token = pkcs11.lib(SOFTHSM).get_token(token_label=hsm)
        try:
            session = token.open(rw=True, user_pin=PIN)
        except pkcs11.exceptions.UserAlreadyLoggedIn:
            session = token.open(rw=True)
        parameters = session.create_domain_parameters(
            pkcs11.KeyType.EC, {pkcs11.Attribute.EC_PARAMS: encode_named_curve_parameters(curve)}, local=True
        )
        public, _ = parameters.generate_keypair(store=True, label=label)
        der = PublicKeyInfo.load(encode_ec_public_key(public)).dump()
        made = certificate or vouch(serialization.load_der_public_key(der))
        session.create_object(
            {
                pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE,
                pkcs11.Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                pkcs11.Attribute.TOKEN: True,
                pkcs11.Attribute.LABEL: label,
                pkcs11.Attribute.SUBJECT: made.subject.public_bytes(),
                pkcs11.Attribute.ID: label.encode(),
                pkcs11.Attribute.VALUE: made.public_bytes(serialization.Encoding.DER),
            }
        )
        session.close()
        return f"pkcs11:token={hsm};object={label};type=private?module-path={SOFTHSM}"

    return make


def test_a_key_on_a_token_signs_papers_that_pass_the_gate(home: Path, on_token: Callable) -> None:
    authority = opened(home, on_token("papers"), PIN)
    holds(authority.key.sign(DIGEST), authority.signer)
    paper = signed_paper(unsigned_paper(claim(), base_url=BASE_URL, at=ISSUED), authority)
    check_paper(paper, address=claim().address(BASE_URL))
    assert judged(paper, authority).bottom_line


def test_a_token_can_be_opened_twice_by_one_process(home: Path, on_token: Callable) -> None:
    address = on_token("twice")
    one, other = opened(home, address, PIN), opened(home, address, PIN)
    holds(one.key.sign(DIGEST), other.signer)
    holds(other.key.sign(DIGEST), one.signer)


def test_a_token_whose_certificate_is_anothers_is_a_sentence(home: Path, on_token: Callable, vouch: Callable) -> None:
    other = vouch(ec.generate_private_key(ec.SECP256R1()).public_key())
    with pytest.raises(Broken, match="do not belong together"):
        opened(home, on_token("mixed", certificate=other), PIN)


def test_a_key_of_another_curve_on_a_token_is_a_sentence(home: Path, on_token: Callable) -> None:
    with pytest.raises(Broken, match="curve P-256"):
        opened(home, on_token("larger", curve="secp384r1"), PIN)


@pytest.mark.parametrize(
    ("address", "pin", "sentence"),
    [
        (f"pkcs11:token=nobody;object=papers?module-path={SOFTHSM}", PIN, "token 'nobody' cannot be opened"),
        (f"pkcs11:token=trainer;object=nothing?module-path={SOFTHSM}", PIN, "exactly one certificate"),
        (f"pkcs11:token=other;object=papers?module-path={SOFTHSM}", "wrong", "the PIN in TRAINER_SIGNING_PASSPHRASE"),
        ("pkcs11:token=trainer;object=papers?module-path=/nowhere.so", PIN, "cannot be opened"),
        ("pkcs11:token=trainer;object=papers", PIN, "lacks module-path="),
    ],
)
def test_what_is_wrong_with_a_token_is_a_sentence(hsm: str, home: Path, address: str, pin: str, sentence: str) -> None:
    with pytest.raises(Broken, match=sentence):
        opened(home, address, pin)


def test_the_root_vouches_for_the_key_of_a_request_and_decides_the_rest(home: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    asked = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Somebody Else")])
    request = x509.CertificateSigningRequestBuilder().subject_name(asked).sign(key, hashes.SHA256())
    pem = request.public_bytes(serialization.Encoding.PEM)
    made = x509.load_pem_x509_certificate(vouched_for(home, pem, issuer="Trainer test programme", now=ISSUED))
    assert made.public_key() == key.public_key()
    assert "Somebody" not in made.subject.rfc4514_string()
    made.verify_directly_issued_by(x509.load_pem_x509_certificate((home / "authority/root.pem").read_bytes()))


@pytest.mark.parametrize("key", [ec.generate_private_key(ec.SECP384R1()), None], ids=["other curve", "no request"])
def test_the_root_vouches_for_nothing_else(home: Path, key: ec.EllipticCurvePrivateKey | None) -> None:
    pem = b"something else"
    if key:
        builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
        pem = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    with pytest.raises(Refused):
        vouched_for(home, pem, issuer="Trainer test programme", now=ISSUED)
