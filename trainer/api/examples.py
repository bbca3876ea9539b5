"""One example of each body, in the shapes themselves, so that none can be shown that would not be read or written."""

from datetime import UTC, date, datetime

from trainer.api.answers import (
    AskedAnswer,
    CheckAnswer,
    CredentialAnswer,
    HolderAnswer,
    MatchAnswer,
    ProgrammeAnswer,
    ProofsAnswer,
    VerdictAnswer,
    WatchAnswer,
    table_answer,
)
from trainer.api.bodies import ListAsked, MatchAsked, RowAsked, TextAsked, WatchAsked
from trainer.bulk.answers import ListedAnswer, answers_as_csv
from trainer.bulk.table import TableRow
from trainer.certificates.facts.claim import STATEMENT
from trainer.certificates.words import ConsentLevel
from trainer.notices.words import Channel
from trainer.registry.status import Reason, Word
from trainer.verify.matching import Match
from trainer.watches.letters import Change

ID, NUMBER, NAME = "mfzxg3dpobqxgzdfmztwq2tlnq", "7K4M-2QXH-9PTV", "Mara Vogel"
TAG = 'W/"0f3a2b4c5d6e7f8091a2b3c4d5e6f708"'
ISSUED, NOW = datetime(2026, 2, 1, 12, tzinfo=UTC), datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
LAST_DAY = date(2028, 2, 1)

TEXT = TextAsked(text=NUMBER)
NAMED = MatchAsked(number=NUMBER, name=NAME)
LIST = ListAsked([RowAsked(reference=NUMBER, name=NAME)])
HOOK = WatchAsked(number=NUMBER, webhook="https://hooks.example.org/certificates")
CSV_SENT = f"number,name\r\n{NUMBER},{NAME}\r\n"

VERDICT = VerdictAnswer(
    id=ID,
    number=NUMBER,
    status=Word.VALID,
    sentence="This certificate is in our registry and is valid.",
    certificate_status=Word.VALID,
    status_since=ISSUED,
    status_reason_code=None,
    public_note=None,
    checked_at=NOW,
    file_seen=False,
    valid_from=ISSUED.date(),
    valid_until=LAST_DAY,
    time_zone="UTC",
    credential="Certificate in psychedelic-assisted therapy, foundations",
    programme=ProgrammeAnswer(title="Foundations of psychedelic-assisted therapy", version="2026.1", hours=12.5),
    issuer="Example programme",
    holder=HolderAnswer(name=NAME, consent=ConsentLevel.SHOWN),
    statement=STATEMENT,
    checks=(
        CheckAnswer(
            question="Is it entered in the registry?",
            holds=True,
            evidence="Entered on 1 February 2026. Entries are only ever added, never changed.",
        ),
    ),
    receipt="eyJhbGciOiJFUzI1NiJ9.eyJhdCI6IjIwMjYifQ.c2lnbmF0dXJl",
)
CREDENTIAL = CredentialAnswer(
    **dict(VERDICT),
    supersedes=None,
    superseded_by=None,
    proofs=ProofsAnswer(
        credential="eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJkaWQ6d2ViIn0.c2lnbmF0dXJl",
        tlog_proof="c2sp.org/tlog-proof@v1\nindex 41\n…",
        checkpoint="certificates.example.org\n1042\n…",
    ),
)
MATCH = MatchAnswer(match=Match.YES)
_ROWS = (
    ListedAnswer(
        row=TableRow(line=1, reference=NUMBER, name=NAME),
        status=Word.VALID,
        since=NOW,
        valid_until=LAST_DAY,
        certificate=NUMBER,
        public_id=ID,
        match=Match.YES,
        note="Valid until 1 February 2028.",
    ),
)
TABLE, CSV_ANSWERED = table_answer(_ROWS, now=NOW), answers_as_csv(_ROWS).decode()
ASKED = AskedAnswer(
    id=ID,
    number=NUMBER,
    channel=Channel.WEBHOOK,
    sentence="Unless it is told already, the address has been sent what it needs to confirm.",
)
WATCH = WatchAnswer(id=ID, number=NUMBER, confirmed=True, ended=False)
CHANGE = Change(
    event="status.changed",
    id=ID,
    number=NUMBER,
    status=Word.REVOKED,
    since=NOW,
    reason_code=Reason.CONDUCT,
    at=NOW,
)
