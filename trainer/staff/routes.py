"""Who acts for a programme: look, give a role, end it, close an account."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, programmes_where
from trainer.accounts.powers import STAFF, objection_to_ending, roles_given_by
from trainer.accounts.queries import is_closed
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.errors import Missing, Refused, Stale
from trainer.staff import queries, services
from trainer.staff.access import tell_link, told_link
from trainer.staff.closing import services as closing
from trainer.staff.closing.queries import account_in, objection_to_closing, seen_of_account
from trainer.staff.forms import GiveForm, ReasonForm
from trainer.staff.invitations.queries import invited_into
from trainer.staff.pages import CloseAccountPage, EndedPage, EndPage, StaffPage
from trainer.staff.queries import (
    check_may_end,
    known_in,
    leaves_no_examiner,
    official_in,
    role_in,
    title_in_newest_release,
)
from trainer.web import Session, reading, transaction
from trainer.web.pages import ask, asked_again, show

bp = Blueprint("staff", __name__)

DESK = (Role.DIRECTOR, Role.ADMINISTRATOR)


def _my_programmes() -> frozenset[str]:
    return programmes_where(Role.DIRECTOR) | programmes_where(Role.ADMINISTRATOR)


@bp.route("/desk/staff/<programme>", methods=["GET", "POST"])
@only(*DESK)
def staff(programme: str) -> ResponseReturnValue:
    """Show who has which role; give a role to somebody whom the programme knows, or invite somebody into it."""
    if programme not in _my_programmes():
        raise Missing("There is no such programme among yours.")
    form = GiveForm()
    with reading() as session:
        official = official_in(session, person_id=me().id, programme=programme)
    form.offer(roles_given_by(official) & STAFF)
    if form.validate_on_submit():
        try:
            _give_or_invite(programme, form)
            return redirect(url_for(".staff", programme=programme), code=303)
        except Refused as refusal:
            form.email.errors = [str(refusal)]
    with reading() as session:
        page = _staff_page(session, programme, form)
    return show(page, 422 if form.errors else 200)


def _give_or_invite(programme: str, form: GiveForm) -> None:
    role, now = Role(form.role.data), utc_now()
    with transaction() as session:
        known = known_in(session, email=form.email.data, programme=programme)
        if known:
            services.give(session, person=known, programme=programme, role=role, by=me().id, now=now)
            token = ""
        else:
            invitee = services.Invitee(name=form.name.data, email=form.email.data, role=role)
            _, token = services.invite(session, programme=programme, invitee=invitee, by=me().id, now=now)
    if known:
        flash(known.name, "given")
    else:
        tell_link(token, form.name.data)


def _staff_page(session: Session, programme: str, form: GiveForm) -> StaffPage:
    held = queries.roles_in(session, programme=programme)
    roles = [membership.membership for membership in held if membership.end is None]
    official = official_in(session, person_id=me().id, programme=programme)
    return StaffPage(
        programme=programme,
        title=title_in_newest_release(session, programme=programme),
        held=held,
        mine_to_end=frozenset(
            role.id
            for role in roles
            if not objection_to_ending(
                official, role.role, of=role.person_id, left=sum(office.role is role.role for office in roles) - 1
            )
        ),
        administers=Role.ADMINISTRATOR in official.roles,
        me=me(),
        invitations=invited_into(session, programme=programme, now=utc_now()),
        gives=roles_given_by(official),
        form=form,
        given=told_link("given"),
        invited=told_link("invited"),
        link=told_link("link"),
    )


@bp.route("/desk/roles/<number>/end", methods=["GET", "POST"])
@only(Role.DIRECTOR, Role.ADMINISTRATOR, Role.SUPERVISOR)
def end(number: str) -> ResponseReturnValue:
    """Ask for the reason; then end the role. A second click finds it ended; a second person is told who ended it."""
    form, mine = ReasonForm(), _my_programmes() | programmes_where(Role.SUPERVISOR)
    with reading() as session:
        gone = queries.ended_role(session, number=number, programmes=_my_programmes())
    if gone and gone.end:
        if request.method == "POST" and gone.end.ended_by == me().id:
            return redirect(url_for(".staff", programme=gone.membership.programme), code=303)
        return show(EndedPage(one=gone), 409 if request.method == "POST" else 200)
    with reading() as session:
        membership, person = role_in(session, number=number, programmes=mine)
        check_may_end(session, membership=membership, by=me().id)
        last = leaves_no_examiner(session, membership=membership)
    own = person.id == me().id
    if not form.validate_on_submit():
        page = EndPage(membership=membership, person=person, own=own, leaves_no_examiner=last, form=form)
        return show(page, 422 if form.errors else 200)
    with transaction() as session:
        membership, _ = role_in(session, number=number, programmes=mine)
        services.end_role(session, membership=membership, by=me().id, reason=form.reason.data, now=utc_now())
    if own:
        flash(f"Your role as {membership.role.value} has ended.")
        return redirect(url_for("requirements.home"), code=303)
    flash(f"The role of {person.name} has ended.")
    return redirect(url_for(".staff", programme=membership.programme), code=303)


@bp.get("/people/<person_id>/account")
@only(Role.ADMINISTRATOR)
def account(person_id: str) -> ResponseReturnValue:
    """Show whether somebody can sign in, and every decision about that."""
    return _account(person_id, ReasonForm())


@bp.post("/people/<person_id>/closing")
@only(Role.ADMINISTRATOR)
@asked_again(Stale)
def close_account(person_id: str, changed: str = "") -> ResponseReturnValue:
    """Close an account for a reason; it ends every role and every sign-in."""
    return _decide_account(person_id, closing.close_account, changed)


@bp.post("/people/<person_id>/opening")
@only(Role.ADMINISTRATOR)
@asked_again(Stale)
def open_account(person_id: str, changed: str = "") -> ResponseReturnValue:
    """Open an account again for a reason."""
    return _decide_account(person_id, closing.open_account, changed)


def _decide_account(person_id: str, decide: Callable[..., None], changed: str) -> ResponseReturnValue:
    form = ReasonForm()
    if changed or not form.validate_on_submit():
        return _account(person_id, form, changed=changed)
    with transaction() as session:
        person = account_in(session, person_id=person_id, administrator=me())
        decide(session, person=person, by=me().id, reason=form.reason.data, seen=form.mark, now=utc_now())
    return redirect(url_for(".account", person_id=person_id), code=303)


def _account(person_id: str, form: ReasonForm, *, changed: str = "") -> ResponseReturnValue:
    with reading() as session:
        person = account_in(session, person_id=person_id, administrator=me())
        page = CloseAccountPage(
            person=person,
            closed=is_closed(session, person_id=person.id),
            objection=objection_to_closing(session, person=person, by=me().id),
            changes=queries.account_changes(session, person_id=person.id),
            form=form.shows(seen_of_account(session, person=person), anew=bool(changed)),
            changed=changed,
        )
    return ask(page)
