"""The public half of the key, and the page on which anybody has a receipt checked."""

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue

from trainer.accounts.access import public
from trainer.receipts.forms import ReceiptForm
from trainer.receipts.keys import public_jwk, receipt_key_in
from trainer.receipts.pages import ReceiptPage
from trainer.receipts.receipt import BadReceipt, asked_in_words, read_receipt
from trainer.web import settings
from trainer.web.limits import limiter
from trainer.web.pages import show

PER_MINUTE = 60

bp = Blueprint("receipts", __name__)


@bp.get("/.well-known/receipt-key.json")
@public
def key() -> Response:
    """Hand out the public key that receipts are checked with."""
    answer = jsonify(public_jwk(receipt_key_in(settings().instance)))
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.headers["Access-Control-Allow-Origin"] = "*"
    return answer


@bp.route("/verify/receipt", methods=["GET", "POST"])
@public
@limiter.limit(f"{PER_MINUTE} per minute", methods=["POST"])
def receipt() -> ResponseReturnValue:
    """Say whether a pasted receipt is ours, and what it says."""
    form = ReceiptForm()
    if not form.validate_on_submit():
        return show(ReceiptPage(form=form), 422 if form.errors else 200)
    try:
        found = read_receipt(form.receipt.data, receipt_key_in(settings().instance))
    except BadReceipt as error:
        return show(ReceiptPage(form=form, problem=str(error)), 422)
    said = asked_in_words(found.asked)
    return show(ReceiptPage(form=form, receipt=found, asked=said, home=settings().base_url))
