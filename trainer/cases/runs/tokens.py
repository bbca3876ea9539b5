"""What a page calls a choice: a token that says nothing and fits only this run and this moment."""

import hashlib
import hmac


def option_token(secret: str, *, run_id: str, step: int, choice_id: str) -> str:
    """Return 22 characters that only the server can connect with the choice (HMAC-SHA-256, 88 bits)."""
    message = f"case option\0{run_id}\0{step}\0{choice_id}".encode()
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()[:22]
