"""The page that checks without us, in a real Chromium, from our address and from a folder."""

import io
import json
import threading
import zipfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey
from playwright.sync_api import Error, Page
from werkzeug.serving import make_server

from tests.certificates.conftest import ISSUED, claim
from tests.verify.ages import ages, refused
from tests.verify.attacks import ATTACKS
from tests.verify.carrier import (
    HOUR,
    PLACE,
    WITNESSES,
    Carried,
    carried,
    lists_of,
    note_of,
    paper_with,
    proof_in,
    trust_for,
    trust_written,
    yesterdays,
)
from tests.verify.judged import CASES, for_the_page, named
from tests.verify.rewritten import REWRITTEN, envelope, in_der
from tests.verify.wrapped import around, wrapped
from trainer.certificates.signing.authority import Authority, authority_in
from trainer.certificates.signing.key_rotation import add_signer
from trainer.cli import cli
from trainer.registry.notes import TIMED_ML_DSA, Witness
from trainer.registry.statuslists import LEAST
from trainer.verify.handed_in.attachments import LONGEST_TEXT
from trainer.verify.offline.bundle import page_files
from trainer.verify.offline.checking import verify_offline
from trainer.verify.trust.anchors import BadTrust, Trust
from trainer.verify.trust.succession import check_follows
from trainer.verify.trust.trust_file import read_trust

pytestmark = pytest.mark.browser
LATER = ISSUED + timedelta(days=30)
ASK = """async ([file, trust, now]) => {
    const bytes = Uint8Array.from(atob(file), (one) => one.charCodeAt(0));
    const pinned = await trainerOffline.readTrust(trust);
    return trainerOffline.verify(bytes, pinned, new Date(now));
}"""

FOLLOWS = """async ([earlier, later]) => {
    const [one, two] = [await trainerOffline.readTrust(earlier), await trainerOffline.readTrust(later)];
    try { trainerOffline.checkFollows(one, two); return ""; } catch (error) { return error.message; }
}"""
JUDGE = """(cases) => cases.map(([handed, seen, now]) => {
    const { certificate } = seen;
    if (certificate?.standing) {
        for (const name of ["begins", "ends", "trustMadeAt"]) certificate[name] &&= new Date(certificate[name]);
    }
    return trainerOffline.judge(handed, seen, new Date(now));
})"""
QUANTUM = Witness("pq.example", MLDSA44PrivateKey.generate().public_key().public_bytes_raw(), TIMED_ML_DSA)


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

    def ask(content: bytes, trust: Trust | str, now: datetime = LATER) -> dict:
        written = trust if isinstance(trust, str) else yesterdays(trust)
        return page.evaluate(ASK, [b64encode(content).decode(), written, now.isoformat()])

    return ask


def test_the_page_works_from_a_folder(page: Page, folder: Path, file: Carried, authority: Authority) -> None:
    (folder / "trust.json").write_text(trust_written(trust_for(authority), lists=lists_of(authority, at=ISSUED)))
    (folder / "certificate.pdf").write_bytes(file.pdf)
    page.set_input_files("#trust", folder / "trust.json")
    page.set_input_files("#file", folder / "certificate.pdf")
    page.wait_for_selector("#answer[data-status]:not([hidden])")
    assert "This file is the one we issued" in page.text_content("#sentence")
    said = page.text_content("#word")
    assert said == "Genuine; status known up to 1 February 2026, 12:00 UTC"  # the lists have run out since
    assert "Mara Vogel" in page.text_content("#facts")
    assert (page.text_content("#holder"), page.is_visible("#who")) == ("Mara Vogel", True)
    (folder / "foreign.pdf").write_bytes(b"%PDF-1.7\nsomething else\n%%EOF\n")
    page.set_input_files("#file", folder / "foreign.pdf")
    page.wait_for_selector("#answer[data-status='not genuine']:not([hidden])")
    assert not page.is_visible("#who")
    page.set_input_files("#file", folder / "certificate.pdf")
    page.wait_for_selector("#answer[data-status=valid]:not([hidden])")
    assert page.text_content("#chosen") == "certificate.pdf"
    assert page.locator("header.bar a[href]:visible").count() == 0, "a copy on a stick has nothing to go back to"
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Axe().run(page).violations_count == 0


def test_the_page_shows_the_days_of_a_zoned_programme_and_the_time_of_whoever_looks(
    chromium, folder: Path, authority: Authority, tmp_path: Path
) -> None:
    there = replace(claim(), days_of="America/Los_Angeles -08:00 -07:00")  # clocks that change in between
    pdf, trust = carried(there, authority).pdf, trust_for(authority)
    (tmp_path / "trust.json").write_text(trust_written(trust, lists=lists_of(authority, at=ISSUED)))
    (tmp_path / "certificate.pdf").write_bytes(pdf)
    context = chromium.new_context(timezone_id="Pacific/Chatham")
    page = context.new_page()
    page.goto(f"{folder.as_uri()}/index.html")
    page.set_input_files("#trust", tmp_path / "trust.json")
    page.set_input_files("#file", tmp_path / "certificate.pdf")
    page.wait_for_selector("#answer[data-status]:not([hidden])")
    facts = page.text_content("#facts")
    assert "Issued1 February 2026 (Los Angeles)" in facts
    assert "Valid until1 February 2028 (Los Angeles)" in facts
    logged = "2 February 2026, 01:45 (Chatham time, UTC+13:45)"
    assert page.text_content("#word") == f"Genuine; status known up to {logged}"
    assert logged in page.text_content("#sentence")
    assert "up to 2 February 2028, 20:45 (Chatham time, UTC+13:45). Checked on" in page.text_content("#checks")
    assert f"Made on {logged}" in page.text_content("#pinned")
    assert " UTC." not in page.text_content("body")
    here = page.evaluate(ASK, [b64encode(pdf).decode(), yesterdays(trust), there.ends_at.isoformat()])
    alone = verify_offline(pdf, read_trust(yesterdays(trust)), there.ends_at)
    assert (here["status"], here["sentence"]) == (alone.status, alone.sentence)
    assert "it expired on 2 February 2028, 07:00 UTC" in here["sentence"]
    dates = "Is today within its dates?"
    said = [next(one.evidence for one in alone.checks if one.question == dates)]
    assert [one["evidence"] for one in here["checks"] if one["question"] == dates] == said
    context.close()


def test_the_page_judges_what_was_seen_in_the_same_order(page: Page) -> None:
    cases = [case for case in CASES.values() if case["by"] == "pinned keys"]
    for case, here in zip(cases, page.evaluate(JUDGE, [for_the_page(case) for case in cases]), strict=True):
        name, verdict = case["name"], case["verdict"]
        assert (here["status"], here["sentence"]) == (verdict["status"], verdict["sentence"]), name
        assert named(tuple(check.values()) for check in here["checks"]) == verdict["checks"], name
        assert bool(here["facts"]) is bool(verdict["facts"]), name
        assert here.get("asOf") == verdict["as_of"], name
        assert here.get("fresh", True) is verdict["fresh"], name


def test_the_page_agrees_with_the_command_on_every_attack(asked, file: Carried, authority: Authority) -> None:
    trust = trust_for(authority)
    for name, attack in ATTACKS.items():
        changed = attack(file.pdf)
        here, there = asked(changed, trust), verify_offline(changed, trust, LATER)
        assert here["status"] == there.status, name
        assert bool(here["facts"]) is bool(there.facts), name


def test_the_page_finds_in_a_foreign_file_what_the_command_finds(asked, file: Carried, authority: Authority) -> None:
    trust = trust_for(authority)
    for name, (content, found) in wrapped(file).items():
        here, there = asked(content, trust), verify_offline(content, trust, LATER)
        assert here["status"] == there.status == ("altered" if found else "not genuine"), name
        assert bool(here["facts"]) is bool(there.facts) is found, name


def test_the_end_of_a_stream_is_looked_for_no_further_than_a_text_of_ours_could_go(
    page: Page, asked, authority
) -> None:
    page.evaluate("""() => {
        const search = String.prototype.indexOf;
        globalThis.furthest = 0;
        String.prototype.indexOf = function (what, from = 0) {
            if (what === "endstream") globalThis.furthest = Math.max(globalThis.furthest, this.length - from);
            return search.call(this, what, from);
        };
    }""")
    for begins in (b"eyJ", b"x\x9c"):  # 8 MB of such streams stalled the page for eleven seconds
        file = around(b"stream\n" + begins + b"a" * 3 * LONGEST_TEXT)
        assert asked(file, trust_for(authority))["status"] == "not genuine"
    assert 0 < page.evaluate("furthest") <= 2 * LONGEST_TEXT
    page.reload()


def test_the_page_agrees_with_the_command_on_everything_rewritten(asked, file: Carried, authority: Authority) -> None:
    trust = trust_for(authority)
    bare = trust_for(replace(authority, timestamps=None))
    old = carried(claim(), replace(authority, timestamps=None))
    cases = {name: (rewrite(file), trust) for name, rewrite in REWRITTEN.items()}
    cases["a JWT"] = (f"\n{file.jwt}\r\n".encode(), trust)
    cases["an envelope"] = (envelope(file.jwt), trust)
    cases["a JWT with its signature in DER"] = (in_der(file.jwt).encode(), trust)
    cases["a key that never stamped"] = (old.pdf, bare)
    cases["a key that should have stamped"] = (old.pdf, trust)
    for name, (content, pinned) in cases.items():
        here, there = asked(content, pinned), verify_offline(content, pinned, LATER)
        assert (here["status"], bool(here["facts"])) == (there.status, bool(there.facts)), name
        assert (here["status"] == "valid") is (name == "a key that never stamped"), name
        same = [(one["question"], one["holds"]) for one in here["checks"]]
        assert same == [(one.question, one.holds) for one in there.checks], name
        assert not any(holds and "unchanged" in question for question, holds in same), name


def test_a_page_that_a_thief_made_around_genuine_facts_is_not_shown_as_valid(page: Page, tmp_path: Path) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    stolen = authority_in(tmp_path, issuer="Trainer test programme", now=now - 9 * HOUR)
    add_signer(tmp_path, issuer="Trainer test programme", now=now - 9 * HOUR)
    ours = authority_in(tmp_path, issuer="Trainer test programme", now=now - 9 * HOUR)
    genuine = carried(claim(issued_on=now.date(), valid_until=date(2099, 1, 1)), stolen, at=now - 8 * HOUR)
    inside = {"credential.jwt": genuine.jwt, "credential.tlog-proof": genuine.proof}
    (tmp_path / "forged.pdf").write_bytes(paper_with(claim("Eve Forger"), stolen, inside))
    given_up = trust_for(stolen, status="compromised", trusted_size=5).keys
    trust = trust_for(ours, keys={**given_up, **trust_for(ours).keys}, made_at=now - HOUR)
    (tmp_path / "trust.json").write_text(trust_written(trust, lists=lists_of(ours, at=now - 2 * HOUR)))
    page.set_input_files("#trust", tmp_path / "trust.json")
    page.set_input_files("#file", tmp_path / "forged.pdf")
    page.wait_for_selector("#answer[data-status=valid]:not([hidden])")
    assert page.text_content("#word") == "Genuine facts in a page that is not vouched for"
    assert page.get_attribute(".verdict", "class") == "verdict stop"
    said = CliRunner().invoke(cli, ["verify", str(tmp_path / "forged.pdf"), "--trust", str(tmp_path / "trust.json")])
    assert said.exit_code == 1
    assert said.output.startswith("GENUINE FACTS IN A PAGE THAT IS NOT VOUCHED FOR: ")


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


def test_the_page_agrees_with_the_command_on_what_is_known_of_today(asked, file: Carried, authority: Authority) -> None:
    for age in ages(authority):
        content = age.file(file)
        here, there = asked(content, age.trust, age.now), verify_offline(content, read_trust(age.trust), age.now)
        told = (here["status"], here["sentence"], here.get("fresh", True), here.get("asOf"), bool(here["facts"]))
        assert told == (there.status, there.sentence, there.fresh, there.as_of, bool(there.facts)), age.name
        same = [(one["question"], one["holds"]) for one in here["checks"]]
        assert same == [(one.question, one.holds) for one in there.checks], age.name


def test_the_page_refuses_every_trust_file_that_the_command_refuses(
    asked, file: Carried, authority: Authority, tmp_path: Path
) -> None:
    other = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    for name, (written, said) in refused(authority, other, WITNESSES[0].witness.text(), QUANTUM.text()).items():
        with pytest.raises(Error) as refusal:
            asked(file.pdf, written)
        assert said in refusal.value.message.partition("\n")[0], name
    for nonsense in (
        "",
        "{",
        "[]",
        "null",
        '{"v": 2}',
        yesterdays(trust_for(authority)).replace('"keys": [', '"keys": [1, '),
    ):
        with pytest.raises(Error, match=r"Error: (The|This|A) .*trust file"):
            asked(file.pdf, nonsense)


def test_the_page_agrees_on_what_continues_the_pinned_keys(page: Page, authority: Authority, tmp_path: Path) -> None:
    other = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    add_signer(tmp_path, issuer="Trainer test programme", now=ISSUED)
    others_next = authority_in(tmp_path, issuer="Trainer test programme", now=ISSUED)
    one, two, three = ({**trust_for(each).keys} for each in (authority, other, others_next))
    plain, next_one = (trust_for(authority, made_at=ISSUED + hours * HOUR) for hours in (2, 3))
    given_up = trust_for(authority, made_at=ISSUED + 3 * HOUR, status="compromised", trusted_size=4)
    first, second = (one.witness for one in WITNESSES[:2])
    boards = (((first,), 1), ((second,), 1), ((first, second), 1), ((second, first), 2))
    files = [
        yesterdays(plain),
        trust_written(plain, lists=lists_of(authority)),
        trust_written(next_one, lists=lists_of(authority, at=ISSUED), note=note_of(10)),
        trust_written(next_one, note=note_of(8)),
        trust_written(next_one, note=note_of(9, root=b"R" * 32)),
        trust_written(given_up, note=note_of(11)),
        trust_written(trust_for(other, made_at=ISSUED + 4 * HOUR)),
        trust_written(trust_for(authority, log=WITNESSES[0], made_at=ISSUED + 4 * HOUR), log=WITNESSES[0]),
        trust_written(trust_for(authority, keys={**one, **two}, made_at=ISSUED + 4 * HOUR)),
        trust_written(trust_for(other, keys={**two, **three}, made_at=ISSUED + 5 * HOUR)),
        trust_written(next_one, lists=lists_of(authority, revoked=[PLACE]), note=note_of(10)),
        trust_written(next_one, lists=lists_of(authority, suspended=[PLACE], places=2 * LEAST), note=note_of(10)),
        *(trust_written(replace(next_one, witnesses=board, quorum=quorum)) for board, quorum in boards),
    ]
    for earlier in files:
        for later in files:
            here = page.evaluate(FOLLOWS, [earlier, later])
            try:
                check_follows(read_trust(earlier), read_trust(later))
                there = ""
            except BadTrust as error:
                there = str(error)
            assert here == there


def test_a_witness_that_a_browser_cannot_check_is_passed_over_with_a_word(asked, authority: Authority) -> None:
    file = carried(claim(), authority, witnesses=WITNESSES[:1])
    board = (WITNESSES[0].witness, QUANTUM)
    for quorum, status in ((0, "valid"), (1, "valid"), (2, "unreadable")):
        trust = trust_for(authority, witnesses=board, quorum=quorum)
        here = asked(file.pdf, trust)
        assert here["status"] == status
        assert here["status"] == verify_offline(file.pdf, trust, LATER).status
        assert any("ML-DSA-44" in one["evidence"] for one in here["checks"]) is bool(quorum)
    assert "`trainer verify --offline`" in here["sentence"]


def test_a_false_line_in_the_name_of_a_witness_counts_for_none(asked, authority: Authority) -> None:
    board = tuple(one.witness for one in WITNESSES[:2])
    line = carried(claim("Eve"), authority, witnesses=WITNESSES[1:2]).proof.rstrip("\n").rpartition("\n")[2]
    file = carried(claim(), authority, witnesses=WITNESSES[:1])
    proof = proof_in(file.jwt, witnesses=WITNESSES[:1]) + line + "\n"
    pdf = paper_with(claim(), authority, {"credential.jwt": file.jwt, "credential.tlog-proof": proof})
    trust = trust_for(authority, witnesses=board, quorum=1)
    assert asked(pdf, trust)["status"] == verify_offline(pdf, trust, LATER).status == "unreadable"


def test_a_chosen_trust_file_must_continue_the_pinned_one(
    chromium, file: Carried, authority: Authority, tmp_path: Path
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    pinned = trust_for(authority, made_at=now - 2 * HOUR)
    lists = lists_of(authority, at=now - 3 * HOUR)
    for name, content in page_files(trust_written(pinned, lists=lists)).items():
        (tmp_path / name).write_bytes(content)
    newer = trust_for(authority, made_at=now - HOUR)
    revoked = lists_of(authority, revoked=[PLACE], at=now - 2 * HOUR)
    (tmp_path / "newer.json").write_text(trust_written(newer, lists=revoked, note=note_of(10)))
    (tmp_path / "older.json").write_text(trust_written(trust_for(authority)))
    (tmp_path / "certificate.pdf").write_bytes(file.pdf)
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(f"{tmp_path.as_uri()}/index.html")
    opened.wait_for_function("document.getElementById('pinned').textContent.startsWith('The keys of')")
    opened.set_input_files("#file", tmp_path / "certificate.pdf")
    opened.wait_for_selector("#answer[data-status=valid]:not([hidden])")
    assert opened.text_content("#word").startswith("Valid as of ")
    assert not opened.is_visible("#download")  # this copy is one already
    opened.set_input_files("#trust", tmp_path / "older.json")
    opened.wait_for_selector("#problem:not([hidden])")
    assert "older than the one pinned before" in opened.text_content("#problem")
    assert not opened.is_visible("#answer")
    opened.set_input_files("#trust", tmp_path / "newer.json")
    opened.wait_for_selector("#answer[data-status=revoked]:not([hidden])")
    assert opened.text_content("#word") == "Revoked"
    between = trust_for(authority, made_at=now - 1.5 * HOUR)
    (tmp_path / "between.json").write_text(trust_written(between, lists=lists))
    (tmp_path / "broken.json").write_text("{")
    for name, said in (("between.json", "older than the one pinned before"), ("broken.json", "is not JSON")):
        opened.set_input_files("#trust", tmp_path / name)
        opened.wait_for_selector(f"#problem:not([hidden]):text({said!r})")
        (tmp_path / f"{name}.pdf").write_bytes(file.pdf)
        opened.set_input_files("#file", tmp_path / f"{name}.pdf")
        opened.wait_for_selector("#answer[data-status=revoked]:not([hidden])")  # what was known once stays known
    context.close()


def test_a_telephone_lands_at_the_first_line_of_the_verdict_and_a_last_day_that_fell_says_so(
    page: Page, file: Carried, authority: Authority, tmp_path: Path
) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    lists = lists_of(authority, revoked=[PLACE], at=now - 2 * HOUR)
    (tmp_path / "trust.json").write_text(trust_written(trust_for(authority, made_at=now - HOUR), lists=lists))
    (tmp_path / "certificate.pdf").write_bytes(file.pdf)
    page.set_input_files("#trust", tmp_path / "trust.json")
    page.set_input_files("#file", tmp_path / "certificate.pdf")
    page.wait_for_selector("#answer[data-status=revoked]:not([hidden])")
    assert page.evaluate("document.activeElement.id") == "word"
    assert 0 <= page.locator(".verdict").bounding_box()["y"] <= 40
    assert page.locator("#facts s").count() == 1
    assert "as issued; it does not hold today" in page.text_content("#facts")


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
    way_back = opened.get_by_role("link", name="Verify a certificate").get_attribute("href")
    ours = opened.evaluate("document.fonts.check('1rem \"Source Sans\"')")
    offers_keys = opened.locator("#trust").is_visible()
    context.close()
    server.shutdown()
    thread.join()
    server.server_close()
    assert "This file is the one we issued" in said
    assert (way_back, ours, offers_keys) == ("/verify", True, False), (
        "in the house, its letters, and one thing to choose"
    )
    assert complaints == []
    archive = zipfile.ZipFile(io.BytesIO(stranger.get("/verify/offline/offline.zip").data))
    pinned = archive.read("verify-offline/pinned.js").decode()
    assert json.loads(pinned.removeprefix("globalThis.pinnedTrust = ").rstrip(";\n"))["did"] == "did:web:localhost"
    assert stranger.get("/verify/offline/other.js").status_code == 404
