"""Grade on Gradescope: run_autograder calls `python -m grader.classroom.exports.gradescope_run ROOT`.

ROOT is /autograder there. It holds source/ (the unpacked zip file), submission/
and results/. A submission that cannot be read gets a result with 0 points. On
any other error no result is written, which Gradescope shows as a failed
autograder: nobody gets 0 points for a broken machine.
"""

from __future__ import annotations

import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.file_names import file_stem
from grader.errors import CourseError, EnvironmentProblem, SubmissionError
from grader.files import write_whole
from grader.judge.client.confinement import require_walls, required_confinement
from grader.judge.client.judge import Judge
from grader.judge.client.missing_libraries import require_libraries
from grader.judge.report import Outcome, Report, TestResult
from grader.judge.submission import read_submission
from grader.judge.verdict import function_lines, number, results_of

CONFIG = "autograder.json"
UNCONFINED = "Your code ran unconfined: this machine has no sandbox."
OTHERWISE = "an export with --no-sandbox"


class Config(Struct, frozen=True, kw_only=True):
    """The settings in the zip file; the seed is the same for the whole class."""

    exercise: str
    seed: int
    sandbox: bool = True  # refuse to grade where learner code cannot be confined


def main(arguments: list[str]) -> int:
    """Grade and return the exit code."""
    (root,) = map(Path, arguments)
    results = root / "results" / "results.json"
    try:
        with suppress(OSError):
            results.parent.mkdir(exist_ok=True)
            results.unlink(missing_ok=True)
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
    try:
        submission = read_submission(handed_in(root / "submission", exercise.id))
    except SubmissionError as error:
        message = str(error).replace(f"{root / 'submission'}/", "")
        return {"score": 0.0, "output": message, "output_format": "text", "stdout_visibility": "hidden"}
    require_libraries(course, [exercise.id])
    if config.sandbox:
        required_confinement(OTHERWISE)
    with Judge() as judge:
        report = judge.check(course, exercise.id, submission, config.seed)
    if config.sandbox:
        require_walls(report.environment.confinement, OTHERWISE)
    return results_of_report(report, exercise)


def _config(file: Path) -> Config:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Config)
    except (OSError, msgspec.DecodeError) as error:
        raise EnvironmentProblem(
            f"{file} cannot be read: {error} — upload the exported zip file unchanged"
        ) from None


def handed_in(directory: Path, exercise_id: str) -> Path:
    """Return the file to grade: the one named after the exercise, or the only one. Raises SubmissionError."""
    stem = file_stem(exercise_id)
    files = [
        path
        for path in sorted(directory.rglob("*"))
        if path.suffix in (".py", ".ipynb")
        and not any(part.startswith((".", "__")) for part in path.relative_to(directory).parts)
        # a link could lead to the solution
        and not path.is_symlink()
        and path.is_file()
        and path.resolve().is_relative_to(directory.resolve())
    ]
    named = [path for path in files if path.stem == stem] or files
    if len(named) == 1:
        return named[0]
    reason = "there is no .py or .ipynb file" if not named else f"there are {len(named)} files to choose from"
    raise SubmissionError(f"{reason} — hand in one file, {stem}.py or {stem}.ipynb")


def results_of_report(report: Report, exercise: Exercise) -> dict[str, Any]:
    """Return a report in Gradescope's format.

    All tests are visible: of hidden tests, learners see title and message, as
    everywhere. If one test were hidden, Gradescope would not show a score.
    """
    lines = [f"{number(report.score)} of {number(report.max_score)} points."]
    explained: set[str] = set()
    for function in exercise.functions:
        if results_of(report, function.name):
            lines += ["", *function_lines(report, exercise, function, explained, _place)]
    if not report.environment.confinement.walled:
        lines += ["", UNCONFINED]
    return {
        "score": report.score,
        "execution_time": report.seconds,
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
