"""Say why a test file cannot be collected: in which line, and what to write instead of a wrong name."""

from __future__ import annotations

import re
import sys
from difflib import get_close_matches
from pathlib import Path

from grader.content.problem import Problem
from grader.judge.server.test_errors import line_in

PUBLIC = "grader.testing"
_NAME = re.compile(r"cannot import name '(\w+)'")
_PLACE = re.compile(r" \([^()]*[/\\][^()]*\)$")  # where Python found the module on this machine


def collect_problem(file: Path, error: BaseException | None, text: str, *, told: bool) -> Problem:
    """Return the problem with a file; `text` is what pytest says of it, if the error is not known.

    If it is not `told`, the text of the error is left out, as it may hold what a hidden test hides.
    What is wrong with the syntax or an import gives nothing away.
    """
    if error is None or isinstance(error, SyntaxError):
        line = getattr(error, "lineno", 1) or 1
        return Problem(str(file), line, f"cannot be collected: {text}", "fix the file")
    line = line_in(file, error) or 1
    if isinstance(error, ImportError) and error.name == PUBLIC and (found := _NAME.match(str(error))):
        return Problem(str(file), line, f"{PUBLIC} has no {found[1]}", _todo(found[1]))
    kind = type(error).__name__
    if not told and not isinstance(error, ImportError):
        return Problem(str(file), line, f"cannot be collected ({kind})", "run `course validate` to see why")
    says = _PLACE.sub("", str(error))
    return Problem(str(file), line, f"cannot be collected: {kind}: {says}", "fix the file")


def _todo(name: str) -> str:
    names: list[str] = getattr(sys.modules.get(PUBLIC), "__all__", [])
    close = get_close_matches(name, names, 1)
    listed = "docs/reference/testing.md lists all names"
    return f"did you mean {close[0]}? {listed}" if close else listed
