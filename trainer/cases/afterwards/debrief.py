"""Looking back at a play: what happened, three moments, what was there to be seen, and the expert's way.

Everything is derived from the transcript, so a play can be looked at again at any time.
"""

from dataclasses import dataclass

from trainer.cases.afterwards.moments import BesideExpert, Moment, agreed, beside_expert, expert_id, moments_of
from trainer.cases.play.chart import clock
from trainer.cases.play.engine import Gains, Play, Step, expert_play, options
from trainer.cases.play.memory import choice_words
from trainer.cases.play.score import Result
from trainer.cases.play.state import Done, end_of, values_in
from trainer.cases.script.conditions import Condition, ValueOf
from trainer.cases.script.values import Case, Choice

__all__ = [
    "ELSEWHERE",
    "Debrief",
    "MissedCue",
    "Moment",
    "OnTheWay",
    "TimelineEntry",
    "debrief",
    "timeline",
    "verdict_on",
]


@dataclass(frozen=True)
class TimelineEntry:
    """One line of the timeline; texts are Markdown.

    Attributes:
        step: from 0.
        duties: duties that began, were done, or came too late with this step, each with its minutes.
        compared: what it was beside what an expert would have done.
    """

    step: int
    chapter: str
    clock: str
    scene: str
    did: str
    heard: tuple[str, ...]
    gains: Gains
    failures: tuple[str, ...]
    duties: tuple[tuple[str, Done, int], ...]
    compared: BesideExpert

    @property
    def agreed(self) -> bool:
        """Say whether an expert would have decided this too."""
        return self.compared is BesideExpert.EXPERT


@dataclass(frozen=True)
class MissedCue:
    """A sentence that was there to be seen, and led to nothing; `asked` is False when the question never came."""

    text: str
    clock: str
    scene: str
    would: str
    asked: bool = True


@dataclass(frozen=True)
class OnTheWay:
    """One step of the expert; `shared`: the player did it too. Where nothing may be shown, all texts are empty."""

    chapter: str
    clock: str
    scene: str
    did: str
    shared: bool


@dataclass(frozen=True)
class Debrief:
    """Everything the debrief shows."""

    ending: str
    result: Result
    timeline: tuple[TimelineEntry, ...]
    moments: tuple[Moment, ...]
    cues: tuple[MissedCue, ...]
    expert: tuple[OnTheWay, ...]
    reading: tuple[str, ...]

    @property
    def decided(self) -> tuple[TimelineEntry, ...]:
        """Return the steps at which there was something to decide."""
        return tuple(entry for entry in self.timeline if entry.compared is not BesideExpert.NO_CHOICE)


def debrief(case: Case, play: Play, result: Result, *, whole: bool = False) -> Debrief:
    """Look back at a play.

    Args:
        whole: also tell what the expert meets in scenes to which the player never came.
    """
    moments = moments_of(case, play)
    off = [step for step in play.steps if not agreed(case, step)]
    places = [place for step in off for place in (*_place(case, step.choice), *_place(case, expert_id(case, step)))]
    return Debrief(
        ending=end_of(case, play.state),
        result=result,
        timeline=timeline(case, play),
        moments=moments,
        cues=_cues(case, play),
        expert=_way(case, play, whole=whole),
        reading=tuple(dict.fromkeys(places)),
    )


_COUNTED = {1: "One", 2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six", 7: "Seven", 8: "Eight", 9: "Nine"}


def verdict_on(look: Debrief) -> str:
    """Say in one sentence what was done: what must not happen leads, then how often as an expert would, then duties."""
    whole, failures = len(look.decided), len(look.result.failures)
    alike = sum(entry.agreed for entry in look.timeline)
    behind = sum(duty.state in (Done.LATE, Done.MISSED) for duty in look.result.duties)
    share = f"all {whole}" if alike == whole else f"{alike} of {whole}" if alike else f"none of {whole}"
    like = f"n {share} decisions you did what an experienced colleague would do"
    if failures:
        things = f"{_COUNTED.get(failures, failures)} {'thing' if failures == 1 else 'things'}"
        return f"{things} happened that must not; i{like}."
    rest = f", and {'one duty was' if behind == 1 else f'{behind} duties were'} late or missed" if behind else ""
    return f"I{like}{rest}."


def timeline(case: Case, play: Play) -> tuple[TimelineEntry, ...]:
    """Return what happened, a line for each step."""
    return tuple(_entry(case, number, step) for number, step in enumerate(play.steps))


def _entry(case: Case, number: int, step: Step) -> TimelineEntry:
    scene = case.scenes[step.scene]
    pairs = zip(case.duties, step.before.duties, step.after.duties, strict=True)
    return TimelineEntry(
        step=number,
        chapter=case.chapters[scene.chapter].name,
        clock=clock(step.before.minute),
        scene=scene.title,
        did=choice_words(case, step.choice),
        heard=step.heard,
        gains=step.gains,
        failures=step.failures,
        duties=tuple((duty.id, now.state, duty.within) for duty, before, now in pairs if before.state is not now.state),
        compared=beside_expert(case, step),
    )


def _cues(case: Case, play: Play) -> tuple[MissedCue, ...]:
    found: dict[str, MissedCue] = {}
    shown: list[tuple[str, frozenset[str], str, str]] = []
    for step in play.steps:
        scene, value_of = case.scenes[step.scene], values_in(case, step.before)
        when = clock(step.before.minute)
        choice = case.choices.get(step.choice)
        shown += [
            (paragraph.text, paragraph.when.names, when, scene.title)
            for paragraph in scene.paragraphs
            if _cue(paragraph.when, value_of)
        ]
        if not agreed(case, step) and (expert := case.choices.get(expert_id(case, step))):
            for text, names, at, title in shown:
                if names & _names(expert):
                    found.setdefault(text, MissedCue(text, at, title, expert.text))
            if scene.interview and choice and choice.next:
                found |= _unasked(case, step, when)
        if choice:
            shown += [(cue.text, cue.when.names, when, scene.title) for cue in choice.cue if _cue(cue.when, value_of)]
    return tuple(found.values())


def _unasked(case: Case, step: Step, when: str) -> dict[str, MissedCue]:
    scene, value_of, open_then = case.scenes[step.scene], values_in(case, step.before), options(case, step.before)
    return {
        question.id: MissedCue("", when, scene.title, question.text, asked=False)
        for question in scene.choices
        if question.expert
        and not question.expert.last
        and question.id in open_then
        and question.expert.when.holds(value_of)
    }


def _cue(when: Condition, value_of: ValueOf) -> bool:
    """Say whether a sentence that is not always there is there now: what varies is worth noticing."""
    return bool(when.clauses) and when.holds(value_of)


def _names(choice: Choice) -> frozenset[str]:
    return choice.only_if.names | (choice.expert.when.names if choice.expert else frozenset())


ELSEWHERE = OnTheWay(chapter="", clock="", scene="", did="", shared=False)
"""However many scenes the expert meets there: how many there are is not told either."""


def _way(case: Case, play: Play, *, whole: bool) -> tuple[OnTheWay, ...]:
    taken, seen = set(play.inputs), {step.scene for step in play.steps}
    way: list[OnTheWay] = []
    for step in expert_play(case, play.state.variant, play.state.seed).steps:
        if whole or step.scene in seen:
            way.append(_on_the_way(case, step, shared=step.choice in taken))
        elif not way or way[-1] is not ELSEWHERE:
            way.append(ELSEWHERE)
    return tuple(way)


def _on_the_way(case: Case, step: Step, *, shared: bool) -> OnTheWay:
    scene = case.scenes[step.scene]
    return OnTheWay(
        chapter=case.chapters[scene.chapter].name,
        clock=clock(step.before.minute),
        scene=scene.title,
        did=choice_words(case, step.choice),
        shared=shared,
    )


def _place(case: Case, choice_id: str) -> tuple[str, ...]:
    choice = case.choices.get(choice_id)
    return choice.read if choice else ()
