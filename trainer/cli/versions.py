"""Two versions of a case, found in files or in published releases, and their differences in lines."""

from collections.abc import Iterator
from pathlib import Path

import click

from trainer.cases.catalogue import cases_of, site_limits
from trainer.cases.language.compiler import Case, compile_case
from trainer.cases.language.difference import CaseChange, ChangeKind, difference
from trainer.enrolment.queries import release_with, releases_beginning
from trainer.installation import opened

SHORT = 60
"""Longer texts are not shown, only named."""


def read_version(name: str) -> Case:
    """Read a case from a file, or as `RELEASE:CASE` from what has been published.

    Raises:
        click.UsageError: there is none, or it cannot be read.
    """
    path = Path(name)
    if path.is_file():
        return _in_file(path)
    release, colon, slug = name.partition(":")
    if not colon:
        raise click.UsageError(f"{name} is neither a file nor a case of a release, like 1f2e3d4c:hold-me.")
    return _in_release(release, slug)


def _in_file(path: Path) -> Case:
    """Read a file with the limits of its own content folder."""
    place = path.resolve()
    limits = place.parents[min(2, len(place.parents) - 1)] / "limits.yaml"
    files = {limits.name: limits.read_bytes()} if limits.is_file() else {}
    text = path.read_text(encoding="utf-8", errors="replace")
    case, messages = compile_case("/".join(place.parts[-3:]), text, site_limits(files))
    if case is None:
        first = f"the first on line {messages[0].line}: {messages[0].text}"
        raise click.UsageError(f"{path} cannot be read. It has {len(messages)} mistakes, {first}")
    return case


def _in_release(digits: str, slug: str) -> Case:
    with opened() as installation, installation.database.reading() as session:
        found = releases_beginning(session, digits)
        if not digits or len(found) != 1:
            raise click.UsageError(f"{len(found)} releases begin with {digits}. Give more digits of its hash.")
        case = cases_of(release_with(session, found[0])).get(slug)
    if case is None:
        raise click.UsageError(f"The release {digits} has no case {slug}.")
    return case


def difference_lines(old: Case, new: Case) -> Iterator[str]:
    """Yield the changes in groups, the weightiest first, with the lines in both files."""
    changes = difference(old, new)
    yield f"{old.slug} {old.head.version} ({old.hash[:12]}) and {new.slug} {new.head.version} ({new.hash[:12]})"
    for kind in ChangeKind:
        some = [change for change in changes if change.kind is kind]
        yield (
            f"{kind.value.capitalize()}: {len(some)} change{'' if len(some) == 1 else 's'}"
            if some
            else (f"{kind.value.capitalize()}: nothing changed")
        )
        for change in some:
            yield f"  {_lines(change):<16} {_words(change)}"


def _lines(one: CaseChange) -> str:
    if one.old_line is None:
        return f"new line {one.new_line}"
    return f"old line {one.old_line}" if one.new_line is None else f"lines {one.old_line}, {one.new_line}"


def _words(one: CaseChange) -> str:
    name = f"{one.what} {one.id}"
    if not one.label:
        return f"{name} added" if one.old_line is None else f"{name} taken out"
    if max(len(one.before), len(one.after)) > SHORT:
        return f"{name}: {one.label}"
    return f"{name}: {one.label} “{one.before}” to “{one.after}”"
