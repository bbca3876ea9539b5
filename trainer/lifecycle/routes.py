"""What becomes of a certificate after its issue: the director's decisions, and the holder's."""

from datetime import timedelta
from functools import partial

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, signed_in
from trainer.accounts.words import Role
from trainer.certificates.facts.claim import Claim
from trainer.certificates.models import Conferral
from trainer.certificates.queries import consent_of, name_choice_of
from trainer.certificates.words import ConsentLevel
from trainer.clock import utc_now
from trainer.errors import Stale
from trainer.lifecycle import queries, services
from trainer.lifecycle.acts import RULES, Act, Who, acts_now
from trainer.lifecycle.finality import ending_of, final_from
from trainer.lifecycle.forms import ConsentForm, DecisionForm
from trainer.lifecycle.holder.services import choose_before, choose_consent
from trainer.lifecycle.pages import ConsentPage, DecisionPage, OwnPage, StatusPage, Subject
from trainer.registry.log.queries import log_key
from trainer.registry.queries import status_at
from trainer.web import Session, reading, settings, transaction
from trainer.web.pages import ask, asked_again, show

bp = Blueprint("lifecycle", __name__)


@bp.get("/certificates/<public_id>/status")
@only(Role.DIRECTOR)
def status(public_id: str) -> ResponseReturnValue:
    """Show what holds, what can be decided now, and everything that was decided."""
    with reading() as session:
        subject, conferral = _subject(session, public_id)
        page = StatusPage(
            subject=subject,
            history=queries.decisions_after_issue(session, public_id=public_id),
            conferred_at=conferral.decided_at,
            conferred_by=queries.name_of(session, person_id=conferral.decided_by),
        )
    return show(page)


def decide(public_id: str, *, act: Act, changed: str = "") -> ResponseReturnValue:
    """Ask a director for what the act needs; then keep the decision, once, that was taken in sight of what holds."""
    with reading() as session:
        subject, _ = _subject(session, public_id)
    form = DecisionForm(act, holder=subject.claim.holder, zone=subject.zone).shows(subject.seen, anew=bool(changed))
    final_at = final_from(subject.now, _recall_within())
    page = DecisionPage(act=act, subject=subject, form=form, final_at=final_at, changed=changed)
    if changed or not form.validate_on_submit():
        return ask(page)
    _keep(public_id, form)
    return redirect(url_for(".status", public_id=public_id), code=303)


for _act, _rule in RULES.items():
    if _rule.by is Who.DIRECTOR:
        bp.add_url_rule(
            f"/certificates/<public_id>/{_act}",
            _act.value,
            only(Role.DIRECTOR)(asked_again(Stale)(partial(decide, act=_act))),
            methods=["GET", "POST"],
        )


@bp.route("/certificates/<public_id>/surrender", methods=["GET", "POST"])
@signed_in
@asked_again(Stale)
def surrender(public_id: str, changed: str = "") -> ResponseReturnValue:
    """Let the holder give a certificate back."""
    return _decide_own(public_id, Act.SURRENDER, changed)


@bp.route("/certificates/<public_id>/surrender/recall", methods=["GET", "POST"])
@signed_in
@asked_again(Stale)
def keep(public_id: str, changed: str = "") -> ResponseReturnValue:
    """Let the holder recall a surrender that is not final yet."""
    return _decide_own(public_id, Act.KEEP, changed)


def _decide_own(public_id: str, act: Act, changed: str) -> ResponseReturnValue:
    now = utc_now()
    with reading() as session:
        held = queries.held_by(session, public_id=public_id, person=me())
        holds = status_at(session, public_id=public_id, now=now)
        seen = queries.seen_of(session, public_id=public_id, word=holds.word)
    page = OwnPage(
        act=act,
        claim=Claim.read(held.certificate.claim),
        status=holds,
        form=DecisionForm(act).shows(seen, anew=bool(changed)),
        now=now,
        final_at=final_from(now, _recall_within()),
        changed=changed,
    )
    if changed or not page.form.validate_on_submit():
        return ask(page)
    _keep(public_id, page.form)
    return redirect(url_for("certificates.mine"), code=303)


def _keep(public_id: str, form: DecisionForm) -> None:
    with transaction() as session:
        services.decide(
            session,
            public_id=public_id,
            person=me(),
            sent=form.sent,
            recall_within=_recall_within(),
            log=log_key(session, instance=settings().instance, base_url=settings().base_url),
            now=utc_now(),
        )


@bp.route("/certificates/visibility", methods=["GET", "POST"])
@signed_in
@asked_again(Stale)
def visibility_before(changed: str = "") -> ResponseReturnValue:
    """Ask, before there is a certificate, what a verifier shall see of my name."""
    with reading() as session:
        page = _consent_page(None, name_choice_of(session, person_id=me().id), changed)
    if changed or not page.form.validate_on_submit():
        return ask(page)
    level = ConsentLevel(page.form.level.data)
    with transaction() as session:
        choose_before(session, person=me(), level=level, now=utc_now(), seen=page.form.mark)
    return redirect(f"{request.path}?saved=yes", code=303)


@bp.route("/certificates/<public_id>/visibility", methods=["GET", "POST"])
@signed_in
@asked_again(Stale)
def visibility(public_id: str, changed: str = "") -> ResponseReturnValue:
    """Let the holder choose what a verifier sees of their name."""
    with reading() as session:
        held = queries.held_by(session, public_id=public_id, person=me())
        claim = Claim.read(held.certificate.claim)
        page = _consent_page(claim, consent_of(session, public_id=public_id), changed)
    if changed or not page.form.validate_on_submit():
        return ask(page)
    level = ConsentLevel(page.form.level.data)
    with transaction() as session:
        choose_consent(session, public_id=public_id, holder=me(), level=level, now=utc_now(), seen=page.form.mark)
    return redirect(f"{request.path}?saved=yes", code=303)


def _consent_page(claim: Claim | None, level: ConsentLevel | None, changed: str) -> ConsentPage:
    chosen = level.value if level else None
    form = ConsentForm(data={"level": chosen}).shows(chosen or "not chosen", anew=bool(changed))
    if changed:
        form.level.errors = [changed]
    return ConsentPage(claim=claim, level=level, form=form, saved=request.args.get("saved") == "yes", changed=changed)


def _subject(session: Session, public_id: str) -> tuple[Subject, Conferral]:
    now = utc_now()
    held = queries.to_decide(session, public_id=public_id, person=me())
    claim = Claim.read(held.certificate.claim)
    holds = status_at(session, public_id=public_id, now=now)
    ending = ending_of(holds, now=now)
    replacement = queries.replacement_of(session, public_id=public_id)
    subject = Subject(
        claim=claim,
        zone=held.zone,
        status=holds,
        enrolment_id=held.conferral.enrolment_id,
        acts=acts_now(
            holds.word,
            valid_until=claim.valid_until,
            replaced=replacement is not None,
            today=now.astimezone(held.zone).date(),
            recallable=None if ending is None else not ending.over,
        ),
        seen=queries.seen_of(session, public_id=public_id, word=holds.word),
        replaced_since=replacement.decided_at if replacement else None,
        now=now,
    )
    return subject, held.conferral


def _recall_within() -> timedelta:
    return timedelta(hours=settings().recall_hours)
