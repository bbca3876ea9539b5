"""Have a receipt checked."""

from dataclasses import dataclass
from typing import ClassVar

from trainer.receipts.forms import ReceiptForm
from trainer.receipts.receipt import Receipt
from trainer.web.pages import Page


@dataclass(frozen=True, kw_only=True)
class ReceiptPage(Page):
    """What we said, and when; or why this is no receipt of ours."""

    template: ClassVar[str] = "receipts/receipt.html"
    form: ReceiptForm
    receipt: Receipt | None = None
    asked: str = ""
    home: str = ""  # the address of this site
    problem: str = ""
