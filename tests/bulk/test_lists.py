"""A whole list at the counter."""

import base64
import csv
import hashlib
import io
import re
import time
from collections.abc import Callable
from datetime import timedelta
from fractions import Fraction
from urllib.parse import unquote

import pytest
from joserfc.jwk import ECKey
from sqlalchemy import event, select

from tests.certificates.conftest import ISSUED, claim
from tests.registry.entering import entered
from trainer.certificates.facts.claim import fingerprint, months_later
from trainer.certificates.facts.number import number_from
from trainer.certificates.models import Certificate, Conferral, Consent
from trainer.certificates.words import ConsentLevel, Occasion
from trainer.clock import utc_now
from trainer.db import Database, new_id
from trainer.receipts.receipt import read_receipt
from trainer.web.models import TryCount


@pytest.fixture
def crowd(database: Database, enrolment, mara, dana, log) -> Callable[[int], list[str]]:
    """Enter many certificates, without the papers that nobody looks at here; gives their numbers."""

    def make(count: int) -> list[str]:
        numbers = []
        with database.transaction() as session:
            for each in range(count):
                public_id, number = new_id(), number_from((each + 1) * 7_919_000_000_011)
                facts = claim(
                    public_id=public_id,
                    number=number,
                    issued_on=ISSUED.date(),
                    valid_until=months_later(ISSUED.date(), 24),
                    hours=Fraction(25, 2),
                )
                conferral = Conferral(
                    id=new_id(),
                    public_id=public_id,
                    enrolment_id=enrolment.id,
                    person_id=mara.id,
                    programme="foundations",
                    decided_by=dana.id,
                    decided_at=ISSUED,
                    release_hash="3f" * 32,
                    proof={},
                    occasion=Occasion.CORRECTION,
                    facts={},
                )
                sha256 = hashlib.sha256(number.encode()).hexdigest()
                entered(
                    session,
                    public_id=public_id,
                    number=number,
                    sha256=sha256,
                    size=1,
                    claim_sha256=fingerprint(facts),
                    issued_at=ISSUED,
                    valid_until=facts.ends_at,
                    log=log,
                )
                session.add(conferral)
                session.flush()
                session.add(
                    Certificate(
                        public_id=public_id,
                        conferral_id=conferral.id,
                        number=number,
                        claim=facts.plain(),
                        pdf=b"x",
                        sha256=sha256,
                        issued_at=ISSUED,
                    )
                )
                numbers.append(number)
        return numbers

    return make


def test_a_person_gets_their_list_back_with_verdicts_to_read_to_keep_and_to_prove(
    stranger, certificate: Certificate
) -> None:
    given = f"number,name\n{certificate.number.lower()},Vogel Mara\n7K4M-2QXH-9PTC,\n,Ilse\n=1+1,\n"
    page = stranger.send(
        "/verify/bulk", {"file": (io.BytesIO(given.encode()), "list.csv")}, content_type="multipart/form-data"
    ).text
    assert page.index("tally") < page.index("<table")
    assert "Row 4 has no number" in page
    assert "Vogel Mara: fits" in page
    result = base64.b64decode(re.search(r"data:text/csv;charset=utf-8;base64,([^\"]+)", page)[1])
    lines = list(csv.DictReader(io.StringIO(result.decode("utf-8-sig"), newline="")))
    assert [line["status"] for line in lines] == ["valid", "unknown", "unreadable", "unknown"]
    assert (lines[0]["certificate"], lines[0]["name_match"]) == (certificate.number, "yes")
    assert lines[3]["number"] == "'=1+1"
    kept = unquote(re.search(r"data:text/plain;charset=utf-8,([^\"]+)", page)[1])
    receipt = read_receipt(kept, ECKey.import_key(stranger.get("/.well-known/receipt-key.json").json))
    assert receipt.answer["sha256"] == hashlib.sha256(result).hexdigest()
    assert receipt.answer["counts"] == {"unknown": 2, "valid": 1, "unreadable": 1}
    assert "Of 4 rows" in stranger.send("/verify/receipt", {"receipt": kept}).text


def test_rows_may_be_pasted(stranger, certificate: Certificate) -> None:
    assert "1 row checked" in stranger.send("/verify/bulk", {"lines": f"{certificate.number}\tMara Vogel"}).text


@pytest.mark.parametrize(
    ("lines", "said"), [("", "Choose a file"), ("name\nMara", "Nothing in this table"), ('7K4M-2QXH-9PTV,"b', "Row 1")]
)
def test_a_list_that_cannot_be_read_is_refused_in_a_sentence(stranger, lines: str, said: str) -> None:
    answer = stranger.send("/verify/bulk", {"lines": lines})
    assert answer.status_code == 422
    assert said in answer.text


def test_a_name_is_compared_and_never_told(stranger, database: Database, certificate: Certificate) -> None:
    with database.transaction() as session:
        session.add(Consent(public_id=certificate.public_id, level=ConsentLevel.MATCHED, at=utc_now()))
    page = stranger.send("/verify/bulk", {"lines": f"{certificate.number},Ilse"}).text
    assert "Ilse: does not fit" in page
    assert "Mara" not in page
    assert "Valid, but not for this name" in page
    assert 'state good"' not in page, "somebody else's number is not valid at a glance"


def test_whoever_sends_a_list_sees_how_it_was_read(stranger, certificate: Certificate) -> None:
    page = stranger.send("/verify/bulk", {"lines": f"Number;Name (last, first)\n{certificate.number};Vogel, Mara"}).text
    assert "Cells are parted by semicolons. Numbers: column 1, “Number”. Names: column 2, “Name (last, first)”." in page
    assert "Vogel, Mara: fits" in page


def test_nothing_is_kept_but_that_names_were_compared(stranger, database: Database, certificate: Certificate) -> None:
    stranger.send("/verify/bulk", {"lines": f"{certificate.number}\n{certificate.number},Ilse\n"})
    with database.reading() as session:
        assert session.scalars(select(TryCount.count)).all() == [1, 1], (
            "once for the network, once for its neighbourhood"
        )


def test_a_list_of_inventions_leaves_no_counts_behind(stranger, database: Database, certificate: Certificate) -> None:
    page = stranger.send("/verify/bulk", {"lines": "7K4M-2QXH-9PTV,Mara\nnonsense,Mara\n" + "a" * 26 + ",Mara"}).text
    assert page.count("Not found") == 4, "in the tally, and in each row"
    assert "does not fit</td>" not in page, "of what is not there, no name is judged"
    with database.reading() as session:
        assert session.scalars(select(TryCount.count)).all() == []


def test_what_was_tampered_with_is_not_called_valid(stranger, certificate: Certificate, tampering) -> None:
    from trainer.registry.models import RegistryEntry

    with tampering() as session:
        session.get_one(RegistryEntry, certificate.public_id).salt = b"\x01" * 32
    assert "Not genuine" in stranger.send("/verify/bulk", {"lines": certificate.number}).text


@pytest.mark.parametrize("holders", [333, pytest.param(999, marks=pytest.mark.stress)])
def test_a_thousand_rows_take_a_handful_of_queries_and_well_under_two_seconds(
    stranger, database: Database, crowd, record_property, holders: int
) -> None:
    numbers = crowd(holders)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    text = "\n".join(numbers * (999 // holders))
    began = time.process_time()
    page = stranger.send("/verify/bulk", {"lines": text + "\n7K4M-2QXH-9PTC"}).text
    spent = time.process_time() - began
    record_property("seconds_for_1000_rows", spent)
    assert '<strong class="number">999</strong>' in page
    assert len([one for one in statements if one.startswith("SELECT")]) <= 10
    assert spent < 2


def test_after_their_last_day_all_of_them_have_expired(stranger, crowd) -> None:
    import time_machine

    numbers = crowd(3)
    with time_machine.travel(ISSUED + timedelta(days=3 * 366), tick=False):
        page = stranger.send("/verify/bulk", {"lines": "\n".join(numbers)}).text
    assert "Expired on 2 February 2028, 00:00 UTC." in page
