"""Real certificates, as at the counter."""

from tests.certificates.conftest import (  # fixtures of the room below
    authority,
    award,
    certificate,
    cohort,
    decide,
    enrol,
    enrolment,
    means,
    met,
    programme,
)

__all__ = ["authority", "award", "certificate", "cohort", "decide", "enrol", "enrolment", "means", "met", "programme"]
