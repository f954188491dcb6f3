"""nbgrader's plug-in for `nbgrader generate_assignment`: starters stay what they are."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import ClearSolutions


class ClearMarkedSolutions(ClearSolutions):  # type: ignore[misc]  # nbgrader has no types
    """Like nbgrader's ClearSolutions, but a solution cell without a marked solution is left as it is.

    nbgrader puts "YOUR CODE HERE" in the place of the whole cell, and with it
    the function's head and docstring. Cells of your own with BEGIN SOLUTION and
    END SOLUTION are cleared as ever.
    """

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clear what is marked."""
        if self.begin_solution_delimeter in cell.source or self.end_solution_delimeter in cell.source:
            return super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-any-return]
        return cell, resources
