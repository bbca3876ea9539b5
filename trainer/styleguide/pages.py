"""What the page of parts shows."""

from dataclasses import dataclass
from typing import ClassVar

from wtforms import BooleanField, StringField
from wtforms.validators import ValidationError

from trainer.web.forms import Form
from trainer.web.pages import Page


class SpecimenForm(Form):
    """Two questions, of which one is answered wrongly."""

    name = StringField("Your full name", description="As it should stand on your certificate.")
    agreed = BooleanField("I have read the code of ethics.")

    def validate_name(self, given: StringField) -> None:
        """Refuse whatever is given: the page shows how that looks."""
        raise ValidationError(f"Type the name of your account. You typed “{given.data}”.")


@dataclass(frozen=True, kw_only=True)
class StyleguidePage(Page):
    """All parts."""

    template: ClassVar[str] = "styleguide/parts.html"
    form: SpecimenForm
