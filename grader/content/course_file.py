"""Types of `course.yaml`: a course's title, its package name, and what it needs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grader.content.base import Content, Finding, Id, duplicates
from grader.content.libraries import library_findings, package_name

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DEFAULT_PACKAGE = "course-kit"


class CourseFile(Content, frozen=True, kw_only=True):
    """The contents of `course.yaml`. A course without this file has the defaults.

    `package` names the wheel of a learner's kit. `lessons` lists the lessons in the order in which they
    are taught; others follow, sorted. `language` is a language tag as in HTML, such as "en". Every
    exercise may use the `libraries`. With `tensorflow: false`, a kit does not bring TensorFlow.
    """

    title: str = ""
    package: Id = _DEFAULT_PACKAGE
    lessons: tuple[Id, ...] = ()
    language: str = "en"
    libraries: tuple[str, ...] = ()
    tensorflow: bool = True

    def findings(self) -> Iterator[Finding]:
        if self.package in ("course-grader", "grader"):
            yield Finding(("package",), f"{self.package} is the name of this tool", "choose another name")
        for index, lesson in duplicates(self.lessons):
            yield Finding(("lessons", index), f"{lesson!r} is listed twice", "delete one of the entries")
        if not _LANGUAGE.fullmatch(self.language):
            yield Finding(
                ("language",), f"{self.language!r} is not a language tag", 'write one such as "en" or "pt-BR"'
            )
        yield from library_findings(self.libraries)

    def with_libraries(self, libraries: tuple[str, ...]) -> tuple[str, ...]:
        """Return an exercise's libraries together with those of the course. The exercise's versions win."""
        if not self.libraries:
            return libraries
        own = {package_name(library).lower() for library in libraries}
        return (*(each for each in self.libraries if package_name(each).lower() not in own), *libraries)
