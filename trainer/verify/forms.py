"""One field that takes anything, and a file; and a name to compare."""

from flask_wtf.file import FileField
from wtforms import Field, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from trainer.accounts.forms import trimmed
from trainer.receipts.receipt import LONGEST_RECEIPT, holds_receipt
from trainer.verify.handed_in.reference import LONGEST_CREDENTIAL, LONGEST_REFERENCE, looks_like_credential
from trainer.verify.matching import LONGEST_NAME
from trainer.web.forms import Form


class CounterForm(Form):
    """What to check."""

    reference = StringField(
        "Number or address",
        filters=[trimmed],
        description="From the certificate, such as 7K4M-2QXH-9PTV. Spaces, hyphens and capitals do not matter. A "
        "credential (JWT or JSON) may be pasted here too.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"},
    )
    file = FileField(
        "Or the certificate file",
        description="The PDF or credential as the holder received it, up to 2 MB. It is checked and not kept.",
        render_kw={"accept": "application/pdf,.pdf,.jwt,.json"},
    )

    def validate_reference(self, field: Field) -> None:
        """Refuse what is longer than anything of ours."""
        text = field.data or ""
        if len(text) <= LONGEST_RECEIPT and holds_receipt(text):
            return  # said to be one, rather than too long
        if len(text) > (LONGEST_CREDENTIAL if looks_like_credential(text) else LONGEST_REFERENCE):
            raise ValidationError("This is too long to be a number, an address or a credential of ours.")


class MatchForm(Form):
    """The name somebody knows."""

    name = StringField(
        "The name you know",
        [
            DataRequired("Please give the name that you want to compare."),
            Length(max=LONGEST_NAME, message="This is longer than any name on a certificate."),
        ],
        filters=[trimmed],
        description="Capitals, accents, hyphens and the order of the words do not matter.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
