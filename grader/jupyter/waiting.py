"""A line below a cell that says what is going on, until the verdict takes its place."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from IPython import display as ipython


class Show(Protocol):
    """Shows a value in the place of the line."""

    def __call__(self, value: object) -> None: ...


class _Line:
    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


@contextmanager
def waiting(text: str, replaces: bool) -> Iterator[Show]:
    """Show `text` until the block shows a value. Where text cannot be replaced, only the value is shown."""
    display: Any = ipython.display
    handle = display(_Line(text), display_id=True) if replaces else None
    shown = False

    def show(value: object) -> None:
        nonlocal shown
        shown = True
        if handle is None:
            display(value)
        else:
            handle.update(value)

    try:
        yield show
    finally:
        if handle is not None and not shown:
            handle.update(_Line("No verdict."))
