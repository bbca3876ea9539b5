"""Items and banks without a file, for the rules; in an option a star before the words marks the key."""

from trainer.testwiseness.items import ReviewedBank, ReviewedItem

ASKED = "What do you do first?"


def an_item(*options: str, name: str = "pills", stem: str = ASKED, bank: str = "ethics", **changes: object):
    """Make an item that counts: single where one option is right."""
    marked = tuple((text.removeprefix("*"), text.startswith("*")) for text in options)
    values = {
        "bank": bank,
        "id": name,
        "path": f"modules/03-{bank}/bank.md",
        "line": 12,
        "kind": "single" if sum(right for _, right in marked) == 1 else "multiple",
        "stem": stem,
        "options": marked,
        "objective": "ask",
        "level": "apply",
        "readiness": "solid",
        "critical": False,
        "never_counts": False,
    }
    return ReviewedItem(**{**values, **changes})


def a_bank(*items: ReviewedItem, slug: str = "ethics", **changes: object) -> ReviewedBank:
    """Make a bank of which every item may count."""
    values = {
        "slug": slug,
        "items": items,
        "objectives": {"ask": "Ask for the medicines."},
        "counted": frozenset(item.id for item in items),
        "serve": 2,
        "attempts": 3,
        "critical": None,
    }
    return ReviewedBank(**{**values, **changes})
