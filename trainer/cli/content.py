"""Check content, publish it as a release, and sign what a reviewer has read."""

import json
import sys
from pathlib import Path
from typing import TextIO

import click

from trainer.authoring.release import content_folder_of, read_folder, release_of
from trainer.cases.prover.kept_reports import report_cache_in
from trainer.cli.proofs import proved_with_progress, write_proofs
from trainer.cli.signing import sign_command
from trainer.cli.sources import references_command
from trainer.cli.statistics import stats_command
from trainer.cli.upkeep import law_difference, names_content, notes_on_dates, stale
from trainer.cli.versions import difference_lines, read_version
from trainer.clock import utc_now
from trainer.enrolment.queries import is_published, newest_release
from trainer.errors import Refused
from trainer.installation import opened
from trainer.publishing.services import mistakes_in, publish_content
from trainer.requirements.catalogue import content_notes
from trainer.settings import ROOT, instance_in


@click.group()
def content() -> None:
    """Work on the course content."""


content.add_command(references_command)
content.add_command(sign_command)
content.add_command(stats_command)


@content.command("check")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=ROOT / "content")
@click.option("--json", "as_json", is_flag=True, help="Write the mistakes as JSON.")
@click.option(
    "--report", type=click.File("w", lazy=False), help="Write there what was proved about each case; - prints it."
)
def check_command(path: Path, as_json: bool, report: TextIO | None) -> None:
    """Say what is wrong, by file and line. Exit 0 when nothing is, 1 otherwise.

    PATH is a folder of content, or a file or folder in one; then all of it is read and what is wrong there is told.
    Every case is played in all ways; one that is sound and has not changed since is not played again. Once nothing
    is wrong, what could be better is named too, which stops nothing: banks that are short of questions, lessons that
    read above grade 12, modules without an exercise or a summary.
    """
    folder, part = content_folder_of(path)
    files, cache = read_folder(folder), report_cache_in(instance_in())
    proved = proved_with_progress(files, cache)
    told = mistakes_in(files, cache)
    # what is missing is told always
    messages = [message for message in told if message.path not in files or _lies_in(message.path, part)]
    if as_json:
        click.echo(json.dumps([{"file": m.path, "line": m.line, "message": m.text} for m in messages], indent=2))
    else:
        for message in messages:
            click.echo(str(message))
        if not messages:
            click.echo(f"{part or 'The content'} is sound.", err=True)
        for short in () if messages else content_notes(files):
            if _lies_in(short.path, part):
                click.echo(f"{short} (This stops nothing.)", err=True)
        for note_on_date in () if messages or part else notes_on_dates(files):
            click.echo(f"{note_on_date} (This stops nothing.)", err=True)
    if report:
        write_proofs(proved, report)
    sys.exit(1 if messages else 0)


def _lies_in(path: str, part: str) -> bool:
    return not part or path == part or path.startswith(f"{part}/")


@content.command("diff")
@click.argument("old")
@click.argument("new")
def diff_command(old: str, new: str) -> None:
    """Say what changed between two versions of a case, or in the law of two versions of the content.

    OLD and NEW are files of a case, or `RELEASE:CASE`, the first digits of a release's hash and the name of the case in
    it. Two folders of content, or the first digits of two releases, are compared in what they say of the law: each
    answer that changed is named with all that rests on it.
    """
    if names_content(old) and names_content(new):
        for line in law_difference(old, new):
            click.echo(line)
        return
    before, after = read_version(old), read_version(new)
    for line in difference_lines(before, after):
        click.echo(line)


content.add_command(stale)


@content.command("publish")
@click.option("--note", "words", default="", help="What changed, for directors.")
def publish_command(words: str) -> None:
    """Publish the content folder as a release that new cohorts follow. A broken folder is refused whole."""
    with opened() as installation:
        files, cache = read_folder(installation.settings.content), report_cache_in(installation.settings.instance)
        proved = proved_with_progress(files, cache)
        messages = mistakes_in(files, cache)
        if messages:
            for message in messages:
                click.echo(str(message))
            mistakes = "1 mistake" if len(messages) == 1 else f"{len(messages)} mistakes"
            raise Refused(f"Nothing was published: {mistakes}. The last good release stays.")
        now, release = utc_now(), release_of(files)
        with installation.database.transaction() as session:
            if is_published(session, release):
                newest = newest_release(session).hash
                later = (
                    "" if newest == release.hash else f" New cohorts follow {newest[:12]}, which was published later."
                )
                click.echo(f"Nothing new: this content was published before, as release {release.hash[:12]}.{later}")
                return
            publish_content(session, files=files, proved=proved, note=words, now=now)
        click.echo(f"Published release {release.hash[:12]} ({len(files)} files).")
