"""The counter's further pages: lists, receipts, names, watches; for everybody's eyes, and without scripts."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journey.conftest import Site
from tests.journey.test_accessibility import enter, public_id_of
from tests.stage.clicks import press
from tests.stage.inspector import Inspector
from trainer.certificates.models import Consent
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.db import Database

__all__ = ["enter"]
pytestmark = pytest.mark.browser


def test_no_further_page_of_the_counter_has_a_barrier(
    enter: Callable[..., Page], inspector: Inspector, site: Site, shot: Callable[[Page, str], None]
) -> None:
    public_id = public_id_of(enter, "ilse")
    page = enter()
    for address in ("/verify", "/verify/bulk", "/verify/receipt", "/api/", f"/c/{public_id}/watch"):
        inspector.visit(page, address)
        shot(page, "counter" + address.replace("/", "-").replace(public_id, "id"))
    page.get_by_label("Your e-mail address").fill("vera@example.org")
    press(page, "Keep my address")  # no mail server here, and the page says so
    inspector.look(page, "watch, asked")
    page.goto("/verify/bulk")
    page.get_by_label("Or the rows themselves").fill(f"number,name\n{public_id},Ilse\n7K4M-2QXH-9PTC,\n,Nobody\n")
    press(page, "Check the list")
    inspector.look(page, "list, checked")
    shot(page, "counter-list-checked")
    database = Database(f"sqlite:///{site.instance / 'trainer.sqlite'}")
    with database.transaction() as session:
        session.add(Consent(public_id=public_id, level=ConsentLevel.MATCHED, at=utc_now()))
    page.goto(f"/c/{public_id}")
    expect(page.get_by_role("main")).to_contain_text("not shown here")
    inspector.look(page, "verdict, name not shown")
    shot(page, "counter-verdict-matched")
    page.get_by_role("link", name="Does a name you know match?").click()
    page.get_by_label("The name you know").fill("Somebody Else")
    press(page, "Compare the name")
    inspector.look(page, "match, no")
    shot(page, "counter-match")
    with database.transaction() as session:
        session.add(Consent(public_id=public_id, level=ConsentLevel.SHOWN, at=utc_now()))
    database.close()
    assert not inspector.wrong, "\n".join(inspector.wrong)


def test_a_list_and_its_receipt_are_kept_without_scripts(
    open_browser: Callable[..., Page], tmp_path: Path, enter: Callable[..., Page]
) -> None:
    number = public_id_of(enter, "ilse")
    page = open_browser("", java_script_enabled=False)
    page.goto("/verify/bulk")
    page.get_by_label("Or the rows themselves").fill(number)
    press(page, "Check the list")
    for link, start in (("Download as CSV", "\ufeffrow,number"), ("Keep a receipt", "Receipt of a verification")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=link).click()
        waiting.value.save_as(tmp_path / "kept")
        kept = (tmp_path / "kept").read_text()
        assert kept.startswith(start)
    page.goto("/verify/receipt")
    page.get_by_label("The receipt").fill(kept)
    press(page, "Check the receipt")
    expect(page.get_by_role("heading", level=1)).to_have_text("We said this")
