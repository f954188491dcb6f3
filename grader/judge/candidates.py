"""Decide which file counts if there are several for one exercise.

A notebook comes before a Python file, the file with the exercise's own name
before copies, and of copies the highest number first. The untouched starter does
not count beside work.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import blake2b
from pathlib import PurePosixPath

from msgspec import Struct

from grader.content.course import Course
from grader.content.file_names import FileKind, FileName
from grader.content.notebook import starter_notebook
from grader.errors import CourseError, EnvironmentProblem
from grader.judge.helper_files import imported_files
from grader.judge.report import Report
from grader.judge.submission import Submission, learner_cells, read_notebook, read_submission
from grader.judge.verdict import count, number

MAX_READ = 20  # files that are read for one exercise
MAX_OTHERS = 3  # files that are kept beside the one that counts


class Candidate(Struct, frozen=True):
    """A file that may be for the exercise. `read` raises CourseError."""

    path: str  # to show; relative, with "/"
    name: FileName
    copy: int  # 0 if the file has the exercise's own name, else the number of the copy
    read: Callable[[], Submission]


class Entry(Struct, frozen=True):
    """A candidate that could be read."""

    path: str
    submission: Submission


class Refused(Struct, frozen=True):
    """A candidate that could not be read. `is_code` is False if its name does not say that it is code."""

    path: str
    error: CourseError
    is_code: bool = True


class Choice(Struct, frozen=True):
    """The file that counts, other files whose code differs, and files that could not be used.

    `counts` is None if no file can be read. `more` is the number of files that are not
    compared, because there are too many.
    """

    counts: Entry | None
    others: tuple[Entry, ...]
    refused: tuple[Refused, ...]
    more: int = 0


def choose(candidates: Iterable[Candidate], starters: Iterable[Submission] = ()) -> Choice:
    """Choose by the rule. If this machine cannot read a file that might count, no file counts."""
    ordered = sorted(candidates, key=lambda each: _order(each, each.name.kind is not FileKind.PYTHON))
    given = [_code(starter) for starter in starters]
    entries: list[tuple[Candidate, Submission]] = []
    untouched: list[tuple[Candidate, Submission]] = []
    refused: list[Refused] = []
    for each in ordered[:MAX_READ]:
        try:
            submission = each.read()
        except CourseError as error:
            if isinstance(error, EnvironmentProblem) and not entries:
                return Choice(None, (), (Refused(each.path, error, each.name.kind.is_code), *refused))
            refused.append(Refused(each.path, error, each.name.kind.is_code))
            continue
        (untouched if _code(submission) in given else entries).append((each, submission))
    # a .json or .txt file shows only now whether it is a notebook
    ranked = sorted(entries or untouched[:1], key=lambda pair: _order(pair[0], _is_notebook(pair[1])))
    found = [Entry(each.path, submission) for each, submission in ranked]
    unread = max(len(ordered) - MAX_READ, 0)
    if not found:
        return Choice(None, (), tuple(refused), unread)
    others = [*_different(found)]
    more = unread + max(len(others) - MAX_OTHERS, 0)
    return Choice(found[0], tuple(others[:MAX_OTHERS]), tuple(refused), more)


def notes_on(choice: Choice) -> Iterator[str]:
    """Yield notes on files that were not used although their names say that they are code."""
    if choice.counts is None:
        return
    counts = f"{choice.counts.path} counts."
    yield from (f"{counts} {refused.error}." for refused in choice.refused if refused.is_code)
    if choice.more:
        yield f"{counts} {count(choice.more, 'more file')} of this name could not be compared."


def scores_note(
    counts: str, own: Report | CourseError, others: Sequence[tuple[str, Report | CourseError]]
) -> tuple[str, ...]:
    """Return a note with the scores of all files, given as (path, verdict), unless they are equal."""
    if not others or (
        isinstance(own, Report) and all(isinstance(v, Report) and v.score == own.score for _, v in others)
    ):
        return ()
    scores = (
        f"{path} {f'would get {number(v.score)}' if isinstance(v, Report) else 'could not be graded'}"
        for path, v in others
    )
    got = f", with {number(own.score)} of {number(own.max_score)} points" if isinstance(own, Report) else ""
    return (f"{counts} counts{got}. {'; '.join(scores)}.",)


def main_file(entries: Sequence[Entry]) -> Entry | None:
    """Return the only file that none of the others imports. None if there are several, or none."""

    def is_imported(entry: Entry) -> bool:
        name = PurePosixPath(entry.path).name
        others = (other.submission for other in entries if other is not entry)
        return any(
            PurePosixPath(path).name == name
            for other in others
            for cell in other.cells
            for path in imported_files(cell.source)
        )

    main = [entry for entry in entries if not is_imported(entry)]
    return main[0] if len(main) == 1 else None


def _order(each: Candidate, is_notebook: bool) -> tuple[bool, bool, int, int, bool, str]:
    wrapped = not each.path.casefold().endswith((".py", ".ipynb"))
    return not is_notebook, each.copy > 0, -each.copy, each.path.count("/"), wrapped, each.path


def _different(entries: list[Entry]) -> Iterator[Entry]:
    """Yield the entries whose code differs from the first, from each other and from its modules."""
    first, *rest = entries
    seen = [(_code(first.submission), first.submission.files)]
    modules = [_digest(_lines(file.source)) for file in first.submission.files]
    for each in rest:
        code = _code(each.submission)
        if (code, each.submission.files) not in seen and code not in modules:
            seen.append((code, each.submission.files))
            yield each


def _is_notebook(submission: Submission) -> bool:
    return any(cell.notebook for cell in submission.cells)


def _code(submission: Submission) -> bytes:
    return _digest(line for cell in submission.cells for line in _lines(cell.source))


def _digest(lines: Iterable[str]) -> bytes:
    """Return a hash of lines: the lines themselves may take fifty times the memory of the text."""
    digest = blake2b(digest_size=16)
    for line in lines:
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.digest()


# what a notebook and its export as .py may differ in: comments, blank lines, magics
_ASIDE = re.compile(r"\s*(?:$|#|%|!|get_ipython\(\))")


def _lines(source: str) -> Iterator[str]:
    return (line.rstrip() for line in source.split("\n") if not _ASIDE.match(line))


def starters(course: Course, exercise_id: str) -> Iterator[Submission]:
    """Yield the starter as a file and as a notebook. Raises CourseError."""
    path = course.exercise_dir(exercise_id) / "starter.py"
    starter = read_submission(path)
    yield starter
    (cell,) = starter.cells
    text = starter_notebook(course.exercise(exercise_id), cell.source)
    yield Submission("starter.ipynb", learner_cells(read_notebook(text.encode(), path).cells))
