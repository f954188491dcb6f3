"""The course's content, kept in memory and read again when a file has changed."""

from __future__ import annotations

import threading
import time

from msgspec import Struct

from grader.content.course import PARTS, Course
from grader.content.course_file import CourseFile
from grader.content.kit import SealedQuiz
from grader.errors import CourseError
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

    def __init__(self, course: Course, *, edited: bool = False) -> None:
        """Read files again at once if the course is `edited`. While one is broken, the last content stays."""
        self._course = course
        self._edited = edited
        self._turn = threading.Lock()
        self._files_seen: object = None
        self._looked = -FRESH
        self._contents: Contents | None = None
        self._about = CourseFile()

    def contents(self) -> Contents:
        """Return all content of the course. Raises ContentError if an author's file is broken."""
        with self._turn:
            is_fresh = time.monotonic() < self._looked + FRESH and not self._edited
            if self._contents is not None and is_fresh:
                return self._contents
            files = self._files()
            if self._contents is None or files != self._files_seen:
                self._read()
                self._files_seen = files
            self._looked = time.monotonic()
            assert self._contents is not None
            return self._contents

    def _read(self) -> None:
        try:
            self._contents, self._about = Contents.of(self._course), self._course.about
        except CourseError:
            if not self._edited or self._contents is None:
                raise

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
        title = self._about.title or (
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
