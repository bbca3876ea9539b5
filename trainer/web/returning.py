"""Where a visitor goes on, or back to: paths on this site and nothing else."""

from urllib.parse import urlsplit

from flask import request


def safe_next(target: str | None) -> str | None:
    """Return the address to go on to, if it is a path on this site."""
    plain = target is not None and target.isprintable()  # browsers leave out tabs and line breaks: /<tab>/evil
    if target and plain and target.startswith("/") and not target.startswith(("//", "/\\")):
        return target
    return None


def page_before() -> str:
    """Return the path of the page that sent this request, when it is one of ours, or ""."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:  # half an IPv6 address: whoever wrote that was no browser
        return ""
    ours = before.netloc == request.host and safe_next(before.path)
    return f"{before.path}?{before.query}".rstrip("?") if ours else ""
