"""How learner code is confined, in the words of reports."""

from __future__ import annotations

from enum import Enum


class Confinement(Enum):
    """What surrounds a worker. The value stands in reports and results files."""

    BUBBLEWRAP = "bubblewrap, and namespaces for each worker"
    NONE = "none: a separate process"

    @property
    def walled(self) -> bool:
        """True if learner code cannot reach the rest of the machine."""
        return self is not Confinement.NONE

    @property
    def says(self) -> str:
        """The words for a report."""
        return self.value
