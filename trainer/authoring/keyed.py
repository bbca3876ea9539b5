"""A YAML file of an author with a fixed set of keys: read once, every mistake named by its line."""

from collections.abc import Iterable
from typing import Any

from trainer.authoring.frontmatter import Lines, line_of, load
from trainer.authoring.messages import Message
from trainer.authoring.suggestions import did_you_mean


class KeyedFile:
    """Reads one file and collects what is wrong with it.

    Attributes:
        lines: the line of each key, once the file has been read.
        messages: what is wrong, for an author. What was published is read all the same, as far as it can be understood.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.lines: Lines = {}
        self.messages: list[Message] = []

    def say(self, text: str, *where: str) -> None:
        """Note a mistake at the key to which these keys lead."""
        self.messages.append(Message(self.path, line_of(self.lines, *where), text))

    def values(self, source: bytes, keys: Iterable[str], *, optional: Iterable[str] = ()) -> dict[str, Any] | None:
        """Return the values by key, all of them there and none but the optional besides; or None, with messages."""
        try:
            document = load(self.path, source.decode())
        except UnicodeDecodeError:
            self.say("This file is not UTF-8 text; save it as UTF-8.")
            return None
        values, self.lines = document.value, document.lines
        self.messages += document.messages
        if not isinstance(values, dict):
            if not self.messages:
                self.say(f"This file begins with keys: {', '.join(keys)}.")
            return None
        self.only(values, (*keys, *optional))
        missing = [key for key in keys if key not in values]
        for key in missing:
            self.say(f"The key “{key}” is missing.")
        return None if missing else values

    def only(self, values: Iterable[str], known: Iterable[str], *where: str) -> None:
        """Refuse keys that are not known here."""
        names = [str(one) for one in known]
        for key in values:
            if key not in names:
                self.say(f"There is no key “{key}” here.{did_you_mean(key, names)}", *where, key)

    def words(self, values: dict[str, Any], key: str) -> str:
        """Return a value that must be words."""
        if not isinstance(values[key], str) or not values[key].strip():
            self.say(f"“{key}” must be words; put them in quotes if they look like a number.", key)
            return ""
        return str(values[key]).strip()
