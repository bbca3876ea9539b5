"""Publish the content folder of an installation in one go."""

from datetime import datetime

from trainer.authoring.release import read_folder
from trainer.cases.catalogue import prove_cases
from trainer.cases.prover.kept_reports import report_cache_in
from trainer.errors import Refused
from trainer.installation import Installation
from trainer.publishing.services import mistakes_in, publish_content
from trainer.requirements.catalogue import Catalogue, catalogue_of


def publish_folder(installation: Installation, *, now: datetime) -> Catalogue:
    """Publish the content folder and return it, understood.

    Raises:
        Refused: it has mistakes.
    """
    files, cache = read_folder(installation.settings.content), report_cache_in(installation.settings.instance)
    if messages := mistakes_in(files, cache):
        raise Refused(f"The content has {len(messages)} mistakes, the first at {messages[0]}")
    proved = prove_cases(files, cache)
    with installation.database.transaction() as session:
        return catalogue_of(publish_content(session, files=files, proved=proved, now=now, note="First release"))
