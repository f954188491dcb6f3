"""Text for lists that may be too long to show."""

from __future__ import annotations

from collections.abc import Sequence

SHOWN = 20  # names in a note


def listed(names: Sequence[str], most: int = SHOWN, separator: str = ", ") -> str:
    """Return the first names and the number of the others: "Ada, Ben and 3 more"."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return f"{separator.join(names[:most])}{more}"
