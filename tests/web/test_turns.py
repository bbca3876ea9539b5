"""What is costly is done by few at once: the others are told when to come again, and pages wait for nobody."""

import multiprocessing
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path

import pytest

from trainer import costly_work
from trainer.costly_work import turn
from trainer.errors import Busy
from trainer.web import COSTLY_AT_ONCE, COSTLY_EACH

ONE_KIND = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
UNKNOWN = b"%PDF-1.7\nnot ours\n%%EOF\n"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch) -> None:
    monkeypatch.setattr(costly_work, "WAIT_SECONDS", 0.2)


def hold(folder: Path, whose: str, taken, ends) -> None:
    with turn(folder, at_once=1, whose=whose):
        taken.set()
        ends.wait(30)


@pytest.fixture
def other_process(tmp_path: Path) -> Iterator[multiprocessing.Process]:
    """Another process that has the only turn."""
    spawn = multiprocessing.get_context("fork")
    taken, ends = spawn.Event(), spawn.Event()
    process = spawn.Process(target=hold, args=(tmp_path, "192.0.2.1", taken, ends))
    process.start()
    assert taken.wait(30)
    yield process
    process.kill()
    process.join()


def test_a_turn_is_one_over_all_processes_and_a_killed_one_gives_it_back(tmp_path: Path, other_process) -> None:
    with pytest.raises(Busy, match="try again"), turn(tmp_path, at_once=1, whose="192.0.2.2"):
        pass
    other_process.kill()
    other_process.join()
    with turn(tmp_path, at_once=1, whose="192.0.2.2"):
        pass


def test_nobody_has_more_turns_than_others(tmp_path: Path) -> None:
    with turn(tmp_path, at_once=2, whose="192.0.2.1"):
        with pytest.raises(Busy), turn(tmp_path, at_once=2, whose="192.0.2.1"):
            pass
        with turn(tmp_path, at_once=2, whose="192.0.2.2"), pytest.raises(Busy), turn(tmp_path, at_once=2, whose="x"):
            pass
    with turn(tmp_path, at_once=2, whose="192.0.2.1"):
        pass


def test_whoever_waits_is_served_next_and_only_one_thread_waits(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(costly_work, "WAIT_SECONDS", 20)
    served = threading.Event()

    def wait() -> None:
        with turn(tmp_path, at_once=1):
            served.set()

    with turn(tmp_path, at_once=1):
        waiter = threading.Thread(target=wait)
        waiter.start()
        until = time.monotonic() + 10
        while costly_work._waiting._value and time.monotonic() < until:
            time.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(Busy), turn(tmp_path, at_once=1):
            pass
        assert time.monotonic() - began < 10  # at once, not after WAIT_SECONDS
    waiter.join()
    assert served.is_set()


@pytest.fixture
def crowded(settings) -> Iterator[None]:
    """Every turn of the installation is taken."""
    with ExitStack() as taken:
        for number in range(COSTLY_AT_ONCE):
            taken.enter_context(turn(settings.instance / "turns", at_once=COSTLY_AT_ONCE, whose=f"198.51.100.{number}"))
        yield


def upload(send: Callable, path: str):
    return send(path, data={"file": (BytesIO(UNKNOWN), "a.pdf")}, content_type="multipart/form-data")


@ONE_KIND
@pytest.mark.usefixtures("crowded")
def test_an_upload_without_a_turn_is_told_when_to_come_again(stranger) -> None:
    answer = upload(stranger.send, "/verify")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "try again in a few seconds" in answer.text
    answer = upload(stranger.post, "/api/v1/verify")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.mimetype == "application/problem+json"
    assert answer.json["detail"].endswith("please try again in a few seconds.")


@ONE_KIND
@pytest.mark.usefixtures("crowded")
@pytest.mark.parametrize(("path", "sent"), [("/verify/bulk", {"lines": "7K4M-2QXH-9PTC"}), ("/api/v1/bulk", None)])
def test_a_list_without_a_turn_is_told_when_to_come_again(stranger, path: str, sent: dict | None) -> None:
    answer = stranger.send(path, sent) if sent else stranger.post(path, json=[{"reference": "7K4M-2QXH-9PTC"}])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")


@ONE_KIND
@pytest.mark.usefixtures("crowded")
def test_what_costs_little_needs_no_turn(stranger) -> None:
    assert stranger.send("/verify", {"reference": "7K4M-2QXH-9PTC"}).status_code == 404
    assert stranger.get("/sign-in").status_code == 200


@ONE_KIND
def test_with_a_turn_it_is_looked_into(stranger) -> None:
    assert upload(stranger.post, "/api/v1/verify").status_code == 200


@ONE_KIND
def test_who_has_a_thousand_addresses_has_no_more_turns_than_who_has_one(stranger, settings) -> None:
    def from_there(address: str) -> int:
        return stranger.post(
            "/api/v1/verify",
            data={"file": (BytesIO(UNKNOWN), "a.pdf")},
            content_type="multipart/form-data",
            environ_base={"REMOTE_ADDR": address},
        ).status_code

    taken = turn(settings.instance / "turns", at_once=COSTLY_AT_ONCE, whose="2001:db8:0:1::/64", each=COSTLY_EACH)
    with taken:
        assert from_there("2001:db8:0:1::77") == 503
        assert from_there("2001:db8:0:2::77") == 200
