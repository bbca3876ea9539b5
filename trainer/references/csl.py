"""Sources as CSL-JSON (schema 1.0.2), which Zotero, Pandoc and others read."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from trainer.references.names import SourceAuthor, authors_of
from trainer.references.reference import NoticeKind, Reference

_CSL_TYPES: Mapping[str, str] = {
    "rule": "regulation",
    "dataset": "dataset",
    "registry": "webpage",
    "manual": "report",
    "report": "webpage",
}


def csl_json(references: Iterable[Reference]) -> str:
    """Return the sources as a list of CSL items; what is not known of one is left out."""
    return json.dumps([csl_item(reference) for reference in references], ensure_ascii=False, indent=2) + "\n"


def csl_item(reference: Reference) -> Mapping[str, Any]:
    """Return one source as an item of CSL-JSON."""
    said = [notice.words for notice in reference.notices]
    item = {
        "id": reference.key,
        "type": _csl_type(reference),
        "title": reference.title or reference.text,
        "title-short": reference.short,
        "author": [_csl_name(author) for author in authors_of(reference)],
        "issued": {"date-parts": [[reference.year]]} if reference.year else None,
        "container-title": reference.container,
        "volume": reference.volume,
        "issue": reference.issue,
        "page": reference.pages.replace("–", "-"),
        "DOI": reference.doi,
        "URL": reference.url,
        "genre": reference.type,
        "status": NoticeKind.RETRACTED if reference.is_retracted else "",
        "note": " ".join([*said, f"Kind: {reference.kind}."]),
    }
    return {name: value for name, value in item.items() if value}


def _csl_type(reference: Reference) -> str:
    if reference.container and reference.type not in ("rule", "dataset"):
        return "article-journal"
    if reference.type in _CSL_TYPES:
        return _CSL_TYPES[reference.type]
    return "webpage" if reference.url and not reference.doi else "document"


def _csl_name(author: SourceAuthor) -> Mapping[str, str]:
    if author.is_rest:
        return {"literal": "et al."}
    if author.is_body:
        return {"literal": author.family}
    return {"family": author.family, "given": author.given} if author.given else {"family": author.family}
