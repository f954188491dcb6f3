"""A plug-in for `nbgrader generate_assignment` that keeps starters as they are."""

from __future__ import annotations

from typing import Any

from nbgrader.preprocessors import ClearSolutions

from grader.content.notebook_cells import TEST, read_cell
from grader.notebook.origin import origin_of


class ClearMarkedSolutions(ClearSolutions):  # type: ignore[misc]  # nbgrader has no types
    """Like nbgrader's ClearSolutions, but keeps the course's solution cells.

    nbgrader would replace the whole cell by "YOUR CODE HERE", including the
    function's signature and docstring. Cells with BEGIN SOLUTION and END SOLUTION
    are cleared as usual, and so are all solution cells that an instructor added.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        """Clear the notebook."""
        origin = origin_of(nb.metadata)
        ids = {read_cell(cell).grade_id for cell in nb.cells}
        self._starters = {
            grade_id
            for grade_id in ids
            if f"{grade_id}{TEST}" in ids or (origin is not None and grade_id.startswith(f"{origin.id}--"))
        }
        return super().preprocess(nb, resources)  # type: ignore[no-any-return]

    def preprocess_cell(self, cell: Any, resources: Any, cell_index: int) -> tuple[Any, Any]:
        """Clear a solution that is marked or not the course's."""
        is_marked = self.begin_solution_delimeter in cell.source or self.end_solution_delimeter in cell.source
        if not is_marked and read_cell(cell).grade_id in self._starters:
            return cell, resources
        return super().preprocess_cell(cell, resources, cell_index)  # type: ignore[no-any-return]
