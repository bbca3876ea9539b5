"""Check a whole list: nothing is stored, everything stands in the answer."""

import base64

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from trainer.accounts.access import public
from trainer.bulk.access import answered, receipt_over
from trainer.bulk.answers import answers_as_csv, counts_of
from trainer.bulk.forms import TableForm
from trainer.bulk.pages import ListResultPage, TablePage
from trainer.bulk.table import BadTable, read_table
from trainer.clock import utc_now
from trainer.receipts.keys import receipt_key_in
from trainer.receipts.receipt import receipt_text, signed_receipt
from trainer.web import costly, settings
from trainer.web.limits import limiter
from trainer.web.pages import show

PER_MINUTE = 10

bp = Blueprint("bulk", __name__)


@bp.route("/verify/bulk", methods=["GET", "POST"])
@public
@limiter.limit(f"{PER_MINUTE} per minute", methods=["POST"])
def table() -> ResponseReturnValue:
    """Take a table; give it back with a verdict in each row."""
    form = TableForm()
    if not form.validate_on_submit():
        return show(TablePage(form=form), 422 if form.errors else 200)
    content = form.file.data.read(settings().upload_limit + 1) if form.file.data else b""
    content = content or (form.lines.data or "").encode("utf-8", "replace")
    if len(content) > settings().upload_limit:
        abort(413)
    if not content.strip():
        return show(TablePage(form=form, problem="Choose a file, or paste the rows."), 422)
    now = utc_now()
    with costly():
        try:
            sent = read_table(content)
        except BadTable as error:
            return show(TablePage(form=form, problem=str(error)), 422)
        answers = answered(sent.rows, now)
    result = answers_as_csv(answers, mark=True)
    kept = receipt_over(sent.rows, answers, asked=content, result=result, now=now)
    token = signed_receipt(kept, receipt_key_in(settings().instance))
    return show(
        ListResultPage(
            answers=answers,
            counts=counts_of(answers),
            names=any(row.name for row in sent.rows),
            layout=sent.layout,
            csv=base64.b64encode(result).decode(),
            receipt=receipt_text(kept, token, address=settings().base_url),
            day=f"{now:%Y-%m-%d}",
        )
    )
