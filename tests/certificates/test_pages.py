"""My certificates and the paper."""

import hashlib
from collections.abc import Callable

from trainer.accounts.models import Person
from trainer.certificates.models import Certificate


def test_mara_sees_her_certificate_with_status_and_address(
    as_: Callable, mara: Person, certificate: Certificate
) -> None:
    page = as_(mara).get("/certificates/").text
    assert certificate.number in page
    assert f"/c/{certificate.public_id}" in page
    assert "Valid" in page


def test_omar_sees_a_calm_empty_page(as_: Callable, omar: Person, certificate: Certificate) -> None:
    page = as_(omar).get("/certificates/").text
    assert "No certificate yet" in page
    assert certificate.number not in page


def test_mara_downloads_the_exact_bytes_that_were_issued(as_: Callable, mara: Person, certificate: Certificate) -> None:
    answer = as_(mara).get(f"/certificates/{certificate.public_id}.pdf")
    assert hashlib.sha256(answer.data).hexdigest() == certificate.sha256
    assert answer.mimetype == "application/pdf"
    assert f"certificate-{certificate.number}.pdf" in answer.headers["Content-Disposition"]


def test_a_second_download_of_the_same_bytes_is_not_sent_again(
    as_: Callable, mara: Person, certificate: Certificate
) -> None:
    browser = as_(mara)
    path = f"/certificates/{certificate.public_id}.pdf"
    tag = browser.get(path).headers["ETag"]
    assert browser.get(path, headers={"If-None-Match": tag}).status_code == 304


def test_director_and_administrator_may_have_the_paper_and_others_may_not(
    as_: Callable, certificate: Certificate, dana: Person, ada: Person, omar: Person, nils: Person, sol: Person
) -> None:
    path = f"/certificates/{certificate.public_id}.pdf"
    answers = [as_(person).get(path).status_code for person in (dana, ada, omar, nils, sol)]
    assert answers == [200, 200, 404, 404, 404]
