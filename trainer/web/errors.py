"""One table from what went wrong to the page a person sees."""

import logging
from dataclasses import dataclass
from typing import ClassVar

from flask import Flask, Response, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import BadRequest, HTTPException

from trainer.errors import Broken, Busy, Missing, Refused, TrainerError
from trainer.web.pages import Page, show

STATUS: dict[type[TrainerError], int] = {Missing: 404, Refused: 409, Broken: 500, Busy: 503}

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    """One clear sentence, and the way back."""

    template: ClassVar[str] = "layout/error.html"
    status: int
    title: str
    sentence: str


def titles() -> dict[int, str]:
    """Return the heading for each status code."""
    return {
        400: _("That did not arrive as expected"),
        401: _("Please sign in"),
        403: _("This page is for somebody else"),
        404: _("Not found"),
        405: _("That did not arrive as expected"),
        409: _("Not now"),
        413: _("That file is too large"),
        429: _("Please wait a moment"),
        503: _("Please wait a moment"),
    }


def sentences() -> dict[int, str]:
    """Return what to say when the error itself has no words for a person."""
    return {
        400: _("The form was out of date or came from another site. Go back, reload the page and send it again."),
        401: _("Sign in to see this page."),
        404: _("There is nothing at this address, or it is not yours to see."),
        405: _("This address does not take that kind of request. Go back and use the button on the page."),
        413: _("The upload is larger than 2 MB, so it was not read. A certificate of ours is about 100 kB."),
        429: _("There were many requests from your network. Wait a minute and try again; nothing was lost."),
    }


def init_app(app: Flask) -> None:
    """Give every error a page."""

    @app.before_request
    def refuse_null_signs() -> None:
        """Refuse the one sign that no text has and that a database may not take."""
        texts = (request.path, *request.args.values(), *(text for _name, text in request.form.items(multi=True)))
        if any("\0" in text for text in texts):
            raise BadRequest

    @app.errorhandler(TrainerError)
    def of_ours(error: TrainerError) -> Response:
        status = STATUS[type(error)]
        if status == 500:
            log.error("%s %s: %s", request.method, request.path, error)
        answer = _page(status, str(error))
        if isinstance(error, Busy):
            answer.headers["Retry-After"] = str(error.seconds)
        return answer

    @app.errorhandler(CSRFError)
    def forged(_error: CSRFError) -> Response:
        return _page(400, sentences()[400])

    @app.errorhandler(IntegrityError)
    def twice(error: IntegrityError) -> Response:
        log.warning("%s %s: %s", request.method, request.path, error.orig)
        return _page(409, _("This was done a moment ago, perhaps by a second click. Reload the page to see it."))

    @app.errorhandler(DataError)
    def unfit(error: DataError) -> Response:
        log.warning("%s %s: %s", request.method, request.path, error.orig)
        return _page(400, _("Something you sent is too long to be kept. Go back, shorten it and send it again."))

    @app.errorhandler(HTTPException)
    def of_http(error: HTTPException) -> Response:
        if error.code is None or error.code < 400:
            return error.get_response()  # type: ignore[return-value]  # a redirect is no error
        return _page(error.code, sentences().get(error.code) or error.description or "")

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        log.exception("%s %s", request.method, request.path)
        if app.testing:
            raise error
        return _page(500, _("Something on our side failed. What you had saved before is safe. Please try again."))


def _page(status: int, sentence: str) -> Response:
    title = titles().get(status, _("Something went wrong on our side"))
    try:
        return show(ErrorPage(status=status, title=title, sentence=sentence), status)
    except Exception:  # the page says who is signed in: without a database it cannot be drawn either
        log.exception("The error page failed as well")
        return Response(f"{title}. {sentence}\n", status, mimetype="text/plain")
