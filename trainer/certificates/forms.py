"""Rules for forms in which something is named that will stand on a certificate."""

from collections.abc import Callable

from wtforms import Field, ValidationError

from trainer.certificates.paper.acceptance import check_cohort, check_person
from trainer.errors import Refused


def _rule(check: Callable[[str], None]) -> Callable[[object, Field], None]:
    def rule(_form: object, field: Field) -> None:
        try:
            check(field.data or "")
        except Refused as refusal:
            raise ValidationError(str(refusal)) from refusal

    return rule


person_can_be_certified, cohort_can_be_certified = _rule(check_person), _rule(check_cohort)
