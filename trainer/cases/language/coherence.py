"""Whether the parts of a case fit together: every name known, every place there, nothing left hanging."""

from collections import Counter
from collections.abc import Iterable, Set
from dataclasses import dataclass

from trainer.authoring.messages import Findings, Message
from trainer.authoring.wording import did_you_mean
from trainer.cases.language.declared_names import DECLARING, lint_names
from trainer.cases.physiology.curves import profile
from trainer.cases.script.graph import reached, scenes_after
from trainer.cases.script.values import Case, Chapter, Choice, Scene, Target, Way

MOST_SCENES, MOST_QUESTIONS = 15, 14
MOST_POINTS = 5
"""One choice earns or costs at most so many points of a competency; more would drown all others."""

FINE, STEP = 10, 5
"""Above so many minutes time is told in steps of so many, which keeps the states of a case few."""


def lint_coherence(case: Case, unread: Set[str] = frozenset()) -> list[Message]:
    """Return what does not fit, without playing the case.

    Args:
        unread: keys of the head that could not be understood; what rests on them is not judged.
    """
    found = _Linter(case, {scene.id: scene for chapter in case.chapters for scene in chapter.scenes}, unread)
    names = () if unread & DECLARING else lint_names(case)
    said = [Message(case.path, line, text) for line, text in (*found.all(), *names)]
    if said or unread:
        return said
    return [Message(case.path, line, text) for line, text in found.orphans()]


@dataclass(frozen=True)
class _Linter:
    case: Case
    scenes: dict[str, Scene]
    unread: Set[str]

    def all(self) -> Findings:
        yield from self.twice()
        if self.case.head.start:
            yield from self.scene_named(self.case.head.start, self.case.lines.get("start", 1))
        if not self.case.chapters:
            yield 1, "Add a chapter, like “# Chapter: Dosing day (0:20 to 7:30, with vitals)”."
        for chapter in self.case.chapters:
            yield from self.chapter(chapter)
            for scene in chapter.scenes:
                yield from self.scene(scene, chapter)
        yield from self.lists()

    def twice(self) -> Findings:
        scenes = [(scene.id, scene.line) for chapter in self.case.chapters for scene in chapter.scenes]
        every = [scene for chapter in self.case.chapters for scene in chapter.scenes]
        choices = [(choice.id, choice.line) for scene in every for choice in scene.choices]
        lists = (self.case.duties, self.case.must_nots, self.case.endings, self.case.sources)
        for named in (scenes, choices, *([(entry.id, entry.line) for entry in kind] for kind in lists)):
            for name in (name for name, count in Counter(name for name, _ in named).items() if count > 1):
                first, second = [line for other, line in named if other == name][:2]
                yield second, f"The id “{name}” is taken on line {first}. Give this one another."

    def chapter(self, chapter: Chapter) -> Findings:
        if not chapter.scenes:
            yield chapter.line, "Add a scene to this chapter, like “## The wave {#wave}”."
        if len(chapter.scenes) > MOST_SCENES:
            yield chapter.line, f"Split this chapter: at most {MOST_SCENES} scenes can be proved together."
        if chapter.vitals and not self.case.head.profile and "profile" not in self.unread:
            yield chapter.line, "Add “profile:” to the head of the case, since this chapter shows vital signs."
        if chapter.vitals and len(self.case.head.vitals) < 3 and "vitals" not in self.unread:
            yield chapter.line, "Add the resting “vitals: {sbp: …, dbp: …, hr: …}” to the head of the case."
        if chapter.then:
            yield from self.scene_named(chapter.then, chapter.line)
            after = self.scenes.get(chapter.then)
            if after and after.chapter < self.case.chapters.index(chapter):
                yield chapter.line, f"When time is up the case must go on: #{after.id} is in an earlier chapter."
            elif after and self.circles(after, chapter):
                yield chapter.line, f"When time is up the chapter must end, but #{after.id} can lead round to itself."

    def circles(self, after: Scene, chapter: Chapter) -> bool:
        """Say whether scenes of a chapter that is over could follow each other without end."""
        if after not in chapter.scenes:
            return False
        here = {scene.id for scene in chapter.scenes}
        late = [name for name in reached(self.case, [after.id], timed=False) if name in here]
        return any(
            self.scenes[name].interview
            or name in reached(self.case, scenes_after(self.case, self.scenes[name], timed=False), timed=False)
            for name in late
        )

    def scene(self, scene: Scene, chapter: Chapter) -> Findings:
        if not scene.choices:
            yield scene.line, "Add choices to this scene, like “1. Stay beside her. {#stay}”."
        elif not any(choice.expert for choice in scene.choices):
            yield scene.line, "Say on one choice what the expert does: “- expert: yes”."
        if scene.interview and len(scene.choices) > MOST_QUESTIONS + 1:
            yield scene.line, f"Ask at most {MOST_QUESTIONS} questions in one interview."
        if scene.interview and not chapter.then and all(choice.next is None for choice in scene.choices):
            yield scene.line, "Give one choice of the interview a “next:”, or the chapter a “then #scene”."
        if scene.otherwise:
            line = scene.lines["answer within"]
            yield from self.scene_named(scene.otherwise, line)
            other = self.scenes.get(scene.otherwise)
            if other and other.chapter != scene.chapter:
                yield line, f"Silence leads to a scene of the same chapter; #{other.id} is in another."
        for choice in scene.choices:
            yield from self.choice(choice, scene)
        yield from self.same_words(scene)

    def choice(self, choice: Choice, scene: Scene) -> Findings:
        yield from self.measures(choice)
        if choice.gives:
            yield from self.supplement(choice, scene)
        if choice.next is None:
            if not scene.interview:
                yield choice.line, "Say where this choice leads: “- next: #scene”, “back”, or “end name”."
            return
        yield from self.target(choice.next, scene)

    def supplement(self, choice: Choice, scene: Scene) -> Findings:
        name, line = self.case.head.profile, choice.lines["gives"]
        if not self.case.chapters[scene.chapter].vitals:
            yield line, "A supplement can be given only in a chapter “with vitals”."
        elif name and not profile(name).supplement:
            yield line, f"The profile “{name}” knows no supplemental dose."

    def measures(self, choice: Choice) -> Findings:
        line = choice.lines.get("takes", choice.line)
        if choice.takes > FINE and choice.takes % STEP:
            yield line, f"Above {FINE} min write the time in steps of {STEP}."
        for name, points in choice.scores:
            if abs(points) > MOST_POINTS:
                yield choice.lines["scores"], f"Give “{name}” at most {MOST_POINTS} points here, more or less."
        tops = {number.name: number.top for number in self.case.head.numbers}
        for name, by in choice.shifts:
            if abs(by) > tops.get(name, abs(by)):
                yield choice.lines["changes"], f"“{name}” goes from 0 to {tops[name]}: it cannot change by {abs(by)}."
        if choice.id in self.scenes:
            yield choice.line, f"A scene has the id “{choice.id}” already. Give this choice another."

    def target(self, target: Target, scene: Scene) -> Findings:
        if target.way is Way.END:
            endings = [ending.id for ending in self.case.endings]
            if target.name not in endings:
                near = did_you_mean(target.name, endings)
                yield target.line, f"The ending “{target.name}” is not described below “# Endings”.{near}"
        elif target.way is Way.BACK:
            if not any(other.event for other in self.case.chapters[scene.chapter].scenes):
                yield target.line, "There is nothing to go back to: “back” returns from a scene with “event: when …”."
        else:
            yield from self.scene_named(target.name, target.line)
            there = self.scenes.get(target.name)
            if there and there.chapter < scene.chapter:
                yield target.line, f"#{there.id} is in an earlier chapter. A case only goes forward."

    def same_words(self, scene: Scene) -> Findings:
        seen: dict[tuple[str, object], int] = {}
        for choice in scene.choices:
            first = seen.setdefault((choice.text, choice.only_if), choice.line)
            if first != choice.line:
                yield choice.line, f"This choice has the same words as the one on line {first}."

    def lists(self) -> Findings:
        for rule in self.case.must_nots:
            for name, _ in rule.choices:
                if name not in self.case.choices:
                    near = did_you_mean(name, self.case.choices)
                    yield rule.line, f"There is no choice “{name}”.{near}"
            if rule.cue_in:
                yield from self.scene_named(rule.cue_in, rule.line)
        for duty in self.case.duties:
            if duty.scene:
                yield from self.scene_named(duty.scene, duty.line)

    def orphans(self) -> Findings:
        seen = reached(self.case, [self.case.head.start, *(scene.id for scene in self.scenes.values() if scene.event)])
        for scene in self.scenes.values():
            if scene.id not in seen:
                yield scene.line, f"Nothing leads to #{scene.id}. Give a choice “next: #{scene.id}”, or take it out."
        ends = {name for scene in self.scenes.values() for name in _endings(scene)}
        if not ends:
            yield 1, "No choice ends the case. Write “- next: end name” at the last one."
        for ending in self.case.endings:
            if ending.id not in ends:
                yield ending.line, f"Nothing leads to “{ending.id}”. Write “next: end {ending.id}” at a choice."

    def scene_named(self, name: str, line: int) -> Findings:
        if name not in self.scenes:
            yield line, f"#{name} does not exist.{did_you_mean(name, self.scenes)}"


def _endings(scene: Scene) -> Iterable[str]:
    return (choice.next.name for choice in scene.choices if choice.next and choice.next.way is Way.END)
