"""Forms, all of them with a token that a foreign site cannot know."""

from collections.abc import Iterator
from typing import Any, NamedTuple, Self

from flask import g, request
from flask_wtf import CSRFProtect, FlaskForm
from wtforms import HiddenField


class Protection(CSRFProtect):  # type: ignore[misc]  # Flask-WTF ships no types
    """Takes a form only from a page of ours.

    The token proves it, and the cookie it belongs to is not sent along by other sites (SameSite=Lax). Browsers also
    say where a request comes from, in a header that pages cannot set; where it is there, it has to be right. The
    Referer is not asked for: careful browsers leave it out, and behind a proxy that forwards a host without its port it
    never fits (decision 0028).
    """

    def protect(self, *args: Any, **kwargs: Any) -> None:
        """Refuse a form without its token, or from elsewhere."""
        super().protect(*args, **kwargs)
        if not g.get("csrf_valid", False):
            return  # nothing had to be proved
        if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            self._error_response("The form was sent from another site.")


csrf = Protection()


class Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF ships no types
    """The parent of every form."""


class SeenForm(Form):
    """A decision in sight of a page, which it names: whoever sends an older page is told what changed.

    `trainer.errors.check_seen` is the rule, `trainer.web.pages.asked_again` shows the page once more.
    """

    seen = HiddenField()

    @property
    def mark(self) -> str:
        """Return the mark of what its page showed; "" where it does not say."""
        return self.seen.data or ""

    def shows(self, seen: object, *, anew: bool = False) -> Self:
        """Keep in the form what its page shows; with `anew` also where it was sent in sight of something else."""
        if anew or self.seen.raw_data is None:
            self.seen.data = str(seen)
        return self


def number_in(mark: str) -> int | None:
    """Return the number by which a page said what it showed, below 10⁸; None where it says none."""
    return int(mark) if mark.isdecimal() and len(mark) < 9 else None


class Problem(NamedTuple):
    """One thing to mend in what was sent: what is wrong, and the id of the field, or "" where it is about all of it."""

    sentence: str
    field: str = ""


def problems(page: object) -> list[Problem]:
    """Return what is to be mended: what a page says in its `problem`, then the forms in it, field by field."""
    whole = getattr(page, "problem", "")
    forms = [value for value in vars(page).values() if isinstance(value, Form)]
    return [*([Problem(whole)] if whole else []), *(problem for form in forms for problem in _problems(form))]


def _problems(form: Form) -> Iterator[Problem]:
    for field in form:
        for sentence in field.errors:
            yield Problem(str(sentence), "" if field.type == "HiddenField" else field.id)
