"""Base types of all course content: strict fields, and findings about their values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class Finding(NamedTuple):
    """A flaw in a value that has the right shape.

    `path` leads from the checked object to the flawed value: field names and list
    indices, counted from 0.
    """

    path: tuple[str | int, ...]
    what: str
    todo: str

    @classmethod
    def unknown(cls, path: tuple[str | int, ...], unknown_id: str, known: Iterable[str]) -> Finding:
        """Return the finding for an id that is not among the known ones; suggests the nearest one."""
        near = get_close_matches(unknown_id, known, n=1, cutoff=0.4)
        return cls(
            path, f"{unknown_id!r} is not defined", f"did you mean {near[0]!r}?" if near else "define it"
        )


class Content(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base class of all types that are read from YAML."""

    def findings(self) -> Iterator[Finding]:
        """Yield the flaws that a check of the fields' types cannot see. Subclasses override this."""
        return iter(())


def duplicates(ids: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield (index, id) for each id that occurs earlier in `ids`; indices count from 0."""
    seen: set[str] = set()
    for index, item in enumerate(ids):
        if item in seen:
            yield index, item
        seen.add(item)
