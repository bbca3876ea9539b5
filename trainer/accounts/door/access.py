"""What a request tells about who knocks; and the cookie by which a browser is known again.

After a right password the browser gets a signed cookie that names it and says, without naming them, for which accounts
it is known (OWASP, “Slow down online guessing attacks with device cookies”). It opens nothing: it only lets the person
try a password at a pace of their own.
"""

import secrets

from flask import Response, current_app, request
from itsdangerous import BadSignature, URLSafeSerializer

from trainer.accounts.door.attempt import Attempt
from trainer.try_limits import tried_hash
from trainer.web import settings
from trainer.web.cookies import cookie_name

REMEMBERED = 8
"""For how many accounts one browser is known, the last ones: a shared computer has several people."""
_YEAR_SECONDS = 365 * 24 * 3600


def sign_in_try(account: str) -> Attempt:
    """Return the try that this request makes."""
    device, accounts = _device()
    return Attempt(
        account=account,
        address=request.remote_addr or "",
        device=device if _mark(account) in accounts else "",
    )


def remember(response: Response, account: str) -> Response:
    """Let this browser be known for the account from now on."""
    device, accounts = _device()
    marks = [*(mark for mark in accounts if mark != _mark(account)), _mark(account)][-REMEMBERED:]
    response.set_cookie(
        cookie_name("trainer-device", secure=settings().secure_cookies),
        _signer().dumps([device, marks]),
        max_age=_YEAR_SECONDS,
        secure=settings().secure_cookies,
        httponly=True,
        samesite="Lax",
    )
    return response


def _device() -> tuple[str, list[str]]:
    kept = request.cookies.get(cookie_name("trainer-device", secure=settings().secure_cookies), "")
    try:
        device, accounts = _signer().loads(kept)
    except BadSignature:
        return secrets.token_urlsafe(16), []
    return device, accounts


def _mark(account: str) -> str:
    return tried_hash("device", settings().secret_key, account)[:24]


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.config["SECRET_KEY"]), salt="device")
