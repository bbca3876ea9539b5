"""The drawing of a scene, from an author's line such as `lies, near, looks, other sits`."""

from enum import StrEnum

from trainer.authoring.wording import did_you_mean
from trainer.cases.language.entries import listed
from trainer.cases.script.room import ClientPosture, Distance, Gaze, Other, Room, YourPosture

NO_COUCH = "no couch"
_ON_COUCH = (ClientPosture.LIES, ClientPosture.TURNED_AWAY, ClientPosture.CURLED, ClientPosture.SITS_UP)
_KINDS: tuple[type[StrEnum], ...] = (ClientPosture, YourPosture, Distance, Gaze, Other)
ROOM_WORDS = (*(word.value for kind in _KINDS for word in kind if word.value), NO_COUCH)


def read_room(text: str) -> Room:
    """Read a line of words with commas between them, in any order; raises ValueError."""
    got: dict[type[StrEnum], StrEnum] = {}
    couch = True
    for word in listed(text.replace("'", "’")):
        if word == NO_COUCH:
            couch = False
            continue
        kind = next((kind for kind in _KINDS if word in set(kind)), None)
        if kind is None:
            near = did_you_mean(word, ROOM_WORDS)
            raise ValueError(f"“{word}” is no word for a room.{near} The words are {', '.join(ROOM_WORDS)}.")
        if kind in got:
            raise ValueError(f"“{got[kind]}” and “{word}” cannot both be drawn. Keep one of them.")
        got[kind] = kind(word)
    if ClientPosture not in got:
        raise ValueError(f"Say how the client is there, with one of {', '.join(ClientPosture)}; or take the line out.")
    client = ClientPosture(got[ClientPosture])
    if not couch and client in _ON_COUCH:
        raise ValueError(
            f"“{client}” is drawn on the couch. Take “{NO_COUCH}” out, or write “sits”, “bowed” or “stands”."
        )
    return Room(
        client=client,
        you=YourPosture(got.get(YourPosture, YourPosture.SIT)),
        distance=Distance(got.get(Distance, Distance.ARMS_LENGTH)),
        gaze=Gaze(got.get(Gaze, Gaze.UNSAID)),
        other=Other(got.get(Other, Other.NOBODY)),
        couch=couch and client is not ClientPosture.SITS,
    )
