"""The public counter: no account, no trace of who asked."""

from typing import cast

from flask import Blueprint, Flask, Response, abort, redirect, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_limiter import Limiter

from trainer.accounts.access import public
from trainer.certificates.claim import Claim
from trainer.clock import utc_now
from trainer.errors import Missing
from trainer.registry.keys import verifier_in
from trainer.registry.notes import Verifier
from trainer.verify import services
from trainer.verify.bundle import KINDS, packed, page_files
from trainer.verify.forms import CounterForm
from trainer.verify.pages import CounterPage, VerdictPage
from trainer.verify.reference import read_credential_text
from trainer.verify.trust import Trust, trust_text
from trainer.verify.verdict import Doubt, Verdict
from trainer.web import Session, reading, settings
from trainer.web.pages import show

PER_MINUTE = 60

bp = Blueprint("verify", __name__)
limiter = Limiter(lambda: request.remote_addr or "", storage_uri="memory://")


@bp.record_once
def count_requests(state: BlueprintSetupState) -> None:
    """Let the limiter know the application; it counts anew in each process."""
    limiter.init_app(cast(Flask, state.app))


@bp.route("/verify", methods=["GET", "POST"])
@public
@limiter.limit(f"{PER_MINUTE} per minute", methods=["POST"])
def counter() -> ResponseReturnValue:
    """Take a number, an address or a file; answer with a verdict."""
    form = CounterForm()
    if not form.validate_on_submit():
        return show(CounterPage(form=form), 422 if form.errors else 200)
    if form.file.data and form.file.data.filename:
        return _answer_file(form.file.data.read(settings().upload_limit + 1))
    if not form.reference.data:
        return show(CounterPage(form=form, problem=_("Give a number or an address, or choose a file.")), 422)
    if (jwt := read_credential_text(form.reference.data)) is not None:
        with reading() as session:
            return _answer(
                services.verdict_for_credential(session, jwt=jwt, log=_log(), now=utc_now(), trust=_trust(session))
            )
    with reading() as session:
        verdict = services.verdict_for_reference(session, text=form.reference.data, log=_log(), now=utc_now())
    if verdict.public_id:
        return redirect(url_for(".certificate", public_id=verdict.public_id), code=303)
    return _answer(verdict, asked=form.reference.data)


@bp.get("/c/<public_id>")
@public
def certificate(public_id: str) -> ResponseReturnValue:
    """Answer about one certificate; its QR code leads here."""
    with reading() as session:
        verdict = services.verdict_for_reference(session, text=public_id, log=_log(), now=utc_now())
    return _answer(verdict)


@bp.get("/trust.json")
@public
def trust() -> Response:
    """Hand out what a verifier pins."""
    with reading() as session:
        pinned = _trust(session)
    if pinned is None:
        raise Missing("Nothing has been issued here yet, so there is no key to pin.")
    return Response(trust_text(pinned), content_type="application/json; charset=utf-8")


@bp.get("/verify/offline/")
@bp.get("/verify/offline/<name>")
@public
def offline(name: str = "index.html") -> Response:
    """Hand out the page that checks a file in the browser, without sending it anywhere."""
    with reading() as session:
        files = page_files(_trust(session))
    if name not in files:
        abort(404)
    return Response(files[name], content_type=KINDS[name.rpartition(".")[2]])


@bp.get("/verify/offline/offline.zip")
@public
def offline_zip() -> Response:
    """Hand out the same page as a ZIP, to be kept; the keys are pinned in it."""
    with reading() as session:
        content = packed(page_files(_trust(session)))
    answer = Response(content, content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="verify-offline.zip"'
    return answer


def _log() -> Verifier | None:
    return verifier_in(settings().instance)


def _trust(session: Session) -> Trust | None:
    known = settings()
    return services.trust_of(
        session, instance=known.instance, base_url=known.base_url, issuer=known.issuer, now=utc_now()
    )


def _answer_file(content: bytes) -> ResponseReturnValue:
    if len(content) > settings().upload_limit:
        abort(413)
    with reading() as session:
        verdict = services.verdict_for_file(session, content=content, log=_log(), now=utc_now(), trust=_trust(session))
    return _answer(verdict)


def _answer(verdict: Verdict, asked: str = "") -> ResponseReturnValue:
    claim = Claim.read(verdict.facts) if verdict.facts else None
    code = {Doubt.UNKNOWN: 404, Doubt.UNREADABLE: 422}
    status = code.get(verdict.status, 200) if isinstance(verdict.status, Doubt) else 200
    return show(VerdictPage(verdict=verdict, claim=claim, asked=asked), status)
