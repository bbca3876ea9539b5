"""The number of the certificate that the front page may lead to."""

from trainer.certificates.facts.number import read_number
from trainer.settings import Settings


def specimen_number(settings: Settings) -> str:
    """Return the number that an operator has set, or that the demonstration has left in its folder; "" without one."""
    text = settings.specimen
    if not text:
        try:
            text = (settings.instance / "specimen").read_text(encoding="utf-8")[:100]
        except (OSError, UnicodeDecodeError):
            return ""
    return read_number(text) or ""
