"""A course directory with `lessons/`, `quizzes/` and `exercises/`, read on demand.

A learner's kit is a course, too. It has sealed quizzes instead of quizzes, and no
practice questions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import TypeVar

import msgspec

from grader.content.base import Content
from grader.content.course_file import CourseFile
from grader.content.data_files import DATA, found_files, read_data
from grader.content.decode import decode
from grader.content.equivalents import FILE as EQUIVALENTS
from grader.content.equivalents import EquivalentMutant, EquivalentMutants
from grader.content.exercise import Exercise, ExerciseWithoutTensorFlow
from grader.content.installed import installed_courses
from grader.content.kit import Kit, SealedQuiz
from grader.content.lesson import Lesson
from grader.content.problem import ContentError, Problem
from grader.content.quiz import Practice, Quiz
from grader.content.tree import check_tree
from grader.content.yaml_core import read_text
from grader.errors import CourseError, EnvironmentProblem, UnknownIdError

C = TypeVar("C", Lesson, Quiz, SealedQuiz, Practice, Exercise)

COURSE_FILE = "course.yaml"
KIT = "kit.yaml"
PARTS = ("lessons", "quizzes", "exercises", COURSE_FILE, KIT)  # only a kit has the last one

FIGURES = Path("lessons", "figures")

OWN_CODE = "own_code.py"  # of an exercise that asks learners about their own code
EXERCISE_FILES = ("exercise.yaml", "starter.py", "solution.py", "visible_tests.py", "hidden_tests.py")


class Course:
    """One course directory. Files are read only when a method needs them."""

    def __init__(self, root: Path) -> None:
        """Open the course at `root`.

        Raises CourseError if the directory does not look like a course, or contains links that lead
        out of it. A course that someone sent could otherwise put private files into notebooks.
        """
        parts = ("lessons", "quizzes", "exercises")
        if not (root / COURSE_FILE).is_file() and not any((root / name).is_dir() for name in parts):
            raise CourseError(
                f"{root} is not a course: it has no {COURSE_FILE}, lessons/, quizzes/ or exercises/ — "
                "check --course and COURSE_DIR"
            )
        if not _is_installed(root):  # some installers make links of all files
            check_tree(root, PARTS)
        self.root = root
        self._about: tuple[tuple[int, int], CourseFile] | None = None

    @classmethod
    def bundled(cls) -> Course:
        """Return the course bundled with the package; works when installed and in a checkout."""
        return cls(_bundled_root())

    @classmethod
    def named(cls, name: Path | None = None) -> Course:
        """Return the course in a directory, or the installed course of this name.

        Without a name, return the bundled course, or else the only one that is installed. Raises CourseError.
        """
        if name is not None and name.exists():
            return cls(name)
        if name is None and (bundled := _bundled_root()).is_dir():
            return cls(bundled)
        installed = installed_courses()
        if name is not None:
            return cls(installed.get(str(name), name))
        if len(installed) == 1:
            return cls(*installed.values())
        if not installed:
            raise CourseError("no course is installed — install a kit, or name a course with --course DIR")
        lines = "".join(f"\n  course --course {each}" for each in installed)
        raise CourseError(f"{len(installed)} courses are installed — name one:{lines}")

    @property
    def about(self) -> CourseFile:
        """The contents of `course.yaml`, read again if it changed; the defaults if there is none.

        Raises ContentError.
        """
        path = self.root / COURSE_FILE
        if not path.is_file():
            return CourseFile()
        status = path.stat()
        stamp = status.st_mtime_ns, status.st_size
        if self._about is None or self._about[0] != stamp:
            self._about = stamp, decode(read_text(path), str(path), CourseFile)
        return self._about[1]

    @cached_property
    def kit(self) -> Kit | None:
        """The contents of `kit.yaml`; None if this is not a learner's kit. Raises CourseError."""
        path = self.root / KIT
        try:
            return decode(read_text(path), str(path), Kit) if path.is_file() else None
        except ContentError as error:
            raise CourseError(f"{error}\nThis learner's kit is damaged — unpack it again") from None

    def check_whole(self, what: str) -> None:
        """Raise CourseError if this is a learner's kit. `what` completes the sentence "it cannot …"."""
        if self.kit is not None:
            raise CourseError(
                f"{self.root} is a learner's kit without hidden tests and answers, so it cannot {what} — "
                "name the full course with --course"
            )

    @property
    def lesson_ids(self) -> list[str]:
        """The ids of all lessons, in the order of `course.yaml`, then sorted. Raises ContentError."""
        ids = sorted(path.stem for path in self.root.glob("lessons/*.yaml"))
        return sorted(ids, key=lambda id_: _place(id_, self.about.lessons))

    @property
    def quiz_ids(self) -> list[str]:
        """The ids of the quizzes with answers, sorted; empty in a kit."""
        return [] if self.kit else self._quizzes

    @property
    def sealed_quiz_ids(self) -> list[str]:
        """The ids of the quizzes without answers, sorted; empty unless this is a kit."""
        return self._quizzes if self.kit else []

    @property
    def _quizzes(self) -> list[str]:
        return sorted(path.stem for path in self.root.glob("quizzes/*.yaml"))

    @property
    def practice_ids(self) -> list[str]:
        """The ids of the lessons with practice questions, sorted."""
        return sorted(path.stem for path in self.root.glob("quizzes/practice/*.yaml"))

    @property
    def exercise_ids(self) -> list[str]:
        """The ids of all exercises, sorted."""
        return sorted(path.parent.name for path in self.root.glob("exercises/*/exercise.yaml"))

    def exercises_in_order(self) -> list[str]:
        """Return the ids of all exercises in the order of the lessons. Raises ContentError."""
        lessons = map(self.lesson, self.lesson_ids)
        places = [id_ for lesson in lessons for section in lesson.sections for id_ in section.exercises]
        return sorted(self.exercise_ids, key=[*places, *self.exercise_ids].index)

    def lesson(self, lesson_id: str) -> Lesson:
        """Read a lesson. Raises UnknownIdError, ContentError."""
        self._check_id("lesson", lesson_id, self.lesson_ids)
        return self._read(self.root / "lessons" / f"{lesson_id}.yaml", lesson_id, Lesson)

    def quiz(self, quiz_id: str) -> Quiz:
        """Read a quiz with its answers. Raises UnknownIdError, ContentError."""
        self._check_id("quiz", quiz_id, self.quiz_ids)
        return self._read(self.root / "quizzes" / f"{quiz_id}.yaml", quiz_id, Quiz)

    def sealed_quiz(self, quiz_id: str) -> SealedQuiz:
        """Read a quiz of a kit, without its answers. Raises UnknownIdError, ContentError."""
        self._check_id("quiz", quiz_id, self.sealed_quiz_ids)
        return self._read(self.root / "quizzes" / f"{quiz_id}.yaml", quiz_id, SealedQuiz)

    def practice(self, lesson_id: str) -> Practice:
        """Read the practice questions of a lesson. Raises UnknownIdError, ContentError."""
        self._check_id("set of practice questions", lesson_id, self.practice_ids)
        return self._read(self.root / "quizzes" / "practice" / f"{lesson_id}.yaml", lesson_id, Practice)

    def exercise(self, exercise_id: str) -> Exercise:
        """Read the `exercise.yaml` of an exercise. Raises UnknownIdError, ContentError."""
        self._check_id("exercise", exercise_id, self.exercise_ids)
        kind = Exercise if self.about.tensorflow else ExerciseWithoutTensorFlow
        exercise = self._read(self.exercise_dir(exercise_id) / "exercise.yaml", exercise_id, kind)
        libraries = self.about.with_libraries(exercise.libraries)
        return msgspec.structs.replace(exercise, libraries=libraries)

    def equivalent_mutants(self, exercise_id: str) -> tuple[EquivalentMutant, ...]:
        """Read the mutants that an author lists as equivalent. Raises CourseError."""
        path = self.exercise_dir(exercise_id) / EQUIVALENTS
        return decode(read_text(path), str(path), EquivalentMutants).mutants if path.is_file() else ()

    @property
    def libraries(self) -> tuple[str, ...]:
        """The libraries that the exercises list, each once. Raises ContentError."""
        every = (library for id_ in self.exercise_ids for library in self.exercise(id_).libraries)
        return tuple(dict.fromkeys(every))

    def exercise_dir(self, exercise_id: str) -> Path:
        """Return the directory of an exercise's files."""
        return self.root / "exercises" / exercise_id

    def data(self, exercise: Exercise) -> Mapping[str, bytes]:
        """Return the data files of an exercise by the paths that learner code opens. Raises CourseError."""
        return read_data(exercise.data, self.exercise_dir(exercise.id), self.root)

    def figure(self, file: str) -> Path:
        """Return the path of a figure that a lesson names."""
        return self.root / FIGURES / file

    def figure_bytes(self, file: str) -> bytes:
        """Return the content of a figure that a lesson names. Raises EnvironmentProblem."""
        path = self.figure(file)
        try:
            return path.read_bytes()
        except OSError as error:
            raise EnvironmentProblem(
                f"{path} cannot be read: {error.strerror} — check the name in the lesson, and its permissions"
            ) from None

    def exercise_version(self, exercise_id: str) -> str:
        """Return a short hash (12 hex digits) of all files that decide an exercise's verdicts.

        A kit returns the hash of the full exercise.
        """
        if self.kit is not None and exercise_id in self.kit.exercises:
            return self.kit.exercises[exercise_id].version
        return _digest(self._deciding_files(exercise_id))

    def tests_version(self, exercise_id: str) -> str:
        """Return a short hash of the files that decide how tests end: all but the known mistakes."""
        files = self._deciding_files(exercise_id)
        return _digest((name, content) for name, content in files if not name.startswith("mistakes/"))

    def file_hashes(self, exercise_id: str) -> dict[str, str]:
        """Return file -> a short hash, for all files that decide an exercise's verdicts."""
        return {
            name: hashlib.blake2b(content, digest_size=6).hexdigest()
            for name, content in self._deciding_files(exercise_id)
        }

    def _deciding_files(self, exercise_id: str) -> Iterator[tuple[str, bytes]]:
        directory = self.exercise_dir(exercise_id)
        mistakes = sorted(path.relative_to(directory).as_posix() for path in directory.glob("mistakes/*.py"))
        for name in (*EXERCISE_FILES, *mistakes):
            path = directory / name
            if path.is_file():
                yield name, path.read_bytes()
        for file, path in found_files(directory).items():
            yield f"{DATA}/{file}", path.read_bytes()

    def _check_id(self, kind: str, item_id: str, known: list[str]) -> None:
        if item_id not in known:
            raise UnknownIdError(kind, item_id, known, self._what_is(item_id))

    def _what_is(self, item_id: str) -> str:
        """Return what is called like this, such as "a lesson and a quiz", or ""."""
        lessons = sorted(path.stem for path in self.root.glob("lessons/*.yaml"))
        parts = {"a lesson": lessons, "a quiz": self._quizzes, "an exercise": self.exercise_ids}
        return " and ".join(what for what, ids in parts.items() if item_id in ids)

    def _read(self, path: Path, expected_id: str, type_: type[C]) -> C:
        content = decode(read_text(path), str(path), type_)
        if content.id != expected_id:
            of_directory = path.stem != expected_id
            named, rename = ("directory", path.parent) if of_directory else ("file", path)
            raise ContentError(
                [
                    Problem(
                        str(path),
                        1,
                        f"the id is {content.id!r}",
                        f"change it to {expected_id!r}, the name of the {named}, or rename {rename.name}",
                    )
                ]
            )
        return content


def _digest(files: Iterable[tuple[str, bytes]]) -> str:
    digest = hashlib.blake2b(digest_size=6)
    for name, content in files:
        digest.update(name.encode() + b"\0" + content + b"\0")
    return digest.hexdigest()


def _bundled_root() -> Path:
    """Return where the bundled course is, if there is one: in the package, or beside it in a checkout."""
    inside = Path(str(resources.files("grader"))) / "course"
    beside = inside.parent.parent
    return beside if not inside.is_dir() and (beside / COURSE_FILE).is_file() else inside


def _place(item_id: str, order: tuple[str, ...]) -> int:
    return order.index(item_id) if item_id in order else len(order)


def _is_installed(root: Path) -> bool:
    packages = Path(str(resources.files("grader"))).parent.absolute()
    return root.absolute().is_relative_to(packages) and packages.name in ("site-packages", "dist-packages")


def content_hash(content: Content) -> str:
    """Return a short hash (12 hex digits) of a content object, such as a question, quiz or lesson."""
    encoded = msgspec.json.encode(content, order="deterministic")
    return hashlib.blake2b(encoded, digest_size=6).hexdigest()
