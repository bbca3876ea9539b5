"""One module: its folder of Markdown files, read together."""

import hashlib
import posixpath
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from trainer.authoring.fitting import fit_front
from trainer.authoring.frontmatter import FrontMatter, split_head
from trainer.authoring.messages import Message
from trainer.authoring.wording import did_you_mean, named_like
from trainer.curriculum.language.lesson_draft import LessonDraft, Material
from trainer.curriculum.parts.covers import topics_apart
from trainer.curriculum.parts.exercises import read_exercise
from trainer.curriculum.parts.heads import ModuleHead
from trainer.curriculum.parts.lessons import ReadLesson, introduction, read_lesson
from trainer.curriculum.parts.summaries import read_summary
from trainer.curriculum.values import Competency, Exercise, Lesson, Module, ModuleSummary

MODULE_FOLDER = re.compile(r"^(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)$")
LESSON_FILE = re.compile(r"^\d\d-[a-z0-9]+(?:-[a-z0-9]+)*\.md$")
_FIGURE_OF_QUESTION = re.compile(r"^- figure:\s*(\S+)\s*$", re.MULTILINE)
EXERCISE, SUMMARY = "exercise.md", "summary.md"
_ASKED = ("bank.md", "written.md")
"""Questions and written tasks, which other rooms read."""
_BANK_SOURCES = re.compile(r"^- source:(.*)$")


@dataclass
class ModuleDraft:
    """A module in the making.

    Attributes:
        folder: its path, as in `modules/03-ethics`.
        names: the names of the files in the folder.
    """

    folder: str
    names: Sequence[str]
    material: Material
    competencies: Mapping[str, Competency]
    messages: list[Message] = field(default_factory=list)

    @property
    def path(self) -> str:
        """Return the path of `module.md`."""
        return f"{self.folder}/module.md"

    @property
    def lesson_paths(self) -> Sequence[str]:
        """Return the paths of its lessons, in their order."""
        return [f"{self.folder}/{name}" for name in sorted(self.names) if LESSON_FILE.match(name)]

    def say(self, line: int, text: str) -> None:
        """Note a mistake in `module.md`."""
        self.messages.append(Message(self.path, line, text))


def read_module(draft: ModuleDraft) -> Module | None:
    """Read one folder; mistakes are added to the draft. Never raises."""
    named = MODULE_FOLDER.match(posixpath.basename(draft.folder))
    if named is None:
        draft.say(1, "Name the folder with two digits and a short name, as in 03-ethics.")
        return None
    text = draft.material.texts.get(draft.path)
    if text is None:
        if "module.md" not in draft.names:
            draft.say(1, "This folder has no module.md. Add one, with the module's title, minutes and objectives.")
        return None
    return _read(draft, int(named[1]), named[2], text)


@dataclass(frozen=True)
class _Texts:
    """The texts of a module, as they were read; `drafts` are those of its introduction, exercise and summary."""

    intro: LessonDraft
    reads: Sequence[ReadLesson]
    exercise: Exercise | None
    summary: ModuleSummary | None
    drafts: Sequence[LessonDraft]

    @property
    def lessons(self) -> tuple[Lesson, ...]:
        return tuple(read.lesson for read in self.reads if read.lesson)

    @property
    def _all(self) -> Sequence[ReadLesson | LessonDraft]:
        return [*self.drafts, *self.reads]

    @property
    def figures(self) -> set[str]:
        return {path for text in self._all for path in text.figures}

    @property
    def messages(self) -> list[Message]:
        return [told for text in self._all for told in text.messages]

    @property
    def cited(self) -> list[Mapping[str, int]]:
        return [text.cited for text in self._all]

    def hash_with(self, text: str) -> str:
        """Return 64 hex digits over all of them; one without pictures, exercise and summary has that of yesterday."""
        own = self.intro.hash_with(text) if self.intro.figures else text
        rest = [*self.lessons, *(extra for extra in (self.exercise, self.summary) if extra)]
        return hashlib.sha256("".join([own, *(one.hash for one in rest)]).encode()).hexdigest()


def _read(draft: ModuleDraft, number: int, slug: str, text: str) -> Module | None:
    front = split_head(draft.path, text)
    fitted = fit_front(ModuleHead, front, draft.path)
    intro = LessonDraft(draft.path, slug, draft.material)
    html, apparatus = introduction(intro, front.body, line=front.body_line)
    texts = _texts(draft, slug, tuple(fitted.head.objectives) if fitted.head else (), intro)
    draft.messages += fitted.messages
    _strays(draft, texts.figures | _figures_of_questions(draft))
    _twice(draft, texts.lessons)
    if (head := fitted.head) is None:
        # Without the module's own keys, whatever its lessons say about objectives is beside the point.
        draft.messages += [told for told in texts.messages if "has no objective" not in told.text]
        return None
    draft.messages += texts.messages
    _known(draft, front, head, slug)
    _sources(draft, front, head, texts.cited)
    _covered(draft, front, head, texts.lessons)
    _minutes(draft, front, head.minutes, texts.lessons)
    return Module(
        slug=head.module,
        number=number,
        title=head.title,
        minutes=head.minutes,
        objectives=dict(head.objectives),
        competencies=tuple(head.competencies),
        topics=tuple(head.topics),
        sources=tuple(head.sources),
        readiness=head.readiness,
        reviewed=tuple(signature.model_dump() for signature in head.reviewed),
        intro_html=html,
        references=apparatus.sources(),
        terms=tuple(apparatus.used.values()),
        lessons=texts.lessons,
        path=draft.path,
        hash=texts.hash_with(text),
        exercise=texts.exercise,
        summary=texts.summary,
    )


def _texts(draft: ModuleDraft, slug: str, objectives: Sequence[str], intro: LessonDraft) -> _Texts:
    """Read the lessons, the exercise and the summary."""
    material = draft.material
    exercise, summary = (LessonDraft(f"{draft.folder}/{name}", slug, material) for name in (EXERCISE, SUMMARY))
    practised, summed_up = material.texts.get(exercise.path), material.texts.get(summary.path)
    return _Texts(
        intro=intro,
        reads=_lessons(draft, slug, objectives),
        exercise=None if practised is None else read_exercise(exercise, practised, objectives),
        summary=None if summed_up is None else read_summary(summary, summed_up),
        drafts=[intro, exercise, summary],
    )


def _lessons(draft: ModuleDraft, slug: str, objectives: Sequence[str]) -> list[ReadLesson]:
    texts = draft.material.texts
    paths = [path for path in draft.lesson_paths if path in texts]
    return [
        read_lesson(path, texts[path], module=slug, objectives=objectives, material=draft.material) for path in paths
    ]


def _known(draft: ModuleDraft, front: FrontMatter, head: ModuleHead, name: str) -> None:
    """Compare the keys with the folder's name and with the course's lists."""
    if head.module != name:
        draft.say(front.line("module"), named_like("module", name, what="folder"))
    lists = (
        ("competencies", head.competencies, draft.competencies, "competencies.yaml"),
        ("topics", head.topics, draft.material.topics, "the crosswalks"),
        ("sources", head.sources, draft.material.references, "references.yaml"),
    )
    for key, words, known, where in lists:
        for n, word in enumerate(words):
            line = front.line(key, str(n))
            if word not in known:
                draft.say(line, f"“{word}” is not in {where}.{did_you_mean(word, known)}")
            if word in words[:n]:
                draft.say(line, f"“{word}” stands twice under {key}. Keep one.")


def _sources(draft: ModuleDraft, front: FrontMatter, head: ModuleHead, cited: Sequence[Mapping[str, int]]) -> None:
    """Compare the sources listed with those cited in the introduction, the lessons and the bank."""
    used = {key for lines in cited for key in lines} | _bank_sources(draft, head)
    for n, key in enumerate(head.sources):
        if key not in used and key in draft.material.references:
            line = front.line("sources", str(n))
            draft.say(line, f"The source “{key}” is listed and nowhere cited. Cite it, or take it off the list.")
    missing = sorted({key for key in used if key in draft.material.references} - set(head.sources), key=_natural)
    if missing:
        draft.say(front.line("sources"), f"Add to the list what the module cites: {', '.join(missing)}.")


def _covered(draft: ModuleDraft, front: FrontMatter, head: ModuleHead, lessons: Sequence[Lesson]) -> None:
    """Compare the topics listed with those that the lessons cover."""
    unlisted, uncovered = topics_apart(head.topics, lessons)
    if unlisted:
        draft.say(front.line("topics"), f"Add to the list what the lessons cover: {', '.join(unlisted)}.")
    for topic in uncovered if len(lessons) == len(draft.lesson_paths) else ():
        line = front.line("topics", str(head.topics.index(topic)))
        draft.say(line, f"No lesson covers “{topic}”. Give it minutes under covers, or take it off the list.")


def _bank_sources(draft: ModuleDraft, head: ModuleHead) -> set[str]:
    """Return the sources of questions and written tasks, whose own mistakes their own rooms report."""
    text = "\n".join(draft.material.texts.get(f"{draft.folder}/{name}", "") for name in _ASKED)
    rows = [found[1] for row in text.split("\n") if (found := _BANK_SOURCES.match(row))]
    listed = {word.strip() for row in rows for word in row.split(",") if word.strip()}
    return listed | {key for key in head.sources if re.search(rf"@{re.escape(key)}\b", text)}


def _natural(key: str) -> tuple[int, str]:
    digits = re.search(r"\d+", key)
    return int(digits[0]) if digits else 0, key


def _minutes(draft: ModuleDraft, front: FrontMatter, minutes: int, lessons: Sequence[Lesson]) -> None:
    """Compare the minutes with those of the lessons, where all of these could be read."""
    if not draft.lesson_paths:
        draft.say(1, "This module has no lesson. Add one beside this file, as in 01-first-steps.md.")
    total = sum(lesson.minutes for lesson in lessons)
    if total != minutes and len(lessons) == len(draft.lesson_paths) > 0:
        draft.say(front.line("minutes"), f"The lessons add up to {total} minutes, the module says {minutes}.")


def _twice(draft: ModuleDraft, lessons: Sequence[Lesson]) -> None:
    """Note lessons and checks that share a name."""
    slugs: dict[str, str] = {}
    checks: dict[str, str] = {}
    for lesson in lessons:
        if f"{lesson.slug}.md" in (EXERCISE, SUMMARY):
            text = f"Name this lesson otherwise: “{lesson.slug}” is the address of the module's {lesson.slug}."
            draft.messages.append(Message(lesson.path, 2, text))
        if (other := slugs.setdefault(lesson.slug, lesson.path)) != lesson.path:
            text = f"The lesson “{lesson.slug}” has the same name as {other}. Choose another."
            draft.messages.append(Message(lesson.path, 2, text))
        for check in lesson.checks:
            here = f"{lesson.path}:{check.line}"
            if (other := checks.setdefault(check.slug, here)) != here:
                text = f"The check “{check.slug}” has the same name as the one at {other}. Choose another."
                draft.messages.append(Message(lesson.path, check.line, text))


def _figures_of_questions(draft: ModuleDraft) -> set[str]:
    """Return the figures that the questions beside the lessons show; whether they are sound is for the bank to say."""
    text = draft.material.texts.get(f"{draft.folder}/bank.md", "")
    return {f"{draft.folder}/{name}" for name in _FIGURE_OF_QUESTION.findall(text)}


def _strays(draft: ModuleDraft, shown: Collection[str]) -> None:
    """Note files that no page would ever show."""
    for name in draft.names:
        path = f"{draft.folder}/{name}"
        if name.endswith((".svg", ".yaml")):
            if path not in shown:
                draft.messages.append(
                    Message(path, 1, "No lesson and no question shows this figure. Use it, or remove the file.")
                )
        elif name not in ("module.md", *_ASKED, EXERCISE, SUMMARY) and not LESSON_FILE.match(name):
            text = (
                "This file has no place here. A lesson is called 01-short-name.md, a figure short-name.svg or "
                f"short-name.yaml; beside them stand {EXERCISE}, {SUMMARY} and bank.md or written.md."
            )
            draft.messages.append(Message(path, 1, text))
