"""A line below a cell that says what is going on, and in the end what was done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython import display as ipython


class _Line:
    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


@contextmanager
def waiting(text: str, replaces: bool) -> Iterator[Callable[[str], None]]:
    """Show `text`, and yield a function that replaces it. Where text cannot be replaced, show nothing.

    Only this line is ever replaced: `jupyter console` ignores replacements, and must show the verdict.
    """
    display: Any = ipython.display
    handle = display(_Line(text), display_id=True) if replaces else None
    is_over = False

    def say(text: str) -> None:
        nonlocal is_over
        is_over = True
        if handle is not None:
            handle.update(_Line(text))

    try:
        yield say
    finally:
        if not is_over:
            say("No verdict.")
