"""The course's content, kept in memory and read again when a file has changed."""

from __future__ import annotations

import threading
import time

from msgspec import Struct

from grader.content.course import PARTS, Course
from grader.content.kit import SealedQuiz
from grader.progress.evidence import Contents

DECIDING = (".yaml", ".py")  # suffixes of files that decide the content and its versions
FRESH = 1.0  # seconds before the files are looked at again


class Link(Struct, frozen=True):
    """One link of the header."""

    name: str
    text: str
    href: str


class Outline(Struct, frozen=True):
    """What the header of every page needs to know of a course."""

    title: str
    links: tuple[Link, ...]


class Library:
    """The content of one course, for all requests."""

    def __init__(self, course: Course) -> None:
        self._course = course
        self._turn = threading.Lock()
        self._files_seen: object = None
        self._looked = -FRESH
        self._contents: Contents | None = None

    def contents(self) -> Contents:
        """Return all content of the course. Raises ContentError if an author's file is broken."""
        with self._turn:
            if self._contents is not None and time.monotonic() < self._looked + FRESH:
                return self._contents
            files = self._files()
            if self._contents is None or files != self._files_seen:
                self._contents = Contents.of(self._course)
                self._files_seen = files
            self._looked = time.monotonic()
            return self._contents

    def sealed(self) -> tuple[SealedQuiz, ...]:
        """Return the quizzes of a kit; none in a course. Raises ContentError."""
        return tuple(map(self._course.sealed_quiz, self._course.sealed_quiz_ids))

    def outline(self) -> Outline:
        """Return the course's title and links. Raises ContentError."""
        contents = self.contents()
        links = [Link("lesson", "Lesson", f"/lesson/{lesson.id}") for lesson in contents.lessons[:1]]
        if len(contents.lessons) > 1:
            links = [Link("lesson", "Lessons", "/lessons")]
        if contents.exercises:
            links.append(Link("exercise", "Exercises", "/exercises"))
        links.append(Link("progress", "Progress", "/progress"))
        title = self._course.about.title or (
            contents.lessons[0].title.partition(":")[0]
            if len(contents.lessons) == 1
            else self._course.root.resolve().name
        )
        return Outline(title, tuple(links))

    def _files(self) -> object:
        """Return names, sizes and times of all files that decide the content."""
        root = self._course.root
        tops = [root / part for part in PARTS]
        inner = [path for top in tops for path in top.rglob("*") if path.suffix in DECIDING]
        paths = inner + [top for top in tops if top.is_file()]
        return tuple(sorted((str(p), s.st_mtime_ns, s.st_size) for p in paths for s in [p.stat()]))
