"""Reports kept between two checks, so that only changed cases are explored again. Nothing in the cache is trusted."""

import hashlib
import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from trainer.cases.prover.findings import SEEDS
from trainer.cases.prover.report import Plain, checker
from trainer.cases.script.values import Case


@dataclass(frozen=True)
class ReportCache:
    """A folder with one file for each case that was found sound.

    A case with mistakes is not kept: its author is about to change it, and its mistakes have lines that move.
    """

    folder: Path

    def report(self, case: Case) -> Plain | None:
        """Return the report of this very text by this very checker, or None.

        A file that is torn, altered, of another text or checker, or that does not fit the case, is passed over.
        """
        try:
            kept = json.loads(self._path(case.hash).read_text(encoding="utf-8"))
            plain = kept["report"]
            sound = kept["sha256"] == _digest(plain) and _fits(plain, case)
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None
        return plain if sound else None

    def keep(self, plain: Plain) -> None:
        """Keep a report, all of it or nothing; where nothing can be written, the next check takes as long again."""
        text = json.dumps({"report": plain, "sha256": _digest(plain)}, indent=1, ensure_ascii=False)
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder, suffix=".part")
            try:
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    file.write(text)
                Path(name).replace(self._path(plain["hash"]))
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise

    def _path(self, case_hash: str) -> Path:
        return self.folder / f"{case_hash}.{checker()}.json"


def report_cache_in(instance: Path) -> ReportCache:
    """Return the cache of an installation; its folder is made with the first report."""
    return ReportCache(instance / "proofs")


def canonical_report(plain: Plain) -> bytes:
    """Return the bytes of a report: the same for the same text and checker."""
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _digest(plain: Plain) -> str:
    return hashlib.sha256(canonical_report(plain)).hexdigest()


def _fits(plain: Plain, case: Case) -> bool:
    """Say whether a report can be that of a sound case: its text, its checker, its people, and all that it holds."""
    if (plain.get("hash"), plain.get("checker"), plain.get("seeds")) != (case.hash, checker(), list(SEEDS)):
        return False
    variants = plain["variants"]
    met = {
        kind: {name for variant in variants.values() for name in variant[kind]}
        for kind in ("scenes", "choices", "endings")
    }
    return (
        list(variants) == list(case.variants)
        and met["scenes"] == set(case.scenes)
        and met["choices"] == set(case.choices)
        and met["endings"] == {ending.id for ending in case.endings}
    )
