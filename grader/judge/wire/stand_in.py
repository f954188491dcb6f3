"""Things of a test's own that learner code may hold: stand-ins for models, and other objects with methods."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

F = TypeVar("F", bound=Callable[..., Any])


def free(method: F) -> F:
    """Mark a method that learners may use or not: its calls do not tell one mistake from another."""
    method.free = True  # type: ignore[attr-defined]
    return method


class StandIn:
    """An object that stays with the judge: public methods cross as references, public attributes as values.

    Learner code gets an object that has these and nothing else; a method called
    there runs here. `name` says which of the test's objects this one is, so that
    the calls of two submissions can be compared, whatever their order.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @property
    def methods(self) -> dict[str, Callable[..., Any]]:
        """The public methods by name."""
        names = [name for kind in type(self).__mro__ if kind not in (StandIn, object) for name in vars(kind)]
        found = {name: getattr(self, name) for name in sorted(set(names)) if not name.startswith("_")}
        return {name: method for name, method in found.items() if callable(method)}

    @property
    def attributes(self) -> dict[str, Any]:
        """The public attributes by name."""
        return {name: value for name, value in vars(self).items() if not name.startswith("_")}

    def __str__(self) -> str:
        return self._name
