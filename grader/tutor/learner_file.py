"""The learner's file for an exercise in a directory, and how a file is read for a check."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from grader.content.course import Course
from grader.content.file_names import file_stem, read_file_name, remedy_for
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.candidates import Candidate, Choice, choose, starters
from grader.judge.helper_files import in_directory, with_helpers
from grader.judge.submission import Submission, read_submission
from grader.judge.verdict import count


class LearnerFile(Struct, frozen=True):
    """The file to check, and notes on other files that are there."""

    path: Path
    notes: tuple[str, ...] = ()

    def submission(self) -> Submission:
        """Read the file with the modules beside it. Raises CourseError."""
        read = _read(self.path)
        return replace(read, notes=(*self.notes, *read.notes))


HERE = Path()  # the directory in which a command runs


def learner_file(
    course: Course, exercise_id: str, directory: Path = HERE, command: str = "course check"
) -> LearnerFile:
    """Return the file in a directory that is named after the exercise. Raises CourseError.

    If there are several, `grader.judge.candidates` has the rule, and a note tells of
    those whose code differs. `command` takes the file's name if there is none.
    """
    stem = file_stem(exercise_id)
    choice = choose(_candidates(stem, directory), _starters(course, exercise_id))
    if choice.counts is not None:
        return LearnerFile(directory / choice.counts.path, tuple(_notes(choice, exercise_id)))
    if choice.refused:
        raise choice.refused[0].error
    reason = f"there is no {stem}.ipynb or {stem}.py here"
    if unfit := next((path for path, _ in _named(stem, directory)), None):
        reason += f", and {unfit.name} {remedy_for(unfit.name).partition(' — ')[0]}"
    raise CourseError(
        f"{reason} — `course start {exercise_id}` writes one, or name your file: {command} {exercise_id} FILE"
    )


def has_learner_file(exercise_id: str, directory: Path = HERE) -> bool:
    """Return True if a file in a directory is named after the exercise."""
    return any(_candidates(file_stem(exercise_id), directory))


def begun_exercises(exercise_ids: Iterable[str], directory: Path = HERE) -> frozenset[str]:
    """Return the exercises after which a file in a directory is named. None if it cannot be read."""
    names = []
    with suppress(OSError):
        names = [read_file_name(path.name) for path in directory.iterdir() if not path.name.startswith(".")]
    code = [name for name in names if name.kind.may_be_code]
    return frozenset(
        each for each in exercise_ids if any(name.copy_of(file_stem(each)) is not None for name in code)
    )


def _read(path: Path) -> Submission:
    return with_helpers(read_submission(path), in_directory(path.parent))


def _candidates(stem: str, directory: Path) -> Iterator[Candidate]:
    for path, copy in _named(stem, directory):
        name = read_file_name(path.name)
        if name.kind.may_be_code:
            yield Candidate(path.name, name, copy, lambda path=path: _read(path))  # type: ignore[misc]


def _named(stem: str, directory: Path) -> Iterator[tuple[Path, int]]:
    """Yield the files in a directory that are named after the exercise, with the number of the copy."""
    try:
        paths = sorted(directory.iterdir())
    except OSError as error:
        raise EnvironmentProblem(
            f"this directory cannot be read: {error.strerror} — check its permissions"
        ) from None
    for path in paths:
        copy = None if path.name.startswith(".") else read_file_name(path.name).copy_of(stem)
        if copy is not None and not path.is_dir():
            yield path, copy


def _starters(course: Course, exercise_id: str) -> Iterator[Submission]:
    with suppress(CourseError):  # raised again when the exercise is judged
        yield from starters(course, exercise_id)


def _notes(choice: Choice, exercise_id: str) -> Iterator[str]:
    assert choice.counts is not None
    checked = choice.counts.path
    for other in choice.others:
        shown = f'"{other.path}"' if " " in other.path else other.path
        yield (
            f"{other.path} is here too, and its code differs; {checked} was checked. "
            f"To check the other: course check {exercise_id} {shown}"
        )
    for refused in choice.refused:
        if refused.is_code:
            yield f"{checked} was checked. {refused.error}."
    if choice.more:
        yield f"{checked} was checked. {count(choice.more, 'more file')} of this name could not be compared."
