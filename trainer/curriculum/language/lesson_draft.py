"""A text in the making: what it may draw on, and what has been found in it so far."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from trainer.authoring.messages import Message
from trainer.curriculum.values import Heading, KnowledgeCheck, RegulatorTopic, Term
from trainer.law.values import NO_LAW, Law
from trainer.references.reference import Reference


@dataclass(frozen=True)
class Material:
    """What a lesson may draw on: the release's files as text, its sources, its terms, its pages, topics, the law.

    Attributes:
        texts: readable files by path.
        pages: addresses relative to a lesson's page, by the path of the file behind them.
    """

    texts: Mapping[str, str]
    references: Mapping[str, Reference]
    glossary: Mapping[str, Term]
    pages: Mapping[str, str]
    topics: Mapping[str, RegulatorTopic]
    law: Law = NO_LAW


@dataclass
class LessonDraft:
    """A lesson in the making: what has been found so far."""

    path: str
    module: str
    material: Material
    messages: list[Message] = field(default_factory=list)
    headings: list[Heading] = field(default_factory=list)
    checks: list[KnowledgeCheck] = field(default_factory=list)
    figures: list[str] = field(default_factory=list)
    cited: dict[str, int] = field(default_factory=dict)
    words: int = 0

    def say(self, line: int, text: str) -> None:
        """Note a mistake."""
        self.messages.append(Message(self.path, line, text))

    def hash_with(self, text: str) -> str:
        """Return 64 hex digits over the text of the file and the figures that it shows."""
        texts = [text, *(self.material.texts.get(path, "") for path in self.figures)]
        return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogatepass")).hexdigest()
