"""Schemathesis reads the description, sends what it allows and what it forbids, and finds nothing to complain of."""

from collections.abc import Iterator

import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, settings

from trainer.api.openapi import document
from trainer.certificates.models import Certificate
from trainer.web.limits import limiter

LOOK_AT = settings(
    max_examples=12,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def patient(app: Flask) -> Iterator[Flask]:
    """The application, without limits on how often one may ask."""
    limiter.enabled = False
    yield app
    limiter.enabled = True


PATHS = [
    (method.upper(), path) for path, methods in document("http://localhost")["paths"].items() for method in methods
]


ASKED = {"TextAsked", "MatchAsked", "ListAsked", "RowAsked", "WatchAsked"}
PARTS = {"Check", "Programme", "Work", "Holder", "Proofs", "Row"}
ANSWERED = {"Problem", "Verdict", "Credential", "Match", "Table", "Asked", "Watch", "Change"}


def test_each_schema_keeps_the_name_that_was_published_whatever_its_shape_is_called() -> None:
    assert set(document("http://localhost")["components"]["schemas"]) == ASKED | PARTS | ANSWERED


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # the queries are tested elsewhere
@pytest.mark.parametrize(("method", "path"), PATHS)
def test_every_answer_is_as_described(patient: Flask, certificate: Certificate, method: str, path: str) -> None:
    import schemathesis  # loading it takes a second, in every process that collects tests
    from schemathesis.config import SchemathesisConfig

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", patient, config=SchemathesisConfig())
    operation = schema[path][method]

    for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
        seen = _ask(operation, mode)
        assert seen or mode is schemathesis.GenerationMode.NEGATIVE


def _ask(operation, mode) -> int:
    from hypothesis import given
    from hypothesis.errors import Unsatisfiable
    from schemathesis import GenerationMode
    from schemathesis.specs.openapi.checks import negative_data_rejection, positive_data_acceptance

    seen = 0

    @LOOK_AT
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case) -> None:
        nonlocal seen
        seen += 1
        # any text is a table; that one of its cells must read as a number, check sign included, cannot be described
        unclear = [negative_data_rejection, positive_data_acceptance] if case.media_type == "text/csv" else []
        case.call_and_validate(excluded_checks=unclear)

    try:
        ask()
    except Unsatisfiable:  # nothing can be wrong with a request that takes nothing
        assert mode is GenerationMode.NEGATIVE
    return seen
