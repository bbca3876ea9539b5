"""The table of what can be decided about a certificate, and what each row makes of what somebody sends."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from trainer.errors import Refused
from trainer.lifecycle.acts import LONGEST_SUSPENSION, RULES, Act, Rule, Sent
from trainer.registry.status import Decision, Reason, Word

NOW = datetime(2026, 5, 3, 20, tzinfo=UTC)
KATHMANDU = ZoneInfo("Asia/Kathmandu")  # 5:45 ahead: it is 4 May there
DAY = timedelta(days=1)
SUSPEND = Sent(act=Act.SUSPEND, reason=Reason.UNDER_REVIEW, public_note=" A note. ", private_reason=" A letter. ")


def decision(sent: Sent, recall_within: timedelta = timedelta(0)) -> Decision:
    return sent.decision(by="d" * 26, zone=KATHMANDU, recall_within=recall_within, now=NOW)


TABLE = """
suspension       | director | suspend         | suspended   | ends
lifting          | director | lift suspension | valid       |
revocation       | director | revoke          | revoked     | recallable
correction       | director | correct name    | correction  |
renewal          | director | renew           | renewal     |
recall           | director | recall          |             |
surrender        | holder   | surrender       | surrendered | recallable
surrender/recall | holder   | recall          |             |
"""
REASONS = {
    Act.SUSPEND: "under review, conditions open, conduct, the holder asked",
    Act.LIFT: "review ended, conditions met, issued in error, the holder asked",
    Act.REVOKE: "issued in error, requirements not met, false information, conduct, the holder asked",
    Act.SURRENDER: "the holder asked",
}


def test_the_table_says_who_decides_what_and_what_ends_by_itself_or_can_be_recalled() -> None:
    rows = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]
    said = [("ends" if rule.ends else "") + ("recallable" if rule.recallable else "") for rule in RULES.values()]
    table = zip(RULES.items(), said, strict=True)
    assert [[act, rule.by, rule.audit, rule.word or rule.occasion or "", then] for (act, rule), then in table] == rows


def test_the_public_reads_one_of_the_reasons_of_an_act() -> None:
    assert {act: ", ".join(rule.reasons) for act, rule in RULES.items() if rule.reasons} == REASONS
    assert {act for act, rule in RULES.items() if rule.is_public} == {Act.SUSPEND, Act.LIFT, Act.REVOKE}
    assert Rule(audit="reinstate", reasons=(Reason.ISSUED_IN_ERROR, Reason.CONDUCT)).is_public


def test_nothing_is_said_that_was_not_sent() -> None:
    bare = Sent(act=Act.REVOKE)
    assert (bare.public_note, bare.private_reason, bare.seen, bare.last_day, bare.holder) == ("", "", None, None, None)


def test_a_suspension_is_recorded_in_the_words_that_were_sent_without_what_surrounds_them() -> None:
    assert decision(SUSPEND, DAY) == Decision(
        word=Word.SUSPENDED,
        at=NOW,
        reason_code=Reason.UNDER_REVIEW,
        public_note="A note.",
        private_reason="A letter.",
        decided_by="d" * 26,
    )


@pytest.mark.parametrize("days", [0, 5 * 366])
def test_a_suspension_lasts_to_the_end_of_its_last_day_where_the_programme_is(days: int) -> None:
    until = decision(replace(SUSPEND, last_day=date(2026, 5, 4) + days * DAY)).until
    assert until == datetime(2026, 5, 4, 18, 15, tzinfo=UTC) + days * DAY


@pytest.mark.parametrize("days", [-1, 5 * 366 + 1])
def test_a_last_day_before_today_or_after_five_years_is_refused(days: int) -> None:
    assert LONGEST_SUSPENSION == 5 * 366 * DAY
    with pytest.raises(Refused, match=r"^The last day of a suspension is today or later, and within five years\.$"):
        decision(replace(SUSPEND, last_day=date(2026, 5, 4) + days * DAY))


@pytest.mark.parametrize(("act", "word"), [(Act.REVOKE, Word.REVOKED), (Act.SURRENDER, Word.SURRENDERED)])
def test_an_ending_is_a_suspension_until_it_can_no_longer_be_recalled(act: Act, word: Word) -> None:
    sent = Sent(act=act, reason=Reason.CONDUCT if act is Act.REVOKE else None)
    at_once, later = decision(sent), decision(sent, DAY)
    assert (at_once.word, at_once.becomes, at_once.final_at) == (word, None, None)
    assert (later.word, later.becomes, later.final_at) == (Word.SUSPENDED, word, NOW + DAY)
    assert later.reason_code == (Reason.CONDUCT if act is Act.REVOKE else Reason.HOLDER_ASKED)


@pytest.mark.parametrize(
    "sent",
    [
        Sent(act=Act.CORRECT, holder="Mara Falk"),
        Sent(act=Act.RECALL),
        Sent(act=Act.LIFT),
        Sent(act=Act.LIFT, reason=Reason.CONDUCT),
        Sent(act=Act.SUSPEND, reason=Reason.RECALLED),
    ],
)
def test_an_act_without_a_status_or_for_a_reason_of_another_is_a_mistake_of_ours(sent: Sent) -> None:
    with pytest.raises(ValueError, match="because of"):
        decision(sent)


BEFORE = Decision(word=Word.SUSPENDED, at=NOW, becomes=Word.REVOKED, final_at=NOW + DAY)
RECALL = Sent(act=Act.RECALL, private_reason="Wrong. ")
RECALLED = Decision(word=Word.VALID, at=NOW, private_reason="Wrong.", decided_by="d" * 26)


@pytest.mark.parametrize(
    ("sent", "kept", "before", "twice"),
    [
        (SUSPEND, decision(SUSPEND), None, True),
        (replace(SUSPEND, reason=Reason.CONDUCT), decision(SUSPEND), None, False),
        (replace(SUSPEND, public_note=""), decision(SUSPEND), None, False),
        (replace(SUSPEND, private_reason=""), decision(SUSPEND), None, False),
        (replace(SUSPEND, last_day=date(2026, 6, 1)), decision(SUSPEND), None, False),
        (SUSPEND, replace(decision(SUSPEND), decided_by="e" * 26), None, False),
        (Sent(act=Act.SURRENDER), decision(Sent(act=Act.SURRENDER), DAY), None, True),
        (Sent(act=Act.SURRENDER), decision(Sent(act=Act.SURRENDER)), None, True),
        (Sent(act=Act.REVOKE, reason=Reason.HOLDER_ASKED), decision(Sent(act=Act.SURRENDER), DAY), None, False),
        (RECALL, RECALLED, BEFORE, True),
        (RECALL, RECALLED, decision(SUSPEND), False),
        (RECALL, RECALLED, None, False),
        (RECALL, replace(RECALLED, word=Word.REVOKED), BEFORE, False),
        (RECALL, replace(RECALLED, private_reason="Otherwise."), BEFORE, False),
        (RECALL, replace(RECALLED, decided_by="e" * 26), BEFORE, False),
    ],
)
def test_the_same_decision_of_the_same_person_is_one_that_was_sent_twice(
    sent: Sent, kept: Decision, before: Decision | None, twice: bool
) -> None:
    assert sent.is_in(kept, before, by="d" * 26, zone=KATHMANDU) is twice
