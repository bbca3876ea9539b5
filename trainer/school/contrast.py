"""How well one colour stands out from another (WCAG 2.2, “contrast ratio” and “relative luminance”)."""

LINEAR_UNTIL = 0.04045
TEXT, LARGE = 4.5, 3.0
"""The least ratio for text (success criterion 1.4.3), and for large text and edges of controls (1.4.3 and 1.4.11)."""


def channels(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue of `#rrggbb`, each from 0 to 255.

    Raises:
        ValueError: the colour is not written so.
    """
    if len(colour) != 7 or not colour.startswith("#"):
        raise ValueError(colour)
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, from 0 (black) to 1 (white)."""
    red, green, blue = (_linear(channel / 255) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Return the ratio of two colours, from 1 (the same) to 21 (black on white), whichever is the lighter."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, ground: str, share: float) -> str:
    """Return `colour` laid over `ground`; share: from 0, the ground alone, to 1, the colour alone."""
    pairs = zip(channels(colour), channels(ground), strict=True)
    return "#" + "".join(f"{round(over * share + under * (1 - share)):02x}" for over, under in pairs)


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= LINEAR_UNTIL else float(((channel + 0.055) / 1.055) ** 2.4)
