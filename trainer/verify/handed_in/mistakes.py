"""What somebody took for a number or an address of ours: a cut-off link, a person's name, a receipt."""

import re
from enum import StrEnum

from trainer.certificates.facts.number import LENGTH
from trainer.receipts.receipt import holds_receipt
from trainer.verify.handed_in.reference import LONGEST_REFERENCE, read_reference

_NAME = re.compile(r"[^\W\d_]+\.?(?:[ '’-]+[^\W\d_]+\.?)+")
_NUMBER_IN_LETTERS = re.compile(rf"[A-Z]{{{LENGTH}}}")


class Mistake(StrEnum):
    """What it is instead, where nothing can be looked up by it."""

    CUT_LINK = "an address of ours without a whole id"
    NAME = "a person's name"
    RECEIPT = "a receipt of ours"


def mistake_in(text: str, *, base_url: str) -> Mistake | None:
    """Say what was typed or pasted instead of a number or an address; None where that is not known."""
    if holds_receipt(text):
        return Mistake.RECEIPT
    told = text.strip()[:LONGEST_REFERENCE]
    if any(read_reference(told, base_url=base_url)):
        return None
    place = re.escape(base_url.lower().partition("://")[2].rstrip("/"))
    if re.fullmatch(rf"(?:https?://)?{place}(?:/\S*)?", told.lower()):
        return Mistake.CUT_LINK
    if _NAME.fullmatch(told) and not _NUMBER_IN_LETTERS.fullmatch(re.sub(r"[ -]", "", told)):
        return Mistake.NAME
    return None
