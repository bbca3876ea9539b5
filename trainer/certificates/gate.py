"""Nothing leaves the house before an independent validator has found it archival and accessible."""

import page

from trainer.errors import Broken

PROFILES = {"3a": "PDF/A-3a", "ua1": "PDF/UA-1"}


def check_paper(paper: bytes) -> None:
    """Let a signed paper pass if it conforms to PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).

    Raises:
        Broken: it does not; the message names the first rule that failed.
    """
    for profile, name in PROFILES.items():
        report = page.validate_pdf_bytes(paper, profile=profile)
        if not report.is_compliant:
            first = report.failures[0]
            raise Broken(
                f"The certificate was laid out but did not pass {name} ({first.rule_id}: {first.message}), so nothing "
                "was issued. Try once more; if it happens again, the installation's fonts or libraries are at fault."
            )
