"""The director's desk: who is where, who waits for a decision; and the door for the invited."""

from collections.abc import Sequence
from dataclasses import replace

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from trainer.accounts import services as accounts
from trainer.accounts.access import enter, me, only, programmes_where, public
from trainer.accounts.models import Person
from trainer.accounts.passwords import hashed
from trainer.accounts.powers import roles_given_by
from trainer.accounts.queries import (
    check_may_decide,
    invitations_to,
    names_of,
    others_who_decide,
    person_by_email,
    stands_aside,
)
from trainer.accounts.words import Role
from trainer.audit.queries import latest
from trainer.audit.words import NotedLook
from trainer.cases.afterwards.queries import shared_notes
from trainer.cases.pacing.services import decide_time
from trainer.cases.runs.queries import TimeDecision as TimeGranted
from trainer.cases.runs.queries import decisions_about_time
from trainer.certificates.documents.queries import documents_ordered
from trainer.certificates.queries import certificate_of, waiting
from trainer.certificates.tasks import Waiting
from trainer.chances.granted import GrantedChance
from trainer.chances.queries import granted_by_enrolment, waivers_for
from trainer.clock import utc_now
from trainer.cohorts import queries, services
from trainer.cohorts.decisions.queries import Decided, again, decided_about
from trainer.cohorts.forms import (
    REASON_MISSING,
    CohortChangeForm,
    CohortForm,
    ConferForm,
    InviteForm,
    PlaceForm,
    TimeForm,
    WelcomeForm,
)
from trainer.cohorts.pages import ChangePage, CohortPage, DeskPage, JoinPage, NewCohortPage, PlacePage, RecordPage
from trainer.cohorts.queries import cohort_for, enrolment_in
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.queries import cohort_of, has_ended, newest_release
from trainer.errors import Missing, Refused, Stale
from trainer.health.queries import pulse
from trainer.lifecycle.queries import pending_in
from trainer.quizzes.queries import sent_exams
from trainer.registry.queries import status_at
from trainer.requirements.catalogue import catalogue_of
from trainer.requirements.queries import programme_of, proof_for
from trainer.requirements.rules import Proof, leaves
from trainer.staff.access import tell_link, told_link
from trainer.staff.invitations.queries import invited_into
from trainer.staff.queries import official_in, title_in_newest_release, trainee_role_of
from trainer.trail.access import looked
from trainer.web import Session, reading, settings, transaction
from trainer.web.pages import ask, asked_again, show
from trainer.windows.opening import exam_windows
from trainer.windows.queries import windows_of

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
        names = names_of(session, ids={act.actor_id for act in acts if act.actor_id})
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
            programmes=[(slug, title_in_newest_release(session, programme=slug)) for slug in sorted(my_programmes())],
            acts=[(act, names.get(act.actor_id or "", "")) for act in acts],
        )
    return show(page)


def _waivers(
    session: Session, rows: Sequence[queries.CohortRow]
) -> Sequence[tuple[queries.CohortRow, Proof, GrantedChance]]:
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
    flash("The cohort has been created. Invite the first people below.")
    return redirect(url_for(".cohort", cohort_id=cohort.id), code=303)


@bp.route("/desk/cohorts/<cohort_id>/change", methods=["GET", "POST"])
@only(*DESK)
@asked_again(Stale)
def change_cohort(cohort_id: str, changed: str = "") -> ResponseReturnValue:
    """Call a cohort otherwise, date it anew, put it into the archive or take it out."""
    page = _change_page(cohort_id, changed)
    form = page.form
    if changed or not form.validate_on_submit():
        return ask(page)
    try:
        with transaction() as session:
            services.change_cohort(
                session,
                cohort=cohort_for(session, cohort_id=cohort_id, programmes=my_programmes()),
                to=form.terms,
                reason=form.reason.data,
                seen=form.mark,
                by=me().id,
                now=utc_now(),
            )
    except Stale:
        raise
    except Refused as refusal:
        form.name.errors = [str(refusal)]
        return show(page, 422)
    flash("Your changes have been saved.")
    return redirect(url_for(".cohort", cohort_id=page.cohort.id), code=303)


def _change_page(cohort_id: str, changed: str) -> ChangePage:
    with reading() as session:
        found = cohort_for(session, cohort_id=cohort_id, programmes=my_programmes())
        changes = queries.changes_of_cohort(session, cohort=found)
    holds = {"name": found.name, "starts_on": found.starts_on, "archived": found.archived_at is not None}
    form = CohortChangeForm(data=holds).shows(len(changes), anew=bool(changed))
    return ChangePage(cohort=found, form=form, changes=changes, changed=changed)


@bp.route("/desk/people/<enrolment_id>/place", methods=["GET", "POST"])
@only(*DESK)
@asked_again(Stale)
def place(enrolment_id: str, changed: str = "") -> ResponseReturnValue:
    """Ask for the reason; then end somebody's place in a cohort, or give it back."""
    page = _place_page(enrolment_id, changed)
    form = page.form
    if changed or not form.validate_on_submit():
        return ask(page)
    with transaction() as session:
        services.decide_place(
            session,
            enrolment=enrolment_in(session, enrolment_id=enrolment_id, programmes=my_programmes()),
            ended=bool(form.ended.data),
            reason=form.reason.data,
            seen=form.mark,
            by=me().id,
            now=utc_now(),
        )
    flash("The place has ended." if form.ended.data else "The place has been given back.")
    return redirect(url_for(".record", enrolment_id=enrolment_id), code=303)


def _place_page(enrolment_id: str, changed: str) -> PlacePage:
    with reading() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=my_programmes())
        check_may_decide(session, decider_id=me().id, about_id=enrolment.person_id)
        ended = has_ended(session, enrolment)
        changes = queries.changes_of_place(session, enrolment=enrolment)
        form = PlaceForm(data={"ended": "" if ended else "y"}).shows(len(changes), anew=bool(changed))
        if changed:  # what can be decided by now
            form.ended.data = "" if ended else "y"
        return PlacePage(
            cohort=cohort_of(session, enrolment),
            enrolment=enrolment,
            person=session.get_one(Person, enrolment.person_id),
            ended=ended,
            changes=changes,
            form=form,
            changed=changed,
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
        if known and form.nevertheless.data and not form.reason.data:
            form.reason.errors = [REASON_MISSING]
        if known and not (form.nevertheless.data and form.reason.data):
            return show(replace(_cohort_page(found, form), known=known), 422)
        try:
            with transaction() as session:
                _, token = services.invite_to(
                    session,
                    cohort=found,
                    name=form.name.data,
                    email=form.email.data,
                    by=me().id,
                    now=utc_now(),
                    although=form.reason.data if known else "",
                )
            tell_link(token, form.name.data)
            return redirect(url_for(".cohort", cohort_id=cohort_id), code=303)  # reloading invites nobody again
        except Refused as refusal:
            form.email.errors = [str(refusal)]
    return show(replace(_cohort_page(found, form), known=known), 422 if form.errors else 200)


def _cohort_page(found: Cohort, form: InviteForm) -> CohortPage:
    now = utc_now()
    with reading() as session:
        rows = queries.rows_of_cohort(session, cohort=found, now=now)
        programme, windows = programme_of(session, found), windows_of(session, cohort_id=found.id)
        titles = {leaf.slug: leaf.title for leaf in leaves(programme.needs) if leaf.slug in windows}
        return CohortPage(
            cohort=found,
            programme=programme,
            windows=exam_windows(windows, titles, now=now),
            rows=rows,
            columns=rows[0].proof.leaves() if rows else (),
            signing=[
                task
                for task in waiting(session, programmes=frozenset({found.programme}))
                if any(row.enrolment_id == task.enrolment_id for row in rows)
            ],
            decides=found.programme in programmes_where(Role.DIRECTOR),
            now=now,
            invitations=invited_into(session, programme=found.programme, cohort_id=found.id, now=now),
            gives=roles_given_by(official_in(session, person_id=me().id, programme=found.programme)),
            seen=queries.seen_of_people(session, enrolment_ids=[row.enrolment_id for row in rows if row.waits]),
            form=form,
            ticked=MOST_AT_ONCE if "everybody" in request.args else 0,
            most=MOST_AT_ONCE,
            link=told_link("link"),
            invited=told_link("invited"),
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
    flash(
        f"{len(ticked)} certificate has been conferred."
        if len(ticked) == 1
        else f"{len(ticked)} certificates have been conferred."
    )
    return redirect(url_for(".cohort", cohort_id=cohort_id), code=303)


def _not_conferred(cohort: Cohort, sentence: str) -> ResponseReturnValue:
    """Say on the cohort's own page what was not decided."""
    return show(replace(_cohort_page(cohort, InviteForm(formdata=None)), problem=sentence), 409)


@bp.route("/desk/people/<enrolment_id>", methods=["GET", "POST"])
@only(*DESK)
@asked_again(Stale)
def record(enrolment_id: str, changed: str = "") -> ResponseReturnValue:
    """Show one record; confer when the director decides so."""
    if changed:
        return _record(enrolment_id, ConferForm(formdata=None), None, changed=changed)
    form = ConferForm()
    if form.validate_on_submit():
        before = _confer(enrolment_id, form.mark)
        flash(
            f"{before} had conferred already. Nothing more was decided."
            if before
            else "Conferred. The certificate is being signed."
        )
        return redirect(url_for(".record", enrolment_id=enrolment_id), code=303)
    with reading() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=my_programmes())
        person = session.get_one(Person, enrolment.person_id)
    if person.id != me().id:
        looked(NotedLook.RECORD, programme=enrolment.programme, subject=person.name, detail=f"record {enrolment.id}")
    return _record(enrolment_id, form, None)


@bp.post("/desk/people/<enrolment_id>/time")
@only(Role.DIRECTOR)
@asked_again(Stale)
def time_limits(enrolment_id: str, changed: str = "") -> ResponseReturnValue:
    """Keep a decision about the time limits of one trainee."""
    form = TimeForm()
    if changed or not form.validate_on_submit():
        return _record(enrolment_id, ConferForm(formdata=None), form, changed=changed)
    with transaction() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=programmes_where(Role.DIRECTOR))
        decide_time(
            session,
            enrolment=enrolment,
            factor=form.factor.data,
            reason=form.reason.data,
            seen=form.mark,
            by=me().id,
            now=utc_now(),
        )
    flash("The decision about time limits has been saved.")
    return redirect(url_for(".record", enrolment_id=enrolment_id), code=303)


def _record(
    enrolment_id: str, form: ConferForm, time_form: TimeForm | None, *, changed: str = ""
) -> ResponseReturnValue:
    now = utc_now()
    with reading() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=my_programmes())
        person, mine = session.get_one(Person, enrolment.person_id), programmes_where(Role.DIRECTOR)
        certificate = certificate_of(session, enrolment_id=enrolment.id)
        aside = person.id in stands_aside(session, person_id=me().id)
        limits = decisions_about_time(session, enrolment_id=enrolment.id)
        proof = proof_for(session, enrolment=enrolment, now=now)
        form.shows(queries.seen_of_people(session, enrolment_ids=[enrolment.id])[enrolment.id])
        page = RecordPage(
            cohort=cohort_of(session, enrolment),
            enrolment=enrolment,
            person=person,
            invited_as=_other_names(session, person),
            programme=programme_of(session, enrolment),
            proof=proof,
            certificate=certificate,
            holds=status_at(session, public_id=certificate.public_id, now=now) if certificate else None,
            decided=_decided(session, enrolment, proof),
            granted=granted_by_enrolment(session, enrolment_ids=[enrolment.id]).get(enrolment.id, ()),
            signing=_signing(session, enrolment),
            documents=documents_ordered(session, public_ids=(certificate.public_id,)) if certificate else (),
            again=again(session, enrolment=enrolment, now=now),
            now=now,
            decides=enrolment.programme in mine and not aside,
            stands_aside=aside,
            others=bool(_others(session, enrolment)),
            ended=has_ended(session, enrolment),
            studies=trainee_role_of(session, person_id=person.id, programme=enrolment.programme),
            exams=sent_exams(session, enrolment=enrolment) if enrolment.programme in mine else (),
            notes=shared_notes(session, programmes=mine, enrolment_id=enrolment.id),
            form=form,
            limits=limits,
            time_form=(time_form or _time_form(limits)).shows(len(limits), anew=bool(changed)),
            changed=changed,
        )
    return ask(page)


def _decided(session: Session, enrolment: Enrolment, proof: Proof) -> Sequence[Decided]:
    """Return what was decided about somebody, the newest first."""
    titles = {(str(leaf.kind), leaf.slug): leaf.title for leaf in proof.leaves()}
    return decided_about(session, enrolment_id=enrolment.id, titles=titles)


def _others(session: Session, enrolment: Enrolment) -> Sequence[str]:
    """Return who else may decide about somebody."""
    programme, about_id = enrolment.programme, enrolment.person_id
    return others_who_decide(session, programme=programme, about_id=about_id, but=me().id)


def _other_names(session: Session, person: Person) -> Sequence[str]:
    """Return the other names under which somebody was invited."""
    invited = [invitation.name for invitation in invitations_to(session, person=person)]
    return [name for name in dict.fromkeys(invited) if name != person.name]


def _signing(session: Session, enrolment: Enrolment) -> Waiting | None:
    """Return the decision about somebody that waits to be signed, if there is one."""
    signing = waiting(session, programmes=frozenset({enrolment.programme}))
    return next((task for task in signing if task.enrolment_id == enrolment.id), None)


def _time_form(limits: Sequence[TimeGranted]) -> TimeForm:
    """Return the form about time limits, open at what holds."""
    return TimeForm(formdata=None, data={"factor": limits[0].decision.factor if limits else 100})


def _confer(enrolment_id: str, seen: str) -> str:
    """Keep the decision; the worker issues the certificate. A second click finds it decided.

    Returns:
        The name of another director who had decided so before, or "".
    """
    now = utc_now()
    with transaction() as session:
        enrolment = enrolment_in(session, enrolment_id=enrolment_id, programmes=programmes_where(Role.DIRECTOR))
        kept = services.confer_on_enrolment(
            session, enrolment=enrolment, director=me(), settings=settings(), now=now, seen=seen
        )
        return "" if kept.decided_by == me().id else session.get_one(Person, kept.decided_by).name


@bp.route("/invitations/<token>", methods=["GET", "POST"])
@public
def join(token: str) -> ResponseReturnValue:
    """Let an invited person in: with a new account, or with the one they have."""
    page = _join_page(token)
    if request.method == "GET":
        return show(page)
    if current_user.is_authenticated and me().id == page.invitation.invited_by:
        raise Refused(
            f"You wrote this invitation. Send the link to {page.invitation.name}, who opens it where they are signed "
            "in."
        )
    if page.known:
        return _admit_known(token, page)
    if not page.form.validate_on_submit():
        return show(page, 422)
    password_hash, now = hashed(page.form.password.data), utc_now()  # before the transaction, which others wait for
    with transaction() as session:
        invitation = accounts.open_invitation(session, token=token, now=now, to_use=True)
        person = services.join(
            session, invitation=invitation, name=page.form.name.data, password_hash=password_hash, now=now
        )
    enter(person)
    flash("Welcome. Your account has been made, and you are signed in.")
    return redirect(url_for("requirements.home"), code=303)


def _join_page(token: str) -> JoinPage:
    with reading() as session:
        invitation = accounts.open_invitation(session, token=token, now=utc_now())
        known = person_by_email(session, invitation.email)
        cohort = session.get(Cohort, invitation.cohort_id) if invitation.cohort_id else None
        title = (
            programme_of(session, cohort).title
            if cohort
            else title_in_newest_release(session, programme=invitation.programme)
        )
    form = WelcomeForm(email=invitation.email, name=invitation.name, about=(title,), data={"name": invitation.name})
    if invitation.role is not Role.TRAINEE:
        form.name.description = "As others here read it, beside what you decide."
    return JoinPage(
        invitation=invitation,
        programme=title,
        cohort=cohort,
        form=form,
        known=known is not None,
        signed_in_as_invited=current_user.is_authenticated and me().email == invitation.email,
    )


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
    flash("You have joined.")
    return redirect(url_for("requirements.home"), code=303)
