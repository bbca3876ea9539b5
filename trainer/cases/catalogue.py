"""The cases of a release, and everything that is wrong with them."""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial

from trainer.authoring.frontmatter import load
from trainer.authoring.messages import Message
from trainer.authoring.release import Files, Release
from trainer.authoring.wording import NOT_TEXT, did_you_mean
from trainer.cases.language.compiler import compile_case, published_case
from trainer.cases.prover.giveaways import lint_cues
from trainer.cases.prover.kept_reports import ReportCache
from trainer.cases.prover.keys_worth import lint_keying
from trainer.cases.prover.report import Proved, proved
from trainer.cases.script import limits as site
from trainer.cases.script.limits import NONE_SET, Limits, read_limits
from trainer.cases.script.values import Case
from trainer.errors import Refused

_PATH = re.compile(r"^cases/[^/]+/en\.md$")
_LESSON = re.compile(r"^modules/\d+-([a-z0-9-]+)/(?:\d+-([a-z0-9-]+)|module)\.md$")
_SOURCE = re.compile(r"^S\d+[a-z]?$")


def practised_cases(release: Release) -> Mapping[str, Case]:
    """Return the cases of a release that people practise: those that are only examined are not told of."""
    return {slug: case for slug, case in cases_of(release).items() if not case.head.examined_only}


@lru_cache(maxsize=8)
def cases_of(release: Release) -> Mapping[str, Case]:
    """Return every case of a release that can be read, by its slug; reading one again costs nothing."""
    limits = _limits(release.files)
    read = (_published(path, release.files[path], limits) for path in _paths(release.files))
    return {case.slug: case for case in read if case}


def sound_cases(files: Files) -> Mapping[str, Case]:
    """Return every case in an author's files that has no mistake, by its slug."""
    limits = _limits(files)
    read = (_compiled(path, files[path], limits)[0] for path in _paths(files))
    return {case.slug: case for case in read if case}


def text_of(release: Release, slug: str) -> Case:
    """Return a case as a release has it, for a run that was played in it.

    Raises:
        Refused: it is written in a language of cases that this version does not understand any more.
    """
    case = cases_of(release).get(slug)
    if case is None:
        raise Refused("The text in which this run was played is not understood any more. Everything in it is kept.")
    return case


def check_cases(files: Files, cache: ReportCache | None = None) -> tuple[Message, ...]:
    """Return every mistake in every case, in the order of files and lines.

    Each case is read, its places and sources are looked up in the same files, its answers are searched for what gives
    them away, and it is played exhaustively in all variants with all seeds. A case once proved is not played again.
    """
    limits = _limits(files)
    found = [*_unread(files), *_decoded(limits)[1]]
    for path in _paths(files):
        case, messages = _compiled(path, files[path], limits)
        found += messages
        if case:
            found += _places(case, files)
            found += _sources(case, files)
            found += [Message(path, line, text) for line, text in (*lint_cues(case), *lint_keying(case))]
    for report in prove_cases(files, cache):
        found += report.messages
    return tuple(sorted(set(found)))


def prove_cases(
    files: Files, cache: ReportCache | None = None, tell: Callable[[int, int, str], None] | None = None
) -> tuple[Proved, ...]:
    """Return what the checker finds out about each case that can be read, in the order of their names.

    Args:
        cache: where reports of unchanged cases are found and new ones kept.
        tell: is told which case of how many comes next, and its slug, before it is explored.
    """
    cases = list(sound_cases(files).values())
    found = []
    for number, case in enumerate(cases, start=1):
        found.append(_proof(case, cache, partial(tell, number, len(cases)) if tell else None))
    return tuple(found)


def _proof(case: Case, cache: ReportCache | None, tell: Callable[[str], None] | None) -> Proved:
    if cache and (kept := cache.report(case)) is not None:
        return Proved(kept)
    if tell:
        tell(case.slug)
    found = proved(case)
    if cache and not found.messages:
        cache.keep(found.plain)
    return found


def site_limits(files: Files) -> Limits:
    """Return the limits of the site; none where they are not set."""
    return _decoded(_limits(files))[0]


def _limits(files: Files) -> bytes:
    return files.get(site.PATH, b"")


@lru_cache(maxsize=16)
def _decoded(content: bytes) -> tuple[Limits, tuple[Message, ...]]:
    """Read the limits of the site; a site without the file has none."""
    return read_limits(content) if content else (NONE_SET, ())


@lru_cache(maxsize=128)
def _compiled(path: str, content: bytes, limits: bytes) -> tuple[Case | None, tuple[Message, ...]]:
    try:
        return compile_case(path, content.decode(), _decoded(limits)[0])
    except UnicodeDecodeError:
        return None, (Message(path, 1, NOT_TEXT),)


@lru_cache(maxsize=128)
def _published(path: str, content: bytes, limits: bytes) -> Case | None:
    try:
        return published_case(path, content.decode(), _decoded(limits)[0])
    except UnicodeDecodeError:
        return None


def _unread(files: Files) -> list[Message]:
    """Find the texts among the cases that nothing reads, so that none is forgotten in silence."""
    text = "This file is not read. Write a case as cases/its-name/en.md, and keep other texts elsewhere."
    return [
        Message(path, 1, text)
        for path in sorted(files)
        if path.startswith("cases/") and path.lower().endswith(".md") and not _PATH.match(path)
    ]


def _paths(files: Files) -> list[str]:
    return sorted(path for path in files if _PATH.match(path))


def _places(case: Case, files: Files) -> list[Message]:
    known: set[str] = set()
    for found in filter(None, map(_LESSON.match, files)):
        known |= {found[1], f"{found[1]}/{found[2]}"} if found[2] else {found[1]}
    return [
        Message(case.path, choice.lines["read"], f"There is nothing to read at “{place}”.{did_you_mean(place, known)}")
        for choice in case.choices.values()
        for place in choice.read
        if place.partition("#")[0] not in known
    ]


def _sources(case: Case, files: Files) -> list[Message]:
    known = _known_sources(files.get("references.yaml", b""))
    if known is None:
        return []
    return [
        Message(case.path, source.line, f"There is no source {source.id} in references.yaml.")
        for source in case.sources
        if _SOURCE.match(source.id) and source.id not in known
    ]


@lru_cache(maxsize=16)
def _known_sources(content: bytes) -> frozenset[str] | None:
    """Return the names of all sources; None where the file cannot be read. It is asked for with every case."""
    known = load("references.yaml", content.decode(errors="replace")).value
    return frozenset(known) if isinstance(known, dict) else None
