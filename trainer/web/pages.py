"""A page is one frozen value, and `show` is the only way to render it."""

from dataclasses import dataclass
from typing import ClassVar

from flask import Response, make_response, render_template, request


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one template needs, under the name `page`.

    Attributes:
        template: the whole page.
        fragment: the part that is sent alone when a script asks for it; empty if there is none.
    """

    template: ClassVar[str]
    fragment: ClassVar[str] = ""


def show(page: Page, status: int = 200) -> Response:
    """Render the page, or its fragment when a script asks for it."""
    alone = bool(page.fragment) and "HX-Request" in request.headers
    response = make_response(render_template(page.fragment if alone else page.template, page=page), status)
    if page.fragment:
        response.vary.add("HX-Request")
    return response
