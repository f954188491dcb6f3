"""Text of learners that is safe to show to others."""

from __future__ import annotations

_KEPT = "\n\t\u200c\u200d"  # the last two join letters and emoji
_REPLACED = "\N{REPLACEMENT CHARACTER}"


def legible(text: str) -> str:
    """Return text without characters that steer a terminal, reorder a line or are illegal in HTML."""
    found = (char for char in set(text) if not char.isprintable() and char not in _KEPT)
    return text.translate({ord(char): " " if char.isspace() else _REPLACED for char in found})
