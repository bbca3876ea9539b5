"""What people fill in to come in."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from unicodedata import category, normalize
from unicodedata import name as unicode_name

from wtforms import BooleanField, EmailField, Field, HiddenField, PasswordField, StringField, ValidationError
from wtforms.fields.core import UnboundField
from wtforms.validators import DataRequired, Length

from trainer.accounts.email_addresses import LONGEST_ADDRESS, BadAddress, mailable
from trainer.accounts.passwords import LONGEST_TYPED, weakness
from trainer.web import settings
from trainer.web.forms import Form

JOINERS = "\u200c\u200d"
"""What stands between the letters of Persian and other names, and has no shape of its own."""


def trimmed(text: str | None) -> str | None:
    """Forgive the spaces that come with copying."""
    return text.strip() if text else text


def tidied_name(text: str | None) -> str | None:
    """Compose letters with their accents, and put one plain space where there are any."""
    return " ".join(normalize("NFC", text).split()) if text else text


def visible(_form: Any, field: Field) -> None:
    """Refuse a name that is blank to the eye, or that would turn the line it stands in around."""
    text = field.data or ""
    if not any(sign.isalpha() for sign in text):
        raise ValidationError("A name has letters.")
    for sign in text:
        if sign in "<>":
            raise ValidationError(f"A name cannot contain the sign {sign}.")
        if category(sign)[0] == "C" and sign not in JOINERS:
            code = f"U+{ord(sign):04X} {unicode_name(sign, '').lower()}".strip()
            raise ValidationError(
                f"There is a sign in it that nobody can see ({code}), perhaps from copying. Type it by hand."
            )


def can_be_mailed(_form: Any, field: Field) -> None:
    """Refuse an address to which no letter can be sent."""
    try:
        mailable(field.data or "")
    except BadAddress as error:
        raise ValidationError(str(error)) from error


email_rules = [
    DataRequired("Please give your e-mail address."),
    Length(max=LONGEST_ADDRESS, message="This address is too long to be one."),
    can_be_mailed,
]
name_rules = [
    DataRequired("Please give the full name as it should stand on a certificate."),
    Length(max=80, message="A certificate has room for 80 characters."),
    visible,
]


class SignInForm(Form):
    """Address and password. The address is looked up, not judged: whoever has an account comes in with it."""

    email = EmailField("E-mail address", email_rules[:2], filters=[trimmed], render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Password",
        [DataRequired("Please give your password."), Length(max=LONGEST_TYPED)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    carried = HiddenField()


class NewPassword(Form):
    """A password that is not too easy to guess."""

    password = PasswordField(
        "Choose a password",
        [DataRequired("Please choose a password.")],
        description="At least 12 characters. A few unrelated words are easy to remember. Pasting is welcome.",
        render_kw={"autocomplete": "new-password"},
    )

    def __init__(self, *args: Any, email: str = "", name: str = "", about: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._known = (email, name)
        self._about = about

    def validate_password(self, field: Field) -> None:
        """Refuse what is easy to guess, and say why."""
        email, name = self._known
        about = (*self._about, settings().issuer, settings().base_url)
        if reason := weakness(field.data or "", email=email, name=name, about=about):
            raise ValidationError(reason)


class JoinForm(NewPassword):
    """Name and a first password."""

    name = StringField(
        "Your full name",
        name_rules,
        filters=[tidied_name],
        description="As it should stand on your certificate.",
        render_kw={"autocomplete": "name"},
    )


class ChangePasswordForm(NewPassword):
    """The password until now, and the new one."""

    current = PasswordField(
        "Your current password",
        [DataRequired("Please give your current password."), Length(max=LONGEST_TYPED)],
        render_kw={"autocomplete": "current-password"},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.password.label.text = "Your new password"


@dataclass(frozen=True)
class TypedField:
    """What a person reads about one field of a form that they sent.

    Attributes:
        label: what the field is called, or "" where it has no name for people.
        chosen: what was chosen in it, or "" where the label says it all.
    """

    label: str = ""
    chosen: str = ""


def typed_fields(sent: Sequence[tuple[str, str]]) -> Sequence[TypedField]:
    """Return what a person reads about the fields that they sent, from the smallest form of ours that has them all."""
    names = {name for name, _text in sent}
    fitting = [fields for kind in _below(Form) if names <= (fields := _fields(kind)).keys()]
    fields = min(fitting, key=len, default={})
    return [_words(fields.get(name), text) for name, text in sent]


def _below(kind: type[Form]) -> Iterator[type[Form]]:
    for one in kind.__subclasses__():
        yield one
        yield from _below(one)


def _fields(kind: type[Form]) -> dict[str, UnboundField]:
    return {name: field for name in dir(kind) if isinstance(field := getattr(kind, name, None), UnboundField)}


def _words(field: UnboundField | None, text: str) -> TypedField:
    if field is None or field.field_class is HiddenField or not field.args:
        return TypedField()
    if field.field_class is BooleanField:
        return TypedField(label=str(field.args[0]))
    choices = {str(choice.value): str(choice.label) for choice in field.kwargs.get("choices", ())}
    return TypedField(label=str(field.args[0]), chosen=choices.get(text, text))
