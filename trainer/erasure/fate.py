"""What becomes of every table when a person is erased. A test holds this list against the database.

Article 17 of the GDPR is the measure. What stays is what other people's records rest on, and what proves that we
issued a certificate, without leading to its holder. This is engineering judgement, not legal advice.
"""

from collections.abc import Mapping
from enum import StrEnum


class Fate(StrEnum):
    """What becomes of the rows about a person."""

    DELETED = "deleted"
    BLANKED = "blanked"  # the row stays, and nothing in it leads to the person
    KEPT = "kept"  # it does not lead to the person, or it is about somebody else
    UNTOUCHED = "untouched"  # no row of it is about a person


FATES: Mapping[str, Fate] = {
    # the account
    "person": Fate.BLANKED,  # the row is what decisions about others point to
    "membership": Fate.DELETED,
    "membership_end": Fate.DELETED,
    "account_change": Fate.DELETED,
    "identity_change": Fate.DELETED,
    "being_erased": Fate.DELETED,  # it stands there only while a person is being erased
    "sign_in": Fate.DELETED,
    "tally": Fate.DELETED,  # those under the hash of the address or of a certificate
    "invitation": Fate.DELETED,  # those to the person; those by the person are about others
    "invitation_use": Fate.DELETED,
    "invitation_withdrawal": Fate.DELETED,
    # the record of learning
    "enrolment": Fate.DELETED,
    "enrolment_change": Fate.DELETED,
    "lesson_read": Fate.DELETED,
    "reading_place": Fate.DELETED,
    "quiz_attempt": Fate.DELETED,
    "quiz_answer": Fate.DELETED,
    "quiz_submission": Fate.DELETED,
    "case_run": Fate.DELETED,
    "case_event": Fate.DELETED,
    "case_ending": Fate.DELETED,
    "case_rescore": Fate.DELETED,
    "case_note": Fate.DELETED,
    "case_comment": Fate.DELETED,
    "accommodation": Fate.DELETED,
    "chance": Fate.DELETED,
    "chance_agreement": Fate.DELETED,
    "chance_refusal": Fate.DELETED,
    "exam_sitting": Fate.DELETED,
    "exam_case": Fate.DELETED,
    "exam_run": Fate.DELETED,
    "exam_flag": Fate.DELETED,
    "exam_flag_decision": Fate.DELETED,
    "exam_result": Fate.DELETED,
    "exam_decision": Fate.DELETED,
    "signed_attestation": Fate.DELETED,
    # certificates
    "conferral": Fate.DELETED,
    "conferral_withdrawal": Fate.DELETED,
    "issuing_problem": Fate.DELETED,
    "certificate": Fate.DELETED,
    "document": Fate.DELETED,
    "document_order": Fate.DELETED,
    "consent": Fate.DELETED,
    "name_choice": Fate.DELETED,
    "registry_entry": Fate.BLANKED,  # id, number, hash of the paper, its dates and its place in the status lists stay
    "registry_document": Fate.BLANKED,  # the hash stays
    "status_change": Fate.BLANKED,  # the word and its moment stay; of the erasure itself all, so that it is provable
    "watch": Fate.BLANKED,  # and ended
    "watch_step": Fate.KEPT,
    "watch_told": Fate.KEPT,
    "erasure": Fate.KEPT,
    # what others' records, and the log, rest on
    "log_entry": Fate.KEPT,  # a commitment whose salt is gone
    "cohort_change": Fate.KEPT,  # what a cohort was called; who decided it is the id of a blanked row
    "notice": Fate.KEPT,  # names a person by the id of the blanked row, and repeats nothing they wrote
    "delivery": Fate.KEPT,  # never repeats an address
    "audit_entry": Fate.BLANKED,  # what the person did stays, as done by somebody erased; their name goes everywhere
    "content_review": Fate.KEPT,  # a clinician's signature under a text that others learn from
    # about nobody
    "content_release": Fate.UNTOUCHED,
    "case_report": Fate.UNTOUCHED,
    "cohort": Fate.UNTOUCHED,
    "log_tile": Fate.UNTOUCHED,
    "log_checkpoint": Fate.UNTOUCHED,
    "log_cosignature": Fate.UNTOUCHED,
    "key_event": Fate.UNTOUCHED,
    "status_list_version": Fate.UNTOUCHED,
    "heartbeat": Fate.UNTOUCHED,  # counts, and never an address
    "key_alarm": Fate.UNTOUCHED,  # hashes of what somebody else signed, and the id they wrote into it
}
