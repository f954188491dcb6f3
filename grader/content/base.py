"""What all content types share: strict fields, and findings about their own values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Annotated, NamedTuple

from msgspec import Meta, Struct

Id = Annotated[str, Meta(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=64)]


class Finding(NamedTuple):
    """Something wrong in a value that has the right shape; `path` leads to it from its owner."""

    path: tuple[str | int, ...]
    what: str
    todo: str

    @classmethod
    def unknown(cls, path: tuple[str | int, ...], wanted: str, known: Iterable[str]) -> Finding:
        near = get_close_matches(wanted, known, n=1, cutoff=0.4)
        return cls(path, f"{wanted!r} is not defined", f"did you mean {near[0]!r}?" if near else "define it")


class Content(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The root of all types that are read from YAML."""

    def findings(self) -> Iterator[Finding]:
        """Yield what is wrong beyond the shape; overridden where there is something to check."""
        return iter(())


def duplicates(ids: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Yield (index, id) of each id that was there before."""
    seen: set[str] = set()
    for index, item in enumerate(ids):
        if item in seen:
            yield index, item
        seen.add(item)
