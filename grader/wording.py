"""Lists of words in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 20  # names in a note


def listed(words: Sequence[str]) -> str:
    """Join words as in a sentence: "a, b and c"."""
    return " and ".join([*([", ".join(words[:-1])] if words[1:] else []), *words[-1:]])


def first_of(names: Sequence[str], most: int = SHOWN, separator: str = ", ") -> str:
    """Return the first names and the number of the others: "Ada, Ben and 3 more"."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{separator.join(names[:most])}{more}"
