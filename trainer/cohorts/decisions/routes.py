"""Take back a decision that was never issued; confer again, with a reason."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.models import Person
from trainer.accounts.words import Role
from trainer.certificates.conferring.basis import FollowUp
from trainer.certificates.conferring.queries import check_may_confer
from trainer.certificates.queries import waiting
from trainer.clock import utc_now
from trainer.cohorts.decisions import queries, services
from trainer.cohorts.decisions.forms import AgainForm, WithdrawalForm
from trainer.cohorts.decisions.pages import AgainPage, TakeBackPage
from trainer.cohorts.decisions.queries import decision_of
from trainer.cohorts.queries import enrolment_in, seen_of_people
from trainer.enrolment.models import Enrolment
from trainer.errors import Stale
from trainer.requirements.queries import proof_for
from trainer.web import Session, reading, settings, transaction
from trainer.web.pages import ask, asked_again

bp = Blueprint("decisions", __name__)


@bp.route("/desk/people/<enrolment_id>/decisions/<conferral_id>/withdrawal", methods=["GET", "POST"])
@only(Role.DIRECTOR)
@asked_again(Stale)
def withdrawal(enrolment_id: str, conferral_id: str, changed: str = "") -> ResponseReturnValue:
    """Ask why; then take the decision back, unless the worker has issued its certificate meanwhile."""
    form = WithdrawalForm()
    page = _withdrawal_page(enrolment_id, conferral_id, form, changed)
    if changed or not form.validate_on_submit():
        return ask(page)
    with transaction() as session:
        services.take_back(
            session,
            enrolment=_mine(session, enrolment_id),
            conferral_id=conferral_id,
            director=me(),
            reason=form.reason.data,
            now=utc_now(),
        )
    flash("The decision has been taken back.")
    return _to_record(enrolment_id)


def _withdrawal_page(enrolment_id: str, conferral_id: str, form: WithdrawalForm, changed: str) -> TakeBackPage:
    with reading() as session:
        enrolment = _mine(session, enrolment_id)
        conferral = decision_of(session, enrolment=enrolment, conferral_id=conferral_id)
        waits = waiting(session, person_id=enrolment.person_id)
        return TakeBackPage(
            enrolment=enrolment,
            person=session.get_one(Person, enrolment.person_id),
            number=conferral.conferred.number if conferral.facts else "",
            possible=any(wait.conferral_id == conferral_id for wait in waits),
            form=form,
            changed=changed,
        )


@bp.route("/desk/people/<enrolment_id>/again", methods=["GET", "POST"])
@only(Role.DIRECTOR)
@asked_again(Stale)
def again(enrolment_id: str, changed: str = "") -> ResponseReturnValue:
    """Ask why; then confer again. A second click finds it decided; a second director is told that it is."""
    form = AgainForm()
    page = _again_page(enrolment_id, form, changed)
    if changed or not form.validate_on_submit():
        return ask(page)
    with transaction() as session:
        services.confer_again(
            session,
            enrolment=_mine(session, enrolment_id),
            follow_up=FollowUp(follows=form.follows.data or "", reason=form.reason.data),
            director=me(),
            settings=settings(),
            now=utc_now(),
            seen=form.mark,
        )
    flash("The certificate has been conferred again.")
    return _to_record(enrolment_id)


def _again_page(enrolment_id: str, form: AgainForm, changed: str) -> AgainPage:
    now = utc_now()
    with reading() as session:
        enrolment = _mine(session, enrolment_id)
        found = queries.again(session, enrolment=enrolment, now=now)
        seen = seen_of_people(session, enrolment_ids=[enrolment.id])[enrolment.id]
        form.shows(seen, follows=found.follows.id if found.follows else "", anew=bool(changed))
        return AgainPage(
            enrolment=enrolment,
            person=session.get_one(Person, enrolment.person_id),
            again=found,
            met=proof_for(session, enrolment=enrolment, now=now).met,
            form=form,
            changed=changed,
        )


def _mine(session: Session, enrolment_id: str) -> Enrolment:
    """Return the enrolment to a director who may decide about it."""
    enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=programmes_where(Role.DIRECTOR))
    check_may_confer(session, me(), enrolment)
    return enrolment


def _to_record(enrolment_id: str) -> ResponseReturnValue:
    return redirect(url_for("cohorts.record", enrolment_id=enrolment_id), code=303)
