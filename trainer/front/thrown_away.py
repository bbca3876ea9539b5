"""A run that is kept nowhere: all of it travels in one field of the form and of the address, signed.

The field holds the beginning of the case's hash, and the answers so far by their places in the file: nothing that a
player has not chosen on a page before.
"""

import hashlib

from itsdangerous import BadSignature, Signer

from trainer.cases.play.engine import Play, options, replay
from trainer.cases.runs.run import option_token
from trainer.errors import Refused
from trainer.front.samples import TRIED_SEED, SampleCase

LONGEST_FIELD_OF_A_RUN = 2_000
MOST_DECISIONS = 150
"""No story takes a tenth of it; who goes round in circles begins again."""
_DIGITS = 16


def played(secret: str, sample: SampleCase, field: str) -> Play:
    """Return the play that a page carries; an empty field is a play that begins.

    Raises:
        Refused: the field was altered, belongs to a text that has changed since, or is endless.
    """
    return replay(sample.case, sample.variant, TRIED_SEED, _inputs(secret, sample, field) if field else ())


def _inputs(secret: str, sample: SampleCase, field: str) -> tuple[str, ...]:
    try:
        if len(field) > LONGEST_FIELD_OF_A_RUN:
            raise BadSignature("too long")
        text, *places = _signer(secret).unsign(field.encode()).decode().split(".")
    except (BadSignature, UnicodeError) as error:
        raise Refused("The page you sent was not one of ours, so it was not used. Here is the beginning.") from error
    if text != sample.case.hash[:_DIGITS]:
        raise Refused("This story has been rewritten since your page was made. Here is its new beginning.")
    if len(places) >= MOST_DECISIONS:
        raise Refused("This run went round in circles for too long. Here is the beginning.")
    choices = tuple(sample.case.choices)
    return tuple(choices[int(place)] for place in places)


def carried_on(secret: str, sample: SampleCase, play: Play) -> str:
    """Return the field that carries a play to the next page."""
    places = {choice: number for number, choice in enumerate(sample.case.choices)}
    words = [sample.case.hash[:_DIGITS], *(str(places[given]) for given in play.inputs)]
    return _signer(secret).sign(".".join(words).encode()).decode()


def word_for(secret: str, sample: SampleCase, play: Play, choice_id: str) -> str:
    """Return what a page calls a choice at this moment; it says nothing of the choice."""
    return option_token(secret, run_id=f"tried {sample.case.hash}", step=len(play.steps), choice_id=choice_id)


def gone_on(secret: str, sample: SampleCase, play: Play, word: str) -> Play:
    """Return the play after an answer.

    Raises:
        Refused: nothing that is open now is called so.
    """
    for choice_id in options(sample.case, play.state):
        if word_for(secret, sample, play, choice_id) == word:
            return replay(sample.case, sample.variant, TRIED_SEED, (*play.inputs, choice_id))
    raise Refused("That answer was not one of those on the page. Here is the beginning.")


def _signer(secret: str) -> Signer:
    return Signer(secret, salt="a run that is thrown away", digest_method=hashlib.sha256)
