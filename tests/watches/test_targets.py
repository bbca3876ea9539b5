"""Where a message may be sent, and where never."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainer.watches.targets import BadTarget, read_mail, read_webhook


@pytest.mark.parametrize(
    "address",
    [
        "http://hooks.example.org/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://10.0.0.8/",
        "https://[::1]/",
        "https://[::ffff:127.0.0.1]/",
        "https://2130706433/",
        "https://0x7f.1/",
        "https://printer.local/",
        "https://db.internal/",
        "https://example.org:22/",
        "https://user:pass@example.org/",
        "https://example.org/#part",
        "https://exa mple.org/",
        "https://example.org/\r\nHost: other",
        "https://example..org/",
        "https://exämple.org/",
        "ftp://example.org/",
        "https://example.org/" + "a" * 500,
        "javascript:alert(1)",
        "https://[/",
        "",
    ],
)
def test_a_webhook_never_leads_inside_or_to_something_odd(address: str) -> None:
    with pytest.raises(BadTarget):
        read_webhook(address)


@pytest.mark.parametrize("address", ["https://hooks.example.org/c?x=1", "https://example.org:8443", "https://a.io/"])
def test_a_public_https_address_is_taken(address: str) -> None:
    assert read_webhook(f" {address} ") == address


@pytest.mark.parametrize(
    "address",
    [
        "a@b",
        "a b@example.org",
        "a@b@c.org",
        "<a@example.org>",
        "a@example.org\nBcc: x@y.z",
        "a" * 250 + "@example.org",
        "a,b@example.org",
        "ä@example.org",
        "a..b@example.org",
        ".a@example.org",
        "a.@example.org",
        "a" * 65 + "@example.org",
        "a@127.0.0.1",
        "a@[127.0.0.1]",
        "a@xn--.example",
        "",
    ],
)
def test_what_is_no_single_mail_address_is_refused(address: str) -> None:
    with pytest.raises(BadTarget):
        read_mail(address)


def test_a_mail_address_keeps_its_name_and_loses_capitals_behind_the_at() -> None:
    assert read_mail(" Vera.Lind+x@Example.ORG ") == "Vera.Lind+x@example.org"


def test_a_domain_in_any_script_is_kept_as_mail_servers_write_it() -> None:
    assert read_mail("anna@Müller.example") == "anna@xn--mller-kva.example"
    assert read_mail("anna@straße.example") == "anna@xn--strae-oqa.example"


@given(st.text(max_size=600))
def test_anything_may_be_given(text: str) -> None:
    for read in (read_mail, read_webhook):
        with suppress(BadTarget):
            assert read(text).isprintable()
