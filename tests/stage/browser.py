"""A browser without a screen."""

import re

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse


class Browser(FlaskClient):
    """A person's browser: it sends forms with the token that a page of ours would have held."""

    def shown(self, path: str) -> str:
        """Return the mark by which a page that decides something tells in sight of what; "" where it has none."""
        found = re.search(r'name="seen" type="hidden" value="([^"]*)"', self.get(path).text)
        return found.group(1) if found else ""

    def decide(self, path: str, data: dict[str, object]) -> TestResponse:
        """Open a page that decides something, and send its form in sight of what it shows."""
        return self.send(path, {"seen": self.shown(path), **data})

    def send(self, path: str, data: dict[str, object] | None = None, **kwargs: object) -> TestResponse:
        """POST a form as the page itself would."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", "raw-token-of-the-test")
        signer = URLSafeTimedSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token")
        return self.post(path, data={**(data or {}), "csrf_token": signer.dumps(raw)}, **kwargs)
