"""The pages of the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.forms import ChangePasswordForm, SignInForm
from trainer.accounts.models import Person, SignIn
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    """Sign in."""

    template: ClassVar[str] = "accounts/sign_in.html"
    form: SignInForm
    problem: str = ""


@dataclass(frozen=True, kw_only=True)
class AccountPage(Page):
    """My account: where I am signed in, and my password."""

    template: ClassVar[str] = "accounts/account.html"
    person: Person
    sign_ins: Sequence[SignIn]
    here: str
    form: ChangePasswordForm
    saved: bool = False
