"""What somebody takes for a number: each kind of mistake has a sentence of its own, and nothing is guessed."""

import pytest
from joserfc.jwk import ECKey

from tests.receipts.test_receipts import RECEIPT
from trainer.certificates.models import Certificate
from trainer.receipts.receipt import LONGEST_RECEIPT, holds_receipt, receipt_text, signed_receipt
from trainer.verify.handed_in.mistakes import Mistake, mistake_in
from trainer.verify.handed_in.reference import LONGEST_REFERENCE

BASE = "http://localhost"
TOKEN = signed_receipt(RECEIPT, ECKey.generate_key("P-256"))
WHOLE = "eb6m2t6dkga5n6gm5trdv3xtgm"


@pytest.mark.parametrize(
    ("text", "mistake"),
    [
        (f"http://localhost/c/{WHOLE[:-1]}", Mistake.CUT_LINK),
        ("localhost/c/", Mistake.CUT_LINK),
        ("localhost", Mistake.CUT_LINK),
        (f"http://localhost/c/{WHOLE}", None),
        ("http://localhost.evil.example/c/x", None),
        ("https://evil.example/c/x", None),
        ("Mara Vogel", Mistake.NAME),
        ("Zoë O’Neill-Müller Jr.", Mistake.NAME),
        ("Mara", None),
        ("nonsense", None),
        ("ABCD EFGH JKMN", None),
        ("7K4M-2QXH-9PTC", None),
        (TOKEN, Mistake.RECEIPT),
        (receipt_text(RECEIPT, TOKEN, address=BASE), Mistake.RECEIPT),
        ("a " * LONGEST_REFERENCE, None),
        ("", None),
    ],
)
def test_what_was_typed_is_known(text: str, mistake: Mistake | None) -> None:
    assert mistake_in(text, base_url=BASE) is mistake


@pytest.mark.parametrize("head", ["eyJ0eXAiOiJKV1QifQ", "W10xMTExMTEx", "bm90IGpzb24tYXQtYWxs", "_____________"])
def test_another_signed_line_is_no_receipt(head: str) -> None:
    assert not holds_receipt(f"{head}.{'a' * 20}.{'b' * 86}")
    assert not holds_receipt("[" * LONGEST_RECEIPT)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Mara Vogel", "Nobody can be looked up by name"),
        ("http://localhost/c/eb6m2t6d", "perhaps the link was cut off"),
        ("7\u041a4M-2QXH-9PTC", "“\u041a” is of another alphabet"),
    ],
)
def test_a_mistake_is_named(stranger, typed: str, said: str) -> None:
    answer = stranger.send("/verify", {"reference": typed})
    assert answer.status_code == 404
    assert said in " ".join(answer.text.split())


def test_a_receipt_is_sent_to_where_receipts_are_checked(stranger, certificate: Certificate) -> None:
    for text in (TOKEN, receipt_text(RECEIPT, TOKEN, address=BASE)):
        answer = stranger.send("/verify", {"reference": text})
        assert answer.status_code == 422
        assert "That is a receipt" in answer.text
        assert 'href="/verify/receipt"' in answer.text
