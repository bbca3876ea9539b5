"""Look after the keys that sign certificates; see docs/keys.md for when and how."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import click
from cryptography import x509

from trainer.certificates.signing.authority import authority_in
from trainer.certificates.signing.key_rotation import add_signer, give_up, signers_in, vouched_for
from trainer.certificates.signing.keys import SigningSettings
from trainer.clock import utc_now
from trainer.doctor.faulty_settings import check_settings
from trainer.errors import TrainerError
from trainer.installation import Installation, opened
from trainer.issuing.keys.services import record_compromise, record_rotation
from trainer.moments import written
from trainer.registry.issuer_keys import KeyStatus, PublishedKey
from trainer.registry.published.queries import published_keys
from trainer.settings import Settings
from trainer.verify.trust.anchors import kid_in


@click.group()
def keys() -> None:
    """Look after the keys that sign certificates."""


@keys.command("list")
def list_keys() -> None:
    """List every key, oldest first: its name, when its certificate ends, and what was said about it."""
    with opened() as installation:
        with installation.database.reading() as session:
            known = {key.kid: key for key in published_keys(session)}
        certificates = {kid: x509.load_pem_x509_certificate(key.certificate.encode()) for kid, key in known.items()}
        certificates |= {
            kid_in(kept.certificate): kept.certificate for kept in signers_in(installation.settings.instance)
        }
        for kid, certificate in certificates.items():
            word = known[kid].status.value if kid in known else "not yet published"
            if kid in known and known[kid].trusted_size is not None:
                word += f", trusted up to {known[kid].trusted_size} log entries"
            click.echo(f"{kid}  until {written(certificate.not_valid_after_utc)}  {word}")
        if not certificates:
            click.echo("There is no key yet; the first one is made when the first certificate is issued.")
        click.echo(_timestamps(installation))
        check_settings(installation.settings)


@keys.command()
def rotate() -> None:
    """Make the next signing key. The present one is retired: it signs no more, and what it signed holds."""
    with opened() as installation:
        now = utc_now()
        certificate = add_signer(installation.settings.instance, issuer=installation.settings.issuer, now=now)
        kid = kid_in(certificate)
        with installation.database.transaction() as session:
            record_rotation(session, settings=installation.settings, kid=kid, now=now)
    click.echo(f"{kid} signs from now on, until {written(certificate.not_valid_after_utc)} at the latest.")
    click.echo("Restart a running worker, make a backup, and take root-key.pem away if you keep it elsewhere.")


# One key's name in 64 begins with a hyphen: it is no option, and no -h may be found within it.
@keys.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@click.argument("kid")
@click.option("--trusted-size", type=int, help="The last size of the log that is trusted. [default: its present size]")
def compromise(kid: str, trusted_size: int | None) -> None:
    """Give up the key KID: somebody else may have it. Certificates that the log held before stay valid."""
    with opened() as installation:
        now = utc_now()
        with installation.database.transaction() as session:
            told = record_compromise(
                session, settings=installation.settings, kid=kid, trusted_size=trusted_size, now=now
            )
            give_up(installation.settings.instance, kid=kid)  # last: if it fails, nothing is recorded
        size = told[kid].trusted_size
        click.echo(f"{kid} is given up. Certificates among the first {size} entries of the log stay valid.")
        click.echo(_what_follows(installation.settings, told, now))


@keys.command()
@click.argument("request", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def certify(request: Path) -> None:
    """Let the root vouch for the key in REQUEST (PKCS#10, PEM), and print its certificate. Works without a database."""
    settings = Settings.from_env()
    made = vouched_for(settings.instance, request.read_bytes(), issuer=settings.issuer, now=utc_now())
    click.echo(made.decode(), nl=False)


def _what_follows(settings: Settings, told: Mapping[str, PublishedKey], now: datetime) -> str:
    try:
        signer = kid_in(authority_in(settings.instance, issuer=settings.issuer, now=now).signer)
    except TrainerError:
        return "No key signs now: make the next one with `trainer keys rotate`."
    if signer in told and told[signer].status is not KeyStatus.PUBLISHED:
        return "No key signs now: make the next one where the signing key is kept, and point TRAINER_SIGNING_KEY to it."
    return f"{signer} signs. Restart a running worker."


def _timestamps(installation: Installation) -> str:
    url = SigningSettings.from_env().timestamp_url
    if url:
        return f"Signatures carry a timestamp of {url} (level B-T)."
    if any((installation.settings.instance / "authority").glob("timestamp*.pem")):
        return "Signatures carry a timestamp of our own (level B-T); set TRAINER_TIMESTAMP_URL for a public one."
    return "Signatures carry no timestamp (level B-B); `trainer keys rotate` makes a timestamp key of our own."
