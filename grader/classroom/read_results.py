"""The one reader of a run's files, `results.jsonl` and `run.json`, whatever became of the run."""

from __future__ import annotations

import math
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from shlex import quote

import msgspec
from msgspec import Struct

from grader.classroom.results import RESULTS, RUN, Result, RunRecord, Status
from grader.content.problem import ContentError, Problem
from grader.errors import CourseError, EnvironmentProblem
from grader.files import near

_NAME_IT = f"name the directory that `course grade` wrote, or its {RESULTS}"
_START = b'{"learner":'  # of every result


class OnDamage(Enum):
    """The treatment of a damaged file."""

    REFUSE = "refuse"  # raise an error that names the line
    SKIP = "skip"  # use what can be read: what is missing is graded again


class Reading(Struct, frozen=True):
    """The results in a file, one per learner and item."""

    results: tuple[Result, ...]
    torn: int  # number of lines that were skipped


def read_results(path: Path, on_damage: OnDamage = OnDamage.REFUSE) -> Reading:
    """Read a `results.jsonl`, or the directory that holds one.

    If a learner's item was graded again, the later line counts. Raises
    EnvironmentProblem if the file cannot be read.

    With REFUSE, a last line that is not a result and has no line end is skipped,
    because an interrupted run leaves one. Raises ContentError for the first other
    wrong line, CourseError if there is no such file, nothing in it or no result.

    With SKIP, all wrong lines are skipped, and so is a last line without a line
    end. A missing file has no results.
    """
    file = path / RESULTS if path.is_dir() else path
    raw = _read(file)
    if on_damage is OnDamage.SKIP:
        return _whole_lines(raw or b"")
    if raw is None:
        raise CourseError(f"there is no {file} — {_NAME_IT}")
    return _checked_lines(raw, file)


def read_run(path: Path, on_damage: OnDamage = OnDamage.REFUSE) -> RunRecord | None:
    """Read the `run.json` of a directory, or the one beside a results file. None if there is none.

    With REFUSE, raises CourseError if another version wrote it, EnvironmentProblem
    if it cannot be read. With SKIP, returns None in these cases.
    """
    file = (path if path.is_dir() else path.parent) / RUN
    try:
        raw = _read(file)
        return None if raw is None else msgspec.json.decode(raw, type=RunRecord)
    except (EnvironmentProblem, msgspec.MsgspecError) as error:
        if on_damage is OnDamage.SKIP:
            return None
        if isinstance(error, EnvironmentProblem):
            raise
        raise CourseError(
            f"{file} was not written by this version of `course` ({error}) — name another directory "
            "with --output"
        ) from None


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise EnvironmentProblem(f"{file} cannot be read: {error.strerror} — check its permissions") from None


class _Line(Struct, frozen=True):
    number: int
    text: bytes
    result: Result | None
    error: str = ""  # why there is no result


def _lines(raw: bytes) -> Iterator[_Line]:
    """Yield the lines that are not blank."""
    decoder = msgspec.json.Decoder(Result)
    for number, text in enumerate(raw.splitlines(keepends=True), 1):
        if not text.strip():
            continue
        try:
            yield _Line(number, text, decoder.decode(text))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            yield _Line(number, text, None, str(error))


def _whole_lines(raw: bytes) -> Reading:
    """Return the results of whole lines, and the number of the others."""
    latest = _Latest()
    torn = 0
    for line in _lines(raw):
        if line.result is None or not line.text.endswith(b"\n"):
            torn += 1
        else:
            latest.add(line.result)
    return Reading(latest.results, torn)


def _checked_lines(raw: bytes, file: Path) -> Reading:
    """Return the results if all lines but a torn last one are results. Raises CourseError."""
    latest = _Latest()
    problems: list[Problem] = []
    torn = 0
    looks_right = False  # True if a line has the form of a result
    for line in _lines(raw):
        if line.result is not None:
            looks_right = True
            wrong = _flaw(line.result)
        elif not line.text.endswith(b"\n"):
            torn += 1
            # a line may be torn off right at its start
            looks_right |= line.text.startswith(_START) or _START.startswith(line.text)
            continue
        else:
            wrong = f"not a result: {line.error}"
        if wrong:
            problems.append(Problem(str(file), line.number, wrong, "name a file that `course grade` wrote"))
        elif line.result is not None:
            latest.add(line.result)
    if not looks_right and (problems or torn):
        raise CourseError(f"{file} is not a results file — {_NAME_IT}")
    if problems:
        raise ContentError([_with_others(problems)])
    if not latest.results:
        raise CourseError(f"{file} holds no result — {_how_to_start(file)}")
    return Reading(latest.results, torn)


def _how_to_start(file: Path) -> str:
    """Return what to do about a run without results, which may have been stopped."""
    run = read_run(file.parent, OnDamage.SKIP)
    if run is None:
        return "grade something first: course grade DIR"
    return f"the run was stopped before the first one; continue with `{resume_command(run, file.parent)}`"


def resume_command(run: RunRecord, out: Path) -> str:
    """Return the command that finishes a run whose results are in `out`, for a shell."""
    return f"course grade {quote(near(run.directory))} --output {quote(near(out))} --resume"


class _Latest:
    """The last result per learner and item, in the order of their lines."""

    def __init__(self) -> None:
        self._results: dict[tuple[str, str], Result] = {}

    def add(self, result: Result) -> None:
        self._results.pop((result.learner, result.item), None)
        self._results[result.learner, result.item] = result

    @property
    def results(self) -> tuple[Result, ...]:
        return tuple(self._results.values())


def _with_others(problems: list[Problem]) -> Problem:
    """Return the first problem with the number of the others: in a wrong file they are all alike."""
    first, others = problems[0], len(problems) - 1
    if not others:
        return first
    count = f"{others} other line{'s are' if others > 1 else ' is'} wrong"
    return msgspec.structs.replace(first, what=f"{first.what}; {count}")


def _flaw(result: Result) -> str | None:
    """Return what is wrong with a result that has the right form."""
    if not (math.isfinite(result.score) and math.isfinite(result.max_score)):
        return "the score is not a number"
    if not 0 <= result.score <= result.max_score:
        return f"the score {result.score:g} is not between 0 and {result.max_score:g}"
    if not 0 <= result.raw <= result.max_score:  # also if it is not a number
        return f"the raw score {result.raw:g} is not between 0 and {result.max_score:g}"
    graded = result.status is Status.GRADED
    if graded and (result.report is None) == (result.answers is None):
        return "a graded result has a report or answers, one of them"
    return None
