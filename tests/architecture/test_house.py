"""The house keeps its own rules: who may import what, one name per room, a guard at every door."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from flask import Flask

from trainer.app import ADDRESSES
from trainer.settings import ROOT
from trainer.web import assets
from trainer.web.addresses_above import PageAbove

HOUSE = ROOT / "trainer"
KNOW_FLASK = {"routes", "forms", "pages", "access", "cli"}
KNOW_SQLALCHEMY = {"models", "services", "queries"}
FLASK = {"flask", "flask_login", "flask_wtf", "flask_limiter", "werkzeug", "wtforms"}
OPEN_TO_ALL = {
    "",
    "web",
    "db",
    "cli",
}  # the front door, the two rooms that carry Flask and SQLAlchemy, and the command line

BEGIN = {
    *("web", "db", "cli", "demo", "backups", "doctor", "serving"),
    *("trainer.app", "trainer.__main__", "trainer.worker", "trainer.installation"),
    *("trainer.issuing.queue", "trainer.issuing.tools", "trainer.publishing.folder"),
}
"""Rooms and files that carry Flask or SQLAlchemy, or that begin something by themselves: decision 0047."""


def modules() -> list[Path]:
    return [path for path in sorted(HOUSE.rglob("*.py")) if "alembic" not in path.parts]


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module.split(".")[0])
    return names


def room_of(path: Path) -> str:
    parts = path.relative_to(HOUSE).parts
    return parts[0] if len(parts) > 1 else ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: path.relative_to(HOUSE).as_posix())
def test_a_file_knows_flask_or_sqlalchemy_only_by_its_name(path: Path) -> None:
    if room_of(path) in OPEN_TO_ALL:
        return
    names = imported(path)
    assert path.stem in KNOW_FLASK or not names & FLASK
    assert path.stem in KNOW_SQLALCHEMY or "sqlalchemy" not in names


def test_no_door_leads_through_another_door() -> None:
    through = set()
    for path in (path for path in modules() if path.stem == "routes"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Import | ast.ImportFrom):
                names = [f"{getattr(node, 'module', '')}.{alias.name}" for alias in node.names]
                through |= {(path.relative_to(HOUSE).as_posix(), name) for name in names if "routes" in name.split(".")}
    assert through == set()


def test_services_and_queries_are_given_their_session() -> None:
    """Who begins something opens the transaction: a route, an errand of the worker, a command."""
    opening = re.compile(r"\b(database|installation)[\w.()]*\.(transaction|reading)\(\)")
    paths = [path for path in modules() if path.stem in ("services", "queries", "models", "forms", "pages")]
    assert [path for path in paths if opening.search(path.read_text())] == []


def test_tests_and_benchmarks_reach_the_command_line_by_its_commands_alone() -> None:
    deeper = set()
    for path in (path for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[:2] == ["trainer", "cli"]:
                names = {alias.name for alias in node.names}
                if node.module != "trainer.cli" or not names <= {"cli", "main", "COMMANDS"}:
                    deeper.add(path.relative_to(ROOT).as_posix())
    assert deeper == set()


@cache
def house() -> dict[str, Path]:
    """Return every module of the house with its file."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path for path in modules()
    }


def loads(path: Path) -> Iterator[str]:
    """Yield what loading a file loads: modules of the house with the packages they lie in, and the names of others."""
    waiting: list[ast.AST] = [ast.parse(path.read_text())]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        waiting += [inner for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.stmt | ast.excepthandler)]
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        else:
            continue
        for name in found:
            parts = name.split(".")
            packages = {".".join(parts[:length]) for length in range(1, len(parts) + 1)}
            yield from packages & house().keys() if parts[0] == HOUSE.name else parts[:1]


def ways_to(frameworks: set[str]) -> dict[str, str]:
    """Return each module of the house that loads one of these, with the next step of its way there."""
    loaded = {name: set(loads(path)) for name, path in house().items()}
    ways: dict[str, str] = {}
    reached = set(frameworks)
    while reached:
        ways |= {name: min(reached & found) for name, found in loaded.items() if name not in ways and reached & found}
        reached = {name for name, step in ways.items() if step in reached}
    return ways


def test_a_pure_file_loads_neither_flask_nor_sqlalchemy_through_others() -> None:
    ways = ways_to(FLASK | {"sqlalchemy"})
    pure = {
        name
        for name, path in house().items()
        if path.stem not in KNOW_FLASK | KNOW_SQLALCHEMY | {"errands"}
        and name not in BEGIN
        and room_of(path) not in BEGIN
    }
    assert len(pure) > 100
    assert {name: ways[name] for name in pure & ways.keys()} == {}


def test_a_rooms_templates_and_tests_have_its_name() -> None:
    rooms = {path.name for path in HOUSE.iterdir() if path.is_dir() and (path / "__init__.py").exists()}
    templates = {path.name for path in (ROOT / "templates").iterdir() if path.is_dir()} - {"layout", "parts"}
    tests = {path.name for path in (ROOT / "tests").iterdir() if path.is_dir() and list(path.glob("test_*.py"))}
    assert templates <= rooms
    assert tests - {"architecture", "golden", "mutants", "journey"} <= rooms
    with_pages = {path.parent.name for path in HOUSE.glob("*/pages.py")} - {"web"}
    assert with_pages <= templates


def test_no_style_and_no_script_stands_inside_a_page() -> None:
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert "<style" not in text, path
        assert " style=" not in text, path
        assert " onclick=" not in text, path
        assert "<script>" not in text, path


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_endpoint_names_its_guard(app: Flask) -> None:
    bare = [
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if rule.endpoint != "static" and not getattr(app.view_functions[rule.endpoint], "guard", None)
    ]
    assert bare == []


def test_a_stranger_is_turned_away_from_every_guarded_page(app: Flask, stranger) -> None:
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", "public")
        if guard == "public":
            continue
        path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "x" * 26), method=None)
        if "GET" in rule.methods:
            assert stranger.get(path).location.startswith("/sign-in"), path
        if "POST" in rule.methods:
            assert stranger.send(path).location.startswith("/sign-in"), path


def test_a_trainee_is_turned_away_from_the_directors_desk(app: Flask, as_, mara) -> None:
    browser = as_(mara)
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", "public")
        if guard.startswith("only") and "trainee" not in guard:
            path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "x" * 26))
            answer = browser.get(path) if "GET" in rule.methods else browser.send(path)
            assert answer.status_code == 403, path


def test_a_director_is_turned_away_from_every_trainees_page(app: Flask, as_, dana) -> None:
    browser = as_(dana)
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", "public")
        if guard == "only trainee":
            path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "x" * 26))
            answer = browser.get(path) if "GET" in rule.methods else browser.send(path)
            assert answer.status_code == 403, path


def test_what_belongs_to_somebody_else_is_not_found(app: Flask, as_, omar) -> None:
    browser = as_(omar)
    for rule in app.url_map.iter_rules():
        guard = getattr(app.view_functions[rule.endpoint], "guard", "public")
        if rule.arguments and guard in ("only trainee", "signed in"):
            path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, "x" * 26))
            answer = browser.get(path) if "GET" in rule.methods else browser.send(path)
            assert answer.status_code == 404, path


def test_the_site_begins_without_the_layout_engine() -> None:
    question = "import sys, trainer.app; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", question], cwd=ROOT, check=False).returncode == 0


def test_a_command_begins_without_what_only_the_site_needs() -> None:
    question = """
import sys
import tomllib
from trainer.cli import COMMANDS, cli
for name in COMMANDS.keys() - {"serve"}:
    cli.get_command(None, name)
sys.exit(bool({"trainer.app", "wtforms", "weasyprint"} & sys.modules.keys()))"""
    assert subprocess.run([sys.executable, "-c", question], cwd=ROOT, check=False).returncode == 0


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_room_names_no_address_above_itself(app: Flask) -> None:
    order = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
    floor = {room.split(".")[1]: number for number, layer in enumerate(order) for room in layer.split(" | ")}
    upward = set()
    for path in modules():
        room = room_of(path)
        for node in ast.walk(ast.parse(path.read_text())):
            view = app.view_functions.get(node.value) if isinstance(node, ast.Constant) else None
            if (
                view is not None
                and "." in node.value
                and room in floor
                and floor[view.__module__.split(".")[1]] < floor[room]
            ):
                upward.add((path.relative_to(HOUSE).as_posix(), node.value))
    assert upward == set()
    assert set(ADDRESSES) == set(PageAbove)
    assert set(ADDRESSES.values()) <= app.view_functions.keys()


FLOORS = [
    {name.strip().removeprefix("trainer.") for name in floor.split("|")}
    for floor in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
]
NAMED = re.compile(r"asset\('([^']+)'\)")


def floor_of(room: str) -> int:
    return next(number for number, rooms in enumerate(FLOORS) if room in rooms)


def named_in(folder: Path) -> set[str]:
    return {name for page in folder.rglob("*.html") for name in NAMED.findall(page.read_text())}


def test_a_rooms_sheets_and_scripts_are_in_its_room_and_named_by_its_own_pages() -> None:
    for room, folder in assets.folders().items():
        named = named_in(ROOT / "templates" / room)
        for path in folder.iterdir():
            assert f"{room}/{path.name}" in named, f"{path}: none of its room's pages names it"


def test_a_page_names_what_is_the_houses_its_own_or_of_a_room_below() -> None:
    for folder in (path for path in (ROOT / "templates").iterdir() if path.is_dir()):
        for name in named_in(folder):
            where, inside = assets.file_of_asset(name)
            assert name not in assets.FORMER, f"{folder}: {name} is called {assets.FORMER.get(name)} now"
            assert (where / inside).is_file(), f"{folder}: there is no {name}"
            if where != assets.OWN and where.parent.name != folder.name:
                above, below = floor_of(folder.name), floor_of(where.parent.name)
                assert above < below, f"{folder}: {name} belongs to a room above; what both share is the house's"


def test_a_function_fits_on_a_screen_and_takes_what_a_person_can_hold() -> None:
    """At most 40 lines and seven parameters: what needs more has a part, or a value, that wants a name."""
    large = set()
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef):
                given = [arg for arg in (*node.args.args, *node.args.kwonlyargs) if arg.arg not in ("self", "cls")]
                if node.end_lineno - node.lineno >= 40 or len(given) > 7:
                    large.add(f"{path.relative_to(HOUSE)} {node.name}")
    assert large == set()


def test_a_public_name_means_one_thing_in_the_whole_house() -> None:
    """Views and commands are called by their address; `init_app` is what Flask's extensions are fitted by."""
    homes: dict[str, set[str]] = {}
    for path in modules():
        where = path.relative_to(HOUSE).as_posix()
        if path.name != "routes.py" and not where.startswith("cli/"):
            for node in ast.parse(path.read_text()).body:
                for name in _defined(node):
                    homes.setdefault(name, set()).add(where)
    shared = {name: sorted(where) for name, where in homes.items() if len(where) > 1}
    assert {name for name in shared if not name.startswith("_")} - {"init_app", "bp", "log"} == set(), shared


def _defined(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]
