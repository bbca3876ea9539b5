"""Whatever form somebody sends: what is wrong is said at the top of the page, in its title, and beside the field."""

import pytest

from tests.conftest import PASSWORD


def top_of(page: str) -> str:
    return page[: page.index("<h1>")]


@pytest.mark.parametrize(
    ("address", "sent", "said", "leads_to"),
    [
        ("/sign-in", {"email": "mara@example.org", "password": "not this one"}, "do not fit together", "password"),
        ("/sign-in", {"email": "", "password": PASSWORD}, "give your e-mail address", "email"),
        ("/verify", {"reference": ""}, "", ""),
        ("/verify/receipt", {"receipt": "x"}, "", ""),
        ("/verify/bulk", {"lines": ""}, "", ""),
    ],
)
def test_a_form_with_a_mistake_says_so_first(stranger, mara, address, sent, said, leads_to) -> None:
    answer = stranger.send(address, sent)
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    top = top_of(answer.text)
    assert 'id="problems"' in top
    assert said in top
    assert not leads_to or f'href="#{leads_to}"' in top


def test_a_form_that_was_not_sent_has_no_mistake(stranger) -> None:
    for address in ("/sign-in", "/verify", "/verify/bulk", "/verify/receipt"):
        page = stranger.get(address)
        assert "<title>Error: " not in page.text
        assert 'id="problems"' not in page.text
