"""Whatever anybody sends to any address, they read a sentence: nothing falls over."""

import random

import pytest

STRANGE = [
    "",
    "😀",
    "\u202e",
    "٣",
    "²",
    "-1",
    "9" * 5000,
    "../../etc/passwd",
    "a" * 3000,
    "<b>",
    "%",
    "{{ 7 * 7 }}",
    "x\r\nSet-Cookie: a=b",
    "İ" * 300,
    "\u0301",
    "nan",
    "1e999",
]


@pytest.mark.parametrize("turns", [3, pytest.param(24, marks=pytest.mark.stress)])
@pytest.mark.parametrize("who", ["mara", "dana", "ada", "nobody"])
def test_nothing_anybody_sends_falls_over(app, as_, who: str, turns: int, request, enrolled, mara, cohort) -> None:
    browser = app.test_client() if who == "nobody" else as_(request.getfixturevalue(who))
    enrolment, rnd = enrolled(mara), random.Random(f"doors {request.node.name}")  # each database gets other turns
    attempt = as_(mara).send(f"/quizzes/{enrolment.id}/ethics", {"mode": "practice"}).location.rsplit("/", 1)[1]
    run = as_(mara).send(f"/cases/{enrolment.id}/tablet").location.rsplit("/", 1)[1]
    true = {"enrolment_id": enrolment.id, "attempt_id": attempt, "run_id": run, "cohort_id": cohort.id}
    true |= {"scope": cohort.id, "table": "cases"}
    true |= {"module": "ethics", "bank": "ethics", "slug": "tablet", "task": "taken-back"}
    fields = [
        "moment",
        "pace",
        "factor",
        "name",
        "email",
        "role",
        "password",
        "current",
        "next",
        "reference",
        "reason",
        "choice",
        "words",
        "sure",
    ]
    fields += [
        "q1",
        "text",
        "step0",
        "only",
        "seen",
        "mode",
        "anchor",
        "agree",
        "programme",
        "starts_on",
        "public_note",
        "private_reason",
    ]
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("static", "accounts.sign_out"):
            continue
        for turn in range(turns):
            values = {name: true.get(name, "x") if turn % 3 else rnd.choice(STRANGE) or "x" for name in rule.arguments}
            path = app.url_map.bind("localhost").build(rule.endpoint, values, method=None)
            form = {name: rnd.choice(STRANGE) for name in fields}
            answers = [browser.get(path, query_string={"next": rnd.choice(STRANGE)})] if "GET" in rule.methods else []
            answers += [browser.send(path, form)] if "POST" in rule.methods else []
            assert all(answer.status_code < 500 for answer in answers), path
