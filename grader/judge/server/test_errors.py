"""Read what a broken test, or a fixture of it, raised, and where."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from grader.content.problem import Problem
from grader.judge.report import TestError
from grader.judge.server.items import test_id

MAX_TEXT = 300  # characters
FIXTURES = ("learner", "reference", "rng", "train")  # those that every test file has


def error_of(error: BaseException, file: Path) -> TestError:
    """Return an exception with the line of the test file that led to it, even if a library raised it."""
    text = " ".join(str(error).split())
    says = f"{type(error).__name__}: {text}" if text else type(error).__name__
    return TestError(
        says=says if len(says) <= MAX_TEXT else f"{says[: MAX_TEXT - 1]}…", line=line_in(file, error)
    )


def line_in(file: Path, error: BaseException) -> int:
    """Return the last line of a file that led to an exception, or 0."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.lineno or 0 for frame in reversed(frames) if Path(frame.filename) == file), 0)


def fixture_problem(item: pytest.Item, error: BaseException, *, told: bool) -> Problem:
    """Return the problem with a fixture of a test. If it is not `told`, the error's text is left out."""
    found = error_of(error, item.path)
    line = found.line or (item.location[1] or 0) + 1
    if isinstance(error, pytest.FixtureLookupError):
        what, todo = (
            f"there is no fixture {error.argname!r}",
            f"write it, or take one of {', '.join(FIXTURES)}",
        )
    else:
        what = f"a fixture fails ({found.says if told else type(error).__name__})"
        todo = "fix it"
    return Problem(str(item.path), line, f"{test_id(item)}: {what}", todo)
