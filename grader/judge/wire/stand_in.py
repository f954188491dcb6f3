"""Objects with methods that a test passes to learner code, such as stand-ins for models."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def free(method: F) -> F:
    """Mark a method as optional: its calls are ignored when known mistakes are recognized."""
    method.free = True  # type: ignore[attr-defined]
    return method


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
