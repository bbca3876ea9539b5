"""A browser without a screen."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

KEPT_OR_SPACE = re.compile(r"(<(textarea|pre)\b.*?</\2>)|\s+", re.DOTALL)
BETWEEN_CELLS = re.compile(r"(</(?:td|th|tr|li|dt|dd)>|<tr>) (?=<)")


class Answer(TestResponse):
    """What a browser makes of an answer: where a line ends in our templates means nothing to whoever reads the page."""

    @property
    def text(self) -> str:
        """Return a page with one space wherever there is white space, but for what is shown as it stands."""
        whole = self.get_data(as_text=True)
        if self.mimetype != "text/html":
            return whole
        return BETWEEN_CELLS.sub(r"\1", KEPT_OR_SPACE.sub(lambda found: found[1] or " ", whole))


class Browser(FlaskClient):
    """A person's browser: it sends forms with the token that a page of ours would have held."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_wrapper = type("Answer", (Answer, self.response_wrapper), {})

    def shown(self, path: str) -> str:
        """Return the mark by which a page that decides something tells in sight of what; "" where it has none."""
        found = re.search(r'name="seen" type="hidden" value="([^"]*)"', self.get(path).text)
        return found.group(1) if found else ""

    def decide(self, path: str, data: dict[str, object], on: str = "", **kwargs: object) -> TestResponse:
        """Open a page that decides something, and send its form in sight of what it shows, with its hidden fields.

        Args:
            on: the page on which the form stands, where that is not the address it is sent to.
        """
        return self.send(path, {**self.hidden(path, on or path), **data}, **kwargs)

    def hidden(self, path: str, on: str) -> dict[str, str]:
        """Return what is in the hidden fields of the form on a page that is sent to a path; {} where there is none."""
        forms = re.findall(r"<form([^>]*)>(.*?)</form>", self.get(on).text, re.DOTALL)
        sent_to = [(re.search('action="([^"]*)"', tag), form) for tag, form in forms if "post" in tag]
        mine = [form for action, form in sent_to if (unescape(action[1]) if action else on) == path]
        inputs = [one for one in re.findall("<input[^>]*>", "".join(mine[:1])) if 'type="hidden"' in one]
        found = [(re.search('name="([^"]+)"', one)[1], re.search('value="([^"]*)"', one)[1]) for one in inputs]
        return {name: unescape(value) for name, value in found if name != "csrf_token"}

    def send(self, path: str, data: dict[str, object] | None = None, **kwargs: object) -> TestResponse:
        """POST a form as the page itself would."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", "raw-token-of-the-test")
        signer = URLSafeTimedSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token")
        return self.post(path, data={**(data or {}), "csrf_token": signer.dumps(raw)}, **kwargs)
