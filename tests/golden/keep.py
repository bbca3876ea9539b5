"""Keep a golden copy: an installation with the demonstration, exactly as this version of the program sets it up.

    python -m tests.golden.keep            # make golden

Every copy must open, verify and be of use under all later versions (test_yesterday.py). A copy holds the database, what
is public of its keys, and its trust file. Private keys, the secret of the cookies and the demonstration's password are
left out: nothing secret is committed. With TRAINER_DATABASE_URL set to a PostgreSQL database, that one is kept.
"""

import io
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path

HERE = Path(__file__).parent / "installations"
ROOT = Path(__file__).parents[2]
PUBLIC = ("authority/root.pem", "authority/signer.pem", "authority/timestamp.pem", "log/name", "log/public-key")
DUMP = "postgresql.dump"


def keep() -> Path:
    """Set up an installation and keep its copy; return where it lies, named by day and commit."""
    with tempfile.TemporaryDirectory() as name:
        instance = Path(name)
        _trainer(instance, "setup")
        (instance / "trust.json").write_text(_trainer(instance, "registry", "trust"))
        return pack(instance, HERE / f"{datetime.now(UTC):%Y-%m-%d}-{_commit()}{_kind()}.tar.xz")


def pack(instance: Path, to: Path) -> Path:
    """Pack what may be kept of an installation."""
    to.parent.mkdir(exist_ok=True)
    with tarfile.open(to, "w:xz", preset=9) as archive:
        for name, content in _kept(instance).items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return to


def _kept(instance: Path) -> dict[str, bytes]:
    found = {name: instance / name for name in (*PUBLIC, "trust.json")}
    kept = {name: path.read_bytes() for name, path in found.items() if path.exists() and path.stat().st_size}
    address = os.environ.get("TRAINER_DATABASE_URL", "")
    if address.startswith("postgresql"):
        return kept | {DUMP: _dumped(address)}
    whole = instance / "whole.sqlite"
    whole.unlink(missing_ok=True)
    with sqlite3.connect(instance / "trainer.sqlite") as database:
        database.execute("VACUUM INTO ?", (str(whole),))
    return kept | {"trainer.sqlite": whole.read_bytes()}


def _dumped(address: str) -> bytes:
    program = shutil.which("pg_dump") or "pg_dump"
    plain = address.replace("postgresql+psycopg://", "postgresql://")
    return subprocess.run([program, "-Fc", "-Z0", "--no-owner", plain], check=True, capture_output=True).stdout


def _trainer(instance: Path, *words: str) -> str:
    wanted = {**os.environ, "TRAINER_INSTANCE": str(instance)}
    command = [sys.executable, "-m", "trainer", *words]
    return subprocess.run(command, check=True, env=wanted, cwd=ROOT, capture_output=True, text=True).stdout


def _commit() -> str:
    command = ["git", "rev-parse", "--short=7", "HEAD"]
    return subprocess.run(command, check=True, cwd=ROOT, capture_output=True, text=True).stdout.strip()


def _kind() -> str:
    return "-postgresql" if os.environ.get("TRAINER_DATABASE_URL", "").startswith("postgresql") else ""


if __name__ == "__main__":
    sys.stdout.write(f"{keep()}\n")
