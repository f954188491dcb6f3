"""The kinds of confinement for learner code, as reports name them."""

from __future__ import annotations

from enum import Enum


class Confinement(Enum):
    """The confinement of a worker. Reports and results files contain the value."""

    BUBBLEWRAP = "bubblewrap, and namespaces for each worker"
    OTHER_USER = "none: a separate process of another user"
    NONE = "none: a separate process"

    @property
    def walled(self) -> bool:
        """Return True if learner code cannot reach the rest of the machine."""
        return self is Confinement.BUBBLEWRAP

    @property
    def says(self) -> str:
        """Return the text for a report."""
        return self.value
