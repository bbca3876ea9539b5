"""The director's desk."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from flask import url_for
from markupsafe import Markup

from trainer.accounts.models import Invitation, Membership, Person
from trainer.accounts.words import Role
from trainer.audit.models import AuditEntry
from trainer.cases.afterwards.queries import SharedNote
from trainer.cases.runs.queries import TimeDecision as TimeGranted
from trainer.certificates.facts.lookalikes import remarks
from trainer.certificates.facts.zone import ZonedDays
from trainer.certificates.models import Certificate
from trainer.certificates.tasks import Ordered, Waiting
from trainer.chances.granted import GrantedChance
from trainer.cohorts.decisions.queries import Again, Decided
from trainer.cohorts.forms import CohortChangeForm, CohortForm, ConferForm, InviteForm, PlaceForm, TimeForm, WelcomeForm
from trainer.cohorts.queries import CohortRow
from trainer.enrolment.models import Cohort, CohortChange, Enrolment, EnrolmentChange
from trainer.health.queries import Pulse
from trainer.lifecycle.finality import Ending, ending_of
from trainer.lifecycle.queries import Pending
from trainer.quizzes.topics import SentExam
from trainer.registry.status import Status
from trainer.requirements.programme import Programme
from trainer.requirements.rules import Proof
from trainer.staff.invitations.queries import Invited
from trainer.web.pages import Page, SeenPage
from trainer.windows.opening import ExamWindows


@dataclass(frozen=True, kw_only=True)
class DeskPage(Page):
    """Decisions that wait, people who may be stuck, and my cohorts."""

    template: ClassVar[str] = "cohorts/desk.html"
    waiting: Sequence[CohortRow]
    decides: frozenset[str]  # the programmes that I direct: of others an administrator only sees who waits
    pending: Sequence[Pending]  # what was decided about certificates and can still be recalled
    waivers: Sequence[tuple[CohortRow, Proof, GrantedChance]]  # that another director proposed, and I may agree to
    stuck: Sequence[tuple[CohortRow, Proof]]  # people who cannot go on without a decision, and what they are stuck at
    signing: Sequence[Waiting]
    now: datetime
    pulse: Pulse  # whether letters leave and certificates are signed
    cohorts: Sequence[tuple[Cohort, int, int]]  # cohort, people, certificates
    unreadable: Mapping[str, str]  # by id of a cohort why its release cannot be read
    programmes: Sequence[tuple[str, str]]  # slug, title
    acts: Sequence[tuple[AuditEntry, str]]  # entry, who

    def titled(self, cohort: Cohort) -> str:
        """Return the title of a cohort's programme, where there are several to tell apart."""
        return dict(self.programmes)[cohort.programme] if len(self.programmes) > 1 else ""

    @property
    def at_work(self) -> Sequence[tuple[Cohort, int, int]]:
        """Return the cohorts that are not in the archive."""
        return [cohort for cohort in self.cohorts if cohort[0].archived_at is None]

    @property
    def archived(self) -> Sequence[tuple[Cohort, int, int]]:
        """Return the cohorts in the archive."""
        return [cohort for cohort in self.cohorts if cohort[0].archived_at is not None]

    @property
    def mine(self) -> Sequence[CohortRow]:
        """Return the people who wait for my decision."""
        return [row for row in self.waiting if row.cohort.programme in self.decides]

    @property
    def others(self) -> Sequence[CohortRow]:
        """Return the people who wait for somebody else's decision."""
        return [row for row in self.waiting if row.cohort.programme not in self.decides]


@dataclass(frozen=True, kw_only=True)
class NewCohortPage(Page):
    """Begin a cohort."""

    template: ClassVar[str] = "cohorts/new.html"
    form: CohortForm
    release_hash: str


@dataclass(frozen=True, kw_only=True)
class CohortPage(Page):
    """People and requirements, and the way to invite.

    Attributes:
        ticked: how many of those who wait are ticked already, because the director asked for everybody.
        most: about how many can be decided at once.
        problem: what was just sent and not decided, in a sentence, or "".
        known: what speaks against inviting somebody, in sentences, until the director does so nevertheless.
        link: the invitation link of somebody who has just been invited, which is shown this once.
    """

    template: ClassVar[str] = "cohorts/cohort.html"
    cohort: Cohort
    programme: Programme
    rows: Sequence[CohortRow]
    columns: Sequence[Proof]
    signing: Sequence[Waiting]
    decides: bool  # whether I direct this programme: an administrator only looks
    now: datetime
    invitations: Sequence[Invited]
    gives: frozenset[Role]  # the roles that I may give, and whose invitations are mine to mend
    seen: Mapping[str, str]  # by enrolment a mark of what this page shows about who waits
    windows: Sequence[ExamWindows]  # of the examinations that have any
    form: InviteForm
    ticked: int
    most: int
    problem: str = ""
    known: Sequence[str] = ()
    link: str = ""
    invited: str = ""

    @property
    def waiting(self) -> Sequence[CohortRow]:
        """Return the people about whom a decision waits."""
        return [row for row in self.here if row.waits]

    @property
    def stuck(self) -> Sequence[tuple[CohortRow, Proof]]:
        """Return the people who cannot go on without a decision, each with what they are stuck at."""
        return [(row, leaf) for row in self.rows if not row.conferred for leaf in row.proof.stuck_leaves()]

    @property
    def conferred(self) -> int:
        """Return about how many people somebody has decided."""
        return sum(row.conferred for row in self.here)

    def remarks(self, name: str) -> Sequence[str]:
        """Return what may not be seen in a name."""
        return remarks(name)

    def cells(self, draw: Callable[[Proof], Markup]) -> Mapping[str, Markup]:
        """Return everybody's cells, by enrolment. Many are alike, and what looks alike is drawn once."""
        drawn: dict[tuple[bool, bool, bool, str], Markup] = {}

        def cell(leaf: Proof) -> Markup:
            look = (leaf.met, leaf.begun, leaf.stuck, leaf.evidence + leaf.blocked)
            if look not in drawn:
                drawn[look] = draw(leaf)
            return drawn[look]

        return {row.enrolment_id: Markup("").join(map(cell, row.proof.leaves())) for row in self.here}

    @property
    def here(self) -> Sequence[CohortRow]:
        """Return the people whose place has not ended."""
        return [row for row in self.rows if not row.ended]

    @property
    def gone(self) -> Sequence[CohortRow]:
        """Return the people whose place has ended."""
        return [row for row in self.rows if row.ended]


@dataclass(frozen=True, kw_only=True)
class ChangePage(SeenPage):
    """Call a cohort otherwise, date it anew, put it into the archive or take it out."""

    template: ClassVar[str] = "cohorts/change.html"
    cohort: Cohort
    form: CohortChangeForm
    changes: Sequence[tuple[CohortChange, str]]  # the newest first, each with who decided it


@dataclass(frozen=True, kw_only=True)
class PlacePage(SeenPage):
    """End somebody's place in a cohort, or give it back."""

    template: ClassVar[str] = "cohorts/place.html"
    cohort: Cohort
    enrolment: Enrolment
    person: Person
    ended: bool
    changes: Sequence[tuple[EnrolmentChange, str]]  # the newest first, each with who decided it
    form: PlaceForm


@dataclass(frozen=True, kw_only=True)
class RecordPage(SeenPage):
    """One trainee's record, and the decision about it."""

    template: ClassVar[str] = "cohorts/record.html"
    cohort: Cohort
    enrolment: Enrolment
    person: Person
    programme: Programme
    proof: Proof
    certificate: Certificate | None
    signing: Waiting | None
    again: Again  # whether a certificate can be conferred again
    decided: Sequence[Decided]  # what was decided about this person, the newest first
    granted: Sequence[GrantedChance]  # further tries and waivers
    documents: Sequence[Ordered]  # further ones that the holder asked for and that are not made yet
    now: datetime
    holds: Status | None  # about the certificate; None where there is none
    decides: bool  # whether I direct this programme, and may decide about this person; others only look
    stands_aside: bool  # whether I decide nothing about this person
    others: bool  # whether another director may decide about this person
    ended: bool  # the place in this cohort has ended
    studies: Membership | None  # the role by which they study here, until it ends
    exams: Sequence[SentExam]  # tries of knowledge examinations, topic by topic; only directors see them
    notes: Sequence[SharedNote]  # what the trainee wrote after a case and shows to me
    form: ConferForm
    limits: Sequence[TimeGranted]  # decisions about time limits, the newest first
    time_form: TimeForm
    invited_as: Sequence[str] = ()  # other names under which the person was invited

    @property
    def status(self) -> str:
        """Return the word that holds about the certificate; "" where there is none."""
        return self.holds.word if self.holds else ""

    @property
    def ending(self) -> Ending | None:
        """Return what the certificate becomes unless it is recalled, or None."""
        return ending_of(self.holds, now=self.now) if self.holds else None

    @property
    def failing(self) -> Sequence[Ordered]:
        """Return the further documents that could not be made so far."""
        return [document for document in self.documents if document.problem]

    @property
    def waivers(self) -> Sequence[tuple[Proof, GrantedChance]]:
        """Return the waivers that wait for a second director, each with the requirement, which is not met yet."""
        leaves = {(str(leaf.kind), leaf.slug): leaf for leaf in self.proof.leaves() if not leaf.met}
        return [
            (leaves[chance.kind, chance.slug], chance)
            for chance in self.granted
            if chance.waits and (chance.kind, chance.slug) in leaves
        ]

    def reason(self, one: Decided) -> str:
        """Return the reason of a decision, where it was written for those who look at this record."""
        return one.reason if one.is_read or self.decides else ""

    @property
    def issued_on(self) -> date:
        """Return the day that stands on the certificate, which is a day of the programme's zone."""
        assert self.certificate
        return date.fromisoformat(self.certificate.claim["issued_on"])

    @property
    def days_of(self) -> str:
        """Return the IANA name of the zone that this day is counted in."""
        assert self.certificate
        return ZonedDays.read(self.certificate.claim.get("days_of", "")).name

    @property
    def remarks(self) -> Sequence[str]:
        """Return what may not be seen in the name."""
        return remarks(self.person.name)

    def act(self, leaf: Proof) -> str:
        """Return where I decide how a trainee goes on with this leaf; nothing where nothing is to be decided."""
        decided = self.certificate is not None or self.signing is not None
        if decided or self.ended or not self.decides or leaf.met or not (leaf.stuck or leaf.waivable):
            return ""
        return url_for("chances.decide", enrolment_id=self.enrolment.id, kind=leaf.kind, slug=leaf.slug)

    def address(self, _leaf: Proof) -> str:
        """Return nothing: a director looks, and does not work on a trainee's leaves."""
        return ""


@dataclass(frozen=True, kw_only=True)
class JoinPage(Page):
    """An invitation, opened."""

    template: ClassVar[str] = "cohorts/join.html"
    invitation: Invitation
    programme: str
    cohort: Cohort | None
    form: WelcomeForm
    known: bool
    signed_in_as_invited: bool
    problem: str = ""
