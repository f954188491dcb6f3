"""Objects with methods that a test passes to learner code, such as stand-ins for models."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def free(method: F) -> F:
    """Mark a method as optional: its calls are ignored when known mistakes are recognized."""
    method.free = True  # type: ignore[attr-defined]
    return method


def free_arguments(*names: str) -> Callable[[F], F]:
    """Mark arguments of a method as the learner's choice: recognition compares only the others."""

    def mark(method: F) -> F:
        method.free_arguments = frozenset(names)  # type: ignore[attr-defined]
        return method

    return mark


class StandIn:
    """An object that stays in the judge. Methods are sent as references, attributes as values.

    Learner code receives an object with the public methods and attributes and
    nothing else. A method that it calls runs in the judge.
    """

    def __init__(self, name: str) -> None:
        """Set the object's name within the test, by which recognition matches the calls of two programs."""
        self._name = name

    @property
    def methods(self) -> dict[str, Callable[..., Any]]:
        """Return the public methods by name."""
        names = [name for kind in type(self).__mro__ if kind not in (StandIn, object) for name in vars(kind)]
        members = {name: getattr(self, name) for name in sorted(set(names)) if not name.startswith("_")}
        return {name: method for name, method in members.items() if callable(method)}

    @property
    def attributes(self) -> dict[str, Any]:
        """Return the public attributes by name."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def __str__(self) -> str:
        return self._name

    def __repr__(self) -> str:
        return self._name


class Draw(NamedTuple):
    """One draw from items with given probabilities, and the item that was drawn."""

    items: list[Any]
    p: list[float]
    drawn: Any

    def by_index(self, indices: Mapping[Any, int]) -> list[float] | None:
        """Return the probabilities in the order of the indices, or None if the items are not all of these.

        `indices` maps names of items to their indices; an item is an index or a name.
        """
        places = [indices.get(item, item) for item in self.items]
        if sorted(map(str, places)) != sorted(map(str, indices.values())):
            return None
        return [p for _, p in sorted(zip(places, self.p, strict=True))]


class Draws:
    """A `numpy.random.Generator` for learner code that reports what its first draws are made from.

    Learner code receives a real generator, so every way to draw works. Only `choice` and
    `multinomial` receive probabilities, so only these are reported, in `seen`.
    """

    def __init__(self, seed: int) -> None:
        """Set the seed of the generator."""
        self.seed = seed
        self.seen: list[Draw] = []

    @free
    def report(self, items: Any, p: Any, drawn: Any) -> None:
        """Record one draw, unless it is malformed: the report comes from learner code's process."""
        good = isinstance(items, list) and isinstance(p, list) and len(items) == len(p)
        known = all(type(item) in (int, str) for item in [*items, drawn]) if good else False
        if known and all(type(part) is float for part in p):
            self.seen.append(Draw(items, p, drawn))
