"""Secrets that open something, such as the link of an invitation or a cookie. Only their hashes are kept."""

import hashlib


def digest_of(secret: str) -> str:
    """Return the SHA-256 under which a secret is found again, hexadecimal."""
    return hashlib.sha256(secret.encode()).hexdigest()
