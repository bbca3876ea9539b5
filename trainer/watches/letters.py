"""What watchers are sent: letters for people, JSON for machines, and the secret that goes with both.

The secret travels only to the address that is to be told. Whoever can use it reads what arrives there, and may
confirm and end the watch: one rule for mail and webhooks. It is derived from the watch's id, so that every later
message can carry the way to end it, while the database keeps its hash alone.
"""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from trainer.json_shapes import Instant, JsonShape, one_of
from trainer.moments import written
from trainer.registry.status import Word


@dataclass(frozen=True, kw_only=True)
class WatchLetter:
    """A message that is to be delivered."""

    subject: str
    body: str


class Change(JsonShape):
    """A change of status that a watcher is told of; a webhook is sent just this, a mailbox a letter about it."""

    event: Literal["status.changed"]
    id: str
    number: str
    status: Annotated[Word, one_of(Word)]
    since: Instant
    reason_code: str | None
    at: Instant


def token_of(watch_id: str, *, secret: str) -> str:
    """Return the secret of a watch: 32 small letters and digits, 160 bits."""
    digest = hmac.digest(secret.encode(), b"watch\x00" + watch_id.encode(), "sha256")
    return base64.b32encode(digest[:20]).decode().lower()


def secret_hash(token: str) -> str:
    """Return what the database keeps of a secret."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def question_by_mail(*, number: str, token: str, base_url: str) -> WatchLetter:
    """Return the letter that asks whether the watch is wanted."""
    return WatchLetter(
        subject=f"Shall we tell you when certificate {number} changes?",
        body=f"Somebody, perhaps you, asked us to write to this address when the status of certificate {number}\n"
        f"changes. We do so only if you say yes here:\n\n{_page(token, base_url)}\n\n"
        "The same page ends it at any time. If it was not you, do nothing and you will hear no more.\n",
    )


def question_by_webhook(*, public_id: str, number: str, token: str, base_url: str, at: datetime) -> WatchLetter:
    """Return the JSON that hands a webhook the secret; it counts once somebody has used that to confirm."""
    address = f"{base_url}/api/v1/watches/{token}"
    body = {
        "event": "watch.asked",
        "id": public_id,
        "number": number,
        "confirm": {"method": "POST", "url": address},
        "end": {"method": "DELETE", "url": address},
        "at": at.isoformat(),
    }
    return WatchLetter(subject="watch.asked", body=json.dumps(body))


def change_by_mail(change: Change, *, token: str | None, base_url: str) -> WatchLetter:
    """Return the letter about a change; without a token it can only point to the first letter."""
    end = _page(token, base_url) if token else "use the link in the letter in which we asked you."
    return WatchLetter(
        subject=f"Certificate {change.number} is now {change.status}",
        body=f"Since {written(change.since)}, certificate {change.number} is {change.status}"
        f"{f' ({change.reason_code})' if change.reason_code else ''}.\n\n"
        f"What holds now: {base_url}/c/{change.id}\n\nTo hear no more of it: {end}\n",
    )


def change_by_webhook(change: Change) -> WatchLetter:
    """Return the JSON about a change; its signature is added when it is delivered."""
    return WatchLetter(subject=change.event, body=json.dumps(change.plain()))


def _page(token: str, base_url: str) -> str:
    return f"{base_url}/watches/{token}"
