"""Bring the list of sources into its full form, with the figures that authors collected."""

from pathlib import Path

import click
import yaml

from trainer.authoring.release import content_folder_of
from trainer.errors import Refused
from trainer.references.completing import completed
from trainer.references.reading import REFERENCES
from trainer.settings import ROOT


@click.command("references")
@click.argument("path", type=click.Path(exists=True, path_type=Path), default=ROOT / "content")
@click.option("--complete", is_flag=True, help="Write each entry in its full form: what its text says, under keys.")
@click.option(
    "--stated",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A YAML file of figures by key, to be added under `states`; may be given several times.",
)
def references_command(path: Path, complete: bool, stated: tuple[Path, ...]) -> None:
    """Complete the list of sources in a folder of content. What an author wrote stays as it is."""
    file = content_folder_of(path)[0] / REFERENCES
    text = file.read_text(encoding="utf-8")
    if not complete and not stated:
        raise click.UsageError("Say what to do: --complete, or --stated FILE.")
    known = {row.split(":")[0] for row in text.split("\n")}
    figures: dict[str, list[str]] = {}
    for source in stated:
        for key, some in _figures(source).items():
            if key not in known:
                click.echo(f"{source}: “{key}” is not in {REFERENCES}; its figures are left out.", err=True)
            figures.setdefault(key, []).extend(some)
    whole = completed(text, figures)
    if whole != text:
        file.write_text(whole, encoding="utf-8")
    click.echo(f"{file} is {'as it was' if whole == text else 'written anew'}.")


def _figures(file: Path) -> dict[str, list[str]]:
    """Read figures by key, each as it is written."""
    try:
        told = yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader) or {}  # reads texts alone
    except yaml.YAMLError as error:
        raise Refused(f"{file} cannot be read as YAML: {error}") from error
    if not isinstance(told, dict) or not all(isinstance(some, list) for some in told.values()):
        raise Refused(f'{file} should hold lines such as `S108: ["1.21", "9"]`.')
    return {str(key): [str(figure) for figure in some] for key, some in told.items()}
