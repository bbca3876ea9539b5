"""Compare names, and count that somebody did."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from trainer.certificates.queries import consents_of
from trainer.certificates.words import ConsentLevel
from trainer.networks import WIDE, network_of
from trainer.try_limits import Brake, TryPace, tried_hash
from trainer.verify.handed_in.reference import read_reference
from trainer.verify.matching import STAND_IN, Match, match_names
from trainer.verify.queries import certified, entries_with_facts
from trainer.web import brakes

TRIES_A_DAY = 5
ONE_NETWORK = TryPace(free=TRIES_A_DAY, first=timedelta(days=1), growth=1, longest=timedelta(days=1))
"""How many names one network may compare with one certificate: enough for slips, too few to go through a list."""
_NEIGHBOURS = TryPace(free=4 * TRIES_A_DAY, first=timedelta(days=1), growth=1, longest=timedelta(days=1))
"""The same for all networks of a neighbourhood together."""


def try_names(
    session: Session, *, asked: Sequence[tuple[str, str]], address: str, base_url: str, now: datetime
) -> Sequence[Match | None]:
    """Compare names with those on certificates: pairs of a reference and a name; None where a day's tries are used up.

    Each try is counted, at most five a day for each certificate and network, so that nobody uses up the tries of
    others. A certificate that is unknown, or whose holder lets nobody compare, answers `no` and counts alike. The
    queries are the same whatever was asked.

    Args:
        address: the network address from which they are asked.
    """
    whose, names = _named(session, [reference for reference, _name in asked], base_url)
    waits = brakes.take_each(session, tries=[_name_brakes(certificate, address) for certificate in whose], now=now)
    answers: list[Match | None] = []
    for certificate, wait, (_reference, name) in zip(whose, waits, asked, strict=True):
        compared = match_names(name, names.get(certificate, STAND_IN))
        answers.append(None if wait else compared if certificate in names else Match.NO)
    return answers


def _named(session: Session, asked: Sequence[str], base_url: str) -> tuple[Sequence[str], Mapping[str, str]]:
    """Return what each reference is counted under, and the names that may be compared, by the same."""
    references = [read_reference(text, base_url=base_url) for text in asked]
    found = entries_with_facts(session, references=references)
    ids = {key: entry.public_id for entry, _facts in found for key in (entry.public_id, entry.number)}
    consents = consents_of(session, public_ids=set(ids.values()))
    names = {
        entry.public_id: facts["holder"]
        for entry, facts in found
        if consents.get(entry.public_id) is not ConsentLevel.HIDDEN and certified(facts, entry)
    }
    whose = [
        ids.get(public_id or number or "", public_id or number or text)
        for (public_id, number), text in zip(references, asked, strict=True)
    ]
    return whose, names


def _name_brakes(certificate: str, address: str) -> Sequence[Brake]:
    of = tried_hash("certificate", certificate)  # under which it is forgotten when its holder is erased
    return (
        Brake(tried_hash("name", network_of(address), of), of, ONE_NETWORK),
        Brake(tried_hash("names", network_of(address, WIDE), of), of, _NEIGHBOURS),
    )
