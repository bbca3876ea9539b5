"""What was proved is written down once, kept, and believed only when it fits."""

import ast
import hashlib
import json
import shutil
from pathlib import Path

import pytest
from sqlalchemy import func, select

from trainer.accounts.words import Role
from trainer.authoring.release import read_folder
from trainer.cases.catalogue import check_cases, prove_cases
from trainer.cases.language.compiler import compile_case
from trainer.cases.prover.explore import explore
from trainer.cases.prover.kept_reports import ReportCache, canonical_report
from trainer.cases.prover.report import DECIDING, checker, proved, summary_of
from trainer.cases.runs.models import CaseReport
from trainer.cases.runs.queries import report_on
from trainer.cases.runs.services import keep_reports
from trainer.clock import utc_now
from trainer.settings import ROOT

FILES = read_folder(ROOT / "content")
ANNA = (Path(__file__).parent / "anna.md").read_text()
PATH = "cases/anna-psilocybin-1/en.md"


@pytest.fixture
def cache(tmp_path: Path) -> ReportCache:
    return ReportCache(tmp_path / "proofs")


@pytest.fixture
def full_cache(proofs: Path, tmp_path: Path) -> ReportCache:
    """A cache in which every shipped case stands proved, to be spoilt."""
    return ReportCache(Path(shutil.copytree(proofs, tmp_path / "proofs")))


def tablet() -> bytes:
    return FILES["cases/tablet/en.md"]


def kept_file(cache: ReportCache, slug: str = "tablet") -> Path:
    return next(path for path in cache.folder.iterdir() if json.loads(path.read_text())["report"]["case"] == slug)


def played_again(cache: ReportCache, files: dict[str, bytes] | None = None) -> list[str]:
    """Return which cases have to be explored."""
    return [one.plain["case"] for one in prove_cases(files or FILES, cache) if one.seconds is not None]


def test_the_same_text_has_the_same_report_to_the_byte() -> None:
    first, second = (compile_case(PATH, ANNA + end)[0] for end in ("\n", "\n\n"))
    assert first is not None
    assert second is not None
    assert first is not second
    assert canonical_report(proved(first, (0, 1)).plain) == canonical_report(proved(second, (0, 1)).plain)


def test_a_report_says_what_can_happen_in_each_variant() -> None:
    case, _ = compile_case(PATH, ANNA)
    assert case is not None
    plain = proved(case, (0, 1, 2)).plain
    assert plain["explored"] == plain["seeds"] == [0, 1, 2]
    assert (plain["hash"], plain["checker"]) == (case.hash, checker())
    for name, one in plain["variants"].items():
        seen = [explore(case, name, seed) for seed in (0, 1, 2)]
        assert one["states"] == sum(each.states for each in seen)
        assert set(one["scenes"]) == frozenset().union(*(each.scenes for each in seen))
        assert one["points"]["ethics"][0] == min(each.points["ethics"][0] for each in seen)
        assert sorted(seed for fare in one["expert"] for seed in fare["seeds"]) == [0, 1, 2]
    assert plain["variants"]["pressure"]["duties"]["recheck"] == ["done", "idle", "missed"]
    assert "touch-without-consent" in plain["variants"]["no-touch"]["failures"]
    assert summary_of(plain).endings == ("finished", "transferred")
    assert len(checker()) <= 20


def test_what_no_vital_sign_decides_is_explored_with_one_seed_and_proved_for_all() -> None:
    plain = prove_cases({"cases/tablet/en.md": tablet()})[0].plain
    assert (plain["explored"], len(plain["seeds"])) == ([0], 20)


def test_only_what_has_changed_is_played_again(full_cache: ReportCache) -> None:
    cache = full_cache
    assert played_again(cache) == []
    changed = {**FILES, "cases/tablet/en.md": tablet().replace(b"Marit drinks tea", b"Marit drinks coffee")}
    assert played_again(cache, changed) == ["tablet"]
    assert check_cases(changed, cache) == ()


def test_a_signature_does_not_change_what_was_proved(full_cache: ReportCache) -> None:
    signed = tablet().replace(b"reviewed: []", b"reviewed: [{name: A, role: b, date: 2026-01-31, hash: c}]")
    assert signed != tablet()
    assert played_again(full_cache, {**FILES, "cases/tablet/en.md": signed}) == []


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: "",
        lambda text: "[]",
        lambda text: "null",
        lambda text: text.replace('"missed"', '"done"', 1),
        lambda text: text.replace('"states": ', '"states": 1', 1),
        lambda text: json.dumps(with_digest({**json.loads(text)["report"], "hash": "0" * 64})),
        lambda text: json.dumps(with_digest({**json.loads(text)["report"], "checker": "1-0"})),
        lambda text: json.dumps(with_digest({**json.loads(text)["report"], "seeds": [0]})),
        lambda text: json.dumps(with_digest({**json.loads(text)["report"], "variants": {}})),
        lambda text: json.dumps(with_digest({**json.loads(text)["report"], "variants": []})),
        lambda text: json.dumps(with_digest(without_a_scene(json.loads(text)["report"]))),
        lambda text: json.dumps({"report": 5, "sha256": hashlib.sha256(b"5").hexdigest()}),
    ],
)
def test_a_kept_report_that_is_torn_altered_or_foreign_is_not_believed(full_cache: ReportCache, spoil) -> None:
    file = kept_file(full_cache)
    sound = file.read_text()
    file.write_text(spoil(sound))
    assert played_again(full_cache) == ["tablet"]
    assert json.loads(file.read_text()) == json.loads(sound)  # and a sound one stands in its place


def with_digest(plain: dict) -> dict:
    return {"report": plain, "sha256": hashlib.sha256(canonical_report(plain)).hexdigest()}


def without_a_scene(plain: dict) -> dict:
    for one in plain["variants"].values():
        one["scenes"] = one["scenes"][1:]
    return plain


def test_the_report_of_another_case_is_not_believed(full_cache: ReportCache) -> None:
    kept_file(full_cache).write_text(kept_file(full_cache, "hold-me").read_text())
    assert played_again(full_cache) == ["tablet"]


def test_a_case_with_mistakes_is_not_kept(cache: ReportCache) -> None:
    broken = {"cases/tablet/en.md": tablet().replace(b"within 20 min of #second-look", b"within 1 min of #second-look")}
    for _ in range(2):
        (found,) = prove_cases(broken, cache)
        assert any("never be done in time" in one.text for one in found.messages)
    assert not cache.folder.exists()


def test_a_folder_that_cannot_be_written_costs_time_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for _ in range(2):
        (found,) = prove_cases({"cases/tablet/en.md": tablet()}, ReportCache(tmp_path / "file" / "proofs"))
        assert (found.messages, found.seconds is None) == ((), False)


def test_a_report_is_kept_once_for_each_text_and_checker(database) -> None:
    plain = prove_cases({"cases/tablet/en.md": tablet()})[0].plain
    for _ in range(2):
        with database.transaction() as session:
            keep_reports(session, reports=[plain, plain], now=utc_now())
    later = {**plain, "checker": "9-later"}
    with database.transaction() as session:
        keep_reports(session, reports=[later], now=utc_now())
        assert session.scalar(select(func.count()).select_from(CaseReport)) == 2
        newest = report_on(session, case_hash=plain["hash"])
        assert newest is not None
        assert newest.report == later
        assert report_on(session, case_hash="0" * 64) is None


@pytest.fixture
def kept(database, cohort, full_cache: ReportCache) -> None:
    """The proofs of what was published."""
    with database.transaction() as session:
        keep_reports(session, reports=[one.plain for one in prove_cases(FILES, full_cache)], now=utc_now())


def test_the_version_of_the_checker_covers_every_file_that_decides() -> None:
    """Otherwise a kept report could outlive the rule it was made by."""
    seen: set[str] = set()
    ahead = ["trainer.cases.language.compiler", "trainer.cases.prover.report"]
    while ahead:
        name = ahead.pop()
        path = ROOT.joinpath(*name.split(".")).with_suffix(".py")
        if name.startswith("trainer.cases.") and name not in seen and path.exists():
            seen.add(name)
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.ImportFrom) and node.module:
                    ahead += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    assert {name.split(".")[2] for name in seen} == set(DECIDING)


@pytest.mark.parametrize("who", ["dana", "sol", "ada"])
def test_those_who_answer_for_a_case_see_its_proof(as_, kept, full_cache: ReportCache, who: str, request) -> None:
    page = as_(request.getfixturevalue(who)).get("/cases/reports/tablet")
    (found,) = prove_cases({"cases/tablet/en.md": tablet()}, full_cache)
    low, high = found.plain["variants"]["lithium"]["points"]["safety"]
    assert page.status_code == 200
    assert f"{found.plain['states']:,} different situations" in page.text
    assert "Second source" in page.text
    assert "Lesser dose on lithium" in page.text
    assert f"−{-low} to {high}" in page.text


def test_a_trainee_sees_no_proof_and_an_unknown_case_has_none(as_, kept, mara, dana) -> None:
    assert as_(mara).get("/cases/reports/tablet").status_code == 403
    assert as_(dana).get("/cases/reports/nothing").status_code == 404


def test_whoever_could_be_examined_in_a_case_sees_its_proof_nowhere(as_, kept, cohort, enrolled, person) -> None:
    both = person("Robin Kestrel", Role.TRAINEE, Role.SUPERVISOR)
    browser = as_(both)
    assert browser.get("/cases/reports/rain").status_code == 200
    enrolled(both)
    assert browser.get("/cases/reports/rain").status_code == 404
    assert browser.get("/cases/reports/tablet").status_code == 200  # what is practised is debriefed anyway


def test_a_case_published_before_proofs_were_kept_says_so(as_, cohort, dana) -> None:
    assert "No proof is kept for this text" in as_(dana).get("/cases/reports/tablet").text
