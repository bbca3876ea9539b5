"""10,000 wrong passwords from 1,000 addresses: who still comes in, and how many guesses are left to an attacker.

`python -m benchmarks.sign_in` plays it with the test client against a fresh SQLite database in a temporary folder; no
network is touched. The attacker knows every address, has 1,000 networks that share no neighbourhood, and never comes
too early. A guess is a password that is compared; the wrong ones are known without argon2.
"""

import argparse
import heapq
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter

import time_machine

from trainer.accounts import routes
from trainer.accounts.door import services as door
from trainer.accounts.door.attempt import Attempt
from trainer.accounts.models import Person
from trainer.accounts.passwords import PasswordCheck, check_password, hashed
from trainer.app import create_app
from trainer.clock import utc_now
from trainer.db import Database, new_id
from trainer.db.migrations import upgrade
from trainer.settings import ROOT, Settings

PASSWORD, WRONG = "correct horse battery", "not it at all"
NETWORKS = [f"10.{number // 250}.{number % 250}.1" for number in range(1000)]
"""Each in a neighbourhood (/24) of its own."""
HOME = "203.0.113.7"
PEOPLE = 20


class House:
    """A small installation with people in it, and a count of the guesses that reached argon2."""

    def __init__(self, folder: Path) -> None:
        database = Database(f"sqlite:///{folder}/trainer.sqlite")
        upgrade(database)
        settings = Settings(
            instance=folder,
            content=ROOT / "content",
            database_url=database.url,
            base_url="http://localhost",
            issuer="Benchmark",
            secret_key="a secret that is long enough for a benchmark",
            secure_cookies=False,
        )
        self.database = database
        kept = hashed(PASSWORD)
        with database.transaction() as session:
            for number in range(PEOPLE):
                session.add(Person(id=new_id(), email=mail(number), name="A", password_hash=kept, created_at=utc_now()))
        self.app = create_app(settings)
        self.app.config["WTF_CSRF_ENABLED"] = False
        self.guesses = 0
        routes.check_password = self._check

    def _check(self, password: str, *rest: object) -> PasswordCheck:
        if password == WRONG:
            self.guesses += 1
            return PasswordCheck(right=False)
        return check_password(password, *rest)

    def send(self, email: str, password: str, address: str, browser=None):
        form = {"email": email, "password": password}
        return (browser or self.app.test_client()).post("/sign-in", data=form, environ_base={"REMOTE_ADDR": address})


def mail(number: int) -> str:
    return f"person{number}@example.org"


def besiege(house: House, target: Callable[[int], str], hours: int) -> list[int]:
    """Try as fast as the waits allow, with every network, at the door itself; return the guesses of each hour."""
    start, per_hour = utc_now(), [0] * hours
    queue: list[tuple[datetime, str, str]] = sorted(
        (start, network, account) for network in NETWORKS for account in {target(number) for number in range(PEOPLE)}
    )
    while queue and queue[0][0] < start + timedelta(hours=hours):
        batch = [
            heapq.heappop(queue) for _ in range(min(len(queue), 200)) if queue[0][0] < start + timedelta(hours=hours)
        ]
        with house.database.transaction() as session:
            for moment, network, account in batch:
                attempt = Attempt(account=account, address=network)
                if wait := door.knock(session, attempt=attempt, now=moment):
                    heapq.heappush(queue, (moment + wait, network, account))
                    continue
                per_hour[(moment - start) // timedelta(hours=1)] += 1
                door.turn_away(session, attempt=attempt, now=moment)
                heapq.heappush(queue, (moment + timedelta(seconds=1), network, account))
    return per_hour


def rightful(house: House, people: int) -> dict[str, str]:
    """Let people come in just after the attack: on their own device, on a new one, beside the attacker."""
    known = []
    for number in range(people):
        browser = house.app.test_client()
        with time_machine.travel(utc_now() - timedelta(days=2), tick=True):
            house.send(mail(number), PASSWORD, HOME, browser)
        browser.post("/sign-out")
        known.append(browser)
    return {
        "on a known device": _came_in(house, lambda n: (HOME, known[n]), people),
        "known device, beside the attacker": _came_in(house, lambda n: (NETWORKS[0], known[n]), people),
        "on a new device at home": _came_in(house, lambda n: (HOME, None), people),
        "on a new device beside the attacker": _came_in(house, lambda n: (NETWORKS[0], None), people),
    }


def _came_in(house: House, where: Callable[[int], tuple[str, object]], people: int) -> str:
    answers = [house.send(mail(number), PASSWORD, *where(number)) for number in range(people)]
    waits = [int(one.headers["Retry-After"]) for one in answers if one.status_code == 429]
    at_once = sum(one.status_code == 303 for one in answers)
    return f"{at_once}/{people} at once" + (f", the rest after up to {max(waits)} s" if waits else "")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--tries", type=int, default=10_000)
    asked.add_argument("--hours", type=int, default=3)
    given = asked.parse_args()
    for name, target in (
        ("one account", lambda _turn: mail(0)),
        (f"all {PEOPLE} accounts", lambda turn: mail(turn % PEOPLE)),
    ):
        print(f"{name}, {len(NETWORKS)} networks", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            per_hour = besiege(House(Path(folder)), target, given.hours)
            print(f"  guesses left to an attacker who never comes too early: {per_hour} in each hour", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            house = House(Path(folder))
            began = perf_counter()
            for turn in range(given.tries):
                house.send(target(turn), WRONG, NETWORKS[turn * len(NETWORKS) // given.tries])
            took = perf_counter() - began
            print(f"  {given.tries} wrong passwords in {took:.0f} s: {house.guesses} compared, the rest asked to wait")
            for who, came in rightful(house, 1 if target(1) == mail(0) else PEOPLE).items():
                print(f"  the rightful people {who}: {came}", flush=True)


if __name__ == "__main__":
    main()
