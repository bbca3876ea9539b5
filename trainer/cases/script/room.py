"""Who is where in a scene, as its author draws it: postures, a distance and a look, and the same in words.

It decides nothing: no condition reads it, no play depends on it, and nothing is proved about it.
"""

from dataclasses import dataclass
from enum import StrEnum


class ClientPosture(StrEnum):
    """How the client is there: on the couch, on a chair or standing."""

    LIES = "lies"
    TURNED_AWAY = "turned away"
    CURLED = "curled"
    SITS_UP = "sits up"
    BOWED = "bowed"
    SITS = "sits"
    STANDS = "stands"


class YourPosture(StrEnum):
    """How you are there yourself."""

    SIT = "you sit"
    LEAN_IN = "you lean in"
    KNEEL = "you kneel"
    STAND = "you stand"


class Distance(StrEnum):
    """How far you are from the client."""

    NEAR = "near"
    ARMS_LENGTH = "arm’s length"
    BACK = "back"
    FAR = "far"


class Gaze(StrEnum):
    """Where the client looks; nothing is said where the scene says nothing."""

    TO_YOU = "looks"
    AWAY = "looks away"
    UNSAID = ""


class Other(StrEnum):
    """The colleague who works with you, where one is in the room."""

    SITS = "other sits"
    STANDS = "other stands"
    NOBODY = ""


@dataclass(frozen=True)
class Room:
    """One scene's drawing. Touch has no word here, because a scene may be reached with it and without."""

    client: ClientPosture
    you: YourPosture = YourPosture.SIT
    distance: Distance = Distance.ARMS_LENGTH
    gaze: Gaze = Gaze.UNSAID
    other: Other = Other.NOBODY
    couch: bool = True

    @property
    def words(self) -> str:
        """Say in words what is drawn, for whoever does not see it."""
        said = [_CLIENT[self.client] + _GAZE[self.gaze], f"{_YOU[self.you]} {_DISTANCE[self.distance]}"]
        if self.other:
            said.append(_OTHER[self.other])
        return " ".join(f"{sentence}." for sentence in said)


_CLIENT = {
    ClientPosture.LIES: "Your client is lying down",
    ClientPosture.TURNED_AWAY: "Your client is lying turned away",
    ClientPosture.CURLED: "Your client is curled up",
    ClientPosture.SITS_UP: "Your client is sitting up",
    ClientPosture.BOWED: "Your client is sitting bent forward",
    ClientPosture.SITS: "Your client is sitting",
    ClientPosture.STANDS: "Your client is standing",
}
_GAZE = {Gaze.TO_YOU: ", looking at you", Gaze.AWAY: ", looking away", Gaze.UNSAID: ""}
_YOU = {
    YourPosture.SIT: "You are sitting",
    YourPosture.LEAN_IN: "You are sitting and leaning in,",
    YourPosture.KNEEL: "You are kneeling",
    YourPosture.STAND: "You are standing",
}
_DISTANCE = {
    Distance.NEAR: "close by",
    Distance.ARMS_LENGTH: "an arm’s length away",
    Distance.BACK: "a step back",
    Distance.FAR: "across the room",
}
_OTHER = {Other.SITS: "Your colleague is sitting in the room", Other.STANDS: "Your colleague is standing in the room"}
