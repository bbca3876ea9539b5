"""Names of cookies."""


def cookie_name(name: str, *, secure: bool) -> str:
    """Return the name; over https one that no neighbouring or insecure site can set (RFC 6265bis, `__Host-`)."""
    return f"__Host-{name}" if secure else name
