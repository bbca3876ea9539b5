"""Who may enter. Every view carries exactly one of `@public`, `@signed_in` or `@only(…)`."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import ParamSpec, TypeVar, cast

from flask import Flask, Response, after_this_request, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user
from flask_wtf.csrf import validate_csrf
from werkzeug.exceptions import Forbidden
from wtforms import ValidationError

from trainer.accounts import services
from trainer.accounts.door.access import remember
from trainer.accounts.lifetimes import Lifetime
from trainer.accounts.models import Person
from trainer.accounts.queries import person_once_behind, sign_in_behind
from trainer.accounts.unsent_words import Carried, carried
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.web import reading, settings, transaction
from trainer.web.returning import page_before

P = ParamSpec("P")
R = TypeVar("R")

LEFT_BY, LEFT_FORMS = "left_by", "left_forms"
"""In the cookie: the sign-in that was here before, and the token of its forms."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Visitor:
    """Somebody signed in, as Flask-Login wants to see them."""

    person: Person
    sign_in_id: str
    token: str

    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return the secret in the cookie, never the person's id."""
        return self.token

    def holds(self, role: str, programme: str | None = None) -> bool:
        """Say whether the person has the role, in this programme or in any."""
        return any(
            held.role == role and (programme is None or held.programme == programme) for held in self.person.memberships
        )


class SignInEnded(Exception):
    """A form arrived after the sign-in had ended; what was in it must not be lost."""

    def __init__(self, what: Carried) -> None:
        super().__init__(what.path)
        self.what = what


def me() -> Person:
    """Return the person who is signed in; only behind `@signed_in` or `@only`."""
    return cast(Visitor, current_user).person


def visitor() -> Visitor:
    """Return the person together with this sign-in."""
    return cast(Visitor, current_user._get_current_object())  # Flask-Login's proxy hides the value


def programmes_where(role: Role) -> frozenset[str]:
    """Return the programmes in which I hold the role."""
    return frozenset(held.programme for held in me().memberships if held.role == role)


def _guarded(view: Callable[P, R], guard: str) -> Callable[P, R]:
    view.guard = guard  # type: ignore[attr-defined]  # read by the test that walks every endpoint
    return view


def public(view: Callable[P, R]) -> Callable[P, R]:
    """Let anybody in."""
    return _guarded(view, "public")


def signed_in(view: Callable[P, R]) -> Callable[P, R]:
    """Let in whoever is signed in; the view itself looks whose thing it is."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not current_user.is_authenticated:
            return cast(R, _to_sign_in())
        return view(*args, **kwargs)

    return _guarded(guarded, "signed in")


def only(*roles: Role) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Let in whoever holds one of the roles in some programme; the view looks in which."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not current_user.is_authenticated:
                return cast(R, _to_sign_in())
            if not any(current_user.holds(role) for role in roles):
                raise Forbidden(
                    "This page needs another role than yours. If you should see it, ask your programme director."
                )
            return view(*args, **kwargs)

        return _guarded(guarded, "only " + ", ".join(roles))

    return guard


def _to_sign_in() -> ResponseReturnValue:
    if request.method == "GET":
        return redirect(url_for("accounts.sign_in", next=request.full_path.rstrip("?")), code=303)
    if (person_id := once_here()) and _wants_a_page():
        raise SignInEnded(what_was_sent(person_id))
    return redirect(url_for("accounts.sign_in"), code=303)


def what_was_sent(person_id: str) -> Carried:
    """Return the form that has just arrived, as sent by this person."""
    return carried(
        person_id=person_id,
        path=request.full_path.rstrip("?"),
        stood_on=page_before(),
        sent=request.form.items(multi=True),
        files=sum(1 for file in request.files.values() if file.filename),
    )


def once_here() -> str | None:
    """Return the id of the person who signed in on this browser last, even when that has ended.

    Another site cannot send a form in their name: without our cookie (SameSite) nobody was here.
    """
    return _person_behind(session.get("_user_id"))


def _person_behind(token: object) -> str | None:
    with reading() as looking:
        return person_once_behind(looking, token=token) if isinstance(token, str) else None


def renew_session(person_id: str | None = None) -> None:
    """Throw away everything in the cookie, the token of forms first of all.

    It remembers who was here and the token of their forms, which may still stand in other tabs: nothing is done with
    such a form, but it is not lost either. Whoever comes back finds their forms still good.

    Args:
        person_id: who signs in now, or None for nobody.
    """
    kept = {LEFT_BY: session.get("_user_id"), LEFT_FORMS: session.get("csrf_token")}
    if kept[LEFT_BY] is None:
        kept = {name: session.get(name) for name in kept}
    session.clear()
    g.pop("csrf_token", None)
    if person_id is not None and _person_behind(kept[LEFT_BY]) == person_id:
        session["csrf_token"] = kept[LEFT_FORMS]
    elif kept[LEFT_BY] is not None:
        session.update(kept)


def enter(person: Person) -> None:
    """Sign the person in on this browser, in place of whoever was signed in."""
    now = utc_now()
    with transaction() as writing:
        services.hold_unchanged(writing, person=person)
        services.end_outlived(writing, lifetime=lifetime(), now=now)
        if current_user.is_authenticated:
            services.end_sign_in(writing, person_id=me().id, sign_in_id=visitor().sign_in_id, now=now)
        token = services.start_sign_in(
            writing, person_id=person.id, browser=request.user_agent.string or "unknown browser", now=now
        )
    if once_here() != person.id:  # who comes back to their own browser finds the forms of other tabs still good
        renew_session(person.id)
    login_user(Visitor(person=person, sign_in_id="", token=token))
    after_this_request(lambda response: remember(response, person.email))


def who_left_this_form() -> str | None:
    """Return the id of whoever left this browser before this form arrived, if it stood on a page that we gave them."""
    try:
        validate_csrf(request.form.get("csrf_token"), token_key=LEFT_FORMS)
    except ValidationError:
        return None
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") in ("same-origin", "none")
    return _person_behind(session.get(LEFT_BY)) if ours and _wants_a_page() else None


def _wants_a_page() -> bool:
    """Say whether a person sees the answer, rather than one of our scripts."""
    by_hand = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    return by_hand and "application/json" not in request.accept_mimetypes.values()


def lifetime() -> Lifetime:
    """Return how long a sign-in lasts here."""
    return Lifetime(timedelta(days=settings().session_days), timedelta(days=settings().session_limit_days))


def _load(token: str) -> Visitor | None:
    now = utc_now()
    with reading() as looking:
        found = sign_in_behind(looking, token=token, lifetime=lifetime(), now=now)
    if found is None:
        return None
    sign_in, person = found
    if now - sign_in.seen_at > services.SEEN_EVERY:
        try:
            with transaction() as writing:
                services.note_seen(writing, sign_in_id=sign_in.id, now=now)
        except Exception:  # a full disk or a busy database must not keep anybody from reading
            log.warning("The last use of a sign-in could not be kept", exc_info=True)
    return Visitor(person=person, sign_in_id=sign_in.id, token=token)


def init_app(app: Flask) -> None:
    """Let Flask-Login find out who is there, and tell templates."""
    manager = LoginManager(app)
    manager.session_protection = None  # the sign-in is a row of ours; a client-sent header is no evidence
    manager.user_loader(_load)
    app.context_processor(lambda: {"visitor": current_user, "Role": Role})

    @app.after_request
    def keep_private(response: Response) -> Response:
        if g.get("_login_user") is not None and getattr(g._login_user, "is_authenticated", False):
            response.vary.add("Cookie")
            response.headers.setdefault("Cache-Control", "no-store")  # going back after signing out shows nothing
        return response
