"""What both counters for lists, the page and the one for machines, do with the rows that were sent."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from flask import request

from trainer.bulk import services
from trainer.bulk.answers import ListedAnswer, counts_of
from trainer.bulk.queries import check_rows
from trainer.bulk.table import TableRow
from trainer.receipts.queries import receipt_for
from trainer.receipts.receipt import Receipt
from trainer.registry.keys import verifier_in
from trainer.web import reading, settings, transaction


def answered(rows: Sequence[TableRow], now: datetime) -> Sequence[ListedAnswer]:
    """Look every row up, and compare the names where there are any."""
    with reading() as session:
        answers = check_rows(session, rows=rows, base_url=settings().base_url, now=now)
    if not any(row.name and not row.problem for row in rows):
        return answers
    with transaction() as session:
        where = {"address": request.remote_addr or "", "base_url": settings().base_url}
        return services.compare_names(session, answers=answers, **where, now=now)


def receipt_over(
    rows: Sequence[TableRow], answers: Sequence[ListedAnswer], *, asked: bytes, result: bytes, now: datetime
) -> Receipt:
    """Return the receipt over a result, which names both tables by their SHA-256."""
    counts = counts_of(answers)
    said = ", ".join(f"{count} {status}" for status, count in counts.items())
    with reading() as session:
        return receipt_for(
            session,
            asked={"kind": "table", "rows": len(rows), "sha256": hashlib.sha256(asked).hexdigest()},
            answer={
                "sentence": f"Of {len(rows)} rows: {said}.",
                "counts": counts,
                "sha256": hashlib.sha256(result).hexdigest(),
            },
            log=verifier_in(settings().instance),
            base_url=settings().base_url,
            now=now,
        )
