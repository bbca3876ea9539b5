"""The commands others rely on."""

import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from trainer.cli import COMMANDS
from trainer.errors import Refused
from trainer.settings import ROOT

CASES = len(list((ROOT / "content" / "cases").iterdir()))


def test_every_command_is_named_and_says_what_it_does(run) -> None:
    named = [line.split()[0] for line in run("--help").output.partition("Commands:\n")[2].splitlines()]
    assert named == sorted(COMMANDS)
    for name in named:
        assert run(name, "--help").output.startswith(f"Usage: cli {name} ")
    assert "No such command 'fly'" in run("fly").output


def test_the_shipped_content_is_sound(run, proofs: Path, tmp_path: Path) -> None:
    shutil.copytree(proofs, tmp_path / "instance" / "proofs")  # only what is sound is kept among them
    result = run("content", "check")
    assert result.exit_code == 0, result.output


def test_every_mistake_is_told_with_file_and_line(run, proofs: Path, tmp_path: Path) -> None:
    shutil.copytree(proofs, tmp_path / "instance" / "proofs")
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    bank = folder / "modules/03-ethics/bank.md"
    bank.write_text(bank.read_text().replace("- level: know", "- level: knwo", 1))
    about = folder / "modules/03-ethics/module.md"
    about.write_text(about.read_text() + "\nA bell\a rings.\n")
    case = folder / "cases/tablet/en.md"
    case.write_text(case.read_text().replace("- next: #", "- next: #zz", 1))
    programme = folder / "programmes/foundations.yaml"
    programme.write_text(programme.read_text().replace("module: ethics", "module: ethiks"))
    result = run("content", "check", str(folder), "--json")
    assert result.exit_code == 1
    told = json.loads(result.output)
    assert {"modules/03-ethics/bank.md", "cases/tablet/en.md", "programmes/foundations.yaml"} <= {
        m["file"] for m in told
    }
    assert all(m["line"] >= 1 for m in told)
    about_programme = [m["message"] for m in told if m["file"] == "programmes/foundations.yaml"]
    assert all("ethiks" in one or "module “ethics”" in one for one in about_programme)  # none about bank or case
    alone = [json.loads(run("content", "check", str(part), "--json").output) for part in (bank, bank.parent, folder)]
    assert [{m["file"] for m in told} == {"modules/03-ethics/bank.md"} for told in alone] == [True, False, False]
    assert all(m["file"].startswith("modules/03-ethics/") for m in alone[1])
    assert alone[2] == told
    lost = tmp_path / "lost.md"
    lost.write_text("words")
    assert "lies in no folder of content" in str(run("content", "check", str(lost)).exception)
    unseen = {"file": "modules/03-ethics/module.md", "line": len(about.read_text().split("\n")) - 1}
    assert unseen in [{"file": m["file"], "line": m["line"]} for m in told if "U+0007" in m["message"]]


def test_the_demonstration_walks_to_a_verified_certificate(run, tmp_path: Path) -> None:
    result = run("demo", "--out", str(tmp_path / "out"), "--name", "Zoë  A\u030angström")
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert report["requirements"]["met"]
    assert report["verified"]["by file"]["status"] == "valid"
    assert report["verified"]["one byte added"]["status"] == "altered"
    assert report["verified"]["offline"]["status"] == "valid"
    assert report["verified"]["offline"]["fresh"]
    assert report["certificate"]["holder"] == "Zoë Ångström"
    assert "temporary" in report["registry"]
    assert "The registry of this demonstration was temporary and is gone" in result.stderr
    again = run(
        "verify", str(tmp_path / "out/certificate.pdf"), "--offline", "--trust", str(tmp_path / "out/trust.json")
    )
    assert (again.exit_code, "Not revoked or suspended as of" in again.stdout) == (0, True), again.output


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("", "has letters"),
        (" \u3000", "has letters"),
        ("1234", "has letters"),
        ("M" * 81, "80 characters"),
        ("Mara\u200bVogel", "U+200B"),
        ("Mara\nVogel", "U+000A"),
        ("\u3164", "U+3164"),
        ("Fox 🦊", "🦊"),
        ("Mara\udcff", "U+DCFF"),
        ("Mara <b>", "the sign <"),
    ],
    ids=ascii,
)
def test_a_name_that_no_certificate_can_show_is_refused_before_anything_is_done(
    run, tmp_path: Path, name: str, said: str
) -> None:
    result = run("demo", "--out", str(tmp_path / "out"), "--name", name)
    assert isinstance(result.exception, Refused)
    assert said in str(result.exception)
    assert list(tmp_path.iterdir()) == []


def test_the_demonstration_is_not_signed_with_a_real_key(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("TRAINER_SIGNING_KEY", "/srv/issuer.p12")
    assert "unset it for the demo" in str(run("demo", "--out", str(tmp_path / "out")).exception)
    assert list(tmp_path.iterdir()) == []


def test_a_file_whose_name_is_no_text_is_looked_at_like_any_other(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/x\xff.pdf"
    with open(path, "wb") as file:
        file.write(b"not a paper")
    command = [sys.executable, "-c", "from trainer.__main__ import main; main()", "verify", path, "--offline"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 2
    assert "Offline, the issuer's keys are needed" in done.stderr


def test_verify_needs_a_database_that_is_up_to_date(run) -> None:
    result = run("verify", "7K4M-2QXH-9PTC")
    assert "trainer db upgrade" in str(result.exception)


@pytest.fixture
def demo(seeded: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration of one's own."""
    return Path(shutil.copytree(seeded, tmp_path / "instance"))


def test_setup_twice_changes_nothing(run, demo: Path) -> None:
    key = (demo / "demo.json").read_text()
    assert run("setup").exit_code == 0
    assert (demo / "demo.json").read_text() == key


def test_verify_answers_with_its_exit_code(run, demo: Path) -> None:
    unknown = run("verify", "7K4M-2QXH-9PTC", "--json")
    assert unknown.exit_code == 1
    assert json.loads(unknown.output)["status"] == "unknown"
    assert run("verify").exit_code == 2


def test_a_broken_folder_is_not_published_and_the_last_release_stays(run, demo: Path, tmp_path, monkeypatch) -> None:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    (folder / "glossary.md").write_bytes(b"\xff\xfe")
    monkeypatch.setenv("TRAINER_CONTENT", str(folder))
    result = run("content", "publish")
    assert "Nothing was published" in str(result.exception)
    monkeypatch.setenv("TRAINER_CONTENT", str(ROOT / "content"))
    assert "Nothing new: this content was published before" in run("content", "publish").output


def test_the_secrets_of_an_installation_are_for_its_operator_alone(demo: Path) -> None:
    secrets = [demo / "secret-key", demo / "demo.json", *(demo / "authority").iterdir()]
    assert all(path.stat().st_mode & 0o077 == 0 for path in secrets)


def test_the_checker_writes_what_it_proved_and_proves_only_what_has_changed(run, tmp_path: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    assert run("content", "check", str(folder), "--report", str(tmp_path / "first.txt")).exit_code == 0
    first = (tmp_path / "first.txt").read_text()
    for word in (
        "hold-me",
        "held-well",
        "say-the-limit: done, late,",
        "cf16-held-down",
        "presence -",
        f"{CASES} cases",
    ):
        assert word in first
    assert " kept │" not in first
    case = folder / "cases/tablet/en.md"
    case.write_text(case.read_text().replace("Marit drinks tea", "Marit drinks coffee"))
    assert run("content", "check", str(folder), "--report", str(tmp_path / "second.txt")).exit_code == 0
    rows = [row.split("│") for row in (tmp_path / "second.txt").read_text().splitlines() if "│" in row]
    assert [row[1].strip() for row in rows if row[2].strip() and row[3].strip() not in ("kept", "seconds")] == [
        "tablet",
        f"{CASES} cases",
    ]


def test_two_versions_of_a_case_are_compared_by_structure_scoring_and_text(run, tmp_path: Path) -> None:
    old, new = ROOT / "content/cases/hold-me/en.md", tmp_path / "content/cases/hold-me/en.md"
    new.parent.mkdir(parents=True)
    text = old.read_text().replace("Palm upwards {", "Palm up {").replace("ethics +3, presence +1", "ethics +2", 1)
    new.write_text(text.replace("takes: 40 min", "takes: 35 min", 1))
    result = run("content", "diff", str(old), str(new))
    assert result.exit_code == 0
    assert "choice hold-agreed: takes “40 min” to “35 min”" in result.output
    assert "choice hold-agreed: scores “ethics +3, presence +1” to “ethics +2”" in result.output
    assert "scene open-hand: title “Palm upwards” to “Palm up”" in result.output
    heads = [line.split(":")[0] for line in result.output.splitlines() if not line.startswith(" ")]
    assert heads[1:] == ["Structure", "Scoring", "Text"]
    new.write_text(text.replace("{#open-hand}", ""))
    for wrong in (
        ("content", "diff", str(old)),
        ("content", "diff", str(old), "no/such"),
        ("content", "diff", str(old), str(new)),
    ):
        assert run(*wrong).exit_code == 2


def test_a_published_case_is_compared_with_the_file_in_hand(run, demo: Path) -> None:
    release = run("content", "publish").output.strip().rstrip(".").split()[-1]
    file = str(ROOT / "content/cases/tablet/en.md")
    assert "Text: nothing changed" in run("content", "diff", f"{release}:tablet", file).output
    assert run("content", "diff", f"{release}:nobody", file).exit_code == 2
    assert run("content", "diff", "ffffffff:tablet", file).exit_code == 2


def test_what_is_published_is_published_with_its_proof(run, demo: Path) -> None:
    database = sqlite3.connect(demo / "trainer.sqlite")
    count = "SELECT count(*) FROM case_report"
    assert database.execute(count).fetchone() == (CASES,)
    assert run("content", "publish").exit_code == 0
    assert database.execute(count).fetchone() == (CASES,)
    database.close()


def test_a_port_that_is_taken_or_is_none_is_said_before_anything_begins(run, monkeypatch) -> None:
    monkeypatch.setattr("trainer.serving.port.PATIENCE", 0)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        result = run("serve", "--port", str(taken.getsockname()[1]))
    assert "End what uses it" in str(result.exception)
    assert "answers at" not in result.output
    assert run("serve", "--port", "99999").exit_code == run("serve", "--workers", "0").exit_code == 2
