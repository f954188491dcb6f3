"""Text of learners that is safe to show to others."""

from __future__ import annotations

_KEPT = "\n\t\u200c\u200d"  # the last two join letters and emoji


def legible(text: str) -> str:
    """Return text without characters that steer a terminal, reorder a line or are illegal in HTML."""
    return "".join(char if char.isprintable() or char in _KEPT else _replaced(char) for char in text)


def _replaced(char: str) -> str:
    return " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"
