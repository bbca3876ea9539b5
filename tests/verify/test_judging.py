"""One order of what outranks what: what was seen of something leads to this verdict, whoever looked."""

import pytest

from tests.verify.judged import CASES, handed_in, now_of, seen_in, told
from trainer.verify.judging import judge


@pytest.mark.parametrize("name", CASES)
def test_what_was_seen_leads_to_one_verdict(name: str) -> None:
    case = CASES[name]
    assert told(judge(handed_in(case), seen_in(case), now_of(case))) == case["verdict"]
