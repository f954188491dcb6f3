"""The log as JSON Lines, one attempt a line: to keep, to move, to read elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from grader.content.problem import ContentError, Problem
from grader.progress.attempt import Attempt
from grader.progress.evidence import report_lines

MAX_PROBLEMS = 20  # shown; a wrong file has a problem on every line


def to_lines(attempts: Iterable[Attempt]) -> Iterator[str]:
    """Yield one line of JSON an attempt, without line ends."""
    encoder = msgspec.json.Encoder()
    for attempt in attempts:
        yield encoder.encode(attempt).decode()


def from_lines(lines: Iterable[bytes], file: str) -> list[tuple[int, Attempt]]:
    """Return (line number, attempt) of each line that is not blank.

    Raises ContentError with every wrong line.
    """
    decoder = msgspec.json.Decoder(Attempt)
    found: list[tuple[int, Attempt]] = []
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            attempt = decoder.decode(line)
            report_lines(attempt.report)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            problems.append(Problem(file, number, f"not an attempt: {error}", _ADVICE))
        else:
            found.append((number, attempt))
    if problems:
        raise import_refused(problems)
    return found


_ADVICE = "import a file that `course progress --export FILE` wrote"


def import_refused(problems: list[Problem]) -> ContentError:
    """Return the error that lists the problems, the first ones if there are very many."""
    shown = problems[:MAX_PROBLEMS]
    if len(problems) > len(shown):
        last = shown[-1]
        more = f"{len(problems) - len(shown)} more lines after this one are wrong"
        shown.append(Problem(last.file, last.line, more, "nothing was imported"))
    return ContentError(shown)
