"""Sign in, sign out, my account."""

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user, login_user, logout_user

from trainer.accounts import services
from trainer.accounts.access import Visitor, me, public, safe_next, signed_in, visitor
from trainer.accounts.forms import ChangePasswordForm, SignInForm
from trainer.accounts.models import Person
from trainer.accounts.pages import AccountPage, SignInPage
from trainer.clock import utc_now
from trainer.errors import Refused
from trainer.web import reading, transaction
from trainer.web.pages import show

bp = Blueprint("accounts", __name__)


def enter(person: Person) -> None:
    """Sign the person in on this browser."""
    with transaction() as session:
        token = services.start_sign_in(
            session, person_id=person.id, browser=request.user_agent.string or _("unknown browser"), now=utc_now()
        )
    login_user(Visitor(person=person, sign_in_id="", token=token))


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for address and password; go on to where the person wanted to be."""
    form = SignInForm(next=request.args.get("next", ""))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(safe_next(form.next.data) or url_for("requirements.home"), code=303)
    if not form.validate_on_submit():
        return show(SignInPage(form=form), 422 if form.errors else 200)
    try:
        with transaction() as session:
            person = services.check_password(
                session,
                email=form.email.data,
                password=form.password.data,
                network=request.remote_addr or "",
                now=utc_now(),
            )
    except Refused as refusal:
        return show(SignInPage(form=form, problem=str(refusal)), 429)
    if person is None:
        return show(SignInPage(form=form, problem=_("This address and password do not fit together.")), 422)
    enter(person)
    return redirect(safe_next(form.next.data) or url_for("requirements.home"), code=303)


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this sign-in; harmless when there is none."""
    if current_user.is_authenticated:
        with transaction() as session:
            services.end_sign_in(session, person_id=me().id, sign_in_id=visitor().sign_in_id, now=utc_now())
        logout_user()
    return redirect(url_for("requirements.home"), code=303)


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Show where I am signed in; change my password."""
    person = me()
    form = ChangePasswordForm(email=person.email, name=person.name)
    saved = False
    if form.validate_on_submit():
        with transaction() as session:
            known = services.check_password(
                session,
                email=person.email,
                password=form.current.data,
                network=request.remote_addr or "",
                now=utc_now(),
            )
            if known:
                services.change_password(
                    session,
                    person_id=person.id,
                    password=form.password.data,
                    keep=visitor().sign_in_id,
                    now=utc_now(),
                )
        saved = known is not None
        if not saved:
            form.current.errors = [_("That is not your password until now.")]
    with reading() as session:
        page = AccountPage(
            person=person,
            sign_ins=services.open_sign_ins(session, person_id=person.id),
            here=visitor().sign_in_id,
            form=form,
            saved=saved,
        )
        return show(page, 422 if form.errors else 200)


@bp.post("/account/sign-ins/<sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: str) -> ResponseReturnValue:
    """Sign out in one other place."""
    with transaction() as session:
        services.end_sign_in(session, person_id=me().id, sign_in_id=sign_in_id, now=utc_now())
    return redirect(url_for(".account"), code=303)


@bp.post("/account/sign-ins/end-others")
@signed_in
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    with transaction() as session:
        services.end_other_sign_ins(session, person_id=me().id, keep=visitor().sign_in_id, now=utc_now())
    return redirect(url_for(".account"), code=303)
