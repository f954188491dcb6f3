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

_NAME_IT = f"name the directory that `course grade` wrote, or its {RESULTS}"
_START = b'{"learner":'  # of every result


class Reading(Struct, frozen=True):
    """The results in a file, one for each learner and item, and whether its end was torn off."""

    results: tuple[Result, ...]
    torn: bool


def read_results(path: Path) -> Reading:
    """Read a `results.jsonl`, or the directory that holds one.

    Where a learner's item was graded again, the later line counts. A last line
    that is no result and has no line end is what an interrupted run leaves; it
    is passed over. Raises ContentError with the first other wrong line, CourseError
    if there is no such file, nothing in it or not one result, EnvironmentProblem
    if it cannot be read.
    """
    file = path / RESULTS if path.is_dir() else path
    lines = _read(file, path).split(b"\n")
    decoder = msgspec.json.Decoder(Result)
    found: dict[tuple[str, str], Result] = {}
    problems: list[Problem] = []
    torn = False
    any_result = False  # whether any line has the form of one
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            result = decoder.decode(line)
            any_result = True
            what = _flaw(result)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            if number == len(lines):
                torn = True
                # what was torn off right at the start is one as well
                any_result |= line.startswith(_START) or _START.startswith(line)
                continue
            what = f"not a result: {error}"
        if what:
            problems.append(Problem(str(file), number, what, "name a file that `course grade` wrote"))
        else:
            found.pop((result.learner, result.item), None)
            found[result.learner, result.item] = result
    if not any_result and (problems or torn):
        raise CourseError(f"{file} is no results file — {_NAME_IT}")
    if problems:
        raise ContentError([_with_others(problems)])
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
        raise CourseError(f"there is no {file} — {_NAME_IT}") from None
    except OSError as error:
        raise EnvironmentProblem(
            f"{asked} cannot be read: {error.strerror} — check its permissions"
        ) from None


def _with_others(problems: list[Problem]) -> Problem:
    """Return the first problem, which says how many there are besides: in a wrong file they are all alike."""
    first, others = problems[0], len(problems) - 1
    if not others:
        return first
    told = f"{others} other line{'s are' if others > 1 else ' is'} wrong"
    return msgspec.structs.replace(first, what=f"{first.what}; {told}")


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
