"""A course: a directory with `lessons/`, `quizzes/` and `exercises/`, read when asked for.

A learner's kit is one as well; what it comes without is not there to be asked for.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TypeVar

import msgspec

from grader.content.base import Content
from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.kit import Kit, SealedQuiz
from grader.content.lesson import Lesson
from grader.content.problem import ContentError, Problem
from grader.content.quiz import Practice, Quiz
from grader.content.yaml_core import read_text
from grader.errors import CourseError, UnknownIdError

C = TypeVar("C", Lesson, Quiz, SealedQuiz, Practice, Exercise)

KIT = "kit.yaml"
PARTS = ("lessons", "quizzes", "exercises", KIT)  # all of a course; the last one only of a kit

EXERCISE_FILES = ("exercise.yaml", "starter.py", "solution.py", "visible_tests.py", "hidden_tests.py")


class Course:
    """Reads one course directory. Nothing is parsed before it is asked for."""

    def __init__(self, root: Path) -> None:
        """Raises CourseError if `root` does not look like a course."""
        if not any((root / name).is_dir() for name in ("lessons", "quizzes", "exercises")):
            raise CourseError(
                f"{root} is not a course — it needs a directory lessons/, quizzes/ or exercises/; "
                "check --course and COURSE_DIR"
            )
        self.root = root

    @classmethod
    def bundled(cls) -> Course:
        """Return the course that comes with the package, installed or in a checkout."""
        inside = Path(str(resources.files("grader"))) / "course"
        return cls(inside if inside.is_dir() else inside.parent.parent)

    @cached_property
    def kit(self) -> Kit | None:
        """What this course comes without, if it is a learner's kit. Raises CourseError."""
        path = self.root / KIT
        try:
            return decode(read_text(path), str(path), Kit) if path.is_file() else None
        except ContentError as error:
            raise CourseError(f"{error}\nThis learner's kit is damaged — unpack it again") from None

    def check_whole(self, what: str) -> None:
        """Raise CourseError if this is a kit, with which one cannot do `what`."""
        if self.kit is not None:
            raise CourseError(
                f"{self.root} is a learner's kit, without hidden tests and answers, and cannot {what} — "
                "name the whole course with --course"
            )

    @property
    def lesson_ids(self) -> list[str]:
        return sorted(path.stem for path in self.root.glob("lessons/*.yaml"))

    @property
    def quiz_ids(self) -> list[str]:
        """The quizzes that can be marked: none in a kit."""
        return [] if self.kit else self._quizzes

    @property
    def sealed_quiz_ids(self) -> list[str]:
        """The quizzes that come without their answers: those of a kit."""
        return self._quizzes if self.kit else []

    @property
    def _quizzes(self) -> list[str]:
        return sorted(path.stem for path in self.root.glob("quizzes/*.yaml"))

    @property
    def practice_ids(self) -> list[str]:
        """The lessons that have questions to practise with."""
        return sorted(path.stem for path in self.root.glob("quizzes/practice/*.yaml"))

    @property
    def exercise_ids(self) -> list[str]:
        return sorted(path.parent.name for path in self.root.glob("exercises/*/exercise.yaml"))

    def lesson(self, lesson_id: str) -> Lesson:
        """Raises UnknownIdError, ContentError."""
        self._check_id("lesson", lesson_id, self.lesson_ids)
        return self._read(self.root / "lessons" / f"{lesson_id}.yaml", lesson_id, Lesson)

    def quiz(self, quiz_id: str) -> Quiz:
        """Raises UnknownIdError, ContentError."""
        self._check_id("quiz", quiz_id, self.quiz_ids)
        return self._read(self.root / "quizzes" / f"{quiz_id}.yaml", quiz_id, Quiz)

    def sealed_quiz(self, quiz_id: str) -> SealedQuiz:
        """Raises UnknownIdError, ContentError."""
        self._check_id("quiz", quiz_id, self.sealed_quiz_ids)
        return self._read(self.root / "quizzes" / f"{quiz_id}.yaml", quiz_id, SealedQuiz)

    def practice(self, lesson_id: str) -> Practice:
        """Raises UnknownIdError, ContentError."""
        self._check_id("set of practice questions", lesson_id, self.practice_ids)
        return self._read(self.root / "quizzes" / "practice" / f"{lesson_id}.yaml", lesson_id, Practice)

    def exercise(self, exercise_id: str) -> Exercise:
        """Raises UnknownIdError, ContentError."""
        self._check_id("exercise", exercise_id, self.exercise_ids)
        return self._read(self.exercise_dir(exercise_id) / "exercise.yaml", exercise_id, Exercise)

    def exercise_dir(self, exercise_id: str) -> Path:
        """Return the directory that holds an exercise's files."""
        return self.root / "exercises" / exercise_id

    def exercise_version(self, exercise_id: str) -> str:
        """Return a short hash of everything that decides an exercise's verdicts.

        In a kit it is that of the whole exercise.
        """
        if self.kit is not None and exercise_id in self.kit.exercises:
            return self.kit.exercises[exercise_id].version
        digest = hashlib.blake2b(digest_size=6)
        directory = self.exercise_dir(exercise_id)
        mistakes = sorted(path.relative_to(directory).as_posix() for path in directory.glob("mistakes/*.py"))
        for name in (*EXERCISE_FILES, *mistakes):
            path = directory / name
            if path.is_file():
                digest.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
        return digest.hexdigest()

    def _check_id(self, kind: str, wanted: str, known: list[str]) -> None:
        if wanted not in known:
            raise UnknownIdError(kind, wanted, known)

    def _read(self, path: Path, wanted: str, type_: type[C]) -> C:
        content = decode(read_text(path), str(path), type_)
        if content.id != wanted:
            raise ContentError(
                [
                    Problem(
                        str(path), 1, f"the id is {content.id!r}", f"make it {wanted!r}, like the file's name"
                    )
                ]
            )
        return content


def content_hash(content: Content) -> str:
    """Return a short hash of a question, quiz or lesson; it changes when the content does."""
    encoded = msgspec.json.encode(content, order="deterministic")
    return hashlib.blake2b(encoded, digest_size=6).hexdigest()
