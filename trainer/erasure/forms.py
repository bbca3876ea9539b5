"""What an administrator fills in to erase somebody."""

from typing import Any

from wtforms import BooleanField, Field, StringField, ValidationError
from wtforms.validators import DataRequired, Length

from trainer.accounts.email_addresses import folded_address, spellings
from trainer.accounts.forms import trimmed
from trainer.web.forms import Form


class ErasureForm(Form):
    """The address typed out, so that nobody is erased by a slip, and the decision."""

    email = StringField(
        "The person's e-mail address",
        [DataRequired("Please type the address of the person you mean."), Length(max=254)],
        filters=[trimmed],
        description="Type it out, so that nobody is erased by a slip.",
        render_kw={"autocomplete": "off"},
    )
    sure = BooleanField(
        "This person asked for it, and I have made sure that it was they. I know that nobody can undo it.",
        [DataRequired("Please tick the box: erasing cannot be undone.")],
    )

    def __init__(self, *args: Any, address: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._address = address

    def validate_email(self, field: Field) -> None:
        """Refuse the address of somebody else."""
        if self._address not in (*spellings(field.data or ""), folded_address(field.data or "")):
            raise ValidationError("This is not the address of this person.")
