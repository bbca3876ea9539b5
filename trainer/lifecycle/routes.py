"""What becomes of a certificate after its issue: the director's decisions, and the holder's."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, signed_in
from trainer.accounts.words import Role
from trainer.certificates.facts.claim import Claim
from trainer.certificates.queries import consent_of, name_choice_of
from trainer.certificates.words import ConsentLevel, Occasion
from trainer.clock import utc_now
from trainer.errors import Stale
from trainer.lifecycle import queries, services
from trainer.lifecycle.acts import acts_now
from trainer.lifecycle.finality import ending_of, final_from
from trainer.lifecycle.forms import (
    ConsentForm,
    CorrectionForm,
    KeepForm,
    LiftingForm,
    PublicForm,
    RecallForm,
    RenewalForm,
    RevocationForm,
    SurrenderForm,
    SuspensionForm,
)
from trainer.lifecycle.pages import (
    ConsentPage,
    CorrectionPage,
    DecisionPage,
    KeepPage,
    LiftingPage,
    RecallPage,
    RenewalPage,
    RevocationPage,
    StatusPage,
    Subject,
    SurrenderPage,
    SuspensionPage,
)
from trainer.lifecycle.renewal import renewal_window
from trainer.lifecycle.services import Sent
from trainer.registry.log.queries import log_key
from trainer.registry.notes import Signer
from trainer.registry.queries import status_at
from trainer.registry.status import Reason, Status, Word
from trainer.web import Session, reading, settings, transaction
from trainer.web.pages import show

bp = Blueprint("lifecycle", __name__)


@bp.get("/certificates/<public_id>/status")
@only(Role.DIRECTOR)
def status(public_id: str) -> ResponseReturnValue:
    """Show what holds, what can be decided now, and everything that was decided."""
    with reading() as session:
        _certificate, conferral = services.to_decide(session, public_id=public_id, director=me())
        subject = _subject(session, public_id)
        opens, closes = renewal_window(subject.claim.valid_until)
        page = StatusPage(
            subject=subject,
            history=queries.history_of(session, public_id=public_id),
            conferred_at=conferral.decided_at,
            conferred_by=queries.name_of(session, person_id=conferral.decided_by),
            opens=opens,
            closes=closes,
        )
    return show(page)


@bp.route("/certificates/<public_id>/suspension", methods=["GET", "POST"])
@only(Role.DIRECTOR)
def suspension(public_id: str) -> ResponseReturnValue:
    """Ask for reasons and an end; then suspend."""
    with reading() as session:
        subject = _subject(session, public_id)
    form = SuspensionForm().on(subject.claim.holder).shows(subject.seen).counted_in(subject.zone)
    page = SuspensionPage(subject=subject, form=form)
    if not form.validate_on_submit():
        return _ask(page, wrong=bool(form.errors))
    last_day = form.last_day.data
    return _decide(
        page,
        _public(form, Word.SUSPENDED, last_day),
        lambda session, now: services.suspend(session, **_said(page), last_day=last_day, log=_log(session), now=now),
    )


@bp.route("/certificates/<public_id>/lifting", methods=["GET", "POST"])
@only(Role.DIRECTOR)
def lifting(public_id: str) -> ResponseReturnValue:
    """Ask for reasons; then lift the suspension."""
    with reading() as session:
        subject = _subject(session, public_id)
    form = LiftingForm().on(subject.claim.holder).shows(subject.seen)
    page = LiftingPage(subject=subject, form=form)
    if not form.validate_on_submit():
        return _ask(page, wrong=bool(form.errors))
    return _decide(
        page,
        _public(form, Word.VALID),
        lambda session, now: services.lift(session, **_said(page), log=_log(session), now=now),
    )


@bp.route("/certificates/<public_id>/revocation", methods=["GET", "POST"])
@only(Role.DIRECTOR)
def revocation(public_id: str) -> ResponseReturnValue:
    """Ask for reasons; then revoke, and write down who did it and why."""
    with reading() as session:
        subject = _subject(session, public_id)
    form = RevocationForm().on(subject.claim.holder).shows(subject.seen)
    page = RevocationPage(subject=subject, form=form, final_at=final_from(subject.now, _recall()))
    if not form.validate_on_submit():
        return _ask(page, wrong=bool(form.errors))
    return _decide(
        page,
        _public(form, Word.REVOKED),
        lambda session, now: services.revoke(session, **_said(page), recall=_recall(), log=_log(session), now=now),
    )


@bp.route("/certificates/<public_id>/recall", methods=["GET", "POST"])
@only(Role.DIRECTOR)
def recall(public_id: str) -> ResponseReturnValue:
    """Ask why; then recall a revocation or a surrender that is not final yet."""
    with reading() as session:
        subject = _subject(session, public_id)
    form = RecallForm().shows(subject.seen)
    page = RecallPage(subject=subject, form=form)
    if not form.validate_on_submit():
        return _ask(page, wrong=bool(form.errors))
    reason = form.private_reason.data
    return _decide(
        page,
        Sent(by=me().id, what=Word.VALID, private_reason=reason, recalls=True),
        lambda session, now: services.recall(
            session, public_id=public_id, director=me(), private_reason=reason, log=_log(session), now=now
        ),
    )


@bp.route("/certificates/<public_id>/correction", methods=["GET", "POST"])
@only(Role.DIRECTOR)
def correction(public_id: str) -> ResponseReturnValue:
    """Ask for the right name; then decide that a new certificate takes the old one's place."""
    with reading() as session:
        subject = _subject(session, public_id)
    form = CorrectionForm(data={"name": subject.claim.holder}).shows(subject.seen)
    page = CorrectionPage(subject=subject, form=form)
    if not form.validate_on_submit():
        return _ask(page, wrong=bool(form.errors))
    holder, reason = form.name.data, form.private_reason.data
    return _decide(
        page,
        Sent(by=me().id, what=Occasion.CORRECTION, holder=holder, private_reason=reason),
        lambda session, now: services.correct_name(
            session, public_id=public_id, director=me(), holder=holder, reason=reason, now=now
        ),
    )


@bp.route("/certificates/<public_id>/renewal", methods=["GET", "POST"])
@only(Role.DIRECTOR)
def renewal(public_id: str) -> ResponseReturnValue:
    """Ask whether the holder has kept up; then decide that a new certificate continues the old one."""
    with reading() as session:
        subject = _subject(session, public_id)
    form = RenewalForm().shows(subject.seen)
    opens, closes = renewal_window(subject.claim.valid_until)
    page = RenewalPage(subject=subject, form=form, opens=opens, closes=closes)
    if not form.validate_on_submit():
        return _ask(page, wrong=bool(form.errors))
    reason = form.private_reason.data
    return _decide(
        page,
        Sent(by=me().id, what=Occasion.RENEWAL, private_reason=reason),
        lambda session, now: services.renew(session, public_id=public_id, director=me(), reason=reason, now=now),
    )


@bp.route("/certificates/<public_id>/surrender", methods=["GET", "POST"])
@signed_in
def surrender(public_id: str) -> ResponseReturnValue:
    """Let the holder give a certificate back."""
    claim, holds, seen, now = _own(public_id)
    form = SurrenderForm().shows(seen)
    page = SurrenderPage(claim=claim, status=holds, form=form, final_at=final_from(now, _recall()))
    if not form.validate_on_submit():
        return show(page, 422 if form.errors else 200)
    return _decide_own(
        page,
        Sent(by=me().id, what=Word.SURRENDERED, reason=Reason.HOLDER_ASKED.value),
        lambda session, now: services.surrender(
            session, public_id=public_id, holder=me(), recall=_recall(), log=_log(session), now=now
        ),
    )


@bp.route("/certificates/<public_id>/surrender/recall", methods=["GET", "POST"])
@signed_in
def keep(public_id: str) -> ResponseReturnValue:
    """Let the holder recall a surrender that is not final yet."""
    claim, holds, seen, now = _own(public_id)
    form = KeepForm().shows(seen)
    page = KeepPage(claim=claim, status=holds, form=form, now=now)
    if not form.validate_on_submit():
        return show(page, 422 if form.errors else 200)
    reason = form.private_reason.data or ""
    return _decide_own(
        page,
        Sent(by=me().id, what=Word.VALID, private_reason=reason, recalls=True),
        lambda session, now: services.recall_surrender(
            session, public_id=public_id, holder=me(), private_reason=reason, log=_log(session), now=now
        ),
    )


def _own(public_id: str) -> tuple[Claim, Status, str, datetime]:
    """Return what is certified to me, what holds, a mark of it, and now."""
    now = utc_now()
    with reading() as session:
        certificate, _conferral = services.held_by(session, public_id=public_id, holder=me())
        holds = status_at(session, public_id=public_id, now=now)
        seen = queries.seen_of(session, public_id=public_id, word=holds.word)
    return Claim.read(certificate.claim), holds, seen, now


def _decide_own(
    page: SurrenderPage | KeepPage, sent: Sent, change: Callable[[Session, datetime], object]
) -> ResponseReturnValue:
    """Keep what a holder decided, once, in sight of what holds; from an older page it is asked for again."""
    public_id, now = page.claim.public_id, utc_now()
    try:
        with transaction() as session:
            seen = page.form.seen.data or ""
            if not services.is_decided(session, public_id=public_id, seen=seen, sent=sent, now=now):
                change(session, now)
    except Stale as stale:
        _claim, holds, seen, _now = _own(public_id)
        page.form.shows(seen, anew=True)
        return show(replace(page, status=holds, changed=str(stale)), 409)
    return redirect(url_for("certificates.mine"), code=303)


@bp.route("/certificates/visibility", methods=["GET", "POST"])
@signed_in
def visibility_before() -> ResponseReturnValue:
    """Ask, before there is a certificate, what a verifier shall see of my name."""
    with reading() as session:
        level = name_choice_of(session, person_id=me().id)
    return _choose(
        None,
        level,
        lambda session, level, seen: services.choose_before(
            session, person=me(), level=level, now=utc_now(), seen=seen
        ),
    )


@bp.route("/certificates/<public_id>/visibility", methods=["GET", "POST"])
@signed_in
def visibility(public_id: str) -> ResponseReturnValue:
    """Let the holder choose what a verifier sees of their name."""
    with reading() as session:
        certificate, _conferral = services.held_by(session, public_id=public_id, holder=me())
        level = consent_of(session, public_id=public_id)
    return _choose(
        Claim.read(certificate.claim),
        level,
        lambda session, level, seen: services.choose_consent(
            session, public_id=public_id, holder=me(), level=level, now=utc_now(), seen=seen
        ),
    )


def _choose(
    claim: Claim | None, level: ConsentLevel | None, keep: Callable[[Session, ConsentLevel, str], None]
) -> ResponseReturnValue:
    """Ask what a verifier sees of my name, and keep it."""
    form = ConsentForm(data={"level": level.value if level else None}).shows(level.value if level else "not chosen")
    page = ConsentPage(claim=claim, level=level, form=form, saved=request.args.get("saved") == "yes")
    if not form.validate_on_submit():
        return show(page, 422 if form.errors else 200)
    try:
        with transaction() as session:
            keep(session, ConsentLevel(form.level.data), form.seen.data or "")
    except Stale as stale:
        form.level.errors = [str(stale)]
        form.shows(level.value if level else "not chosen", anew=True)
        return show(replace(page, otherwise=True), 409)
    return redirect(f"{request.path}?saved=yes", code=303)


def _subject(session: Session, public_id: str) -> Subject:
    now = utc_now()
    certificate, conferral = services.to_decide(session, public_id=public_id, director=me())
    claim = Claim.read(certificate.claim)
    holds = status_at(session, public_id=public_id, now=now)
    zone = conferral.zone
    ending = ending_of(holds, now=now)
    replacement = queries.replacement_of(session, public_id=public_id)
    return Subject(
        claim=claim,
        zone=zone,
        status=holds,
        enrolment_id=conferral.enrolment_id,
        acts=acts_now(
            holds.word,
            valid_until=claim.valid_until,
            replaced=replacement is not None,
            today=now.astimezone(zone).date(),
            recallable=None if ending is None else not ending.over,
        ),
        seen=queries.seen_of(session, public_id=public_id, word=holds.word),
        replaced_since=replacement.decided_at if replacement else None,
        now=now,
    )


def _recall() -> timedelta:
    return timedelta(hours=settings().recall_hours)


def _log(session: Session) -> Signer:
    return log_key(session, instance=settings().instance, base_url=settings().base_url)


def _ask(page: DecisionPage, *, wrong: bool) -> ResponseReturnValue:
    return show(page, 422 if wrong else 200)


def _decide(page: DecisionPage, sent: Sent, change: Callable[[Session, datetime], object]) -> ResponseReturnValue:
    """Keep a decision, once, that was taken in sight of what holds; sent from an older page it is asked for again."""
    public_id, seen, now = page.subject.claim.public_id, page.form.seen.data or "", utc_now()
    try:
        with transaction() as session:
            if not services.is_decided(session, public_id=public_id, seen=seen, sent=sent, now=now):
                change(session, now)
    except Stale as stale:
        return _ask_again(page, stale)
    return redirect(url_for(".status", public_id=public_id), code=303)


def _ask_again(page: DecisionPage, stale: Stale) -> ResponseReturnValue:
    """Show what holds by now, with what was typed; sent again in sight of this, it is taken."""
    with reading() as session:
        subject = _subject(session, page.subject.claim.public_id)
    page.form.shows(subject.seen, anew=True)
    return show(replace(page, subject=subject, changed=str(stale)), 409)


def _public(form: PublicForm, what: Word, last_day: date | None = None) -> Sent:
    return Sent(
        by=me().id,
        what=what,
        reason=form.reason.data,
        public_note=form.public_note.data or "",
        private_reason=form.private_reason.data,
        last_day=last_day,
    )


def _said(page: DecisionPage) -> dict[str, Any]:
    """Return what a director said about a certificate, for the service that carries it out."""
    form = page.form
    return {
        "public_id": page.subject.claim.public_id,
        "director": me(),
        "reason": Reason(form.reason.data),
        "public_note": form.public_note.data or "",
        "private_reason": form.private_reason.data,
    }
