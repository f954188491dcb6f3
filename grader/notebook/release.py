"""A plug-in for `nbgrader generate_assignment` that keeps starters as they are."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import ClearSolutions


class ClearMarkedSolutions(ClearSolutions):  # type: ignore[misc]  # nbgrader has no types
    """Like nbgrader's ClearSolutions, but keeps solution cells without a marked solution.

    nbgrader would replace the whole cell by "YOUR CODE HERE", including the
    function's signature and docstring. Cells with BEGIN SOLUTION and END SOLUTION
    are cleared as usual.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clear a marked solution."""
        if self.begin_solution_delimeter in cell.source or self.end_solution_delimeter in cell.source:
            return super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-any-return]
        return cell, resources
