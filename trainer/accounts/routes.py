"""Sign in, sign out, my account."""

from math import ceil

from flask import Blueprint, Response, current_app, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, logout_user
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import BadRequest

from trainer.accounts import services
from trainer.accounts.access import (
    SignInEnded,
    enter,
    lifetime,
    me,
    public,
    renew_session,
    signed_in,
    visitor,
    what_was_sent,
    who_left_this_form,
)
from trainer.accounts.door import services as door
from trainer.accounts.door.access import sign_in_try
from trainer.accounts.door.attempt import Attempt
from trainer.accounts.email_addresses import kept
from trainer.accounts.forms import ChangePasswordForm, SignInForm, typed_fields
from trainer.accounts.models import Person
from trainer.accounts.pages import CarriedPage, DiscardedPage, MyAccountPage, SignInPage
from trainer.accounts.passwords import FOR_STRANGERS, FOR_THE_KNOWN, PasswordCheck, check_password, hashed
from trainer.accounts.queries import identity_changes, open_sign_ins, people_to_ask, person_at_the_door
from trainer.accounts.unsent_words import seal_words, unsealed
from trainer.audit.services import note
from trainer.clock import utc_now
from trainer.errors import Busy, Refused
from trainer.web import Session, reading, settings, transaction
from trainer.web.addresses_above import PageAbove, address_above
from trainer.web.pages import show
from trainer.web.returning import safe_next

bp = Blueprint("accounts", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Ask for address and password; go on to where the person wanted to be."""
    form = SignInForm(next=request.args.get("next", ""))
    if current_user.is_authenticated and request.method == "GET":
        return redirect(_onwards(form), code=303)
    if not form.validate_on_submit():
        return show(SignInPage(form=form), 422 if form.errors else 200)
    with reading() as looking:
        person = person_at_the_door(looking, form.email.data)
    wait, answer = _try(sign_in_try(person.email if person else kept(form.email.data)), person, form.password.data)
    if wait:
        return _later(show(SignInPage(form=form, wait=wait), 429), wait)
    if person is None or not answer.right:
        form.password.errors = ["This address and password do not fit together."]
        return show(SignInPage(form=form), 422)
    enter(person)
    if sent := unsealed(form.carried.data, secret=settings().secret_key, person_id=person.id):
        return show(CarriedPage(carried=sent, words=typed_fields([(field.name, field.text) for field in sent.fields])))
    if form.carried.data:
        return show(DiscardedPage())
    return redirect(_onwards(form), code=303)


def _onwards(form: SignInForm) -> str:
    return safe_next(form.next.data) or address_above(PageAbove.HOME)


@bp.app_errorhandler(SignInEnded)
def ask_again(ended: SignInEnded) -> ResponseReturnValue:
    """Ask whoever sent a form too late to sign in, and carry along what was in it."""
    form = SignInForm(formdata=None, carried=seal_words(ended.what, secret=settings().secret_key))
    return show(SignInPage(form=form), 401)


@bp.app_errorhandler(CSRFError)
def out_of_date(_error: CSRFError) -> ResponseReturnValue:
    """Keep what somebody sent from a tab that was open when they signed out in another; refuse any other form."""
    person_id = who_left_this_form()
    if person_id is None:
        return current_app.handle_user_exception(BadRequest())
    if not current_user.is_authenticated:
        return ask_again(SignInEnded(what_was_sent(person_id)))
    return current_app.handle_user_exception(
        Refused(
            "Somebody else has signed in on this browser since that page was opened, so nothing of it was saved. "
            "Your browser still has your words: go back, copy them, and sign in as yourself before you send them."
        )
    )


def _try(attempt: Attempt, person: Person | None, password: str) -> tuple[int, PasswordCheck]:
    """Compare a password; return the seconds to wait before it may be compared, and whether it was right.

    The comparison takes its time, so it stands between two short transactions, in which nobody waits for it.

    Raises:
        Busy: too many passwords are compared at this moment.
    """
    with transaction() as writing:
        wait = door.knock(writing, attempt=attempt, now=utc_now())
    if wait:
        return ceil(wait.total_seconds()), PasswordCheck(right=False)
    try:
        answer = check_password(
            password, person.password_hash if person else None, FOR_THE_KNOWN if attempt.device else FOR_STRANGERS
        )
    except Busy:
        with transaction() as writing:
            door.step_back(writing, attempt=attempt, now=utc_now())
        raise
    with transaction() as writing:
        if answer.right:
            door.welcome(writing, attempt=attempt, now=utc_now())
        elif door.turn_away(writing, attempt=attempt, now=utc_now()) and person:
            _write_down(writing, person, act="slow down wrong passwords", by=None)
        if person and answer.renewed:
            services.renew_hash(writing, person=person, renewed=answer.renewed)
    return 0, answer


def _write_down(writing: Session, person: Person, *, act: str, by: Person | None) -> None:
    """Note in every programme of a person what happened to their account."""
    for programme in services.programmes_concerned(person):
        note(
            writing,
            actor_id=by.id if by else None,
            programme=programme,
            act=act,
            subject=person.email,
            now=utc_now(),
        )


def _later(response: Response, seconds: int) -> Response:
    response.headers["Retry-After"] = str(seconds)
    return response


@bp.post("/sign-out")
@public
def sign_out() -> ResponseReturnValue:
    """End this sign-in; harmless when there is none. The browser is asked to forget what it showed."""
    if current_user.is_authenticated:
        with transaction() as writing:
            services.end_sign_in(writing, person_id=me().id, sign_in_id=visitor().sign_in_id, now=utc_now())
    renew_session()
    logout_user()
    flash("You are signed out.")
    answer = redirect(address_above(PageAbove.HOME), code=303)
    answer.headers["Clear-Site-Data"] = '"cache"'
    return answer


@bp.route("/account", methods=["GET", "POST"])
@signed_in
def account() -> ResponseReturnValue:
    """Show where I am signed in; change my password."""
    person = me()
    form = ChangePasswordForm(email=person.email, name=person.name)
    wait, saved = 0, False
    if form.validate_on_submit():
        here = Attempt(account=person.email, address=request.remote_addr or "", device=visitor().sign_in_id)
        wait, answer = _try(here, person, form.current.data)
        if answer.right:
            _change_password(person, form.password.data)
            saved = True
        elif not wait:
            form.current.errors = ["That is not your current password."]
    with reading() as looking:
        page = MyAccountPage(
            person=person,
            sign_ins=open_sign_ins(looking, person_id=person.id, lifetime=lifetime(), now=utc_now()),
            here=visitor().sign_in_id,
            form=form,
            changes=identity_changes(looking, person_id=person.id),
            asked=[each for each in people_to_ask(looking, person_id=person.id) if each.corrects],
            saved=saved,
            wait=wait,
        )
        if wait:
            return _later(show(page, 429), wait)
        return show(page, 422 if form.errors else 200)


def _change_password(person: Person, password: str) -> None:
    password_hash, now = hashed(password), utc_now()
    with transaction() as writing:
        services.change_password(
            writing, person_id=person.id, password_hash=password_hash, keep=visitor().sign_in_id, now=now
        )
        _write_down(writing, person, act="change password", by=person)


@bp.post("/account/sign-ins/<sign_in_id>/end")
@signed_in
def end_sign_in(sign_in_id: str) -> ResponseReturnValue:
    """Sign out in one other place."""
    with transaction() as writing:
        services.end_sign_in(writing, person_id=me().id, sign_in_id=sign_in_id, now=utc_now())
        _write_down(writing, me(), act="sign out elsewhere", by=me())
    flash("You are signed out there.")
    return redirect(url_for(".account"), code=303)


@bp.post("/account/sign-ins/end-others")
@signed_in
def end_others() -> ResponseReturnValue:
    """Sign out everywhere else."""
    with transaction() as writing:
        services.end_other_sign_ins(writing, person_id=me().id, keep=visitor().sign_in_id, now=utc_now())
        _write_down(writing, me(), act="sign out everywhere else", by=me())
    flash("You are signed out everywhere else.")
    return redirect(url_for(".account"), code=303)
