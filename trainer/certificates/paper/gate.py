"""Nothing leaves the house before an independent validator found it archival and accessible, and its code was read."""

import page

from trainer.certificates.paper.qr import matrices_in, matrix
from trainer.errors import Broken

PROFILES = {"3a": "PDF/A-3a", "ua1": "PDF/UA-1"}


def check_paper(paper: bytes, *, address: str) -> None:
    """Let a signed document pass if it conforms to PDF/A-3a (ISO 19005-3) and PDF/UA-1 (ISO 14289-1).

    The QR code that is really drawn in the file must be that of `address`: it is read back from the page's own
    drawing operators, module by module.

    Raises:
        Broken: it does not conform; the message names the first rule that failed. Or the code is another one.
    """
    for profile, name in PROFILES.items():
        report = page.validate_pdf_bytes(paper, profile=profile)
        if not report.is_compliant:
            first = report.failures[0]
            raise Broken(
                f"The certificate was laid out but did not pass {name} ({first.rule_id}: {first.message}), so nothing "
                "was issued. Try once more; if it happens again, the installation's fonts or libraries are at fault."
            )
    if matrices_in(paper) != [matrix(address)]:
        raise Broken(
            f"The QR code on the certificate is not that of {address}, so nothing was issued. "
            "Try once more; if it happens again, the installation's libraries are at fault."
        )
