"""What became known of a source after a text that cites it was published."""

from collections.abc import Iterable, Mapping, Sequence

from trainer.references.reference import NoticeKind, Reference


def noted_since(cited: Iterable[Reference], newest: Mapping[str, Reference]) -> Sequence[Reference]:
    """Return the sources, as they are known by now, of which something is said that an older text does not know.

    Args:
        cited: the sources as the text that is read knows them.
        newest: those of the newest release.
    """
    return [newest[old.key] for old in cited if old.key in newest and _kinds(newest[old.key]) - _kinds(old)]


def _kinds(reference: Reference) -> set[NoticeKind]:
    return {notice.kind for notice in reference.notices}
