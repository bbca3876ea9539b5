"""The director's desk: who is where, who waits for a decision; and the door for the invited."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_login import current_user

from trainer.accounts import services as accounts
from trainer.accounts.access import enter, me, only, programmes_where, public
from trainer.accounts.models import Person
from trainer.accounts.passwords import hashed
from trainer.accounts.powers import gives
from trainer.accounts.queries import check_may_decide, invitations_to, others_who_decide, person_by_email, stands_aside
from trainer.accounts.words import Role
from trainer.audit.queries import latest
from trainer.audit.words import Look
from trainer.cases.afterwards.services import shared_notes
from trainer.cases.pacing.services import decide_time
from trainer.cases.runs.queries import decisions_about_time
from trainer.certificates.documents.queries import ordered
from trainer.certificates.queries import certificate_of, waiting
from trainer.chances.granted import Granted
from trainer.chances.queries import granted_by_enrolment, waivers_for
from trainer.clock import utc_now
from trainer.cohorts import queries, services
from trainer.cohorts.decisions.queries import again, decided_about
from trainer.cohorts.forms import CohortChangeForm, CohortForm, ConferForm, InviteForm, PlaceForm, TimeForm, WelcomeForm
from trainer.cohorts.pages import ChangePage, CohortPage, DeskPage, JoinPage, NewCohortPage, PlacePage, RecordPage
from trainer.cohorts.queries import cohort_for, enrolment_in
from trainer.enrolment.models import Cohort
from trainer.enrolment.queries import cohort_of, has_ended, newest_release
from trainer.errors import Missing, Refused, Stale
from trainer.health.queries import pulse
from trainer.lifecycle.finality import ending_of
from trainer.lifecycle.queries import pending_in
from trainer.registry.queries import status_at
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.queries import programme_of, proof_for
from trainer.requirements.rules import Proof
from trainer.staff.access import tell_link, told
from trainer.staff.invitations.queries import invited_into
from trainer.staff.queries import official_in, title_of, trainee_role_of
from trainer.trail.access import looked
from trainer.web import Session, reading, settings, transaction
from trainer.web.pages import show

bp = Blueprint("cohorts", __name__)

MOST_AT_ONCE = 200
"""So many decisions are taken from one form; each needs its proof computed."""
DESK = (Role.DIRECTOR, Role.ADMINISTRATOR)


def my_programmes() -> frozenset[str]:
    """Return the programmes whose desk I see."""
    return programmes_where(Role.DIRECTOR) | programmes_where(Role.ADMINISTRATOR)


@bp.get("/desk/")
@only(*DESK)
def desk() -> ResponseReturnValue:
    """Show the decisions that wait, then the cohorts, then what was done."""
    now = utc_now()
    with reading() as session:
        cohorts = queries.cohorts_in(session, programmes=my_programmes())
        at_work = [cohort for cohort, _, _ in cohorts if cohort.archived_at is None]  # nothing is proved of the others
        rows, unreadable = queries.rows_of_all(session, cohorts=at_work, now=now)
        acts = latest(session, programmes=my_programmes(), limit=12)
        names = queries.names_of(session, ids={act.actor_id for act in acts if act.actor_id})
        page = DeskPage(
            waiting=[row for row in rows if row.waits],
            decides=programmes_where(Role.DIRECTOR),
            pending=pending_in(session, programmes=my_programmes(), now=now),
            waivers=_waivers(session, rows),
            stuck=[(row, leaf) for row in rows if row.goes_on for leaf in row.proof.stuck_leaves()],
            signing=waiting(session, programmes=my_programmes()),
            now=now,
            pulse=pulse(session, now=now),
            cohorts=cohorts,
            unreadable=unreadable,
            programmes=[(slug, title_of(session, programme=slug)) for slug in sorted(my_programmes())],
            acts=[(act, names.get(act.actor_id or "", "")) for act in acts],
        )
    return show(page)


def _waivers(session: Session, rows: Sequence[queries.Row]) -> Sequence[tuple[queries.Row, Proof, Granted]]:
    """Return the waivers that wait for me, but for what has been done meanwhile and needs none any more."""
    proposed = waivers_for(session, director_id=me().id, programmes=programmes_where(Role.DIRECTOR))
    return [
        (row, leaf, waiver)
        for row in rows
        if not (row.conferred or row.ended)
        for waiver in proposed.get(row.enrolment_id, ())
        for leaf in row.proof.leaves()
        if (leaf.kind, leaf.slug) == (waiver.kind, waiver.slug) and not leaf.met
    ]


@bp.route("/desk/cohorts/new", methods=["GET", "POST"])
@only(*DESK)
def new_cohort() -> ResponseReturnValue:
    """Begin a cohort on the newest release."""
    form = CohortForm()
    with reading() as session:
        release = newest_release(session)
    programmes = catalogue_of(release).programmes
    form.offer({slug: programmes[slug].title for slug in sorted(my_programmes() & programmes.keys())})
    if not form.validate_on_submit():
        return show(NewCohortPage(form=form, release_hash=release.hash), 422 if form.errors else 200)
    try:
        with transaction() as session:
            cohort = services.create_cohort(
                session,
                programme=form.programme.data,
                name=form.name.data,
                release_hash=release.hash,
                starts_on=form.starts_on.data,
                by=me().id,
                now=utc_now(),
            )
    except Refused as refusal:
        form.name.errors = [str(refusal)]
        return show(NewCohortPage(form=form, release_hash=release.hash), 422)
    flash(gettext("The cohort has been created. Invite the first people below."))
    return redirect(url_for(".cohort", cohort_id=cohort.id), code=303)


@bp.route("/desk/cohorts/<cohort_id>/change", methods=["GET", "POST"])
@only(*DESK)
def change_cohort(cohort_id: str) -> ResponseReturnValue:
    """Call a cohort otherwise, date it anew, put it into the archive or take it out."""
    found, page = _change_page(cohort_id)
    form = page.form
    if not form.validate_on_submit():
        return show(page, 422 if form.errors else 200)
    try:
        with transaction() as session:
            services.change_cohort(
                session,
                cohort=cohort_for(session, cohort_id=cohort_id, programmes=my_programmes()),
                name=form.name.data,
                starts_on=form.starts_on.data,
                archived=form.archived.data,
                reason=form.reason.data,
                seen=form.seen.data or "",
                by=me().id,
                now=utc_now(),
            )
    except Stale as stale:
        _, page = _change_page(cohort_id)
        page.form.shows(str(len(page.changes)), anew=True)
        return show(replace(page, changed=str(stale)), 409)
    except Refused as refusal:
        form.name.errors = [str(refusal)]
        return show(page, 422)
    flash(gettext("Your changes have been saved."))
    return redirect(url_for(".cohort", cohort_id=found.id), code=303)


def _change_page(cohort_id: str) -> tuple[Cohort, ChangePage]:
    with reading() as session:
        found = cohort_for(session, cohort_id=cohort_id, programmes=my_programmes())
        changes = queries.changes_of_cohort(session, cohort=found)
    holds = {"name": found.name, "starts_on": found.starts_on, "archived": found.archived_at is not None}
    form = CohortChangeForm(data=holds).shows(str(len(changes)))
    return found, ChangePage(cohort=found, form=form, changes=changes)


@bp.route("/desk/people/<enrolment_id>/place", methods=["GET", "POST"])
@only(*DESK)
def place(enrolment_id: str) -> ResponseReturnValue:
    """Ask for the reason; then end somebody's place in a cohort, or give it back."""
    page = _place_page(enrolment_id)
    form = page.form
    if not form.validate_on_submit():
        return show(page, 422 if form.errors else 200)
    try:
        with transaction() as session:
            services.decide_place(
                session,
                enrolment=enrolment_in(session, enrolment_id=enrolment_id, programmes=my_programmes()),
                ended=bool(form.ended.data),
                reason=form.reason.data,
                seen=form.seen.data or "",
                by=me().id,
                now=utc_now(),
            )
    except Stale as stale:
        page = _place_page(enrolment_id)
        page.form.shows(str(len(page.changes)), anew=True).ended.data = "" if page.ended else "y"
        return show(replace(page, changed=str(stale)), 409)
    flash(gettext("The place has ended.") if form.ended.data else gettext("The place has been given back."))
    return redirect(url_for(".record", enrolment_id=enrolment_id), code=303)


def _place_page(enrolment_id: str) -> PlacePage:
    with reading() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=my_programmes())
        check_may_decide(session, decider_id=me().id, about_id=enrolment.person_id)
        ended = has_ended(session, enrolment)
        changes = queries.changes_of_place(session, enrolment=enrolment)
        return PlacePage(
            cohort=cohort_of(session, enrolment),
            enrolment=enrolment,
            person=session.get_one(Person, enrolment.person_id),
            ended=ended,
            changes=changes,
            form=PlaceForm(data={"ended": "" if ended else "y"}).shows(str(len(changes))),
        )


@bp.route("/desk/cohorts/<cohort_id>", methods=["GET", "POST"])
@only(*DESK)
def cohort(cohort_id: str) -> ResponseReturnValue:
    """Show people by requirements; invite one more."""
    form = InviteForm()
    with reading() as session:
        found = cohort_for(session, cohort_id=cohort_id, programmes=my_programmes())
    known: Sequence[str] = ()
    if form.validate_on_submit():
        with reading() as session:
            about = {"email": form.email.data}
            known = [
                *queries.places_elsewhere(session, cohort=found, **about),
                *queries.certified_before(session, programme=found.programme, now=utc_now(), **about),
            ]
        if known and not form.nevertheless.data:
            return show(replace(_cohort_page(found, form), known=known), 422)
        try:
            with transaction() as session:
                _, token = services.invite_to(
                    session, cohort=found, name=form.name.data, email=form.email.data, by=me().id, now=utc_now()
                )
            tell_link(token, form.name.data)
            return redirect(url_for(".cohort", cohort_id=cohort_id), code=303)  # reloading invites nobody again
        except Refused as refusal:
            form.email.errors = [str(refusal)]
    return show(replace(_cohort_page(found, form), known=known), 422 if form.errors else 200)


def _cohort_page(found: Cohort, form: InviteForm) -> CohortPage:
    now = utc_now()
    with reading() as session:
        rows = queries.rows_of(session, cohort=found, now=now)
        return CohortPage(
            cohort=found,
            programme=programme_of(session, found),
            rows=rows,
            columns=rows[0].proof.leaves() if rows else (),
            signing=[
                one
                for one in waiting(session, programmes=frozenset({found.programme}))
                if any(row.enrolment_id == one.enrolment_id for row in rows)
            ],
            decides=found.programme in programmes_where(Role.DIRECTOR),
            now=now,
            invitations=invited_into(session, programme=found.programme, cohort_id=found.id, now=now),
            gives=gives(official_in(session, person_id=me().id, programme=found.programme)),
            seen=queries.seen_of_people(session, enrolment_ids=[row.enrolment_id for row in rows if row.waits]),
            form=form,
            ticked=MOST_AT_ONCE if "everybody" in request.args else 0,
            most=MOST_AT_ONCE,
            link=told("link"),
            invited=told("invited"),
        )


@bp.post("/desk/cohorts/<cohort_id>/conferrals")
@only(Role.DIRECTOR)
def confer_several(cohort_id: str) -> ResponseReturnValue:
    """Keep a decision about each person who was ticked; if one cannot be conferred, the others stay decided."""
    ticked = list(dict.fromkeys(request.form.getlist("enrolment")))
    with reading() as session:
        cohort = cohort_for(session, cohort_id=cohort_id, programmes=programmes_where(Role.DIRECTOR))
        names = queries.names_in(session, cohort=cohort)
    if not ticked:
        return _not_conferred(
            cohort, "Nobody was ticked, so nothing was decided. Tick the people whose record you know."
        )
    if len(ticked) > MOST_AT_ONCE:
        return _not_conferred(
            cohort, f"Of the {len(ticked)} people ticked nobody was conferred: tick at most {MOST_AT_ONCE} at once."
        )
    refused: dict[str, list[str]] = {}
    for enrolment_id in ticked:
        try:
            _confer(enrolment_id, request.form.get(f"seen-{enrolment_id}", ""))
        except (Missing, Refused) as refusal:
            refused.setdefault(str(refusal), []).append(names.get(enrolment_id, "Somebody outside this cohort"))
    if refused:
        count = len(ticked) - sum(len(people) for people in refused.values())
        why = " ".join(f"{', '.join(sorted(people))}: {sentence}" for sentence, people in refused.items())
        return _not_conferred(cohort, f"{count} of {len(ticked)} were conferred. {why}")
    flash(ngettext("%(num)s certificate has been conferred.", "%(num)s certificates have been conferred.", len(ticked)))
    return redirect(url_for(".cohort", cohort_id=cohort_id), code=303)


def _not_conferred(cohort: Cohort, sentence: str) -> ResponseReturnValue:
    """Say on the cohort's own page what was not decided."""
    return show(replace(_cohort_page(cohort, InviteForm(formdata=None)), problem=sentence), 409)


@bp.route("/desk/people/<enrolment_id>", methods=["GET", "POST"])
@only(*DESK)
def record(enrolment_id: str) -> ResponseReturnValue:
    """Show one record; confer when the director decides so."""
    form = ConferForm()
    if form.validate_on_submit():
        try:
            before = _confer(enrolment_id, form.seen.data or "")
        except Stale as stale:
            return _record(enrolment_id, ConferForm(formdata=None), None, changed=str(stale))
        flash(
            gettext("%(name)s had conferred already. Nothing more was decided.", name=before)
            if before
            else gettext("Conferred. The certificate is being signed.")
        )
        return redirect(url_for(".record", enrolment_id=enrolment_id), code=303)
    with reading() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=my_programmes())
        person = session.get_one(Person, enrolment.person_id)
    if person.id != me().id:
        looked(Look.RECORD, programme=enrolment.programme, subject=person.name, detail=f"record {enrolment.id}")
    return _record(enrolment_id, form, None)


@bp.post("/desk/people/<enrolment_id>/time")
@only(Role.DIRECTOR)
def time_limits(enrolment_id: str) -> ResponseReturnValue:
    """Keep a decision about the time limits of one trainee."""
    form = TimeForm()
    if not form.validate_on_submit():
        return _record(enrolment_id, ConferForm(formdata=None), form)
    try:
        with transaction() as session:
            enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=programmes_where(Role.DIRECTOR))
            decide_time(
                session,
                enrolment=enrolment,
                factor=form.factor.data,
                reason=form.reason.data,
                seen=form.seen.data or "",
                by=me().id,
                now=utc_now(),
            )
    except Stale as stale:
        return _record(enrolment_id, ConferForm(formdata=None), form, changed=str(stale))
    flash(gettext("The decision about time limits has been saved."))
    return redirect(url_for(".record", enrolment_id=enrolment_id), code=303)


def _record(
    enrolment_id: str, form: ConferForm, time_form: TimeForm | None, *, changed: str = ""
) -> ResponseReturnValue:
    now = utc_now()
    with reading() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=my_programmes())
        certificate = certificate_of(session, enrolment_id=enrolment.id)
        group = cohort_of(session, enrolment)
        aside = enrolment.person_id in stands_aside(session, person_id=me().id)
        limits = decisions_about_time(session, enrolment_id=enrolment.id)
        if time_form is None:  # it opens at what holds
            time_form = TimeForm(formdata=None, data={"factor": limits[0].decision.factor if limits else 100})
        time_form.shows(str(len(limits)), anew=bool(changed))
        form.shows(queries.seen_of_people(session, enrolment_ids=[enrolment.id])[enrolment.id])
        holds = status_at(session, public_id=certificate.public_id, now=now) if certificate else None
        person = session.get_one(Person, enrolment.person_id)
        invited = [invitation.name for invitation in invitations_to(session, person=person)]
        proof = proof_for(session, enrolment=enrolment, now=now)
        leaves = {(str(leaf.kind), leaf.slug): leaf for leaf in proof.leaves()}
        granted = granted_by_enrolment(session, enrolment_ids=[enrolment.id]).get(enrolment.id, ())
        page = RecordPage(
            cohort=group,
            enrolment=enrolment,
            person=person,
            invited_as=[name for name in dict.fromkeys(invited) if name != person.name],
            programme=programme_of(session, enrolment),
            proof=proof,
            certificate=certificate,
            decided=decided_about(
                session, enrolment_id=enrolment.id, titles={key: leaf.title for key, leaf in leaves.items()}
            ),
            waivers=[
                (leaf, one)
                for one in granted
                if one.waits and (leaf := leaves.get((one.kind, one.slug))) and not leaf.met
            ],
            signing=next(
                (
                    one
                    for one in waiting(session, programmes=frozenset({enrolment.programme}))
                    if one.enrolment_id == enrolment.id
                ),
                None,
            ),
            failing=[one for one in ordered(session, public_ids=(certificate.public_id,)) if one.problem]
            if certificate
            else [],
            again=again(session, enrolment=enrolment, now=now),
            now=now,
            status=holds.word if holds else "",
            ending=ending_of(holds, now=now) if holds else None,
            decides=group.programme in programmes_where(Role.DIRECTOR) and not aside,
            stands_aside=aside,
            others=bool(
                others_who_decide(session, programme=group.programme, about_id=enrolment.person_id, but=me().id)
            ),
            ended=has_ended(session, enrolment),
            studies=trainee_role_of(session, person_id=enrolment.person_id, programme=group.programme),
            notes=shared_notes(session, programmes=programmes_where(Role.DIRECTOR), enrolment_id=enrolment.id),
            form=form,
            limits=limits,
            time_form=time_form,
            changed=changed,
        )
    return show(page, 409 if changed else 422 if form.errors or time_form.errors else 200)


def _confer(enrolment_id: str, seen: str) -> str:
    """Keep the decision; the worker issues the certificate. A second click finds it decided.

    Returns:
        The name of another director who had decided so before, or "".
    """
    now = utc_now()
    with transaction() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=programmes_where(Role.DIRECTOR))
        kept = services.confer(session, enrolment=enrolment, director=me(), settings=settings(), now=now, seen=seen)
        return "" if kept.decided_by == me().id else session.get_one(Person, kept.decided_by).name


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """Let an invited person in: with a new account, or with the one they have."""
    now = utc_now()
    with reading() as session:
        invitation = accounts.open_invitation(session, token=token, now=now)
        known = person_by_email(session, invitation.email)
        cohort = session.get(Cohort, invitation.cohort_id) if invitation.cohort_id else None
        title = programme_of(session, cohort).title if cohort else title_of(session, programme=invitation.programme)
    here = current_user.is_authenticated and me().email == invitation.email
    form = WelcomeForm(email=invitation.email, name=invitation.name, about=(title,), data={"name": invitation.name})
    if invitation.role is not Role.TRAINEE:
        form.name.description = gettext("As others here read it, beside what you decide.")
    page = JoinPage(
        invitation=invitation,
        programme=title,
        cohort=cohort,
        form=form,
        known=known is not None,
        signed_in_as_invited=here,
    )
    if request.method == "GET":
        return show(page)
    if current_user.is_authenticated and me().id == invitation.invited_by:
        raise Refused(
            f"You wrote this invitation. Send the link to {invitation.name}, who opens it where they are signed in."
        )
    if known is not None:
        return _admit_known(token, page)
    if not form.validate_on_submit():
        return show(page, 422)
    password_hash = hashed(form.password.data)  # before the transaction, which others wait for
    with transaction() as session:
        invitation = accounts.open_invitation(session, token=token, now=now, to_use=True)
        person = services.join(
            session, invitation=invitation, name=form.name.data, password_hash=password_hash, now=now
        )
    enter(person)
    flash(gettext("Welcome. Your account has been made, and you are signed in."))
    return redirect(url_for("requirements.home"), code=303)


def _admit_known(token: str, page: JoinPage) -> ResponseReturnValue:
    if not page.signed_in_as_invited:
        raise Refused("There is already an account with this address. Sign in with it, then open the invitation again.")
    now = utc_now()
    with transaction() as session:
        invitation = accounts.open_invitation(session, token=token, now=now, to_use=True)
        person = session.get(Person, me().id)
        if person is None:
            raise Missing("This account no longer exists.")
        services.admit(session, invitation=invitation, person=person, now=now)
    flash(gettext("You have joined."))
    return redirect(url_for("requirements.home"), code=303)
