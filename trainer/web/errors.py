"""One table from what went wrong to the page a person sees."""

import logging
from dataclasses import dataclass
from typing import ClassVar

from flask import Flask, Response, current_app, g, redirect, request
from sqlalchemy.exc import DataError, IntegrityError
from werkzeug.exceptions import BadRequest, HTTPException, RequestEntityTooLarge

from trainer.db import cause_of
from trainer.errors import Broken, Busy, Missing, Refused, TrainerError
from trainer.typed_words import prose
from trainer.web.pages import Page, show
from trainer.web.returning import page_before

_STATUS: dict[type[TrainerError], int] = {Missing: 404, Refused: 409, Broken: 500, Busy: 503}
MOST_FIELDS = 2_000
SHOW_WORDS = frozenset({409, 429, 500, 503})
"""With these a form of ours was right and could not be taken: what was written in it is shown, so that none is lost."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class ErrorPage(Page):
    """One clear sentence, and the way back.

    Attributes:
        back: the page on which the form or the link stood, or "".
        kept: what somebody had written into the form, to be copied from here.
    """

    template: ClassVar[str] = "layout/error.html"
    status: int
    title: str
    sentence: str
    back: str = ""
    kept: tuple[str, ...] = ()


def titles() -> dict[int, str]:
    """Return the heading for each status code."""
    return {
        400: "This form could not be accepted",
        401: "Please sign in",
        403: "This page is for somebody else",
        404: "Not found",
        405: "This address takes no such request",
        409: "That cannot be done now",
        413: "That file is too large",
        429: "Please wait a moment",
        503: "Please wait a moment",
    }


def sentences() -> dict[int, str]:
    """Return what to say when the error itself has no words for a person."""
    return {
        400: "The form was out of date or came from another site. Go back, reload the page and send it again.",
        401: "Sign in to see this page.",
        404: "There is nothing at this address, or it is not yours to see.",
        405: "This address does not take that kind of request. Go back and use the button on the page.",
        413: "The upload is larger than 2 MB, so it was not read. A certificate of ours is about 100 kB.",
        429: "There were many requests from your network. Wait a minute and try again; nothing was lost.",
    }


def init_app(app: Flask) -> None:
    """Give every error a page."""
    app.before_request(refuse_null_signs)
    app.register_error_handler(TrainerError, of_ours)
    app.register_error_handler(IntegrityError, twice)
    app.register_error_handler(DataError, unfit)
    app.register_error_handler(HTTPException, of_http)
    app.register_error_handler(Exception, unforeseen)


def refuse_null_signs() -> None:
    """Refuse the one sign that no text has and that a database may not take."""
    texts = (request.path, *request.args.values(), *(text for _name, text in _sent()))
    if any("\0" in text for text in texts):
        raise BadRequest


def of_ours(error: TrainerError) -> Response:
    """Answer with the sentence of an error of ours."""
    status = next(code for kind, code in _STATUS.items() if isinstance(error, kind))
    if status == 500:
        log.error("%s %s: %s", request.method, request.path, error)
    answer = _page(status, str(error))
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


def twice(error: IntegrityError) -> Response:
    """Answer the second of two clicks that came at once."""
    log.warning("%s %s: %s", request.method, request.path, cause_of(error))
    return _page(409, "This was done a moment ago, perhaps by a second click. Reload the page to see it.")


def unfit(error: DataError) -> Response:
    """Answer what the database cannot keep."""
    log.warning("%s %s: %s", request.method, request.path, cause_of(error))
    return _page(400, "Something you sent is too long to be kept. Go back, shorten it and send it again.")


def of_http(error: HTTPException) -> Response:
    """Answer what Flask refuses, with a sentence of ours where there is one."""
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]  # a redirect is no error
    if error.code == 404 and (meant := _without_slash()):
        return redirect(meant, code=308)  # type: ignore[return-value]
    return _page(error.code, sentences().get(error.code) or error.description or "")


def unforeseen(error: Exception) -> Response:
    """Answer what we did not think of, and write it down whole."""
    log.exception("%s %s", request.method, request.path)
    if current_app.testing:
        raise error
    return _page(500, "Something on our side failed. What you had saved before is safe. Please try again.")


def _without_slash() -> str:
    """Return the address somebody meant who wrote a slash too many at its end; "" where there is nothing either."""
    meant = request.path.rstrip("/")
    adapter = current_app.create_url_adapter(request)
    if request.url_rule is not None or meant == request.path or adapter is None:
        return ""
    try:
        adapter.match(meant, method="GET")
    except HTTPException:
        return ""
    return f"{meant}?{request.query_string.decode('latin-1')}" if request.query_string else meant


def _sent() -> list[tuple[str, str]]:
    """Return the fields of the form that was sent; what cannot be read is the sender's fault, whichever server read.

    Raises:
        BadRequest: it broke off, or is no body that HTTP allows.
        RequestEntityTooLarge: it has more fields than any form of ours.
    """
    try:
        if request.mimetype == "application/x-www-form-urlencoded" and request.get_data().count(b"&") > MOST_FIELDS:
            raise RequestEntityTooLarge
        if request.mimetype != "multipart/form-data":
            request.get_data()
        return list(request.form.items(multi=True))
    except HTTPException:
        raise
    except Exception as error:
        raise BadRequest from error


def _page(status: int, sentence: str) -> Response:
    title = titles().get(status, "Something went wrong on our side")
    before = page_before()
    back = "" if request.method == "GET" and before.partition("?")[0] == request.path else before
    own = g.get("csrf_valid", False)  # the words of whoever was signed in before are nobody else's
    kept = prose(_sent()) if own and status in SHOW_WORDS else ()
    page = ErrorPage(status=status, title=title, sentence=sentence, back=back, kept=kept)
    try:
        return show(page, status)
    except Exception as error:  # the page says who is signed in, which the database knows
        if not isinstance(error, TrainerError):
            log.exception("The error page failed as well")
    try:
        g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # of Flask-Login
        return show(page, status)
    except Exception:
        return Response(f"{title}. {sentence}\n", status, mimetype="text/plain")
