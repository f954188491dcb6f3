"""What an author sees beside each page of `course preview`: the problems of what the page shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from grader.authoring.places import YamlPlaces
from grader.authoring.watching import State
from grader.content.course import PARTS, Course
from grader.content.figures import Figure, file_names
from grader.content.problem import Problem
from grader.content.quiz import Practice, Quiz
from grader.errors import CourseError
from grader.progress.evidence import Contents
from grader.web.links import lesson_of

NOTE = "What you answer and write here is not kept."
_PAGE = re.compile(r"/(lesson|exercise|question|quiz|practice)/([^/]+)(?:/([^/]+))?(?:/.*)?")
_DECIDING = (".yaml", ".py", ".svg", ".png")  # files that pages show


class Part(Struct, frozen=True):
    """Lines of a file, or all that is in a file or a directory."""

    path: Path
    item: tuple[str, str] | None = None  # the list and the id of the item that is meant

    def holds(self, problem: Problem) -> bool:
        """Return True if the problem is in these lines."""
        place = Path(problem.file)
        lines = self.lines() if place == self.path else None
        return place.is_relative_to(self.path) if lines is None else problem.line in lines

    def lines(self) -> range | None:
        """Return the lines of the item. None stands for the whole file, also if the item cannot be found."""
        if self.item is None:
            return None
        with suppress(CourseError, OSError):
            places = _places(self.path, self.path.stat().st_mtime_ns)
            return places.lines_of(*self.item)
        return None

    def content(self) -> Iterator[bytes]:
        """Yield what a page shows of this part."""
        lines = self.lines()
        with suppress(OSError):
            if lines is not None:
                rows = self.path.read_bytes().split(b"\n")
                yield b"\n".join(rows[lines.start - 1 : lines.stop - 1])
                return
            paths = sorted(self.path.rglob("*")) if self.path.is_dir() else [self.path]
            for path in paths:
                if path.suffix in _DECIDING:
                    yield path.read_bytes()


@lru_cache(64)
def _places(path: Path, changed: int) -> YamlPlaces:
    return YamlPlaces(path)


class Page(Struct, frozen=True):
    """What a page shows of a course, and what else its author wants to know there."""

    shown: tuple[Part, ...]
    beside: tuple[Part, ...] = ()

    def problems(self, found: tuple[Problem, ...]) -> list[Problem]:
        """Return the problems of what the page shows."""
        return [each for each in found if any(part.holds(each) for part in (*self.shown, *self.beside))]

    def stamp(self) -> str:
        """Return what changes when the page's content does."""
        digest = hashlib.blake2b(digest_size=12)
        for part in self.shown:
            for content in part.content():
                digest.update(content + b"\0")
        return digest.hexdigest()


def page_at(path: str, course: Course, contents: Contents | None) -> Page:
    """Return what the page at an address shows. Pages about no single part are about the whole course."""
    root = course.root
    match = _PAGE.fullmatch(path)
    if match is None or contents is None:
        return Page(tuple(Part(root / name) for name in PARTS), (Part(root),))
    kind, item, rest = match.groups()
    if kind == "exercise":
        directory = course.exercise_dir(item)
        return Page((Part(directory / "exercise.yaml"), Part(directory / "starter.py")), (Part(directory),))
    if kind == "lesson":
        file = root / "lessons" / f"{item}.yaml"
        lesson = lesson_of(contents, item)
        section = lesson.section(rest) if lesson and rest else None
        if section is None:
            return Page((Part(file),))
        asked = [*section.questions, *(each.question for each in section.simulations)]
        return Page(
            (
                Part(file, ("sections", section.id)),
                *(part for question in asked for part in _question(course, contents, question)),
                *_figures(course, section.figures),
            )
        )
    if kind == "question":
        return Page(_question(course, contents, item))
    if kind == "practice":
        return Page((Part(root / "quizzes" / "practice" / f"{item}.yaml"),))
    quiz = next((each for each in contents.quizzes if each.id == item), None)
    if quiz and rest and rest.isdecimal() and 1 <= int(rest) <= len(quiz.questions):
        return Page(_question(course, contents, quiz.questions[int(rest) - 1].id))
    return Page((Part(root / "quizzes" / f"{item}.yaml"),))


def _figures(course: Course, figures: Iterable[Figure]) -> Iterator[Part]:
    return (Part(course.figure(name)) for name in file_names(figures))


def _question(course: Course, contents: Contents, question_id: str) -> tuple[Part, ...]:
    """Return the lines of a question, and the files of its figure."""
    source: Quiz | Practice | None = next(
        (each for each in contents.sources if any(q.id == question_id for q in each.questions)), None
    )
    folder = course.root / "quizzes"
    if isinstance(source, Practice):
        folder /= "practice"
    question = source.question(question_id) if source else None
    figures = [question.picture] if question and question.picture else []
    lines = Part(folder / f"{source.id}.yaml" if source else folder, ("questions", question_id))
    return (lines, *_figures(course, figures))


class Sight(Struct, frozen=True):
    """The author's bar on one page."""

    says: str
    here: tuple[Problem, ...]
    elsewhere: int
    stamp: str
    note: str = NOTE


class Author:
    """What validation has found so far. One thread publishes, requests read."""

    def __init__(self, course: Course) -> None:
        self.course = course
        self.number = 0  # grows with each change
        self.closed = False
        self._state: State | None = None
        self._trouble = ""

    def publish(self, state: State) -> None:
        """Take what was found after a save."""
        self._state = state
        self.number += 1

    def fail(self, trouble: str) -> None:
        """Take the reason why nothing more will be published."""
        self._trouble = trouble
        self.number += 1

    def close(self) -> None:
        """End the streams of all pages."""
        self.closed = True

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All problems of the course."""
        return self._state.validation.problems if self._state else ()

    def sees(self, path: str, contents: Contents | None) -> Sight:
        """Return the bar of the page at an address. `contents` is None if the course cannot be read."""
        page = page_at(path, self.course, contents)
        here = page.problems(self.problems)
        shown = tuple(replace(each, file=self._in_course(each.file)) for each in here)
        return Sight(self._says(), shown, len(self.problems) - len(here), page.stamp())

    def _in_course(self, file: str) -> str:
        """Return a path relative to the course, if it is in it."""
        path = Path(file)
        return str(path.relative_to(self.course.root)) if path.is_relative_to(self.course.root) else file

    def _says(self) -> str:
        if self._trouble:
            return f"The preview no longer follows: {self._trouble}"
        if self._state is None:
            return "Reading the course …"
        if self._state.waiting:
            return f"Proving {', '.join(self._state.waiting)} …"
        if self._state.validation.ok:
            return "Proven. Nothing is broken."
        count = len(self.problems)
        return f"Not proven: {count} problem{'s' * (count != 1)} in the course."
