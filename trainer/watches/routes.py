"""Tell me if this changes."""

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import public
from trainer.clock import utc_now
from trainer.errors import Missing
from trainer.notices.words import Channel
from trainer.registry.queries import entry_by_id
from trainer.watches import services
from trainer.watches.forms import WatchForm
from trainer.watches.pages import StandingPage, WatchPage
from trainer.watches.queries import watch_with_secret
from trainer.web import reading, settings, transaction
from trainer.web.limits import found_nothing, limiter
from trainer.web.pages import show

ASKED_PER_MINUTE, LOOKED_PER_MINUTE = 10, 60

bp = Blueprint("watches", __name__)


@bp.route("/c/<public_id>/watch", methods=["GET", "POST"])
@public
@limiter.limit(f"{ASKED_PER_MINUTE} per minute", methods=["POST"])
@limiter.limit(f"{LOOKED_PER_MINUTE} per minute", deduct_when=found_nothing)
def watch(public_id: str) -> ResponseReturnValue:
    """Take a mail address; the answer is the same whether or not it watches already."""
    with reading() as session:
        entry = entry_by_id(session, public_id=public_id)
    if entry is None:
        raise Missing("There is no certificate at this address.")
    form, has_mail = WatchForm(), bool(settings().smtp_url)
    if not form.validate_on_submit():
        page = WatchPage(public_id=public_id, number=entry.number, form=form, has_mail=has_mail)
        return show(page, 422 if form.errors else 200)
    with transaction() as session:
        services.ask_to_watch(
            session,
            public_id=public_id,
            channel=Channel.MAIL,
            target=form.email.data,
            base_url=settings().base_url,
            secret=settings().secret_key,
            now=utc_now(),
        )
    return show(WatchPage(public_id=public_id, number=entry.number, form=form, asked=True, has_mail=has_mail))


@bp.get("/watches/<token>")
@public
@limiter.limit(f"{LOOKED_PER_MINUTE} per minute", deduct_when=found_nothing)
def standing(token: str) -> ResponseReturnValue:
    """Show a watch to whoever has its secret. Opening the link changes nothing: programs open links as well."""
    with reading() as session:
        found = watch_with_secret(session, token=token)
    return show(StandingPage(token=token, standing=found))


@bp.post("/watches/<token>/confirmed")
@public
@limiter.limit(f"{LOOKED_PER_MINUTE} per minute")
def confirm(token: str) -> ResponseReturnValue:
    """Say yes."""
    with transaction() as session:
        services.confirm_watch(session, token=token, now=utc_now())
    return redirect(url_for(".standing", token=token), code=303)


@bp.post("/watches/<token>/ended")
@public
@limiter.limit(f"{LOOKED_PER_MINUTE} per minute")
def end(token: str) -> ResponseReturnValue:
    """End it."""
    with transaction() as session:
        services.end_watch(session, token=token, now=utc_now())
    return redirect(url_for(".standing", token=token), code=303)
