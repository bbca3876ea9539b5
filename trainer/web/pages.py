"""A page is one frozen value, and `show` is the only way to render it."""

from dataclasses import dataclass
from typing import ClassVar

from flask import Response, make_response, render_template


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one template needs, under the name `page`.

    Attributes:
        passing: the browser keeps no copy, so that going back asks again instead of showing what was.
    """

    template: ClassVar[str]
    passing: ClassVar[bool] = False


def show(page: Page, status: int = 200) -> Response:
    """Render the page."""
    response = make_response(render_template(page.template, page=page), status)
    if page.passing:
        response.headers["Cache-Control"] = "no-store"
    return response
