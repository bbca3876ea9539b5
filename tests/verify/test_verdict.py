"""The words of the counter: each verdict and each check to the letter, and the dates on both sides of their moment."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trainer.registry.status import Status, Word
from trainer.verify import evidence
from trainer.verify.evidence import drifted, in_log
from trainer.verify.handed_in.handed import Kind
from trainer.verify.handed_in.marks import FileHashes
from trainer.verify.seen import Doubted, DoubtReason, Registered
from trainer.verify.verdict import Check, Doubt, Verdict, verdict_as_json
from trainer.verify.wording.altered import doubted
from trainer.verify.wording.registered import beside_registered, today
from trainer.verify.wording.status import sentence_about, within_dates

ISSUED = datetime(2026, 2, 1, 12, 30, tzinfo=UTC)
UNTIL = datetime(2028, 2, 2, tzinfo=UTC)
NOW = datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)
SEEN = Check(question="Is it the file?", holds=True, evidence="Every byte.")
LOGGED = Check(question="Is it in the log?", holds=True, evidence="Proved.")
FACTS = {"holder": "Mara Vogel"}


def status(word: Word, *, until: datetime | None = None) -> Status:
    return Status(word=word, since=datetime(2026, 3, 1, tzinfo=UTC), until=until)


@pytest.mark.parametrize(
    ("word", "rest"),
    [
        (Word.VALID, " and is valid."),
        (Word.NOT_YET_VALID, ", but it is not valid before 1 March 2026, 00:00 UTC."),
        (Word.EXPIRED, ", but it is no longer valid: it expired on 1 March 2026, 00:00 UTC."),
        (Word.SUSPENDED, ", but it is suspended since 1 March 2026, 00:00 UTC."),
        (Word.REVOKED, ", but it is not valid: it was revoked on 1 March 2026, 00:00 UTC."),
        (Word.SURRENDERED, ", but it is not valid: it was given back on 1 March 2026, 00:00 UTC."),
        (Word.SUPERSEDED, ", but it is no longer in force: it was replaced on 1 March 2026, 00:00 UTC."),
        (
            Word.ERASED,
            ", but it is no longer on record: its data was deleted on 1 March 2026, 00:00 UTC, at the request of its "
            "holder.",
        ),
    ],
)
def test_a_number_is_answered_in_one_sentence(word: Word, rest: str) -> None:
    assert sentence_about(status(word)) == f"This certificate is in our registry{rest}"


@pytest.mark.parametrize(
    ("word", "rest"),
    [
        (Word.VALID, ", and the certificate is valid."),
        (Word.REVOKED, ", but the certificate is not valid: it was revoked on 1 March 2026, 00:00 UTC."),
    ],
)
def test_a_file_is_answered_for_itself_and_for_its_certificate(word: Word, rest: str) -> None:
    assert sentence_about(status(word), seen="file") == f"This file is the one we issued{rest}"


@pytest.mark.parametrize(
    ("becomes", "words"),
    [(Word.REVOKED, "its revocation"), (Word.SURRENDERED, "its surrender by the holder")],
)
def test_what_is_about_to_end_is_suspended_and_says_what_becomes_final_and_when(becomes: Word, words: str) -> None:
    final_at = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
    ending = Status(word=Word.SUSPENDED, since=datetime(2026, 3, 1, tzinfo=UTC), becomes=becomes, final_at=final_at)
    assert sentence_about(ending) == (
        f"This certificate is in our registry, but it is suspended since 1 March 2026, 00:00 UTC; {words} is final "
        "from 2 March 2026, 14:05 UTC, and can be recalled until then."
    )


@pytest.mark.parametrize("half", [{"becomes": Word.REVOKED}, {"final_at": datetime(2026, 3, 2, tzinfo=UTC)}])
def test_half_an_ending_is_none(half: dict[str, object]) -> None:
    assert "final" not in sentence_about(replace(status(Word.SUSPENDED), **half))


def test_a_suspension_with_an_end_says_until_when() -> None:
    until = datetime(2026, 3, 31, 14, 5, tzinfo=UTC)
    assert sentence_about(status(Word.SUSPENDED, until=until)) == (
        "This certificate is in our registry, but it is suspended since 1 March 2026, 00:00 UTC until 31 March 2026, "
        "14:05 UTC."
    )


def entered_as(what: Status, **facts: object) -> Registered:
    return Registered(
        public_id="abc",
        number="7K4M-2QXH-9PTV",
        issued_at=ISSUED,
        valid_until=UNTIL,
        status=what,
        logged=LOGGED,
        **{"facts": FACTS, **facts},
    )


def about(what: Status, shown: Check | None = None, kind: str = "file", **facts: object) -> Verdict:
    return today(entered_as(what, **facts), shown=shown, what=Kind(kind), now=NOW)


ENTERED = Check(
    question="Is it entered in the registry?",
    holds=True,
    evidence="Entered on 1 February 2026, 12:30 UTC. Entries are only ever added, never changed.",
)
CERTIFIED = Check(
    question="Are the facts shown here those that were certified?",
    holds=True,
    evidence="Their SHA-256 is the one that was entered when the certificate was issued.",
)
DATES = Check(
    question="Is today within its dates?",
    holds=True,
    evidence="Valid from 1 February 2026, 12:30 UTC up to 2 February 2028, 00:00 UTC. "
    "Checked on 4 March 2026, 05:06 UTC.",
)
FREE = Check(
    question="Is it free of any later decision against it?",
    holds=True,
    evidence="No suspension, revocation, surrender or replacement is recorded.",
)


def test_a_number_that_is_ours_is_answered_with_all_its_checks() -> None:
    verdict = about(status(Word.VALID))
    assert verdict == Verdict(
        status=Word.VALID,
        sentence="This certificate is in our registry and is valid.",
        checked_at=NOW,
        checks=(ENTERED, CERTIFIED, LOGGED, DATES, FREE),
        facts=FACTS,
        since=datetime(2026, 3, 1, tzinfo=UTC),
        reason_code="",
        public_note="",
        public_id="abc",
        file_seen=False,
    )
    assert verdict.holds


def test_a_file_that_is_ours_is_the_first_of_its_checks() -> None:
    verdict = about(status(Word.VALID), SEEN)
    assert verdict.checks == (SEEN, ENTERED, CERTIFIED, LOGGED, DATES, FREE)
    assert verdict.sentence == "This file is the one we issued, and the certificate is valid."
    assert verdict.file_seen
    credential = about(status(Word.VALID), SEEN, "credential")
    assert credential.sentence == "This credential is the one we issued, and the certificate is valid."
    assert about(status(Word.VALID), kind="credential").sentence == "This certificate is in our registry and is valid."


@pytest.mark.parametrize("word", [Word.SUSPENDED, Word.REVOKED, Word.SURRENDERED, Word.SUPERSEDED])
def test_a_later_decision_is_told_with_its_reason_and_note(word: Word) -> None:
    decided = Status(word=word, since=NOW, reason_code="conduct", public_note="A note.")
    verdict = about(decided)
    assert verdict.checks[-1] == Check(
        question="Is it free of any later decision against it?",
        holds=False,
        evidence=f"Recorded as {word} on 4 March 2026, 05:06 UTC: conduct.",
    )
    assert (verdict.since, verdict.reason_code, verdict.public_note) == (NOW, "conduct", "A note.")
    assert not verdict.holds


@pytest.mark.parametrize("word", [Word.VALID, Word.NOT_YET_VALID, Word.EXPIRED])
def test_dates_are_no_decision_against_it(word: Word) -> None:
    assert about(status(word)).checks[-1] == FREE


def test_what_is_valid_holds_only_with_every_check() -> None:
    fails = Check(question="?", holds=False, evidence="")
    assert Verdict(status=Word.VALID, sentence="", checked_at=NOW).holds
    assert Verdict(status=Word.VALID, sentence="", checked_at=NOW, checks=(SEEN, LOGGED)).holds
    assert not Verdict(status=Word.VALID, sentence="", checked_at=NOW, checks=(SEEN, fails)).holds
    assert not Verdict(status=Word.EXPIRED, sentence="", checked_at=NOW, checks=(SEEN,)).holds
    assert not Verdict(status=Doubt.UNKNOWN, sentence="", checked_at=NOW).holds


@pytest.mark.parametrize(
    ("shown", "kind", "what"),
    [
        (None, "file", "We issued a certificate under this number or address"),
        (SEEN, "file", "This file is one that we issued"),
        (SEEN, "credential", "This credential is one that we issued"),
    ],
)
def test_what_was_erased_is_said_to_be_and_nothing_more(shown: Check | None, kind: str, what: str) -> None:
    gone = Status(word=Word.ERASED, since=NOW, reason_code="erasure asked for", public_note="never shown")
    verdict = about(gone, shown, kind, facts=None)
    entered = Check(
        question="Is it entered in the registry?",
        holds=True,
        evidence="Entered on 1 February 2026, 12:30 UTC; since 4 March 2026, 05:06 UTC without the facts.",
    )
    assert verdict == Verdict(
        status=Word.ERASED,
        sentence=f"{what}, but it is no longer on record: its data was deleted on 4 March 2026, 05:06 UTC, at the "
        "request of its holder. We can no longer say what it certified, or whether it holds.",
        checked_at=NOW,
        checks=(*([shown] if shown else []), entered, LOGGED),
        since=NOW,
        reason_code="erasure asked for",
        public_id="abc",
        file_seen=shown is not None,
    )
    assert verdict.facts is None


def test_a_name_that_is_not_to_be_shown_is_seen_by_whoever_has_the_file_alone() -> None:
    facts = {"holder": "Mara Vogel", "cohort": "Spring 2026"}
    hidden = {"facts": facts, "name_shown": False}
    assert about(status(Word.VALID), **hidden).facts == {"holder": "", "cohort": "Spring 2026"}
    assert about(status(Word.VALID), SEEN, **hidden).facts == facts


def test_a_file_that_is_ours_is_told_with_its_hash() -> None:
    assert evidence.unchanged(FileHashes(size=61_234, whole="5e5e", beginnings={})) == Check(
        question="Is this the file we issued, unchanged to the last byte?",
        holds=True,
        evidence="Its 61,234 bytes have the SHA-256 5e5e, which is in the registry.",
    )


def test_why_something_is_not_as_we_issued_it_is_said_in_these_words() -> None:
    assert evidence.NOT_REGISTERED == "That is not in the registry."
    assert evidence.BESIDE == "More stands in it than the credential, and we did not sign that."
    assert evidence.REWRITTEN == "Its signature is written in another way than we wrote it, which takes no key."
    assert evidence.ONLY_REWRITTEN == (
        "That is not in the registry. Its page is as we signed it, but the signature beside it is written in another "
        "way than we wrote it, which takes no key."
    )
    assert evidence.SIGNED_QUESTION == "Did we sign what this credential says?"


ALTERED = Verdict(
    status=Doubt.ALTERED, sentence="The page is forged.", checked_at=NOW, checks=(LOGGED,), facts=FACTS, file_seen=True
)


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        (
            Word.VALID,
            "The page is forged. The certificate itself is valid today, which does not make a changed copy good.",
        ),
        (
            Word.REVOKED,
            "This certificate is in our registry, but it is not valid: it was revoked on 4 March 2026, 05:06 UTC. The "
            "page is forged.",
        ),
    ],
)
def test_beside_what_was_altered_stands_how_the_certificate_inside_stands(word: Word, sentence: str) -> None:
    decided = Status(word=word, since=NOW, reason_code="conduct", public_note="A note.")
    both = beside_registered(ALTERED, entered_as(decided), NOW)
    assert both == Verdict(
        status=Doubt.ALTERED,
        sentence=sentence,
        checked_at=NOW,
        checks=(LOGGED, *about(decided).checks),
        facts=FACTS,
        since=NOW,
        reason_code="conduct",
        public_note="A note.",
        file_seen=True,
        standing=word,
    )
    assert both.certificate_status is word


def test_facts_that_drifted_are_not_to_be_relied_on() -> None:
    lost = Doubted(reason=DoubtReason.DRIFTED, checks=(drifted("7K4M"),), public_id="abc")
    assert doubted(lost, NOW) == Verdict(
        status=Doubt.NOT_GENUINE,
        sentence="What is stored about this certificate is no longer what was certified. Do not rely on it; please "
        "tell the issuer.",
        checked_at=NOW,
        checks=(
            Check(
                question="Are the facts stored here those that were certified?",
                holds=False,
                evidence="The facts stored for 7K4M have another SHA-256 than the one entered when it was issued.",
            ),
        ),
        public_id="abc",
    )


def test_what_the_log_does_not_prove_is_not_to_be_relied_on() -> None:
    lost = Doubted(reason=DoubtReason.UNLOGGED, checks=(LOGGED,), public_id="abc")
    assert doubted(lost, NOW) == Verdict(
        status=Doubt.NOT_GENUINE,
        sentence="This certificate cannot be proved to be in our public log. Do not rely on it; please tell the "
        "issuer.",
        checked_at=NOW,
        checks=(LOGGED,),
        public_id="abc",
    )


@pytest.mark.parametrize(
    ("index", "holds", "evidence"),
    [
        (
            1234,
            True,
            "It is entry 1,235 of the 56,789 entries under the newest signed checkpoint. Just now, its hash and that "
            "of every later decision about it were followed up to the root that the checkpoint signs.",
        ),
        (None, False, "The log has no entry for it."),
        (0, False, "What is stored here is not what entry 1 and the later ones about it commit to."),
    ],
)
def test_the_log_is_told_of_with_its_evidence(index: int | None, holds: bool, evidence: str) -> None:
    assert in_log(index=index, size=56_789, holds=holds) == Check(
        question="Is it in the public log?", holds=holds, evidence=evidence
    )


@pytest.mark.parametrize(
    ("now", "holds"), [(ISSUED - MOMENT, False), (ISSUED, True), (UNTIL - MOMENT, True), (UNTIL, False)]
)
def test_its_dates_hold_from_the_first_moment_up_to_the_last(now: datetime, holds: bool) -> None:
    assert within_dates(ISSUED, UNTIL, now).holds is holds


def test_the_hour_is_told_beside_the_day() -> None:
    check = within_dates(ISSUED, datetime(2028, 2, 2, 7, 8, tzinfo=UTC), NOW)
    assert check.evidence == (
        "Valid from 1 February 2026, 12:30 UTC up to 2 February 2028, 07:08 UTC. Checked on 4 March 2026, 05:06 UTC."
    )


def test_a_verdict_is_told_to_machines_word_for_word() -> None:
    verdict = Verdict(
        status=Word.REVOKED,
        sentence="A sentence.",
        checked_at=NOW,
        checks=(SEEN,),
        facts=FACTS,
        since=ISSUED,
        reason_code="conduct",
        public_note="A note.",
        public_id="abc",
        file_seen=True,
        as_of=UNTIL,
        fresh=False,
    )
    assert verdict_as_json(verdict) == {
        "status": "revoked",
        "sentence": "A sentence.",
        "checked_at": "2026-03-04T05:06:00+00:00",
        "status_since": "2026-02-01T12:30:00+00:00",
        "status_reason": "conduct",
        "public_note": "A note.",
        "as_of": "2028-02-02T00:00:00+00:00",
        "fresh": False,
        "checks": [{"question": "Is it the file?", "holds": True, "evidence": "Every byte."}],
        "file_seen": True,
        "certificate_status": "revoked",
        "certificate": {"holder": "Mara Vogel"},
    }


def test_what_is_not_known_is_told_to_machines_as_nothing() -> None:
    plain = verdict_as_json(Verdict(status=Doubt.UNKNOWN, sentence="Unknown.", checked_at=NOW))
    assert plain == {
        "status": "unknown",
        "sentence": "Unknown.",
        "checked_at": "2026-03-04T05:06:00+00:00",
        "status_since": None,
        "status_reason": None,
        "public_note": None,
        "as_of": "2026-03-04T05:06:00+00:00",
        "fresh": True,
        "checks": [],
        "file_seen": False,
        "certificate_status": None,
        "certificate": None,
    }


def test_the_words_of_doubt_are_these() -> None:
    assert {str(doubt) for doubt in Doubt} >= {"altered", "not genuine", "unknown", "unreadable"}
    assert Verdict(status=Doubt.ALTERED, sentence="", checked_at=NOW).public_id == ""
