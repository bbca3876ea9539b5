"""Whether a later trust file continues an earlier one, so that only the first has to be believed.

Nothing in a first file can prove whose it is. What follows it must be signed by the same log, and may take nothing
back: a key that was given up stays so, the log does not shrink, and no list is older than the one before. Nor may it
name a key of which the root knows nothing, or witnesses who could vouch alone: the log's key would else be enough.
"""

from collections.abc import Mapping

from trainer.certificates.signing.cms_check import is_issued
from trainer.registry.issuer_keys import KeyStatus
from trainer.registry.statuslists import StatusList, StatusPurpose
from trainer.verify.trust.anchors import BadTrust, Freshness, Trust


def check_follows(earlier: Trust, later: Trust) -> None:
    """Let a later trust file pass that continues an earlier one.

    Raises:
        BadTrust: it does not; the sentence says why.
    """
    if later.log != earlier.log:
        raise BadTrust(
            f"This trust file is of another issuer or another log ({later.log.text()}) than the one pinned before "
            f"({earlier.log.text()}); ask the issuer which is theirs."
        )
    if later.root != earlier.root:
        raise BadTrust(
            "This trust file names another root certificate than the one pinned before. If the issuer says that it "
            "was renewed, compare its fingerprint with the published one and pin this file alone."
        )
    if earlier.freshness is not None and later.freshness is None:
        raise BadTrust("The trust file pinned before is signed, and this one is not; fetch the issuer's newest.")
    if later.made_at < earlier.made_at:
        raise BadTrust("This trust file is older than the one pinned before; fetch the issuer's newest.")
    _check_keys(earlier, later)
    _check_witnesses(earlier, later)
    if earlier.freshness is not None and later.freshness is not None:
        _check_log(earlier.freshness, later.freshness)
        gone = earlier.did != later.did or _has_lost_a_key(earlier, later)
        _check_lists(earlier.freshness.lists, later.freshness.lists, may_be_gone=gone)


def _check_keys(earlier: Trust, later: Trust) -> None:
    pinned = earlier.certificates
    for kid, key in later.keys.items():
        if key.certificate not in pinned and not is_issued(key.certificate, earlier.root):
            raise BadTrust(
                f"This trust file names the key {kid} in a new certificate for which the pinned root does not vouch, "
                "so whoever made it has the log's key and not the issuer's root. Tell the issuer and your board."
            )
    for kid, before in earlier.keys.items():
        after = later.keys.get(kid)
        if after is None:
            raise BadTrust(f"This trust file no longer names the key {kid}, which was pinned before.")
        given_up = before.status is KeyStatus.COMPROMISED
        if given_up and (after.status, after.trusted_size) != (before.status, before.trusted_size):
            raise BadTrust(f"This trust file takes back that the key {kid} was given up, which is never taken back.")
        if before.stamps and not after.stamps:
            raise BadTrust(f"This trust file takes back that the key {kid} always stamps, which is never taken back.")


def _check_witnesses(earlier: Trust, later: Trust) -> None:
    """Let witnesses pass of whom as many that were pinned must have seen the log as before, whoever else has."""
    new = sum(witness not in earlier.witnesses for witness in later.witnesses)
    if earlier.quorum and later.quorum - new < earlier.quorum:
        raise BadTrust(
            f"This trust file would do with fewer of the witnesses pinned before than the {earlier.quorum} that must "
            "have seen the log. If the issuer says that its witnesses have changed, compare them with what the issuer "
            "publishes and pin this file alone."
        )


def _check_log(earlier: Freshness, later: Freshness) -> None:
    before, after = earlier.checkpoint, later.checkpoint
    if after.size < before.size or (after.size == before.size and after.root != before.root):
        raise BadTrust(
            f"The log in this trust file ({after.size:,} entries) does not continue the one pinned before "
            f"({before.size:,} entries): it was cut off, or shows two histories. Tell the issuer and your board."
        )


def _check_lists(
    before: Mapping[StatusPurpose, StatusList], after: Mapping[StatusPurpose, StatusList], *, may_be_gone: bool
) -> None:
    """Let lists pass that hide nothing which the earlier ones show.

    There are none for a while when the key that signs them was given up. Else whoever has the log's key alone, and so
    cannot sign a list, could leave both out.
    """
    if before and not after and not may_be_gone:
        raise BadTrust(
            "This trust file leaves out the status lists, which the one pinned before has, although no key was given "
            "up since. Fetch the issuer's newest; if that has none either, ask the issuer."
        )
    for purpose, one in before.items():
        if purpose in after and after[purpose].begins < one.begins:
            raise BadTrust(f"The {purpose} list in this trust file is older than the one pinned before.")
    if before and after and not _contains(after[StatusPurpose.REVOCATION].bits, before[StatusPurpose.REVOCATION].bits):
        raise BadTrust(
            "This trust file takes back that a certificate was revoked, which is never taken back. Tell the issuer and "
            "your board."
        )


def _has_lost_a_key(earlier: Trust, later: Trust) -> bool:
    """Say whether a key was given up since that signed at the time, or began to sign after it."""
    lost = (kid for kid, key in later.keys.items() if key.status is KeyStatus.COMPROMISED)
    return any(kid not in earlier.keys or earlier.keys[kid].status is KeyStatus.PUBLISHED for kid in lost)


def _contains(bits: bytes, all_of: bytes) -> bool:
    return len(bits) >= len(all_of) and not any(one & ~other for one, other in zip(all_of, bits, strict=False))
