"""Who has signed a case in its own file, and whether the signature stands under this very text."""

from collections.abc import Iterator

from trainer.authoring.fitting import fit
from trainer.authoring.frontmatter import FrontMatter
from trainer.authoring.messages import Message
from trainer.authoring.shapes import TextSignature
from trainer.authoring.wording import should_be
from trainer.cases.language.head_shape import CaseHead
from trainer.cases.script.values import ReviewStatus


def lint_reviews(path: str, front: FrontMatter, status: ReviewStatus, case_hash: str) -> Iterator[Message]:
    """Yield what each signature lacks, or that the one under this text is missing."""
    given = front.fields.get("reviewed") or []
    if not isinstance(given, list):
        wish = CaseHead.model_fields["reviewed"].description or ""
        yield Message(path, front.line("reviewed"), should_be("reviewed", wish))
        return
    signed = False
    for number, value in enumerate(given):
        fitted = fit(TextSignature, value, path=path, lines=front.lines, under=("reviewed", str(number)))
        yield from fitted.messages
        signed = signed or (fitted.head is not None and fitted.head.hash == case_hash)
    if status is not ReviewStatus.DRAFT and not signed:
        text = (
            f"Nobody has signed this very text, so it cannot be {status.value}. Set the status to draft, "
            f"or add below “reviewed:” who has read it: name, role, date and hash: {case_hash}."
        )
        yield Message(path, front.line("status"), text)
