"""The boundary that keeps the values of a submission from costing more than a name or a picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from grader.errors import CourseError
from grader.judge.server.time_limit import TimeLimitExceeded

T = TypeVar("T")


def survive(step: Callable[[], T], otherwise: T) -> T:
    """Return the result of a step that no verdict depends on, or `otherwise` if it raises anything.

    The steps handle values that a learner chose: too large, too deep, or of no sensible
    kind. A CourseError is about the course or this machine, so it is raised.
    """
    try:
        return step()
    except CourseError:
        raise
    except (Exception, TimeLimitExceeded):
        return otherwise
