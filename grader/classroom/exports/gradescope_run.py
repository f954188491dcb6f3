"""Grade on Gradescope: run_autograder calls `python -m grader.classroom.exports.gradescope_run ROOT`.

ROOT is /autograder there. It holds source/ (the unpacked zip file), submission/
and results/. A submission that cannot be read gets a result with 0 points. On
any other error no result is written, which Gradescope shows as a failed
autograder: nobody gets 0 points for a broken machine.
"""

from __future__ import annotations

import os
import secrets
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.file_names import file_stem, read_file_name, what_it_is
from grader.errors import CourseError, EnvironmentProblem, SubmissionError
from grader.files import write_whole
from grader.judge.candidates import (
    MAX_READ,
    Candidate,
    Choice,
    Entry,
    Refused,
    choose,
    main_file,
    notes_on,
    scores_note,
    starters,
)
from grader.judge.client.confinement import require_walls, required_confinement
from grader.judge.client.missing_libraries import require_libraries
from grader.judge.client.pool import JudgePool, Task
from grader.judge.helper_files import in_directory, with_helpers
from grader.judge.jobs import Limits
from grader.judge.report import Outcome, Report, TestResult
from grader.judge.submission import Submission, read_submission
from grader.judge.verdict import function_lines, number, results_of, surroundings_lines

CONFIG = "autograder.json"
UNCONFINED = "Your code ran unconfined: this machine has no sandbox."
OTHERWISE = "an export with --no-sandbox"
OF_OTHERS = Limits(submission=60.0)  # of files that do not count: Gradescope stops a slow autograder


class Config(Struct, frozen=True, kw_only=True):
    """The settings in the zip file. Without a seed, each run draws one and records it for instructors.

    With the same seed in each run, what a learner found out in one upload would help in the next.
    """

    exercise: str
    seed: int | None = None
    sandbox: bool = True  # refuse to grade where learner code cannot be confined


def main(arguments: list[str]) -> int:
    """Grade and return the exit code."""
    (root,) = map(Path, arguments)
    results = root / "results" / "results.json"
    try:
        with suppress(OSError):
            results.parent.mkdir(exist_ok=True)
            results.unlink(missing_ok=True)
        close_to_others(root)
        write_whole(results, msgspec.json.format(msgspec.json.encode(grade(root))))
    except CourseError as error:
        print(error, file=sys.stderr)  # Gradescope keeps it for instructors
        return error.exit_code
    return 0


def grade(root: Path) -> dict[str, Any]:
    """Return the content of results.json. Raises CourseError."""
    config = _config(root / "source" / CONFIG)
    course = Course(root / "source" / "course")
    exercise = course.exercise(config.exercise)
    directory = root / "submission"
    choice = handed_in(directory, course, exercise.id)
    counts = choice.counts
    if counts is None:
        message = str(choice.refused[0].error).replace(f"{directory}/", "")
        return {"score": 0.0, "output": message, "output_format": "text", "stdout_visibility": "hidden"}
    require_libraries(course, [exercise.id])
    if config.sandbox:
        required_confinement(OTHERWISE)
    seed = secrets.randbelow(2**31) if config.seed is None else config.seed
    with JudgePool() as judges:
        report = judges.check(course, Task(exercise.id, counts.submission, seed))
        others = [
            judges.check(course, Task(exercise.id, each.submission, seed), limits=OF_OTHERS)
            for each in choice.others
        ]
    if config.sandbox:
        require_walls(report.environment.confinement, OTHERWISE)
    scores = [(each.path, other) for each, other in zip(choice.others, others, strict=True)]
    told = [*counts.submission.notes, *notes_on(choice), *scores_note(counts.path, report, scores)]
    notes = tuple(note.replace(f"{directory}/", "") for note in told)
    return results_of_report(replace(report, notes=(*notes, *report.notes)), exercise)


def close_to_others(root: Path) -> None:
    """As root, keep the tests and the results from all other users: learner code may run as one of them."""
    if getattr(os, "getuid", lambda: -1)() == 0:
        for name, mode in (("source", 0o700), ("submission", 0o700), ("results", 0o755)):
            with suppress(OSError):  # it is not there, or the file system has no modes
                (root / name).chmod(mode)


def _config(file: Path) -> Config:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Config)
    except (OSError, msgspec.DecodeError) as error:
        raise EnvironmentProblem(
            f"{file} cannot be read: {error} — upload the exported zip file unchanged"
        ) from None


def handed_in(directory: Path, course: Course, exercise_id: str) -> Choice:
    """Return the file to grade: one that is named after the exercise, or the only one.

    If there is none, the choice has the reason.
    """
    stem = file_stem(exercise_id)
    files = [path for path in sorted(directory.rglob("*")) if _is_handed_in(path, directory)]
    code = [path for path in files if read_file_name(path.name).kind.is_code]
    named = [path for path in files if _may_be(path, stem)]
    named = named or [path for path in code if read_file_name(path.name).mentions(stem)]
    named = named or _main(directory, code)
    if named:
        given: list[Submission] = []
        with suppress(CourseError):  # raised again when the exercise is judged
            given += starters(course, exercise_id)
        return choose((_candidate(path, directory, stem) for path in named), given)
    if len(code) > 1:
        reason = f"there are {len(code)} files to choose from"
    else:
        unfit = next((path for path in files if what_it_is(path.name)), None)
        reason = f"{unfit.name} is {what_it_is(unfit.name)}" if unfit else "there is no .py or .ipynb file"
    error = SubmissionError(f"{reason} — hand in one file, {stem}.py or {stem}.ipynb")
    return Choice(None, (), (Refused("", error),))


def _is_handed_in(path: Path, directory: Path) -> bool:
    return (
        not any(part.startswith((".", "__")) for part in path.relative_to(directory).parts)
        # a link could lead to the solution
        and not path.is_symlink()
        and path.is_file()
        and path.resolve().is_relative_to(directory.resolve())
    )


def _may_be(path: Path, stem: str) -> bool:
    name = read_file_name(path.name)
    return name.kind.may_be_code and name.copy_of(stem) is not None


def _main(directory: Path, code: list[Path]) -> list[Path]:
    """Return the only file, or the only one that no other file imports."""
    if len(code) <= 1 or len(code) > MAX_READ:
        return code if len(code) == 1 else []
    with suppress(CourseError):
        main = main_file([Entry(str(path), read_submission(path)) for path in code])
        return [] if main is None else [Path(main.path)]
    return []


def _candidate(path: Path, directory: Path, stem: str) -> Candidate:
    name = read_file_name(path.name)
    shown = path.relative_to(directory).as_posix()
    return Candidate(shown, name, name.copy_of(stem) or 0, partial(_read, path, directory))


def _read(path: Path, directory: Path) -> Submission:
    beside, above = in_directory(path.parent), in_directory(directory)
    return with_helpers(read_submission(path), lambda name: beside(name) or above(name))


def results_of_report(report: Report, exercise: Exercise) -> dict[str, Any]:
    """Return a report in Gradescope's format.

    All tests are visible: of hidden tests, learners see title and message, as
    everywhere. If one test were hidden, Gradescope would not show a score. Gradescope shows
    `extra_data` to instructors only. The time is left out, because learner code could choose it.
    """
    lines = [f"{number(report.score)} of {number(report.max_score)} points.", *surroundings_lines(report)]
    explained: set[str] = set()
    for function in exercise.functions:
        if results_of(report, function.name):
            lines += ["", *function_lines(report, exercise, function, explained, _place)]
    if not report.environment.confinement.walled:
        lines += ["", UNCONFINED]
    return {
        "score": report.score,
        "output": "\n".join(lines),
        "output_format": "text",
        "stdout_visibility": "hidden",
        "tests": [_test(test) for test in report.tests],
        "extra_data": {
            "exercise": report.exercise,
            "version": report.version,
            "seed": report.seed,
            "confinement": report.environment.confinement.says,
            "environment": msgspec.to_builtins(report.environment),
            "misconceptions": sorted({mistake.misconception for mistake in report.mistakes}),
        },
    }


def _test(test: TestResult) -> dict[str, Any]:
    passed = test.outcome in (
        Outcome.PASSED,
        Outcome.JUDGE_BROKEN,
    )  # a broken test costs no points
    return {
        "name": f"{test.function}: {test.title}",
        "name_format": "text",
        "score": test.score,
        "max_score": test.points,
        "status": "passed" if passed else "failed",
        "output": test.message,
        "output_format": "text",
        "tags": [test.function],
        "visibility": "visible",
    }


def _place(section: str) -> str:
    return f"section {section} of the lesson"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
