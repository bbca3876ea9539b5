"""The pages of the door."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from trainer.accounts.browsers import browser_in_words
from trainer.accounts.contacts import Contact
from trainer.accounts.forms import ChangePasswordForm, SignInForm, TypedField
from trainer.accounts.models import IdentityChange, Person, SignIn
from trainer.accounts.unsent_words import Carried, Field
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class SignInPage(Page):
    """Sign in.

    Attributes:
        wait: how long to wait before the next try, in seconds; 0 for not at all.
    """

    template: ClassVar[str] = "accounts/sign_in.html"
    form: SignInForm
    wait: int = 0


@dataclass(frozen=True, kw_only=True)
class CarriedPage(Page):
    """What was sent after the sign-in had ended, given back to whoever sent it."""

    template: ClassVar[str] = "accounts/carried.html"
    carried: Carried
    words: Sequence[TypedField]  # what each field is called, and what was chosen, in the order of the fields

    @property
    def pairs(self) -> Sequence[tuple[Field, TypedField]]:
        """Return each field with its words."""
        return list(zip(self.carried.fields, self.words, strict=True))

    @property
    def unnamed(self) -> int:
        """Return how many things go along of which there is nothing to read."""
        return sum(not one.is_prose and not words.label for one, words in self.pairs)


@dataclass(frozen=True, kw_only=True)
class DiscardedPage(Page):
    """What was sent before belonged to somebody else."""

    template: ClassVar[str] = "accounts/discarded.html"


@dataclass(frozen=True, kw_only=True)
class MyAccountPage(Page):
    """My account: where I am signed in, and my password."""

    template: ClassVar[str] = "accounts/account.html"
    person: Person
    sign_ins: Sequence[SignIn]
    here: str
    form: ChangePasswordForm
    changes: Sequence[tuple[IdentityChange, str]]  # what was corrected in name and address, and by whom
    asked: Sequence[Contact]  # who corrects them
    saved: bool = False
    wait: int = 0

    def named(self, sign_in: SignIn) -> str:
        """Return the browser of a sign-in in words."""
        return browser_in_words(sign_in.browser)
