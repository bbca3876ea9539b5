"""The sheets of the papers: their HTML and where their style lies."""

from functools import cache
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from trainer.settings import ROOT

SHEETS = ROOT / "templates" / "certificates"


def page(template: str, **facts: Any) -> str:
    """Return the HTML of a document of this room; every text in it is escaped."""
    return printed_page(f"certificates/{template}", **facts)


def printed_page(template: str, **facts: Any) -> str:
    """Return the HTML of a document of any room, by the path of its template; every text in it is escaped."""
    return _templates().get_template(template).render(**facts)


@cache
def _templates() -> Environment:
    return Environment(
        loader=FileSystemLoader(ROOT / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
