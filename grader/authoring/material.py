"""All content files of a course. Files that cannot be read become problems."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from grader.authoring.places import PythonPlaces, YamlPlaces
from grader.content.course import EXERCISE_FILES, Course
from grader.content.equivalents import FILE as EQUIVALENTS
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.problem import Problem, problems_of
from grader.content.questions import Question
from grader.content.quiz import Practice, Quiz
from grader.errors import CourseError, EnvironmentProblem

C = TypeVar("C")


@dataclass
class Material:
    """The readable content of a course by id, and the problems of the other files."""

    course: Course
    lessons: dict[str, Lesson] = field(default_factory=dict)
    quizzes: dict[str, Quiz] = field(default_factory=dict)
    practice: dict[str, Practice] = field(default_factory=dict)
    exercises: dict[str, Exercise] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, course: Course) -> Material:
        """Read all content of a course. Raises EnvironmentProblem if a file cannot be accessed."""
        material = cls(course)
        material.lessons = material._all(course.lesson_ids, course.lesson, material.lesson_file)
        material.quizzes = material._all(course.quiz_ids, course.quiz, material.quiz_file)
        material.practice = material._all(course.practice_ids, course.practice, material.practice_file)
        material.exercises = material._all(course.exercise_ids, course.exercise, material.exercise_file)
        for directory in sorted(course.root.glob("exercises/*/")):
            if any(directory.glob("*.py")) and not (directory / "exercise.yaml").is_file():
                material.problems.append(_missing(directory / "exercise.yaml"))
        return material

    @property
    def sources(self) -> tuple[Quiz | Practice, ...]:
        """All files with questions; quizzes come first."""
        return (*self.quizzes.values(), *self.practice.values())

    @property
    def questions(self) -> dict[str, tuple[Quiz | Practice, Question]]:
        """All questions by id, each with its quiz or practice; the first one if an id is used twice."""
        pairs = [
            (question.id, (source, question)) for source in self.sources for question in source.questions
        ]
        return dict(reversed(pairs))

    @cached_property
    def tested_functions(self) -> dict[str, tuple[list[str], list[str]]]:
        """The functions that the visible and the hidden tests of each exercise name, one entry per test."""
        found = {}
        for id_ in self.exercises:
            directory = self.course.exercise_dir(id_)
            visible, hidden = (PythonPlaces(directory / f"{kind}_tests.py") for kind in ("visible", "hidden"))
            found[id_] = visible.tested_functions, hidden.tested_functions
        return found

    @property
    def all_evidence_is_read(self) -> bool:
        """True if every file that may hold evidence on a concept could be read."""
        files = (names for pair in self.tested_functions.values() for names in pair)
        return not self.problems and all(files)

    def file_of(self, content: Lesson | Quiz | Practice | Exercise) -> Path:
        """Return the file that a content object was read from."""
        match content:
            case Lesson():
                return self.lesson_file(content.id)
            case Quiz():
                return self.quiz_file(content.id)
            case Practice():
                return self.practice_file(content.id)
            case Exercise():
                return self.exercise_file(content.id)

    def lesson_file(self, lesson_id: str) -> Path:
        return self.course.root / "lessons" / f"{lesson_id}.yaml"

    def quiz_file(self, quiz_id: str) -> Path:
        return self.course.root / "quizzes" / f"{quiz_id}.yaml"

    def practice_file(self, lesson_id: str) -> Path:
        return self.course.root / "quizzes" / "practice" / f"{lesson_id}.yaml"

    def exercise_file(self, exercise_id: str) -> Path:
        return self.course.exercise_dir(exercise_id) / "exercise.yaml"

    def _all(
        self, ids: Iterable[str], read: Callable[[str], C], file_of: Callable[[str], Path]
    ) -> dict[str, C]:
        contents: dict[str, C] = {}
        for id_ in ids:
            try:
                contents[id_] = read(id_)
            except EnvironmentProblem:
                raise
            except CourseError as error:
                self.problems += problems_of(error, file_of(id_))
        return contents


class ExerciseFiles:
    """The files of one exercise, with the line numbers of their contents."""

    def __init__(self, material: Material, exercise: Exercise) -> None:
        """Read the files. Raises CourseError if exercise.yaml cannot be read; such a Python file is empty."""
        self.exercise = exercise
        self.directory = material.course.exercise_dir(exercise.id)
        self.digests = digests(self.directory)  # taken first, so that a later edit shows
        self.yaml = YamlPlaces(self.directory / "exercise.yaml")
        self.starter, self.solution, self.visible, self.hidden = (
            PythonPlaces(self.directory / name) for name in EXERCISE_FILES[1:]
        )
        self.mistakes = {m.id: PythonPlaces(self.directory / m.file) for m in exercise.mistakes}

    @property
    def needed(self) -> set[str]:
        """The paths of the files without which the exercise cannot be judged."""
        return {source.file for source in (self.starter, self.solution, self.visible, self.hidden)}

    def problems(self) -> list[Problem]:
        """Return a problem for each missing or broken file, and for each missing definition."""
        problems: list[Problem] = []
        names = [function.name for function in self.exercise.functions]
        for source in (self.starter, self.solution, self.visible, self.hidden):
            problems += _unreadable(source)
        for source in (self.starter, self.solution):
            for name in names:
                if source.definitions and name not in source.definitions:
                    problems.append(
                        source.problem(name, f"{name} is not defined", "define it, as exercise.yaml requires")
                    )
        listed = {mistake.file for mistake in self.exercise.mistakes}
        for path in sorted(self.directory.glob("mistakes/*.py")):
            if f"mistakes/{path.name}" not in listed:
                problems.append(
                    Problem(
                        str(path),
                        1,
                        "exercise.yaml does not list this mistake",
                        "add it to `mistakes:`, or delete the file",
                    )
                )
        for index, mistake in enumerate(self.exercise.mistakes):
            source = self.mistakes[mistake.id]
            if not Path(source.file).is_file():
                problems.append(
                    self.yaml.problem(
                        ("mistakes", index), f"{mistake.file} does not exist", "write it, or delete the entry"
                    )
                )
                continue
            problems += _unreadable(source)
            if source.definitions and mistake.function not in source.definitions:
                problems.append(
                    source.problem(
                        "", f"{mistake.function} is not defined here", "define it: this mistake is about it"
                    )
                )
            for name in names:
                if name in source.definitions and name != mistake.function:
                    problems.append(
                        source.problem(
                            name,
                            f"it also changes another function, {name}",
                            f"change only {mistake.function}",
                        )
                    )
        return problems

    def test_file(self, is_visible: bool) -> PythonPlaces:
        """Return the file with the visible tests, or the one with the hidden tests."""
        return self.visible if is_visible else self.hidden

    def equivalent_problem(self, index: int, what: str, todo: str) -> Problem:
        """Return a problem with an entry of the exercise's equivalent mutants."""
        return YamlPlaces(self.directory / EQUIVALENTS).problem(("mutants", index), what, todo)

    def mistake_problem(self, mistake_id: str, what: str, todo: str) -> Problem:
        """Return a problem with a mistake, located at its entry in exercise.yaml."""
        index = [mistake.id for mistake in self.exercise.mistakes].index(mistake_id)
        return self.yaml.problem(("mistakes", index), what, todo)


def digests(directory: Path) -> dict[str, str]:
    """Return the digest of each file of an exercise, by its name in the directory."""
    found = {}
    for path in sorted(directory.rglob("*")):
        if "__pycache__" not in path.parts and path.is_file():
            with suppress(FileNotFoundError):  # an editor has just replaced it
                digest = hashlib.blake2b(path.read_bytes(), digest_size=16)
                found[path.relative_to(directory).as_posix()] = digest.hexdigest()
    return found


def _unreadable(source: PythonPlaces) -> list[Problem]:
    if not Path(source.file).is_file():
        return [_missing(Path(source.file))]
    if source.unreadable:
        return [*source.unreadable]
    try:
        tree = source.tree
    except SyntaxError as error:
        return [Problem(source.file, error.lineno or 1, f"Python cannot parse it: {error.msg}", "fix it")]
    except ValueError as error:
        return [Problem(source.file, 1, f"Python cannot parse it: {error}", "fix it")]
    return [] if tree.body else [Problem(source.file, 1, "the file is empty", "write its contents")]


def _missing(path: Path) -> Problem:
    return Problem(str(path), 1, "the file does not exist", "create it")
