"""Measure what ordinary pages cost a visitor while others keep the front door busy: slow, idle, flooding clients.

Run with `python -m benchmarks.front_door`. It sets up a demonstration, serves it as `make run` does, and asks four
pages in turn while a process of its own attacks: once with nobody else, then with each kind of client. Everything
stays on 127.0.0.1 and ends by itself. `--address` and `--instance` measure a server that runs already.
"""

import argparse
import asyncio
import http.client
import json
import multiprocessing
import os
import re
import resource
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zlib
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from rich.console import Console
from rich.table import Table
from sqlalchemy import select

from trainer.accounts.models import Person
from trainer.db import Database
from trainer.enrolment.models import Enrolment
from trainer.registry.models import RegistryEntry
from trainer.settings import ROOT

SECONDS = 12
"""How long each kind of client is at work; at most 30."""
PATIENCE = 10
"""Seconds until a page that does not come counts as failed."""
GOAL_MS = 200
SLOW, IDLE, FLOOD = 200, 1000, 24
TRICKLE_SECONDS = 2.0
OPEN_FILES = 8192
TRAINEE = "omar@demo.example"


@dataclass(frozen=True)
class Door:
    """Where the server listens, and the pages an ordinary visitor asks for; `cookie` is that of a trainee."""

    host: str
    port: int
    pages: Sequence[str]
    cookie: str


@dataclass
class Waits:
    """How long pages took while something went on, in milliseconds, and what failed."""

    took: list[float] = field(default_factory=list)
    failed: int = 0

    def percentile(self, share: float) -> float:
        """Return the wait that this share of the pages did not exceed."""
        ordered = sorted(self.took)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("inf")


async def _slow_headers(door: Door, _number: int) -> None:
    reader, writer = await asyncio.open_connection(door.host, door.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n")
    while not reader.at_eof():
        writer.write(b"X-%d: a\r\n" % secrets.randbelow(1000))
        await writer.drain()
        await asyncio.sleep(TRICKLE_SECONDS)


async def _slow_body(door: Door, _number: int) -> None:
    reader, writer = await asyncio.open_connection(door.host, door.port)
    head = "POST /api/v1/verify HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    writer.write(f"{head}Content-Length: 100000\r\n\r\n".encode())
    while not reader.at_eof():
        writer.write(b"--b\r\n")
        await writer.drain()
        await asyncio.sleep(TRICKLE_SECONDS)


async def _idle(door: Door, _number: int) -> None:
    reader, _writer = await asyncio.open_connection(door.host, door.port)
    await reader.read()


async def _upload(door: Door, number: int) -> None:
    """Send a file that is not in the registry and is dear to look into, again and again."""
    start = (
        '--b\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\nContent-Type: application/pdf\r\n\r\n'
    )
    body = start.encode() + costly_file(number) + b"\r\n--b--\r\n"
    head = "POST /api/v1/verify HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
    head += f"Content-Type: multipart/form-data; boundary=b\r\nContent-Length: {len(body)}\r\n\r\n"
    reader, writer = await asyncio.open_connection(door.host, door.port)
    writer.write(head.encode() + body)
    await reader.read()
    writer.close()


def costly_file(number: int) -> bytes:
    """Return a PDF of 150 kB whose attachments keep a reader busy: streams that unpack, each unlike the other."""
    objects = []
    for place in range(400):
        packed = zlib.compress(b"eyJ%d.%d." % (number, place) + b"a" * 250_000, 9)
        objects.append(
            b"%d 0 obj\n<< /Length %d >>\nstream\n%s\nendstream\nendobj\n" % (place + 1, len(packed), packed)
        )
    return b"%PDF-1.7\n" + b"".join(objects) + secrets.token_hex(8).encode() + b"\n%%EOF\n"


Client = Callable[[Door, int], Awaitable[None]]

KINDS: Mapping[str, tuple[Client | None, int]] = {
    "nobody else": (None, 0),
    f"{SLOW} slow headers": (_slow_headers, SLOW),
    f"{SLOW} slow bodies": (_slow_body, SLOW),
    f"{IDLE} idle sockets": (_idle, IDLE),
    f"{FLOOD} uploads at once": (_upload, FLOOD),
}


async def _besiege(door: Door, client: Client, count: int) -> None:
    async def one(number: int) -> None:
        while True:
            try:
                await client(door, number)
            except OSError:
                await asyncio.sleep(0.1)
            await asyncio.sleep(0.05)

    await asyncio.gather(*(one(number) for number in range(count)))


def _attack(door: Door, kind: str, seconds: float) -> None:
    _open_many_files()
    client, count = KINDS[kind]
    assert client is not None
    with suppress(TimeoutError):
        asyncio.run(asyncio.wait_for(_besiege(door, client, count), seconds))


def _open_many_files() -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(OPEN_FILES, hard), hard))


def ask(door: Door, page: str, waits: Waits) -> None:
    """Ask for one page over a connection of its own, as a visitor who comes anew."""
    begun = time.perf_counter()
    try:
        with closing(http.client.HTTPConnection(door.host, door.port, timeout=PATIENCE)) as connection:
            connection.request("GET", page, headers={"Cookie": door.cookie} if page.startswith("/learn") else {})
            answer = connection.getresponse()
            answer.read()
        if answer.status != 200:
            waits.failed += 1
            return
        waits.took.append((time.perf_counter() - begun) * 1000)
    except (OSError, http.client.HTTPException):
        waits.failed += 1


def measure(door: Door, kind: str, seconds: float) -> Waits:
    """Ask ordinary pages while this kind of client is at work."""
    waits, attacker = Waits(), None
    if KINDS[kind][0]:
        attacker = multiprocessing.get_context("fork").Process(target=_attack, args=(door, kind, seconds + 3))
        attacker.start()
        time.sleep(2)  # until all of them are there
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for page in door.pages:
            ask(door, page, waits)
        time.sleep(0.05)
    if attacker:
        attacker.kill()
        attacker.join()
    return waits


def door_of(address: str, instance: Path) -> Door:
    """Sign in as Omar of the demonstration, and choose the pages."""
    parts = urlsplit(address)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    database = Database(f"sqlite:///{instance / 'trainer.sqlite'}")
    with database.reading() as session:
        certificate = session.scalars(select(RegistryEntry.public_id)).first()
        mine = select(Enrolment.id).join(Person, Person.id == Enrolment.person_id).where(Person.email == TRAINEE)
        enrolment = session.scalars(mine).one()
    database.close()
    cookie = _signed_in(host, port, json.loads((instance / "demo.json").read_text())["password"])
    lesson = re.search(r'href="(/learn/\w+/[\w-]+/[\w-]+)"', _read(host, port, f"/learn/{enrolment}/", cookie))
    assert lesson
    return Door(host, port, (f"/c/{certificate}", "/sign-in", lesson[1]), cookie)


def _read(host: str, port: int, page: str, cookie: str) -> str:
    with closing(http.client.HTTPConnection(host, port, timeout=60)) as connection:
        connection.request("GET", page, headers={"Cookie": cookie})
        return connection.getresponse().read().decode()


def _signed_in(host: str, port: int, password: str) -> str:
    with closing(http.client.HTTPConnection(host, port, timeout=60)) as connection:
        connection.request("GET", "/sign-in")
        answer = connection.getresponse()
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', answer.read().decode())
        cookie = _cookies(answer)
        assert token
        form = {"email": TRAINEE, "password": password, "csrf_token": token[1]}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        connection.request("POST", "/sign-in", urlencode(form), headers)
        answer = connection.getresponse()
        answer.read()
        assert answer.status in (302, 303), answer.status
        return _cookies(answer)


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(one.split(";")[0] for one in answer.headers.get_all("Set-Cookie", ()))


def memory_of(pid: int) -> tuple[float, int]:
    """Return the proportional memory of a process and all its children in MiB, and how many they are."""
    family, total = [pid], 0.0
    for one in family:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            family += [int(child) for child in task.read_text().split()]
        rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
        total += int(re.search(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[1]) / 1024  # type: ignore[index]
    return total, len(family)


def cpu_of(pid: int) -> float:
    """Return the CPU seconds that a process and its living children have used."""
    family, ticks = [pid], 0
    for one in family:
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            family += [int(child) for child in task.read_text().split()]
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


@contextmanager
def served() -> Iterator[tuple[str, Path, int]]:
    """Set up a demonstration and serve it on a free port; yield its address, its folder and the process."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    with tempfile.TemporaryDirectory() as folder:
        rest = {name: value for name, value in os.environ.items() if not name.startswith("TRAINER_")}
        address = f"http://127.0.0.1:{port}"
        env = {**rest, "TRAINER_INSTANCE": folder, "TRAINER_BASE_URL": address, "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-m", "trainer"]
        subprocess.run([*command, "setup"], check=True, env=env, cwd=ROOT, stdout=subprocess.DEVNULL)
        with (Path(folder) / "server.log").open("wb") as log:
            process = subprocess.Popen(
                [*command, "serve", "--port", str(port)],
                env=env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            yield address, Path(folder), process.pid
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def wait_for(address: str) -> None:
    """Wait until the server answers."""
    parts = urlsplit(address)
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), closing(http.client.HTTPConnection(parts.hostname, parts.port, timeout=2)) as asked:
            asked.request("GET", "/healthz")
            if asked.getresponse().status == 200:
                return
        time.sleep(0.1)
    raise SystemExit(f"{address} does not answer.")


def report(address: str, instance: Path, pid: int | None, seconds: float) -> None:
    """Measure every kind of client and print the table."""
    wait_for(address)
    door = door_of(address, instance)
    console = Console()
    table = Table(title=f"Ordinary pages, ms (goal: none over {GOAL_MS})", title_justify="left")
    for heading in ("meanwhile", "pages", "p50", "p95", "max", "failed", "CPU of the server"):
        table.add_column(heading, justify="left" if heading == "meanwhile" else "right")
    for page in door.pages * 4:  # what is made at the first look is made
        ask(door, page, Waits())
    time.sleep(2)
    if pid:
        console.print("{:.0f} MiB PSS in {} processes, at rest".format(*memory_of(pid)))
    for kind in KINDS:
        before = cpu_of(pid) if pid else 0.0
        waits = measure(door, kind, seconds)
        used = f"{cpu_of(pid) - before:.1f} s" if pid else ""
        table.add_row(
            kind,
            str(len(waits.took)),
            f"{statistics.median(waits.took):.0f}" if waits.took else "-",
            f"{waits.percentile(0.95):.0f}",
            f"{max(waits.took, default=float('inf')):.0f}",
            str(waits.failed),
            used,
        )
        time.sleep(1)
    console.print(table)
    if pid:
        console.print("{:.0f} MiB PSS in {} processes, afterwards".format(*memory_of(pid)))


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.front_door", description=__doc__)
    parser.add_argument("--address", help="of a server that runs already")
    parser.add_argument("--instance", type=Path, help="its instance folder, on SQLite with the demonstration")
    parser.add_argument("--pid", type=int, help="its process, to measure memory and CPU")
    parser.add_argument("--seconds", type=float, default=SECONDS)
    chosen = parser.parse_args()
    _open_many_files()
    if chosen.address and chosen.instance:
        report(chosen.address, chosen.instance, chosen.pid, min(chosen.seconds, 30))
        return
    with served() as (address, instance, pid):
        report(address, instance, pid, min(chosen.seconds, 30))


if __name__ == "__main__":
    main()
