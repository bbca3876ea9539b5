"""Real certificates, as at the counter."""

from tests.certificates.conftest import (  # fixtures of the room below
    authority,
    award,
    certificate,
    cohort,
    enrol,
    enrolment,
    met,
    programme,
)

__all__ = ["authority", "award", "certificate", "cohort", "enrol", "enrolment", "met", "programme"]
