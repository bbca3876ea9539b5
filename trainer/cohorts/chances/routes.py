"""Further tries, a learning plan, a waiver: how somebody goes on, decided beside the requirement."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.models import Person
from trainer.accounts.queries import check_may_decide, others_who_decide
from trainer.accounts.words import Role
from trainer.certificates.facts.zone import zone_named
from trainer.certificates.queries import certificate_of, waiting
from trainer.chances import services as chances
from trainer.chances.granted import GrantedChance, Need, chances_about
from trainer.chances.queries import granted_by_enrolment
from trainer.clock import utc_now
from trainer.cohorts.chances.forms import AgreementForm, ChanceForm, RefusalForm
from trainer.cohorts.chances.pages import ChancePage
from trainer.cohorts.queries import enrolment_in
from trainer.enrolment.models import Enrolment
from trainer.errors import Missing, Refused
from trainer.requirements.queries import programme_of, proof_for
from trainer.requirements.rules import Proof, RequirementKind
from trainer.web import Session, reading, transaction
from trainer.web.pages import ask, asked_again, show

bp = Blueprint("chances", __name__)


@bp.route("/desk/people/<enrolment_id>/chances/<kind>/<slug>", methods=["GET", "POST"])
@only(Role.DIRECTOR)
@asked_again(Refused)
def decide(enrolment_id: str, kind: str, slug: str, changed: str = "") -> ResponseReturnValue:
    """Ask how it goes on, and why; then keep the decision. What was typed in sight of an old page is kept on it."""
    form = ChanceForm()
    page = _page(enrolment_id, kind, slug, form, changed=changed)
    if changed or not form.validate_on_submit():
        return ask(page)
    with transaction() as session:
        enrolment, leaf = _open(session, enrolment_id, kind, slug)
        chance = chances.decide_chance(
            session,
            enrolment=enrolment,
            need=Need(kind=kind, slug=slug, title=leaf.title, stuck=leaf.stuck, waivable=leaf.waivable),
            wish=form.wish,
            seen=form.mark,
            by=me().id,
            now=utc_now(),
        )
    flash(
        "Proposed. Each other director who may agree has been written to."
        if chance.takes_two
        else "Granted. The trainee has been written to, and reads it on their path."
        if form.number
        else "Waived. The trainee has been written to, and reads it on their path."
    )
    return redirect(url_for("cohorts.record", enrolment_id=enrolment_id), code=303)


@bp.post("/desk/people/<enrolment_id>/waivers/<chance_id>")
@only(Role.DIRECTOR)
@asked_again(Refused)
def agree(enrolment_id: str, chance_id: str, changed: str = "") -> ResponseReturnValue:
    """Let a second director agree to a waiver; a second click finds it agreed."""
    form = AgreementForm()
    if not form.validate_on_submit():
        raise Refused("The form was out of date. Go back, reload the page and send it again.")
    with reading() as session:
        waiver = _waiver(session, enrolment_id, chance_id)
    if changed:
        return _as_it_stands(enrolment_id, waiver, changed)
    with transaction() as session:
        enrolment, leaf = _open(session, enrolment_id, waiver.kind, waiver.slug)
        chances.agree(
            session,
            enrolment=enrolment,
            chance_id=chance_id,
            title=leaf.title,
            waivable=leaf.waivable,
            by=me().id,
            now=utc_now(),
        )
    flash("Agreed: it is waived. The trainee has been written to, and reads it on their path.")
    return redirect(url_for("cohorts.record", enrolment_id=enrolment_id), code=303)


@bp.post("/desk/people/<enrolment_id>/waivers/<chance_id>/refusal")
@only(Role.DIRECTOR)
@asked_again(Refused)
def decline(enrolment_id: str, chance_id: str, changed: str = "") -> ResponseReturnValue:
    """Let a second director decline a waiver, or whoever proposed it take it back."""
    form = RefusalForm()
    with reading() as session:
        waiver = _waiver(session, enrolment_id, chance_id)
    if changed:
        return _as_it_stands(enrolment_id, waiver, changed)
    if not form.validate_on_submit():
        return show(_page(enrolment_id, waiver.kind, waiver.slug, ChanceForm(formdata=None), refusal_form=form), 422)
    with transaction() as session:
        enrolment, leaf = _open(session, enrolment_id, waiver.kind, waiver.slug)
        chances.decline(
            session,
            enrolment=enrolment,
            chance_id=chance_id,
            title=leaf.title,
            reason=form.refusal.data,
            by=me().id,
            now=utc_now(),
        )
    flash(
        "Taken back. The trainee has been written to, and reads it on their path."
        if waiver.proposer == me().id
        else "Declined. The trainee has been written to, and reads it on their path."
    )
    return redirect(url_for("cohorts.record", enrolment_id=enrolment_id), code=303)


def _waiver(session: Session, enrolment_id: str, chance_id: str) -> GrantedChance:
    enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=programmes_where(Role.DIRECTOR))
    proposed = granted_by_enrolment(session, enrolment_ids=[enrolment.id]).get(enrolment.id, ())
    waiver = next((proposal for proposal in proposed if proposal.id == chance_id), None)
    if waiver is None:
        raise Missing("There is no such waiver that waits.")
    return waiver


def _as_it_stands(enrolment_id: str, waiver: GrantedChance, changed: str) -> ResponseReturnValue:
    """Show what has become of a waiver meanwhile; where that cannot be shown, the refusal says why."""
    return ask(_page(enrolment_id, waiver.kind, waiver.slug, ChanceForm(formdata=None), changed=changed))


def _page(
    enrolment_id: str,
    kind: str,
    slug: str,
    form: ChanceForm,
    *,
    changed: str = "",
    refusal_form: RefusalForm | None = None,
) -> ChancePage:
    with reading() as session:
        enrolment, leaf = _open(session, enrolment_id, kind, slug)
        granted = granted_by_enrolment(session, enrolment_ids=[enrolment.id]).get(enrolment.id, ())
        about = chances_about(granted, kind, slug)
        form.counted_in(zone_named(programme_of(session, enrolment).time_zone))
        sent = bool(form.what.raw_data) and not changed  # what was sent is judged when kept: a second click finds it
        form.offer(stuck=leaf.stuck or sent, waivable=leaf.waivable or sent, decisions=len(granted))
        own = about.waiting is not None and about.waiting.proposer == me().id
        others = others_who_decide(session, programme=enrolment.programme, about_id=enrolment.person_id, but=me().id)
        refusal_form = refusal_form or RefusalForm(formdata=None)
        if own:
            refusal_form.refusal.description = form.reason.description
        if kind == RequirementKind.EXAM:
            form.of_sittings()
        if changed:
            form.shows(len(granted), anew=True)  # sent again in sight of this page, it is taken
        return ChancePage(
            enrolment=enrolment,
            person=session.get_one(Person, enrolment.person_id),
            leaf=leaf,
            granted=about.granted,
            waiting=about.waiting,
            own=own,
            others=bool(others),
            changed=changed,
            form=form,
            refusal_form=refusal_form,
        )


def _open(session: Session, enrolment_id: str, kind: str, slug: str) -> tuple[Enrolment, Proof]:
    """Return the enrolment and where it stands with the requirement, to a director who may decide about it.

    Raises:
        Missing: there is no such person or requirement here.
        Refused: this director decides nothing about this person, or the certificate has been decided about.
    """
    enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=programmes_where(Role.DIRECTOR))
    check_may_decide(session, decider_id=me().id, about_id=enrolment.person_id)
    leaves = proof_for(session, enrolment=enrolment, now=utc_now()).leaves()
    leaf = next((leaf for leaf in leaves if (leaf.kind, leaf.slug) == (kind, slug)), None)
    if leaf is None:
        raise Missing("The programme asks for no such thing.")
    decisions = waiting(session, programmes=frozenset({enrolment.programme}), person_id=enrolment.person_id)
    conferred = any(decision.enrolment_id == enrolment.id for decision in decisions)
    if conferred or certificate_of(session, enrolment_id=enrolment.id):
        raise Refused("The certificate has been conferred, so no requirement is open any more.")
    return enrolment, leaf
