"""Reading `results.jsonl` back, whatever became of the run that wrote it."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
from msgspec import Struct

from grader.classroom.results import Result, Status
from grader.classroom.store import RESULTS, RUN, Run
from grader.content.problem import ContentError, Problem
from grader.errors import CourseError, EnvironmentProblem

MAX_PROBLEMS = 20  # shown; a wrong file has a problem on every line


class Reading(Struct, frozen=True):
    """The results in a file, one for each learner and item, and whether its end was torn off."""

    results: tuple[Result, ...]
    torn: bool


def read_results(path: Path) -> Reading:
    """Read a `results.jsonl`, or the directory that holds one.

    Where a learner's item was graded again, the later line counts. A last line
    that is no result and has no line end is what an interrupted run leaves; it
    is passed over. Raises ContentError with every other wrong line, CourseError
    if there is no such file or nothing in it, EnvironmentProblem if it cannot
    be read.
    """
    file = path / RESULTS if path.is_dir() else path
    lines = _read(file, path).split(b"\n")
    decoder = msgspec.json.Decoder(Result)
    found: dict[tuple[str, str], Result] = {}
    problems: list[Problem] = []
    torn = False
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            result = decoder.decode(line)
            what = _flaw(result)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if number == len(lines):
                torn = True
                continue
            what = f"not a result: {error}"
        if what:
            problems.append(Problem(str(file), number, what, "name a file that `course grade` wrote"))
        else:
            found.pop((result.learner, result.item), None)
            found[result.learner, result.item] = result
    if problems:
        raise ContentError(problems[:MAX_PROBLEMS])
    if not found:
        raise CourseError(f"{file} holds no result — grade something first: course grade DIR")
    return Reading(tuple(found.values()), torn)


def read_run(path: Path) -> Run | None:
    """Return what the run beside the results was asked for; None if that is not known."""
    try:
        return msgspec.json.decode(((path if path.is_dir() else path.parent) / RUN).read_bytes(), type=Run)
    except (OSError, msgspec.MsgspecError):
        return None


def _read(file: Path, asked: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        raise CourseError(
            f"there is no {file} — name the directory that `course grade` wrote, or its {RESULTS}"
        ) from None
    except OSError as error:
        raise EnvironmentProblem(
            f"{asked} cannot be read: {error.strerror} — check its permissions"
        ) from None


def _flaw(result: Result) -> str | None:
    """Return what is wrong with a result that has the right form."""
    if not (math.isfinite(result.score) and math.isfinite(result.max_score)):
        return "the score is no number"
    if not 0 <= result.score <= result.max_score:
        return f"the score {result.score:g} is not between 0 and {result.max_score:g}"
    graded = result.status is Status.GRADED
    if graded and (result.report is None) == (result.answers is None):
        return "a graded result has a report or answers, one of them"
    return None
