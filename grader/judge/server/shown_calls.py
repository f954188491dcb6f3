"""The calls of a visible test, of which a message shows the one that a wrong value came from."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.judge import sentences

_ANYWHERE = (int, bool, str, bytes, type(None))  # equal values of these may be one object


class ShownCalls:
    """The calls so far, as messages show them, with their results."""

    def __init__(self) -> None:
        self._calls: list[str] = []
        self._results: dict[int, Any] = {}  # by the index of the call
        self._is_about_last = False

    def begin(self, call: str) -> None:
        """Note a call. Until it has returned a usable result, a failure is about this call."""
        self._calls.append(call)
        self._is_about_last = True

    def end(self, result: Any) -> None:
        """Note the result of the last call."""
        self._results[len(self._calls) - 1] = result
        self._is_about_last = False

    def blame_last(self) -> None:
        """Note that the failure is about the last call, although that has returned."""
        self._is_about_last = True

    def line(self, value: Any = None) -> str:
        """Return the line of a message that shows a call, or "".

        That is the only call from which the wrong value came: as a result, a part of one or a
        view of it. If this is not known, it is the last one.
        """
        if not self._calls:
            return ""
        count, last = len(self._calls), len(self._calls) - 1
        found = [number for number, result in self._results.items() if _holds(result, value)]
        if self._is_about_last or count == 1 or found == [last]:
            return sentences.in_call(self._calls[last])
        if len(found) == 1:
            return sentences.in_one_call(self._calls[found[0]], found[0] + 1, count)
        return sentences.last_call(self._calls[last], count)


def _holds(result: Any, value: Any) -> bool:
    """Return True if a value is a result, a part of it or a view of it."""
    if isinstance(result, np.ndarray) and isinstance(value, np.ndarray):
        return np.may_share_memory(result, value)
    if result is value and not isinstance(value, _ANYWHERE):
        return True
    parts = result.values() if isinstance(result, dict) else result
    return isinstance(result, tuple | list | dict) and any(_holds(part, value) for part in parts)
