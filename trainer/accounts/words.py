"""The words in which roles are kept."""

from enum import StrEnum


class Role(StrEnum):
    """What a person may do in one programme."""

    TRAINEE = "trainee"
    SUPERVISOR = "supervisor"
    DIRECTOR = "director"
    ADMINISTRATOR = "administrator"


class Way(StrEnum):
    """How a role was come by."""

    INVITATION = "by invitation"
    GIVEN = "given"
    BEFORE = "before this was kept"
