"""Where the server answers, and where the links that it makes lead."""

import pytest

from trainer.serving.port import address_leads_elsewhere


@pytest.mark.parametrize(
    ("base_url", "warned"),
    [
        ("http://127.0.0.1:8000", True),
        ("http://localhost", True),
        ("http://127.0.0.1:8001", False),
        ("https://school.example", False),
    ],
)
def test_the_server_says_when_the_links_it_makes_lead_to_another_port(base_url: str, warned: bool) -> None:
    assert ("TRAINER_BASE_URL=http://127.0.0.1:8001" in address_leads_elsewhere(base_url, 8001)) is warned
