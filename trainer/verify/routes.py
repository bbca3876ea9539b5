"""The public counter: no account, no trace of who asked."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainer.accounts.access import me, public
from trainer.certificates.credential.badge import add_to_profile_link
from trainer.certificates.facts.claim import Claim
from trainer.certificates.queries import certificates_of, consent_of
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.errors import Missing
from trainer.receipts.keys import receipt_key_in
from trainer.receipts.queries import receipt_for
from trainer.receipts.receipt import receipt_name, receipt_text, signed_receipt
from trainer.registry.keys import verifier_in
from trainer.registry.notes import Verifier
from trainer.registry.queries import entry_by_id
from trainer.school.access import school
from trainer.verify import queries, services
from trainer.verify.entered.services import raise_alarm
from trainer.verify.forms import CounterForm, MatchForm
from trainer.verify.handed_in.mistakes import Mistake, mistake_in
from trainer.verify.handed_in.reference import leads_elsewhere, looks_like_credential, place_elsewhere
from trainer.verify.offline.bundle import KINDS, PINNED_FILES, dressed, packed, page_files, served_files
from trainer.verify.pages import BothPage, CounterPage, MatchPage, VerdictPage
from trainer.verify.pairing import of_one_certificate
from trainer.verify.receipt_text import answer_of, asked_by_reference, beside
from trainer.verify.trust.anchors import Trust
from trainer.verify.trust.queries import trust_file, trust_of
from trainer.verify.verdict import Doubt, Verdict
from trainer.web import Session, costly, reading, settings, transaction
from trainer.web.limits import found_nothing, limiter
from trainer.web.pages import show

PER_MINUTE = 60

bp = Blueprint("verify", __name__)


@dataclass(frozen=True, kw_only=True)
class _Kept:
    """A receipt for somebody's file: the signed line, the text around it, and what the file is called."""

    token: str
    text: str
    name: str


@bp.route("/verify", methods=["GET", "POST"])
@public
@limiter.limit(f"{PER_MINUTE} per minute", methods=["POST"])
def counter() -> ResponseReturnValue:
    """Take a number, an address or a file; answer with a verdict. A number in the address fills the field."""
    form = CounterForm(data={"reference": request.args.get("number", "")})
    if not form.validate_on_submit():
        return show(CounterPage(form=form), 422 if form.errors else 200)
    if mistake_in(form.reference.data or "", base_url=settings().base_url) is Mistake.RECEIPT:
        return show(CounterPage(form=form, is_receipt=True), 422)
    if form.file.data and form.file.data.filename:
        content = form.file.data.read(settings().upload_limit + 1)
        return _answer_both(form.reference.data, content) if form.reference.data else _answer_file(content)
    if not form.reference.data:
        return show(CounterPage(form=form, problem="Give a number or an address, or choose a file."), 422)
    if looks_like_credential(form.reference.data):
        return _answer_file(_as_content(form.reference.data), kind="text")
    with reading() as session:
        verdict = _looked_up(session, form.reference.data)
    if verdict.public_id:
        return redirect(url_for(".certificate", public_id=verdict.public_id), code=303)
    return _answer(verdict, asked=form.reference.data)


@bp.get("/c/<public_id>")
@public
@limiter.limit(f"{PER_MINUTE} per minute", deduct_when=found_nothing)
def certificate(public_id: str) -> ResponseReturnValue:
    """Answer about one certificate; its QR code leads here."""
    with reading() as session:
        verdict = _looked_up(session, public_id)
        is_nameless = verdict.facts is not None and not verdict.facts["holder"]
        consent = consent_of(session, public_id=verdict.public_id) if is_nameless else ConsentLevel.SHOWN
        profile_link = _profile_link(session, verdict)
    return _answer(verdict, consent=consent, profile_link=profile_link)


@bp.get("/c/<public_id>/receipt")
@public
@limiter.limit(f"{PER_MINUTE} per minute")
def receipt(public_id: str) -> Response:
    """Hand out what we answer about a certificate now, signed and dated, for somebody's file."""
    kept = _receipt_now(public_id)
    return _attached(kept.text, "text/plain; charset=utf-8", f"{kept.name}.txt")


@bp.get("/c/<public_id>/receipt.jwt")
@public
@limiter.limit(f"{PER_MINUTE} per minute")
def bare_receipt(public_id: str) -> Response:
    """Hand out the signed line alone, for machines."""
    kept = _receipt_now(public_id)
    return _attached(kept.token, "application/jose", f"{kept.name}.jwt")


@bp.route("/c/<public_id>/match", methods=["GET", "POST"])
@public
@limiter.limit(f"{PER_MINUTE} per minute", methods=["POST"])
def match(public_id: str) -> ResponseReturnValue:
    """Say whether a name fits the one on the certificate, and nothing more."""
    form = MatchForm()
    if not form.validate_on_submit():
        return show(MatchPage(public_id=public_id, form=form), 422 if form.errors else 200)
    asked, address = [(public_id, form.name.data)], request.remote_addr or ""
    with transaction() as session:
        (found,) = services.try_names(
            session, asked=asked, address=address, base_url=settings().base_url, now=utc_now()
        )
    if found is None:
        return show(MatchPage(public_id=public_id, form=form, waits=True), 429)
    return show(MatchPage(public_id=public_id, form=form, match=found))


def _receipt_now(public_id: str) -> _Kept:
    with reading() as session:
        verdict = _looked_up(session, public_id)
        if verdict.status is Doubt.UNKNOWN:
            abort(404)
        return _kept(session, verdict, asked_by_reference(public_id, base_url=settings().base_url))


def _attached(text: str, kind: str, name: str) -> Response:
    answer = Response(text, content_type=kind)
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer


@bp.get("/trust.json")
@public
def trust() -> Response:
    """Hand out what a verifier pins."""
    pinned = _trust_file()
    if pinned is None:
        raise Missing("Nothing has been issued here yet, so there is no key to pin.")
    return Response(pinned, content_type="application/json; charset=utf-8")


@bp.get("/verify/offline/")
@bp.get("/verify/offline/<name>")
@bp.get("/static/offline/<name>")  # as its files were named until November 2026
@public
def offline(name: str = "index.html") -> Response:
    """Hand out the page that checks a file in the browser, without sending it anywhere."""
    files = page_files(_trust_file()) if name == PINNED_FILES else served_files()
    if name not in files:
        abort(404)
    return Response(dressed(name, files[name], school()), content_type=KINDS[name.rpartition(".")[2]])


@bp.get("/verify/offline/offline.zip")
@public
def offline_zip() -> Response:
    """Hand out the same page as a ZIP, to be kept; the keys are pinned in it."""
    files = {name: dressed(name, content, school()) for name, content in page_files(_trust_file()).items()}
    answer = Response(packed(files), content_type="application/zip")
    answer.headers["Content-Disposition"] = 'attachment; filename="verify-offline.zip"'
    return answer


def _log() -> Verifier | None:
    return verifier_in(settings().instance)


def _trust(session: Session) -> Trust | None:
    known = settings()
    return trust_of(session, settings=known, now=utc_now())


def _trust_file() -> str | None:
    with reading() as session:
        return trust_file(session, settings=settings(), now=utc_now())


def _looked_up(session: Session, text: str) -> Verdict:
    return queries.verdict_for_reference(session, text=text, log=_log(), base_url=settings().base_url, now=utc_now())


def _as_content(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _answer_file(content: bytes, *, kind: str = "file") -> ResponseReturnValue:
    verdict, kept = _judged(content, kind)
    return _answer(verdict, kept=kept)


def _answer_both(text: str, content: bytes) -> ResponseReturnValue:
    """Answer about what was typed and a file together: neither is passed over."""
    shown, kept = _judged(content, "file")
    pasted = looks_like_credential(text)
    if pasted:
        typed, _ = _judged(_as_content(text), "text")
    else:
        with reading() as session:
            typed = _looked_up(session, text)
    if of_one_certificate(typed, shown):
        return _answer(shown, kept=kept, fits=True)
    return show(
        BothPage(
            typed=typed,
            shown=shown,
            typed_text="" if pasted else text,
            receipt=kept.text,
            receipt_name=f"{kept.name}.txt",
        )
    )


def _judged(content: bytes, kind: str) -> tuple[Verdict, _Kept]:
    """Return the verdict about a file or a pasted credential, and its receipt; an alarm that it raises is kept."""
    if len(content) > settings().upload_limit:
        abort(413)
    with reading() as session:
        verdict = queries.verdict_for_file(
            session, content=content, log=_log(), now=utc_now(), trust=_trust(session), turn=costly
        )
        kept = _kept(session, verdict, {"kind": kind, "sha256": hashlib.sha256(content).hexdigest()})
    if verdict.alarm:
        with transaction() as session:
            raise_alarm(session, about=verdict.alarm, now=verdict.checked_at)
    return verdict, kept


def _kept(session: Session, verdict: Verdict, asked: Mapping[str, str]) -> _Kept:
    base_url = settings().base_url
    receipt = receipt_for(
        session,
        asked=asked,
        answer=answer_of(verdict),
        log=_log(),
        base_url=base_url,
        now=verdict.checked_at,
    )
    entry = entry_by_id(session, public_id=verdict.public_id) if verdict.public_id else None
    number = entry.number if entry else ""
    name_shown = consent_of(session, public_id=verdict.public_id) is ConsentLevel.SHOWN
    token = signed_receipt(receipt, receipt_key_in(settings().instance))
    about = beside(verdict, number=number, name_shown=name_shown, base_url=base_url)
    return _Kept(
        token=token,
        text=receipt_text(receipt, token, address=base_url, about=about),
        name=receipt_name(receipt, number=number),
    )


def _profile_link(session: Session, verdict: Verdict) -> str:
    """Return where a holder who looks at their own valid certificate can add it to a profile; for others ""."""
    if not (verdict.holds and verdict.facts and current_user.is_authenticated):
        return ""
    mine = {certificate.public_id for certificate in certificates_of(session, person_id=me().id)}
    own = verdict.public_id in mine
    return add_to_profile_link(Claim.read(verdict.facts), settings().base_url) if own else ""


def _answer(
    verdict: Verdict,
    *,
    asked: str = "",
    consent: ConsentLevel = ConsentLevel.SHOWN,
    kept: _Kept | None = None,
    fits: bool = False,
    profile_link: str = "",
) -> ResponseReturnValue:
    base_url = settings().base_url
    claim = Claim.read(verdict.facts) if verdict.facts else None
    code = {Doubt.UNKNOWN: 404, Doubt.UNREADABLE: 422}
    status = code.get(verdict.status, 200) if isinstance(verdict.status, Doubt) else 200
    page = VerdictPage(
        verdict=verdict,
        claim=claim,
        asked=asked,
        home=base_url,
        elsewhere=place_elsewhere(asked, base_url=base_url),
        consent=consent,
        leads_away=bool(asked) and leads_elsewhere(asked, base_url=base_url),
        mistake=mistake_in(asked, base_url=base_url) if asked else None,
        fits=fits,
        receipt=kept.text if kept else "",
        receipt_name=f"{kept.name}.txt" if kept else "",
        address=claim.address(base_url) if claim else "",
        profile_link=profile_link,
    )
    return show(page, status)
