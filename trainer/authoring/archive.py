"""A release as one zip file. The same files give the same bytes: names sorted, no clock, no owner."""

import io
import zlib
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from trainer.authoring.release import Files
from trainer.errors import Broken

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def pack_release(files: Files) -> bytes:
    """Put the files into one archive."""
    whole = io.BytesIO()
    with ZipFile(whole, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for path in sorted(files):
            entry = ZipInfo(path, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # the same on every machine
            archive.writestr(entry, files[path])
    return whole.getvalue()


def unpack_release(archive: bytes) -> Files:
    """Take the files out again.

    Raises:
        Broken: the archive is damaged.
    """
    try:
        with ZipFile(io.BytesIO(archive)) as opened:
            return {entry.filename: opened.read(entry) for entry in opened.infolist()}
    except (BadZipFile, EOFError, NotImplementedError, OSError, zlib.error) as error:
        raise Broken("The stored content of this cohort is damaged. Restore the database from a backup.") from error
