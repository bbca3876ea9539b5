"""What an invitation offers."""

from dataclasses import dataclass

from trainer.accounts.words import Role


@dataclass(frozen=True, kw_only=True)
class OfferedRole:
    """A role in a programme; a trainee's place is in a cohort of it."""

    programme: str
    role: Role
    cohort_id: str | None = None
