"""All content files of a course, read at once; what cannot be read becomes a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from grader.authoring.places import PythonPlaces, YamlPlaces
from grader.content.course import EXERCISE_FILES, Course
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.problem import ContentError, Problem
from grader.content.questions import Question
from grader.content.quiz import Practice, Quiz
from grader.errors import CourseError, EnvironmentProblem

C = TypeVar("C")


@dataclass
class Material:
    """What could be read, by id, and what is wrong with the rest."""

    course: Course
    lessons: dict[str, Lesson] = field(default_factory=dict)
    quizzes: dict[str, Quiz] = field(default_factory=dict)
    practice: dict[str, Practice] = field(default_factory=dict)
    exercises: dict[str, Exercise] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, course: Course) -> Material:
        """Read a whole course. Raises EnvironmentProblem if this machine cannot."""
        found = cls(course)
        found.lessons = found._all(course.lesson_ids, course.lesson, found.lesson_file)
        found.quizzes = found._all(course.quiz_ids, course.quiz, found.quiz_file)
        found.practice = found._all(course.practice_ids, course.practice, found.practice_file)
        found.exercises = found._all(course.exercise_ids, course.exercise, found.exercise_file)
        for directory in sorted(course.root.glob("exercises/*/")):
            if any(directory.glob("*.py")) and not (directory / "exercise.yaml").is_file():
                found.problems.append(_missing(directory / "exercise.yaml"))
        return found

    @property
    def sources(self) -> tuple[Quiz | Practice, ...]:
        """Everything that holds questions."""
        return (*self.quizzes.values(), *self.practice.values())

    @property
    def questions(self) -> dict[str, tuple[Quiz | Practice, Question]]:
        """Every question of the course, with its quiz or practice, by id; the first, if there are several."""
        pairs = [
            (question.id, (source, question)) for source in self.sources for question in source.questions
        ]
        return dict(reversed(pairs))

    def tested_functions(self, exercise: Exercise) -> list[str]:
        """Return the function that each test of an exercise is about."""
        return [name for file in self._test_files(exercise) for name in file.tested_functions]

    def _test_files(self, exercise: Exercise) -> list[PythonPlaces]:
        directory = self.course.exercise_dir(exercise.id)
        return [PythonPlaces(directory / name) for name in ("visible_tests.py", "hidden_tests.py")]

    @property
    def all_evidence_is_read(self) -> bool:
        """Whether no file is broken in which there may be evidence on a concept."""
        tests = [file for exercise in self.exercises.values() for file in self._test_files(exercise)]
        return not self.problems and all(file.tested_functions for file in tests)

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
        found: dict[str, C] = {}
        for id_ in ids:
            try:
                found[id_] = read(id_)
            except ContentError as error:
                self.problems += error.problems
            except EnvironmentProblem:
                raise
            except CourseError as error:
                what, _, todo = str(error).removeprefix(f"{file_of(id_)} ").partition(" — ")
                self.problems.append(Problem(str(file_of(id_)), 1, what, todo))
        return found


class ExerciseFiles:
    """The files of one exercise, and where things stand in them. Raises CourseError if one cannot be read."""

    def __init__(self, material: Material, exercise: Exercise) -> None:
        self.exercise = exercise
        self.directory = material.course.exercise_dir(exercise.id)
        self.yaml = YamlPlaces(self.directory / "exercise.yaml")
        self.starter, self.solution, self.visible, self.hidden = (
            PythonPlaces(self.directory / name) for name in EXERCISE_FILES[1:]
        )
        self.mistakes = {m.id: PythonPlaces(self.directory / m.file) for m in exercise.mistakes}

    @property
    def needed(self) -> set[str]:
        """The files without which nothing can be judged."""
        return {source.file for source in (self.starter, self.solution, self.visible, self.hidden)}

    def problems(self) -> list[Problem]:
        """Return which files are missing, cannot be parsed, or do not define what they should."""
        found: list[Problem] = []
        names = [function.name for function in self.exercise.functions]
        for source in (self.starter, self.solution, self.visible, self.hidden):
            found += _unreadable(source)
        for source in (self.starter, self.solution):
            for name in names:
                if source.definitions and name not in source.definitions:
                    found.append(
                        source.problem(name, f"{name} is not defined", "exercise.yaml promises it: define it")
                    )
        listed = {mistake.file for mistake in self.exercise.mistakes}
        for path in sorted(self.directory.glob("mistakes/*.py")):
            if f"mistakes/{path.name}" not in listed:
                found.append(
                    Problem(
                        str(path),
                        1,
                        "exercise.yaml does not list this mistake",
                        "add it to `mistakes:`, or delete it",
                    )
                )
        for index, mistake in enumerate(self.exercise.mistakes):
            source = self.mistakes[mistake.id]
            if not Path(source.file).is_file():
                found.append(
                    self.yaml.problem(
                        ("mistakes", index), f"{mistake.file} does not exist", "write it, or delete the entry"
                    )
                )
                continue
            found += _unreadable(source)
            if source.definitions and mistake.function not in source.definitions:
                found.append(
                    source.problem(
                        "", f"{mistake.function} is not defined here", "it is the function of this mistake"
                    )
                )
            for name in names:
                if name in source.definitions and name != mistake.function:
                    found.append(
                        source.problem(
                            name,
                            f"it changes another function too, {name}",
                            f"change {mistake.function} alone",
                        )
                    )
        return found

    def test_file(self, is_visible: bool) -> PythonPlaces:
        """Return the file that holds the visible tests, or the hidden ones."""
        return self.visible if is_visible else self.hidden

    def mistake_problem(self, mistake_id: str, what: str, todo: str) -> Problem:
        """Return a problem of a mistake, at its entry in exercise.yaml."""
        index = [mistake.id for mistake in self.exercise.mistakes].index(mistake_id)
        return self.yaml.problem(("mistakes", index), what, todo)


def _unreadable(source: PythonPlaces) -> list[Problem]:
    if not Path(source.file).is_file():
        return [_missing(Path(source.file))]
    try:
        tree = source.tree
    except SyntaxError as error:
        return [Problem(source.file, error.lineno or 1, f"Python cannot read it: {error.msg}", "mend it")]
    except ValueError as error:
        return [Problem(source.file, 1, f"Python cannot read it: {error}", "mend it")]
    return [] if tree.body else [Problem(source.file, 1, "the file is empty", "write it")]


def _missing(path: Path) -> Problem:
    return Problem(str(path), 1, "the file does not exist", "write it")
