"""Front matter: the block of keys between two `---` lines at the head of a Markdown file.

The keys are YAML, read the way its 1.2 edition reads them, so that `no` stays a word, `1:30` stays
a text and `2025-01-04` stays a text. Aliases and tags are refused: an author needs neither.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from trainer.authoring.messages import Message

FENCE = "---"
DEEPEST = 12

Lines = Mapping[str, int]
"""Line numbers (from 1) by key; a nested key is joined with dots, as in `objectives.list-elements`."""


@dataclass(frozen=True)
class FrontMatter:
    """The head and the body of one Markdown file.

    Attributes:
        fields: values by key, as the author wrote them.
        lines: the line of each key; nested keys are joined with dots.
        body: the Markdown below the head.
        body_line: the line, from 1, on which the body begins.
        messages: what is wrong with the head; empty when it could be read.
    """

    fields: dict[str, Any]
    lines: Lines
    body: str
    body_line: int
    messages: tuple[Message, ...]

    def line(self, *keys: str) -> int:
        """Return the line of a key, or of the nearest key above it, or 1."""
        return line_of(self.lines, *keys)


@dataclass(frozen=True)
class YamlDocument:
    """One YAML file or block: its value, where each key stands, and what is wrong."""

    value: Any
    lines: Lines
    messages: tuple[Message, ...]


def split_head(path: str, text: str) -> FrontMatter:
    """Split a Markdown file into its keys and its body; never raises."""
    rows = plain_newlines(text).split("\n")
    if rows[0].rstrip() != FENCE:
        return _headless(path, rows, "Begin the file with a line of three hyphens, its keys, and a second such line.")
    end = next((n for n, row in enumerate(rows[1:], start=1) if row.rstrip() == FENCE), None)
    if end is None:
        return _headless(
            path, rows, "The front matter is never closed. Add a line of three hyphens below its last key."
        )
    head = load(path, "\n".join(rows[1:end]) + "\n", first_line=2)
    fields, messages = head.value, head.messages
    if fields is None:
        fields = {}
    if not isinstance(fields, dict):
        messages = (
            *messages,
            Message(path, 2, "Write the front matter as `key: value`, one key on each line."),
        )
        fields = {}
    return FrontMatter(fields, head.lines, "\n".join(rows[end + 1 :]), end + 2, messages)


def load(path: str, text: str, *, first_line: int = 1) -> YamlDocument:
    """Read one YAML text; never raises.

    Args:
        path: named in the messages.
        text: the YAML.
        first_line: the line of the file on which the text begins.
    """
    lines: dict[str, int] = {}
    messages: list[Message] = []
    try:
        node = yaml.compose(plain_newlines(text), Loader=_Loader)
        value = None if node is None else _Reader(path, first_line, lines, messages).value(node, ())
    except yaml.MarkedYAMLError as error:
        return YamlDocument(None, lines, (Message(path, _error_line(error) + first_line, _plain(error)),))
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + first_line
        return YamlDocument(None, lines, (Message(path, line, "Remove the unprintable character on this line."),))
    except (RecursionError, ValueError, yaml.YAMLError):
        return YamlDocument(None, lines, (Message(path, first_line, "This block is nested too deeply to be read."),))
    return YamlDocument(value, lines, tuple(messages))


def line_of(lines: Lines, *keys: str) -> int:
    """Return the line of a nested key, or of the nearest key above it, or 1."""
    for depth in range(len(keys), 0, -1):
        if (found := lines.get(".".join(keys[:depth]))) is not None:
            return found
    return 1


def plain_newlines(text: str) -> str:
    """Return the text with Unix line ends and without a byte order mark."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _headless(path: str, rows: list[str], text: str) -> FrontMatter:
    return FrontMatter({}, {}, "\n".join(rows), 1, (Message(path, 1, text),))


class _Loader(yaml.SafeLoader):
    """Composes nodes only; resolves words as YAML 1.2 does, and knows no aliases."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "alias", self.get_mark())
        return super().compose_node(parent, index)


_TAG = "tag:yaml.org,2002:"
_RULES = (
    ("bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    ("int", re.compile(r"^[-+]?[0-9]{1,18}$"), "-+0123456789"),
    ("float", re.compile(r"^[-+]?[0-9]{1,18}\.[0-9]{1,18}$"), "-+0123456789"),
    ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
)
_Loader.yaml_implicit_resolvers = {}
for _name, _pattern, _first in _RULES:
    _Loader.add_implicit_resolver(_TAG + _name, _pattern, list(_first))


@dataclass(frozen=True)
class _Reader:
    """Turns composed nodes into plain values and remembers where each key stood."""

    path: str
    first_line: int
    lines: dict[str, int]
    messages: list[Message]

    def value(self, node: yaml.Node, where: tuple[str, ...]) -> Any:
        if len(where) > DEEPEST:
            raise RecursionError
        if where:
            self.lines.setdefault(".".join(where), self._line(node))
        match node:
            case yaml.MappingNode() if node.tag == _TAG + "map":
                return dict(self._pairs(node, where))
            case yaml.SequenceNode() if node.tag == _TAG + "seq":
                return [self.value(item, (*where, str(n))) for n, item in enumerate(node.value)]
            case yaml.ScalarNode():
                return self._scalar(node)
        self._say(node, "Remove the word that begins with an exclamation mark: tags are not used here.")
        return None

    def _pairs(self, node: yaml.MappingNode, where: tuple[str, ...]) -> Iterator[tuple[str, Any]]:
        seen: set[str] = set()
        for key, item in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self._say(key, "Write a single word before the colon.")
                continue
            name = str(key.value)
            if name in seen:
                self._say(key, f"The key “{name}” stands here twice. Keep one of them.")
                continue
            seen.add(name)
            self.lines[".".join((*where, name))] = self._line(key)
            yield name, self.value(item, (*where, name))

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text = str(node.value)
        for name, pattern, _ in _RULES:
            if node.tag == _TAG + name and pattern.match(text):
                return _MAKE[name](text)
        if node.tag != _TAG + "str":
            self._say(node, "Remove the word that begins with an exclamation mark: tags are not used here.")
        return text

    def _line(self, node: yaml.Node) -> int:
        return int(node.start_mark.line) + self.first_line

    def _say(self, node: yaml.Node, text: str) -> None:
        self.messages.append(Message(self.path, self._line(node), text))


_MAKE: Mapping[str, Any] = {
    "bool": lambda text: text.lower() == "true",
    "int": int,
    "float": float,
    "null": lambda _: None,
}

_PLAIN = (
    ("alias", "Put this value in double quotes: a value may not begin with an asterisk."),
    (
        "mapping values are not allowed",
        "Put this value in double quotes, as it holds a colon; or the line above lacks its colon.",
    ),
    ("'\\t'", "Replace the tab on this line by spaces."),
    (
        "cannot start any token",
        "Put this value in double quotes: it begins with a sign that has a meaning of its own.",
    ),
    ("while scanning a quoted scalar", "A quotation mark is opened here and never closed."),
    ("expected ',' or ']'", "The list that begins with [ lacks a comma or its closing ]."),
    ("expected ',' or '}'", "The group that begins with { lacks a comma or its closing }."),
    ("could not find expected ':'", "Write `key: value`: this line lacks its colon, or the space after it."),
    ("expected <block end>", "This line is indented differently from its neighbours. Line it up with them."),
    ("expected a single document", "Remove the second `---` or `...` line: a file holds one block of keys."),
)


def _plain(error: yaml.MarkedYAMLError) -> str:
    said = f"{error.context} {error.problem}"
    for sign, text in _PLAIN:
        if sign in said:
            return text
    return "This line cannot be read. Look at its quotation marks, its colon and its indentation."


def _error_line(error: yaml.MarkedYAMLError) -> int:
    """Count from 0; an unclosed quotation mark is reported where it was opened."""
    mark = error.context_mark if "quoted scalar" in str(error.context) else error.problem_mark
    mark = mark or error.problem_mark or error.context_mark
    return int(mark.line) if mark else 0
