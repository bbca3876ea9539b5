"""The signature below a promise."""

from typing import Any
from unicodedata import normalize

from wtforms import BooleanField, Field, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from trainer.web.forms import Form


class SignatureForm(Form):
    """A tick and the name, typed."""

    agree = BooleanField(
        "I have read this text and I promise to keep it.",
        [DataRequired("Please tick the box if you promise to keep this text.")],
    )
    name = StringField(
        "Type your full name to sign",
        [DataRequired("Please type your name."), Length(max=80)],
        render_kw={"autocomplete": "name"},
    )

    def __init__(self, *args: Any, signer: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._signer = signer

    def validate_name(self, field: Field) -> None:
        """Ask for the name of the account, whatever its capitals and spaces, and however its accents were typed."""
        if _folded(field.data or "") != _folded(self._signer):
            raise ValidationError(f"Please type your name as it stands in your account: {self._signer}.")


def _folded(name: str) -> str:
    return " ".join(normalize("NFKC", name).split()).casefold()
