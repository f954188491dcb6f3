"""Export and import of the log as JSON Lines, one attempt per line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from grader.content.problem import ContentError, Problem
from grader.content.yaml_core import HARMFUL
from grader.progress.attempt import Attempt
from grader.progress.evidence import own_lines, report_lines

MAX_PROBLEMS = 20  # shown at most; in a wrong file every line has a problem


def to_lines(attempts: Iterable[Attempt]) -> Iterator[str]:
    """Yield one line of JSON per attempt, without line ends."""
    encoder = msgspec.json.Encoder()
    for attempt in attempts:
        yield encoder.encode(attempt).decode()


def from_lines(lines: Iterable[bytes], file: str) -> list[tuple[int, Attempt]]:
    """Return (line number, attempt) for each line that is not blank.

    Raises ContentError, which lists the wrong lines.
    """
    decoder = msgspec.json.Decoder(Attempt)
    numbered: list[tuple[int, Attempt]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            attempt = decoder.decode(line)
            report_lines(attempt.report)
            own_lines(attempt)
            check_import(attempt)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            problems.append(Problem(file, number, f"not an attempt: {error}", _ADVICE))
        else:
            numbered.append((number, attempt))
    if problems:
        raise import_refused(problems)
    return numbered


def check_import(attempt: Attempt) -> None:
    """Raise ValueError for what could not be handled: years at the end of time, control characters."""
    if not _YEARS[0] <= attempt.time[:4] <= _YEARS[1]:
        raise ValueError(f"the year is {attempt.time[:4]}")
    for name in ("item", "content_hash", "sitting", "quiz", "answer", "misconception"):
        value = getattr(attempt, name)
        if value is not None and HARMFUL.search(value):
            raise ValueError(f"{name} contains a control character")


_YEARS = ("1900", "2999")
_ADVICE = "import a file that `course progress --export FILE` wrote"


def import_refused(problems: list[Problem]) -> ContentError:
    """Return the error that lists the problems, limited to the first MAX_PROBLEMS."""
    shown = problems[:MAX_PROBLEMS]
    if len(problems) > len(shown):
        last = shown[-1]
        more = f"{len(problems) - len(shown)} more lines after this one are wrong"
        shown.append(Problem(last.file, last.line, more, "nothing was imported"))
    return ContentError(shown)
