"""Dana says when the people of her cohort may begin an examination."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select

from trainer.accounts.words import Role
from trainer.audit.queries import latest
from trainer.clock import utc_now
from trainer.errors import UNSEEN
from trainer.windows.models import SittingWindow
from trainer.windows.queries import windows_of

DAY = timedelta(days=1)
sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def typed(days: float) -> str:
    """Return the moment in so many days as a browser sends it."""
    return f"{utc_now() + days * DAY:%Y-%m-%dT%H:%M}"


def wish(opens: float, closes: float, seen: int = 0, **parts: str) -> dict[str, str]:
    return {"exam": "final", "opens": typed(opens), "closes": typed(closes), "seen": str(seen), **parts}


@pytest.fixture
def address(cohort) -> str:
    return f"/desk/cohorts/{cohort.id}/windows"


def kept(database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(SittingWindow)) or 0


def holding(database, cohort) -> list[int]:
    with database.reading() as session:
        return [window.number for window in windows_of(session, cohort_id=cohort.id).get("final", ())]


def test_dana_sets_changes_and_withdraws_a_window_and_it_stands_in_the_audit(
    as_, dana, ada, cohort, address, database
) -> None:
    desk = as_(dana)
    assert address in desk.get(f"/desk/cohorts/{cohort.id}").text
    assert "Sittings may begin at any time." in desk.get(address).text
    assert desk.send(address, wish(1, 2)).location == address
    assert desk.send(f"{address}/1", wish(1, 3, 1, reason="Snow.")).location == address
    assert "Snow." in desk.get(address).text
    for looker in (desk, as_(ada)):
        assert "Windows for sittings" in looker.get(f"/desk/cohorts/{cohort.id}").text
    assert "It is the only window of this examination" in desk.get(f"{address}/1").text
    assert desk.send(f"{address}/1/withdrawal", {"why": "Not needed.", "seen": "2"}).location == address
    assert "This window has been withdrawn" in desk.get(f"{address}/1").text
    assert (kept(database), holding(database, cohort)) == (3, [])
    with database.reading() as session:
        acts = latest(session, programmes=frozenset({"foundations"}), limit=3)
    assert [act.act for act in acts] == ["withdraw window", "change window", "set window"]
    assert acts[0].subject == cohort.name
    assert acts[0].detail.endswith(", because: Not needed.")
    assert " UTC to " in acts[2].detail


def test_a_second_click_decides_once_and_an_old_page_is_told_what_changed(
    as_, dana, person, cohort, address, database
) -> None:
    ester = person("Ester Lund", Role.DIRECTOR)
    sent = wish(1, 2)
    for _ in range(2):
        assert as_(dana).send(address, sent).status_code == 303
    late = as_(ester).send(address, wish(3, 4))
    assert late.status_code == 409
    assert "Dana Rivers decided about a window of this cohort" in late.text
    assert typed(3)[:13] in late.text, "what was typed is kept"
    assert UNSEEN in as_(ester).send(address, {**wish(3, 4), "seen": ""}).text
    for _ in range(2):
        assert as_(dana).send(f"{address}/1/withdrawal", {"why": "No.", "seen": "1"}).status_code == 303
    late = as_(ester).send(f"{address}/1", wish(1, 4, 1, reason="Longer."))
    assert late.status_code == 409
    assert "Longer." in late.text
    assert as_(ester).send(f"{address}/1", wish(1, 4, 2, reason="Longer.")).status_code == 422
    assert kept(database) == 2


@sqlite
@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (wish(2, 1), "A window closes after it opens."),
        (wish(-3, -2), "This window would be over already"),
        (wish(-3, 2), "This window would open in the past"),
        (wish(6, 8), "It overlaps the window from"),
        (wish(1, 2, exam="tarot"), "asks for no such examination."),
        (wish(1, 9000), "Is it a slip of the finger?"),
        ({**wish(1, 2), "opens": "soon"}, "Please give the day and time at which it opens"),
        ({**wish(1, 2), "closes": ""}, "Please give the day and time at which it closes"),
        ({**wish(1, 2), "opens": "0001-01-01T00:00"}, "Is it a slip of the finger?"),
        ({"seen": "1"}, "asks for no such examination."),
    ],
)
def test_what_is_wrong_with_a_window_is_said_in_a_sentence(as_, dana, address, database, sent, told) -> None:
    desk = as_(dana)
    desk.send(address, wish(5, 7))
    answer = desk.send(address, {**sent, "seen": "1"})
    assert answer.status_code == 422
    assert told in answer.text
    assert kept(database) == 1


@sqlite
def test_a_change_needs_a_reason_and_nothing_changed_is_nothing_kept(as_, dana, address, database) -> None:
    desk, sent = as_(dana), wish(1, 2)
    desk.send(address, sent)
    assert "Please give the reason" in desk.send(f"{address}/1", {**sent, "seen": "1"}).text
    assert desk.send(f"{address}/1/withdrawal", {"why": " ", "seen": "1"}).status_code == 422
    assert desk.send(f"{address}/1", {**sent, "seen": "1", "reason": "As it was."}).status_code == 303
    assert desk.send(address, {**sent, "seen": "1"}).status_code == 303, "set once more from a new page"
    assert kept(database) == 1
    assert desk.get(f"{address}/2").status_code == desk.get(f"{address}/x").status_code == 404


@sqlite
def test_times_are_those_of_the_programmes_zone(as_, dana, cohort, address, database, monkeypatch) -> None:
    monkeypatch.setattr("trainer.cohorts.windows.routes.zone_named", lambda _: ZoneInfo("Europe/Zurich"))
    year = utc_now().year + 1
    desk = as_(dana)
    desk.send(address, {**wish(1, 2), "opens": f"{year}-07-01T09:00", "closes": f"{year}-12-01 09:00"})
    assert "(Zurich time)" in desk.get(address).text
    with database.reading() as session:
        [window] = windows_of(session, cohort_id=cohort.id)["final"]
    assert (window.opens, window.closes) == (
        datetime(year, 7, 1, 7, tzinfo=UTC),
        datetime(year, 12, 1, 8, tzinfo=UTC),
    )
    assert f'value="{year}-07-01T09:00' in desk.get(f"{address}/1").text


@sqlite
def test_nobody_else_decides_about_windows(as_, dana, nils, mara, ada, address, database) -> None:
    as_(dana).send(address, wish(1, 2))
    for somebody, status in ((nils, 404), (mara, 403), (ada, 403)):
        browser = as_(somebody)
        for path in (address, f"{address}/1"):
            assert browser.get(path).status_code == status
        assert browser.send(address, wish(3, 4, 1)).status_code == status
        assert browser.send(f"{address}/1", wish(3, 4, 1, reason="No.")).status_code == status
        assert browser.send(f"{address}/1/withdrawal", {"why": "No.", "seen": "1"}).status_code == status
    assert kept(database) == 1
