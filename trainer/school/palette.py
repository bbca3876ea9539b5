"""From a school's two or three colours to all that follow from them, and whether each can be read where it stands."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from trainer.school.contrast import LARGE, TEXT, contrast, mixed

Scheme = Literal["light", "dark"]
SCHEMES: tuple[Scheme, Scheme] = ("light", "dark")
OWN_COLOURS = ("accent", "deep", "lamp")
"""What a school may choose for each scheme."""
WASH, RIM, FILL = 0.12, 0.24, 0.10
"""How much of a colour is in its wash; of the letters on the deep surface, in its lines and in what lies on it."""
_PAIRS = (
    ("accent", "paper", TEXT),
    ("accent", "raised", TEXT),
    ("accent", "sunken", TEXT),
    ("accent", "accent-wash", TEXT),
    ("deep-ink", "deep", TEXT),
    ("deep-soft", "deep", TEXT),
    ("deep-soft", "deep-fill", TEXT),
    ("focus-deep", "deep", LARGE),
)
"""What is read on what, and the least ratio."""


@dataclass(frozen=True)
class Clash:
    """Two colours that cannot be told apart well enough.

    Attributes:
        scheme: light or dark.
        over, under: the names of the two, as in `tokens.css`.
        ratio, least: how well they stand out from each other, and how well they must.
    """

    scheme: Scheme
    over: str
    under: str
    ratio: float
    least: float


def palette(own: Mapping[str, str], house: Mapping[str, str]) -> dict[str, str]:
    """Return the house's colours of one scheme with a school's own, and with what follows from those.

    Args:
        own: the school's colours by name, out of `OWN_COLOURS`; each as `#rrggbb`.
        house: all colours of the scheme by name.
    """
    found = {**house, **own}
    if "accent" in own:
        found["accent-ink"] = max("#ffffff", "#0f1512", key=lambda ink: contrast(ink, own["accent"]))
        found["accent-wash"] = mixed(own["accent"], house["paper"], WASH)
    if "deep" in own:
        found["deep-line"] = mixed(house["deep-ink"], own["deep"], RIM)
        found["deep-fill"] = mixed(house["deep-ink"], own["deep"], FILL)
    if "lamp" in own:
        found["lamp-wash"] = mixed(own["lamp"], house["paper"], 2 * WASH)
    return found


def clashes(scheme: Scheme, colours: Mapping[str, str]) -> Iterator[Clash]:
    """Yield every pair that is read together and does not stand out enough."""
    for over, under, least in _PAIRS:
        ratio = contrast(colours[over], colours[under])
        if ratio < least:
            yield Clash(scheme, over, under, ratio, least)
