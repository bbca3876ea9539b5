"""One text open on two pages: what was changed on one of them holds, and of two changes neither replaces the other."""


def settled_text(stands: str, *, shown: str, here: str) -> str | None:
    """Return what holds once a page has been sent; None where only the person can say which of two it is.

    Args:
        stands: what is kept.
        shown: what was kept when the page was made.
        here: what stands on the page.
    """
    if here in (shown, stands):
        return stands
    return here if stands == shown else None
