"""Certificates are found by their numbers, by whoever may see them."""

from trainer.accounts.models import Person
from trainer.certificates.models import Certificate
from trainer.enrolment.models import Enrolment


def test_dana_finds_a_certificate_by_part_of_its_number_and_nils_does_not(
    as_, certificate: Certificate, enrolment: Enrolment, mara: Person, dana: Person, nils: Person
) -> None:
    for asked in (certificate.number, certificate.number.lower().replace("-", "")[:7], certificate.number[-4:]):
        found = as_(dana).get("/find.json", query_string={"q": asked}).json
        assert ("Certificate", certificate.number, f"/desk/people/{enrolment.id}") in [
            (one["kind"], one["title"], one["to"]) for one in found
        ], asked
        for other in (nils, mara):
            told = as_(other).get("/find.json", query_string={"q": asked}).json
            assert {one["title"] for one in told} <= {"Check this certificate"}, (
                "the counter, and nothing of whose it is"
            )
