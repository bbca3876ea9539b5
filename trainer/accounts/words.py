"""The words in which roles and accounts are kept."""

from enum import StrEnum

NOBODYS = "!"
"""In the place of a password's hash: no password fits it."""


class Role(StrEnum):
    """What a person may do in one programme."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"


class RoleOrigin(StrEnum):
    """How a role was come by."""

    INVITATION = "by invitation"
    GIVEN = "given"
    BEFORE = "before this was kept"
