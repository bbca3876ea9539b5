"""Queries read and services write: the name of a file says what it may do with a session."""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from trainer.settings import ROOT

NOT_YET: set[str] = set()
"""Files that still do both. The list may only become shorter."""
CHANGES = {"add", "add_all", "delete", "merge", "flush"}
"""What a session does to rows."""
STATEMENTS = {
    f"{home}.{verb}"
    for home in ("sqlalchemy", "sqlalchemy.dialects.sqlite", "sqlalchemy.dialects.postgresql")
    for verb in ("insert", "update", "delete")
}
LOCKS = {"with_for_update", "pg_advisory_xact_lock"}
IN_SQL = re.compile(r"\b(INSERT|UPDATE|DELETE)\b")


@dataclass(frozen=True)
class Function:
    """A function, or a statement that is put together once for a whole file.

    Attributes:
        file: its module.
        is_door: whether it is called with a session from elsewhere.
        writes: whether it adds, changes, deletes or locks rows itself.
        calls: whatever it uses, by full name.
    """

    file: str
    is_door: bool
    writes: bool
    calls: frozenset[str]


@cache
def functions() -> Mapping[str, Function]:
    """Return every function and statement of the files that know sessions, by full name."""
    known: dict[str, Function] = {}
    for path in (ROOT / "trainer").rglob("*.py"):
        text = path.read_text()
        if "session" in text and "alembic" not in path.parts:
            known |= dict(_in_file(path, ast.parse(text)))
    return known


def _in_file(path: Path, tree: ast.Module) -> Iterator[tuple[str, Function]]:
    file = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    imported = {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            takes = [argument.arg for argument in node.args.args[:1]]
            is_door = takes == ["session"] and not node.name.startswith("_")
            yield f"{file}.{node.name}", _read(node, file, imported, is_door=is_door)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            yield f"{file}.{node.targets[0].id}", _read(node, file, imported, is_door=False)
        elif isinstance(node, ast.ClassDef):
            for method in node.body:
                if isinstance(method, ast.FunctionDef):
                    yield f"{file}.{node.name}.{method.name}", _read(method, file, imported, is_door=False)


def _read(node: ast.stmt, file: str, imported: Mapping[str, str], *, is_door: bool) -> Function:
    calls, writes = set(), False
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            calls.add(imported.get(part.id, f"{file}.{part.id}"))
        elif isinstance(part, ast.Attribute):
            of = part.value.id if isinstance(part.value, ast.Name) else ""
            calls.add(f"{imported.get(of, of)}.{part.attr}")
            sets_column = isinstance(part.ctx, ast.Store) and file.endswith((".services", ".queries"))
            writes |= part.attr in LOCKS or sets_column or (of == "session" and part.attr in CHANGES)
        elif isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value != _docstring(node):
            writes |= IN_SQL.search(part.value) is not None
    return Function(file, is_door, writes or bool(calls & STATEMENTS), frozenset(calls))


def _docstring(node: ast.stmt) -> str | None:
    return ast.get_docstring(node, clean=False) if isinstance(node, ast.FunctionDef) else None


@cache
def writers() -> frozenset[str]:
    """Return the names of all that change or lock rows, themselves or through what they call."""
    known: set[str] = set()
    newly = {name for name, function in functions().items() if function.writes}
    while newly:
        known |= newly
        newly = {name for name, function in functions().items() if name not in known and function.calls & newly}
    return frozenset(known)


def misplaced() -> Mapping[str, str]:
    """Return the queries that write and the services that only read, each with its file."""
    return {
        name: function.file
        for name, function in functions().items()
        if (function.file.endswith(".queries") and name in writers())
        or (function.file.endswith(".services") and function.is_door and name not in writers())
    }


def test_queries_only_read_and_services_write() -> None:
    doors = [function for function in functions().values() if function.file.endswith((".queries", ".services"))]
    assert len(doors) > 200
    assert sorted(name for name, file in misplaced().items() if file not in NOT_YET) == []


def test_the_list_of_files_that_still_do_both_only_becomes_shorter() -> None:
    assert NOT_YET - set(misplaced().values()) == set()
