"""A page is one frozen value, and `show` is the only way to render it."""

from dataclasses import dataclass
from typing import ClassVar

from flask import Response, make_response, render_template


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one template needs, under the name `page`."""

    template: ClassVar[str]


def show(page: Page, status: int = 200) -> Response:
    """Render the page."""
    return make_response(render_template(page.template, page=page), status)
