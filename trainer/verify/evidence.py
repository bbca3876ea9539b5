"""The evidence that look-ups bring: the checks that are known before anything is judged, and why it is not ours."""

from trainer.verify.handed_in.marks import FileHashes
from trainer.verify.verdict import Check

FACTS_QUESTION = "Are the facts shown here those that were certified?"
LOGGED_QUESTION = "Is it in the public log?"
FILE_QUESTION = "Is this the file we issued, unchanged to the last byte?"
CREDENTIAL_QUESTION = "Is this the credential we issued, unchanged to the last sign?"
SIGNED_QUESTION = "Did we sign what this credential says?"
ENTERED_QUESTION = "Is it entered in the registry?"

NOT_REGISTERED = "That is not in the registry."
BESIDE = "More stands in it than the credential, and we did not sign that."
REWRITTEN = "Its signature is written in another way than we wrote it, which takes no key."
ONLY_REWRITTEN = (
    "That is not in the registry. Its page is as we signed it, but the signature beside it is written in another way "
    "than we wrote it, which takes no key."
)


def unchanged(marks: FileHashes) -> Check:
    """Return the check of a file whose hash is in the registry."""
    return Check(
        question=FILE_QUESTION,
        holds=True,
        evidence=f"Its {marks.size:,} bytes have the SHA-256 {marks.whole}, which is in the registry.",
    )


def in_log(*, index: int | None, size: int, holds: bool) -> Check:
    """Return the check of the public log, which nobody can change unnoticed; the caller has just proved it.

    People count entries from 1, online and offline alike; the log itself counts from 0.
    """
    if holds and index is not None:
        evidence = (
            f"It is entry {index + 1:,} of the {size:,} entries under the newest signed checkpoint. Just now, its hash "
            "and that of every later decision about it were followed up to the root that the checkpoint signs."
        )
    elif index is None:
        evidence = "The log has no entry for it."
    else:
        evidence = f"What is stored here is not what entry {index + 1:,} and the later ones about it commit to."
    return Check(question=LOGGED_QUESTION, holds=holds, evidence=evidence)


def drifted(number: str) -> Check:
    """Return the check of facts that are no longer what was certified."""
    return Check(
        question="Are the facts stored here those that were certified?",
        holds=False,
        evidence=f"The facts stored for {number} have another SHA-256 than the one entered when it was issued.",
    )
