"""Correct somebody's name, give them a link to another address, and follow such a link."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from trainer.accounts.access import me, only, signed_in
from trainer.accounts.queries import identity_changes
from trainer.accounts.words import Role
from trainer.clock import utc_now
from trainer.errors import Missing, Refused, Stale
from trainer.staff.correcting import services
from trainer.staff.correcting.forms import AddressForm, NameForm, TakeForm
from trainer.staff.correcting.links import AddressOffer, open_link, seal_link
from trainer.staff.correcting.pages import IdentityPage, TakePage
from trainer.staff.correcting.queries import certificates_to_correct, objection_to_renaming, person_for, records_of
from trainer.web import reading, settings, transaction
from trainer.web.pages import ask, asked_again, show

bp = Blueprint("correcting", __name__)

DESK = (Role.DIRECTOR, Role.ADMINISTRATOR)


@bp.get("/desk/identity/<person_id>")
@only(*DESK)
def identity(person_id: str) -> ResponseReturnValue:
    """Show name and address, and what they were before."""
    return _identity(person_id)


@bp.post("/desk/identity/<person_id>/name")
@only(*DESK)
@asked_again(Stale)
def name(person_id: str, changed: str = "") -> ResponseReturnValue:
    """Correct a name for a reason."""
    form = NameForm()
    if changed or not form.validate_on_submit():
        return _identity(person_id, name_form=form, changed=changed)
    with transaction() as session:
        services.correct_account_name(
            session,
            person=person_for(session, person_id=person_id, official=me()),
            name=form.name.data,
            reason=form.reason.data,
            seen=form.mark,
            by=me().id,
            now=utc_now(),
        )
    flash("The name has been corrected.")
    return redirect(url_for(".identity", person_id=person_id), code=303)


@bp.post("/desk/identity/<person_id>/address")
@only(*DESK)
@asked_again(Stale)
def address(person_id: str, changed: str = "") -> ResponseReturnValue:
    """Make a link to another address; sent again it makes one that says the same, and changes nothing."""
    form, link = AddressForm(), ""
    if not changed and form.validate_on_submit():
        try:
            with transaction() as session:
                person = person_for(session, person_id=person_id, official=me())
                offer = services.offer_address(
                    session,
                    person=person,
                    email=form.email.data,
                    reason=form.reason.data,
                    seen=form.mark,
                    by=me().id,
                    now=utc_now(),
                )
            token = seal_link(offer, secret=settings().secret_key)
            link = settings().base_url + url_for(".take", token=token)
        except Stale:
            raise
        except Refused as refusal:
            form.email.errors = [str(refusal)]
    return _identity(person_id, address_form=form, link=link, changed=changed)


@bp.route("/account/address/<token>", methods=["GET", "POST"])
@signed_in
def take(token: str) -> ResponseReturnValue:
    """Let the person take the new address; nobody else can."""
    offer, form = _offer_in(token), TakeForm()
    if not form.validate_on_submit():
        return show(TakePage(offer=offer, form=form), 422 if form.errors else 200)
    with transaction() as session:
        services.take_address(session, person_id=me().id, offer=offer, now=utc_now())
    flash(f"Your address is {offer.after} now. Sign in with it from now on.")
    return redirect(url_for("accounts.account"), code=303)


def _offer_in(token: str) -> AddressOffer:
    offer = open_link(token, secret=settings().secret_key)
    if offer is None:
        raise Missing("This link is not complete, or older than 14 days. Ask for a new one.")
    if offer.person_id != me().id:
        raise Missing("This link is for somebody else. Sign in with the account it was written for.")
    return offer


def _identity(
    person_id: str,
    *,
    name_form: NameForm | None = None,
    address_form: AddressForm | None = None,
    link: str = "",
    changed: str = "",
) -> ResponseReturnValue:
    with reading() as session:
        person = person_for(session, person_id=person_id, official=me())
        changes = identity_changes(session, person_id=person.id)
        names, addresses = name_form or NameForm(formdata=None, data={"name": person.name}), address_form
        page = IdentityPage(
            person=person,
            objection=objection_to_renaming(session, person=person, now=utc_now()),
            certificates=certificates_to_correct(session, person=person, official=me(), now=utc_now()),
            changes=changes,
            records=records_of(session, person=person, official=me()),
            name_form=names.shows(str(len(changes)), anew=bool(changed)),
            address_form=(addresses or AddressForm(formdata=None)).shows(str(len(changes)), anew=bool(changed)),
            link=link,
            changed=changed,
        )
    return ask(page)
