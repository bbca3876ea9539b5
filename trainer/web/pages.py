"""A page is one frozen value, and `show` is the only way to render it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ClassVar

from flask import Response, make_response, render_template
from flask.typing import ResponseReturnValue

from trainer.errors import Refused
from trainer.web.forms import Form


@dataclass(frozen=True, kw_only=True)
class Page:
    """What one template needs, under the name `page`.

    Attributes:
        passing: the browser keeps no copy, so that going back asks again instead of showing what was.
    """

    template: ClassVar[str]
    passing: ClassVar[bool] = False


@dataclass(frozen=True, kw_only=True)
class SeenPage(Page):
    """A page that asks for a decision in sight of what it shows.

    Attributes:
        changed: why what was sent was not kept, as a sentence; empty otherwise.
    """

    changed: str = ""


def show(page: Page, status: int = 200) -> Response:
    """Render the page."""
    response = make_response(render_template(page.template, page=page), status)
    if page.passing:
        response.headers["Cache-Control"] = "no-store"
    return response


def ask(page: SeenPage) -> Response:
    """Render a page that asks for a decision: anew, with what is to be mended, or because something changed."""
    wrong = any(form.errors for form in vars(page).values() if isinstance(form, Form))
    return show(page, 409 if page.changed else 422 if wrong else 200)


def asked_again(
    refusal: type[Refused],
) -> Callable[[Callable[..., ResponseReturnValue]], Callable[..., ResponseReturnValue]]:
    """Ask for a decision again, on its own page, where what was sent could not be kept.

    The view is then called once more, with `changed`: the sentence that says why. It shows what holds by now with what
    was typed, in sight of which the decision can be sent again.

    Args:
        refusal: what is told in this way, as a rule that something else was decided since (`Stale`).
    """

    def deciding(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
        @wraps(view)
        def asking(**about: object) -> ResponseReturnValue:
            try:
                return view(**about)
            except refusal as why:
                return view(**about, changed=str(why))

        return asking

    return deciding
