"""Fictional trainees who play cases, more or less well, by the same services as the pages use.

Whoever has the skill 1 decides as the expert does; whoever has 0 takes any answer that is open. Who is how
skilled, how long they think and what they say follows from the seed; which variant a run begins with does not.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from trainer.accounts import services as accounts
from trainer.accounts.words import NOBODYS, Role
from trainer.cases.play.engine import Play, expert_choice, options
from trainer.cases.runs.queries import run_of
from trainer.cases.runs.services import keep_reaction, start_run, take_step
from trainer.cases.runs.transcript import Reaction
from trainer.cases.script.values import Case
from trainer.enrolment.models import Cohort, Enrolment
from trainer.enrolment.queries import release_for
from trainer.enrolment.services import enrol
from trainer.installation import Installation
from trainer.requirements.catalogue import catalogue_of

_REASONS = (
    "I wanted to hear more before I did anything.",
    "It felt safest to stay where I was.",
    "That is what we had agreed beforehand.",
    "I was not sure, and chose what keeps the most doors open.",
    "The numbers worried me more than the words.",
    "I would have liked to ask a colleague first.",
)
"""What these people say when a scene asks for their reason."""

_WORST, _BEST = 0.35, 0.97
"""The skills of a crowd lie between these."""


@dataclass
class Player:
    """One fictional trainee.

    Attributes:
        skill: from 0 to 1, how often the expert's way is taken.
        now: moves on with every step.
    """

    installation: Installation
    enrolment: Enrolment
    skill: float
    now: datetime
    rnd: Random = field(default_factory=Random)

    def play(self, slug: str) -> str:
        """Play a case to its end, say how it was, and return the run's id."""
        with self.installation.database.reading() as session:
            release = release_for(session, self.enrolment)
        case = catalogue_of(release).cases[slug]
        self._later(minutes=5)
        with self.installation.database.transaction() as session:
            begun = start_run(session, enrolment=self.enrolment, case=case, release_hash=release.hash, now=self.now)
            run = run_of(session, begun, case)
            while not run.has_ended:
                scene = case.scenes[run.play.state.scene]
                self._later(seconds=self.rnd.lognormvariate(3.6, 0.6))
                choice = self._choice(case, run.play)
                reason = self.rnd.choice(_REASONS) if scene.prompt and self.rnd.random() < 0.7 else ""
                run = take_step(session, run=run, choice_id=choice, reason=reason, now=self.now)
            keep_reaction(session, run=run, reaction=self._felt(case), now=self.now)
        return run.id

    def _choice(self, case: Case, play: Play) -> str:
        would = expert_choice(case, play.state)
        if would is not None and self.rnd.random() < self.skill:
            return would
        return self.rnd.choice(options(case, play.state))

    def _felt(self, case: Case) -> Reaction:
        """Rate oneself: a little by skill, and a good deal by temper."""
        return Reaction(
            felt={
                competency.name: min(5, max(1, round(1 + 4 * (0.4 * self.skill + 0.6 * self.rnd.random()))))
                for competency in case.head.competencies
            }
        )

    def _later(self, *, minutes: float = 0, seconds: float = 0) -> None:
        self.now += timedelta(minutes=minutes, seconds=seconds)


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Fictional trainees of one kind.

    Attributes:
        people: how many.
        slugs: the cases that each plays; with none, every case of the cohort's release.
        tries: how often each plays every case; some learn from one try to the next.
        skill: the least and the greatest skill.
    """

    people: int
    seed: int
    slugs: Sequence[str] = ()
    tries: int = 1
    skill: tuple[float, float] = (_WORST, _BEST)


def let_play(installation: Installation, cohort: Cohort, crowd: Crowd, *, now: datetime) -> Sequence[Player]:
    """Let a crowd join a cohort and play."""
    rnd = Random(f"crowd {crowd.seed}")
    players = [
        _joined(installation, cohort, number, crowd.seed, rnd.uniform(*crowd.skill), now)
        for number in range(1, crowd.people + 1)
    ]
    for player in players:
        with installation.database.reading() as session:
            known = catalogue_of(release_for(session, player.enrolment)).cases
        for _ in range(crowd.tries):
            for slug in crowd.slugs or sorted(known):
                player.play(slug)
            player.skill = min(1.0, player.skill + 0.1)
    return players


def _joined(installation: Installation, cohort: Cohort, number: int, seed: int, skill: float, now: datetime) -> Player:
    with installation.database.transaction() as session:
        email, name = f"trainee-{seed}-{number}@demo.example", f"Trainee Fictional {number}"
        # nobody signs in as them
        person = accounts.create_person(session, email=email, name=name, password_hash=NOBODYS, now=now)
        accounts.grant(session, person=person, programme=cohort.programme, role=Role.TRAINEE, now=now)
        enrolment = enrol(session, person_id=person.id, cohort=cohort, now=now)
    return Player(installation, enrolment, skill, now + timedelta(hours=number), Random(f"player {seed} {number}"))
