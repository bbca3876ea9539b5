"""What a case says of the law is looked up in the one file of it."""

from collections.abc import Iterator, Mapping

from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean
from trainer.cases.language.compiler import Case
from trainer.cases.script.values import ReviewStatus
from trainer.law.values import Law


def law_in_cases(cases: Mapping[str, Case], law: Law) -> Iterator[Message]:
    """Yield the sources of cases that name an answer of the law which is not there, or which carries nothing."""
    for slug, case in cases.items():
        for source in case.sources:
            if "/" not in source.id:
                continue
            path = f"cases/{slug}/en.md"
            if (cell := law.cells.get(source.id)) is None:
                if law.legible:
                    hint = did_you_mean(source.id, law.cells)
                    yield Message(path, source.line, f"There is no answer “{source.id}” in law.yaml.{hint}")
            elif not cell.counts and case.head.status is not ReviewStatus.DRAFT:
                words = (
                    f"“{source.id}” is {cell.certainty} in law.yaml. Leave the case a draft until the rule was read."
                )
                yield Message(path, source.line, words)
