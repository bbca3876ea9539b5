"""One order of what outranks what: what was seen of something leads to this verdict, whoever looked."""

from dataclasses import replace

import pytest

from tests.verify.judged import CASES, handed_in, now_of, seen_in, told
from trainer.verify.judging import judge


@pytest.mark.parametrize("name", CASES)
def test_what_was_seen_leads_to_one_verdict(name: str) -> None:
    case = CASES[name]
    assert told(judge(handed_in(case), seen_in(case), now_of(case))) == case["verdict"]


def test_a_transcript_is_called_one() -> None:
    registered = (one for one in CASES.values() if one["by"] != "pinned keys")
    case = next(one for one in registered if "This file is the one we issued" in one["verdict"]["sentence"])
    seen = replace(seen_in(case), document="transcript")
    assert judge(handed_in(case), seen, now_of(case)).sentence.startswith("This transcript is the one we issued")
