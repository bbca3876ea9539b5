"""Something typed and a file, handed in together: are they of one certificate?"""

from trainer.verify.verdict import Verdict


def of_one_certificate(typed: Verdict, shown: Verdict) -> bool:
    """Say whether both answers are about the same certificate; then that about the file says all that the other does.

    What is about no certificate at all (a number that nobody has, a file that is not ours) belongs to nothing.
    """
    return bool(typed.public_id) and typed.public_id == shown.public_id
