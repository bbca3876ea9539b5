"""A receipt, pasted."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from trainer.receipts.receipt import LONGEST_RECEIPT
from trainer.web.forms import Form


class ReceiptForm(Form):
    """Which receipt to check."""

    receipt = TextAreaField(
        "The receipt",
        [
            DataRequired("Please paste the receipt, or the whole text that it stands in."),
            Length(max=LONGEST_RECEIPT, message="This is longer than any receipt of ours."),
        ],
        description="The long line with two dots in it. The words around it may be pasted too.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "rows": "8"},
    )
