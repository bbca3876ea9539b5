"""The page that checks without us, in a real Chromium, from our address and from a folder."""

import io
import json
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.certificates.conftest import ISSUED, claim
from tests.verify.attacks import ATTACKS
from tests.verify.carrier import WITNESSES, Carried, carried, trust_for
from tests.verify.rewritten import REWRITTEN, envelope
from trainer.certificates.authority import Authority, authority_in
from trainer.verify.bundle import page_files
from trainer.verify.offline import verify_offline
from trainer.verify.trust import Trust, trust_text

pytestmark = pytest.mark.browser
LATER = ISSUED + timedelta(days=30)
ASK = """async ([file, trust, now]) => {
    const bytes = Uint8Array.from(atob(file), (one) => one.charCodeAt(0));
    const pinned = await trainerOffline.readTrust(trust);
    return trainerOffline.verify(bytes, pinned, new Date(now));
}"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page in a folder, with nothing pinned."""
    made = tmp_path_factory.mktemp("page")
    for name, content in page_files(None).items():
        (made / name).write_bytes(content)
    return made


@pytest.fixture(scope="module")
def page(chromium, folder: Path) -> Iterator[Page]:
    """The page, opened from that folder, on a telephone."""
    context = chromium.new_context(viewport={"width": 390, "height": 800})
    opened = context.new_page()
    opened.goto(f"{folder.as_uri()}/index.html")
    yield opened
    context.close()


@pytest.fixture(scope="module")
def asked(page: Page) -> Callable[..., dict]:
    """Ask the page's own function, as its file field does."""
    from base64 import b64encode

    def ask(content: bytes, trust: Trust, now: datetime = LATER) -> dict:
        return page.evaluate(ASK, [b64encode(content).decode(), trust_text(trust), now.isoformat()])

    return ask


def test_the_page_works_from_a_folder(page: Page, folder: Path, file: Carried, authority: Authority) -> None:
    (folder / "trust.json").write_text(trust_text(trust_for(authority)))
    (folder / "certificate.pdf").write_bytes(file.pdf)
    page.set_input_files("#trust", folder / "trust.json")
    page.set_input_files("#file", folder / "certificate.pdf")
    page.wait_for_selector("#answer[data-status]:not([hidden])")
    assert "This file is the one we issued" in page.text_content("#sentence")
    assert "Mara Vogel" in page.text_content("#facts")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).violations_count == 0


def test_the_page_agrees_with_the_command_on_every_attack(asked, file: Carried, authority: Authority) -> None:
    trust = trust_for(authority)
    for name, attack in ATTACKS.items():
        changed = attack(file.pdf)
        here, there = asked(changed, trust), verify_offline(changed, trust, LATER)
        assert here["status"] == there.status, name
        assert bool(here["facts"]) is bool(there.facts), name


def test_the_page_agrees_with_the_command_on_everything_rewritten(asked, file: Carried, authority: Authority) -> None:
    trust = trust_for(authority)
    bare = trust_for(replace(authority, timestamps=None))
    old = carried(claim(), replace(authority, timestamps=None))
    cases = {name: (rewrite(file), trust) for name, rewrite in REWRITTEN.items()}
    cases["a JWT"] = (f"\n{file.jwt}\r\n".encode(), trust)
    cases["an envelope"] = (envelope(file.jwt), trust)
    cases["a key that never stamped"] = (old.pdf, bare)
    cases["a key that should have stamped"] = (old.pdf, trust)
    for name, (content, pinned) in cases.items():
        here, there = asked(content, pinned), verify_offline(content, pinned, LATER)
        assert (here["status"], bool(here["facts"])) == (there.status, bool(there.facts)), name
        assert (here["status"] == "valid") is (name == "a key that never stamped"), name
        same = [(one["question"], one["holds"]) for one in here["checks"]]
        if "a forged page" not in name and there.status != "altered":
            assert same == [(one.question, one.holds) for one in there.checks], name
        assert not any(holds and "unchanged" in question for question, holds in same), name


def test_the_page_agrees_with_the_command_on_dates_keys_and_witnesses(
    asked, file: Carried, authority: Authority, tmp_path: Path
) -> None:
    board = tuple(one.witness for one in WITNESSES)
    other = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    seen = carried(claim(), authority, witnesses=WITNESSES[:2])
    plain = trust_for(authority)
    cases = [
        (file.pdf, plain, LATER),
        (file.pdf, plain, ISSUED - timedelta(days=40)),
        (file.pdf, plain, ISSUED + timedelta(days=900)),
        (file.pdf, trust_for(authority, keys={}), LATER),
        (file.pdf, trust_for(authority, status="retired"), LATER),
        (file.pdf, trust_for(authority, status="compromised", trusted_size=5), LATER),
        (file.pdf, trust_for(authority, status="compromised", trusted_size=4), LATER),
        (file.pdf, trust_for(authority, status="compromised"), LATER),
        (file.pdf, trust_for(authority, witnesses=board, quorum=1), LATER),
        (seen.pdf, trust_for(authority, witnesses=board, quorum=2), LATER),
        (seen.pdf, trust_for(authority, witnesses=board, quorum=3), LATER),
        (file.pdf, trust_for(authority, log=WITNESSES[0]), LATER),
        (carried(claim(), other).pdf, plain, LATER),
    ]
    for number, (content, trust, now) in enumerate(cases):
        here, there = asked(content, trust, now), verify_offline(content, trust, now)
        assert (here["status"], [one["holds"] for one in here["checks"]]) == (
            there.status,
            [one.holds for one in there.checks],
        ), number


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_page_works_under_our_own_policy_and_comes_as_a_zip(
    app, chromium, in_registry: Carried, stranger, tmp_path: Path
) -> None:
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    context = chromium.new_context()
    opened, complaints = context.new_page(), []
    opened.on("console", lambda said: complaints.append(said.text))
    opened.goto(f"http://127.0.0.1:{server.server_port}/verify/offline/")
    (tmp_path / "certificate.pdf").write_bytes(in_registry.pdf)
    opened.wait_for_function("document.getElementById('pinned').textContent.startsWith('The keys of')")
    opened.set_input_files("#file", tmp_path / "certificate.pdf")
    opened.wait_for_selector("#answer[data-status]:not([hidden])")
    said = opened.text_content("#sentence")
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert "This file is the one we issued" in said
    assert complaints == []
    archive = zipfile.ZipFile(io.BytesIO(stranger.get("/verify/offline/offline.zip").data))
    pinned = archive.read("verify-offline/pinned.js").decode()
    assert json.loads(pinned.removeprefix("globalThis.pinnedTrust = ").rstrip(";\n"))["did"] == "did:web:localhost"
    assert stranger.get("/verify/offline/other.js").status_code == 404
