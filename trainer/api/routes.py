"""The counter for machines: JSON, no cookies, no accounts; every error in one shape."""

import hashlib
from functools import cache
from typing import Any

from flask import Blueprint, Response, json, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge, UnsupportedMediaType

from trainer.accounts.access import public
from trainer.api import bodies
from trainer.api.answers import (
    AskedAnswer,
    MatchAnswer,
    WatchAnswer,
    credential_answer,
    problem,
    table_answer,
    verdict_answer,
    version_of,
)
from trainer.api.bodies import BadBody
from trainer.api.openapi import document
from trainer.api.pages import GuidePage
from trainer.api.queries import further_of
from trainer.bulk.access import answered, receipt_over
from trainer.bulk.answers import answers_as_csv
from trainer.bulk.table import BadTable, read_table
from trainer.certificates.queries import consent_of
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.errors import Broken, Busy, Missing, Refused, TrainerError
from trainer.notices.words import Channel
from trainer.receipts.keys import receipt_key_in
from trainer.receipts.queries import receipt_for
from trainer.receipts.receipt import signed_receipt
from trainer.registry.keys import verifier_in
from trainer.registry.notes import Verifier
from trainer.registry.queries import entry_by_id, entry_by_number
from trainer.verify import queries as verify
from trainer.verify.entered.services import raise_alarm
from trainer.verify.handed_in.reference import read_reference
from trainer.verify.receipt_text import answer_of, asked_by_reference
from trainer.verify.services import try_names
from trainer.verify.trust.queries import trust_of
from trainer.verify.verdict import Doubt, Verdict
from trainer.watches import services as watches
from trainer.watches.queries import watch_with_secret
from trainer.watches.targets import BadTarget, read_mail, read_webhook
from trainer.web import Session, costly, reading, settings, transaction
from trainer.web.forms import csrf
from trainer.web.limits import found_nothing, limiter
from trainer.web.pages import show

PREFIX = "/api/v1"
PROBLEM = "application/problem+json"
LOOKS, MISSES, CHECKS, TABLES, ASKS = (
    "600 per minute",
    "60 per minute",
    "60 per minute",
    "10 per minute",
    "20 per minute",
)
UNKNOWN = "There is no certificate with this id or number."
ENOUGH = "Names were compared with this certificate as often as a day allows. Try again tomorrow."
_STATUS: dict[type[Exception], int] = {
    Missing: 404,
    Refused: 409,
    Broken: 500,
    Busy: 503,
    BadBody: 400,
    BadTable: 422,
    BadTarget: 422,
}

bp = Blueprint("api", __name__)
csrf.exempt(bp)  # there is no cookie that could be misused


@bp.get("/api/")
@public
def guide() -> ResponseReturnValue:
    """Explain the API to a person."""
    return show(GuidePage(address=f"{settings().base_url}{PREFIX}"))


@bp.get(f"{PREFIX}/openapi.json")
@public
def openapi() -> Response:
    """Describe the API to a machine."""
    answer = Response(_description(settings().base_url), content_type="application/json")
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer


@cache
def _description(base_url: str) -> bytes:
    """Return the description as it is sent; it stays the same as long as the process runs."""
    written: bytes = jsonify(document(base_url)).get_data()
    return written


@bp.get(f"{PREFIX}/credentials/<reference>")
@public
@limiter.limit(LOOKS)
@limiter.limit(MISSES, deduct_when=found_nothing)
def credential(reference: str) -> Response:
    """Say everything public about one certificate."""
    with reading() as session:
        verdict = _looked_up(session, reference)
        if verdict.status is Doubt.UNKNOWN:
            raise NotFound(UNKNOWN)
        consent = consent_of(session, public_id=verdict.public_id)
        shown = consent is ConsentLevel.SHOWN and verdict.facts is not None
        further = further_of(session, public_id=verdict.public_id, show_credential=shown)
        receipt = _receipt(session, verdict, asked_by_reference(reference, base_url=settings().base_url))
    said = credential_answer(verdict, consent=consent, receipt=receipt, further=further)
    answer = jsonify(said.plain())
    answer.set_etag(version_of(said), weak=True)
    answer.make_conditional(request)
    return answer


@bp.post(f"{PREFIX}/verify")
@public
@limiter.limit(CHECKS)
def check() -> Response:
    """Give a verdict about a file or a text; an unknown or altered one is a verdict too."""
    if request.mimetype == "multipart/form-data":
        content = _upload()
        asked = {"kind": "file", "sha256": hashlib.sha256(content).hexdigest()}
        with reading() as session:
            trust = trust_of(session, settings=settings(), now=utc_now())
            verdict = verify.verdict_for_file(
                session, content=content, log=_log(), now=utc_now(), trust=trust, turn=costly
            )
            answer = _verdict(session, verdict, asked)
        if verdict.alarm:
            with transaction() as session:
                raise_alarm(session, about=verdict.alarm, now=verdict.checked_at)
        return answer
    text = bodies.read_body(bodies.TextAsked, _json()).text
    with reading() as session:
        verdict = _looked_up(session, text)
        return _verdict(session, verdict, asked_by_reference(text, base_url=settings().base_url))


@bp.post(f"{PREFIX}/match")
@public
@limiter.limit(CHECKS)
def match() -> Response:
    """Say whether a name fits: yes, partial or no, and not a word more."""
    asked = bodies.read_body(bodies.MatchAsked, _json())
    pair, address = (asked.reference, asked.name), request.remote_addr or ""
    with transaction() as session:
        (found,) = try_names(session, asked=[pair], address=address, base_url=settings().base_url, now=utc_now())
    if found is None:
        return _problem(429, ENOUGH)
    return jsonify(MatchAnswer(match=found).plain())


@bp.post(f"{PREFIX}/bulk")
@public
@limiter.limit(TABLES)
def bulk() -> Response:
    """Check up to a thousand rows; the receipt over the exact bytes of the answer stands in a header."""
    content, now = request.get_data(), utc_now()
    from_csv = request.mimetype == "text/csv"
    with costly():
        rows = read_table(content).rows if from_csv else bodies.read_rows(_json(bodies.LONGEST_LIST))
        answers = answered(rows, now)
    kinds = ["text/csv", "application/json"] if from_csv else ["application/json", "text/csv"]
    if request.accept_mimetypes.best_match(kinds, default=kinds[0]) == "text/csv":
        answer = Response(answers_as_csv(answers), content_type="text/csv; charset=utf-8; header=present")
    else:
        said = table_answer(answers, now=now)
        answer = Response(json.dumps(said.plain()), content_type="application/json")
    kept = receipt_over(rows, answers, asked=content, result=answer.get_data(), now=now)
    answer.headers["Verification-Receipt"] = signed_receipt(kept, receipt_key_in(settings().instance))
    return answer


@bp.post(f"{PREFIX}/watches")
@public
@limiter.limit(ASKS)
def ask() -> ResponseReturnValue:
    """Ask an address whether it wants to be told; the answer never says whether it already is."""
    asked = bodies.read_body(bodies.WatchAsked, _json())
    public_id, number = read_reference(asked.reference, base_url=settings().base_url)
    with transaction() as session:
        entry = entry_by_id(session, public_id=public_id) if public_id else None
        entry = entry_by_number(session, number=number) if number else entry
        if entry is None:
            raise NotFound(UNKNOWN)
        channel, target = (
            (Channel.MAIL, read_mail(asked.mail)) if asked.mail else (Channel.WEBHOOK, read_webhook(asked.webhook))
        )
        watches.ask_to_watch(
            session,
            public_id=entry.public_id,
            channel=channel,
            target=target,
            base_url=settings().base_url,
            secret=settings().secret_key,
            now=utc_now(),
        )
    sentence = "Unless it is told already, the address has been sent what it needs to confirm."
    said = AskedAnswer(id=entry.public_id, number=entry.number, channel=channel, sentence=sentence)
    return jsonify(said.plain()), 202


@bp.post(f"{PREFIX}/watches/<token>")
@public
@limiter.limit(CHECKS)
def confirm(token: str) -> Response:
    """Confirm a watch with the secret that was sent to its address."""
    with transaction() as session:
        watches.confirm_watch(session, token=token, now=utc_now())
        standing = watch_with_secret(session, token=token)
    said = WatchAnswer(
        id=standing.public_id, number=standing.number, confirmed=standing.confirmed, ended=standing.ended
    )
    return jsonify(said.plain())


@bp.delete(f"{PREFIX}/watches/<token>")
@public
@limiter.limit(CHECKS)
def end(token: str) -> Response:
    """End a watch; ending it again is no error."""
    with transaction() as session:
        watches.end_watch(session, token=token, now=utc_now())
    return Response(status=204)


@bp.before_app_request
def answer_strays() -> Response | None:
    """Give addresses and methods that do not exist under our prefix an answer in the one shape."""
    stray = request.routing_exception
    if not request.path.startswith(f"{PREFIX}/") or stray is None or (stray.code or 0) < 400:
        return None
    if isinstance(stray, MethodNotAllowed):
        answer = _problem(405, "This address does not take that method.")
        answer.allow.update(stray.valid_methods or ())
        return _open(answer)
    return _open(_problem(404, "There is nothing at this address; see /api/v1/openapi.json."))


@bp.after_request
def _in_one_shape(answer: Response) -> Response:
    """Say as JSON what the application says to people, when something went wrong that nobody here foresaw.

    The answer stays the same, so that whoever opened it to other sites or asked to come again later has done so.
    """
    if answer.status_code < 400 or answer.mimetype != "text/html":
        return answer
    said = {
        400: "Something that was sent is too long to be kept.",
        409: "The same was done at this moment; ask again to see what holds now.",
    }
    sentence = said.get(answer.status_code, "Something on our side failed; try again later.")
    answer.set_data(json.dumps(problem(answer.status_code, sentence).plain()))
    answer.content_type = PROBLEM
    return answer


@bp.after_request
def _open(answer: Response) -> Response:
    """Let pages of any other site read what is public; what changes something stays closed to them."""
    if request.method in ("GET", "HEAD", "OPTIONS"):
        answer.headers["Access-Control-Allow-Origin"] = "*"
        answer.headers["Access-Control-Allow-Methods"] = "GET"
        answer.headers["Access-Control-Expose-Headers"] = "ETag"
    return answer


@bp.errorhandler(TrainerError)
@bp.errorhandler(BadBody)
@bp.errorhandler(BadTable)
@bp.errorhandler(BadTarget)
def _ours(error: Exception) -> Response:
    answer = _problem(_STATUS[type(error)], str(error))
    if isinstance(error, Busy):
        answer.headers["Retry-After"] = str(error.seconds)
    return answer


@bp.errorhandler(HTTPException)
def _of_http(error: HTTPException) -> Response:
    details = {
        400: "What was sent could not be read as a request.",
        413: "At most 2 MB are read.",
        429: "There were many requests from your network. Wait a minute and try again.",
    }
    code = error.code or 500
    return _problem(code, details.get(code) or error.description or "")


def _json(longest: int = bodies.LONGEST_BODY) -> Any:
    if request.mimetype != "application/json":
        raise UnsupportedMediaType("Send application/json, or what else the description of this address names.")
    return bodies.read_json(request.get_data(), longest=longest)


def _upload() -> bytes:
    upload = request.files.get("file")
    if upload is None:
        raise BadBody("Send the file in a part called “file”.")
    content: bytes = upload.read(settings().upload_limit + 1)
    if len(content) > settings().upload_limit:
        raise RequestEntityTooLarge
    return content


def _log() -> Verifier | None:
    return verifier_in(settings().instance)


def _looked_up(session: Session, text: str) -> Verdict:
    return verify.verdict_for_reference(session, text=text, log=_log(), base_url=settings().base_url, now=utc_now())


def _verdict(session: Session, verdict: Verdict, asked: dict[str, str]) -> Response:
    consent = consent_of(session, public_id=verdict.public_id)
    said = verdict_answer(verdict, consent=consent, receipt=_receipt(session, verdict, asked))
    return jsonify(said.plain())


def _receipt(session: Session, verdict: Verdict, asked: dict[str, str]) -> str:
    kept = receipt_for(
        session,
        asked=asked,
        answer=answer_of(verdict),
        log=_log(),
        base_url=settings().base_url,
        now=verdict.checked_at,
    )
    return signed_receipt(kept, receipt_key_in(settings().instance))


def _problem(status: int, detail: str) -> Response:
    return Response(json.dumps(problem(status, detail).plain()), status, content_type=PROBLEM)
