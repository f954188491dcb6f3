"""Keep the cells that an instructor added to a built notebook when it is built again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from grader.content.notebook_cells import TEST, TOOLS, assignment, source_of_cell, type_in_file
from grader.notebook.cells import CellJson, cell_id, digest

Key = tuple[str, str, int]


class OldNotebook(Struct, frozen=True):
    """The cells of an existing notebook, each with True if the instructor added it."""

    cells: tuple[tuple[CellJson, bool], ...]

    @property
    def built(self) -> list[CellJson]:
        return [cell for cell, added in self.cells if not added]

    @property
    def added(self) -> list[CellJson]:
        return [cell for cell, added in self.cells if added]


def read_old(cells: Sequence[CellJson], name: str, built_digest: str, new: Sequence[CellJson]) -> OldNotebook:
    """Tell the cells that a build of the notebook `name` wrote from those that an instructor added.

    Built cells have known ids, or a grade id of the course. If a tool has dropped the
    ids, a cell is a built one if the `new` notebook has one with the same beginning.
    """
    if digest(cells) == built_digest:
        return OldNotebook(tuple((cell, False) for cell in cells))
    ids = {cell_id(name, number) for number in range(len(cells) + len(new))}
    reserved = {_grade_id(cell) for cell in new} - {""}
    keys = {*_keys(new)} if not any(cell.get("id") in ids for cell in cells) else set()
    return OldNotebook(
        tuple(
            (cell, not (cell.get("id") in ids or key in keys or _is_the_course_s(_grade_id(cell), reserved)))
            for cell, key in zip(cells, _keys(cells), strict=True)
        )
    )


def misnamed(cells: Sequence[CellJson], name: str) -> list[str]:
    """Return grade ids of cells with other ids than a build's that end like those of the course's cells."""
    ids = {cell_id(name, number) for number in range(len(cells))}
    if not any(cell.get("id") in ids for cell in cells):
        return []
    built = {_grade_id(cell) for cell in cells if cell.get("id") in ids}
    others = [_grade_id(cell) for cell in cells if cell.get("id") not in ids]
    return [each for each in others if each not in built and _is_the_course_s(each, ())]


def merged(new: Sequence[CellJson], old: OldNotebook, name: str) -> list[CellJson]:
    """Return the new cells with each added cell after the cell that it followed.

    If the course no longer has that cell, the nearest cell before it counts.
    """
    places = {key: place for place, key in enumerate(_keys(new))}
    after: dict[int, list[CellJson]] = {}
    place = -1
    for (cell, added), key in zip(old.cells, _old_keys(old), strict=True):
        if added:
            after.setdefault(place, []).append(cell)
        else:
            place = places.get(key, place) if key is not None else place
    cells = [*after.get(-1, ())]
    for number, cell in enumerate(new):
        cells += [cell, *after.get(number, ())]
    return [*_with_ids(cells, new, name)]


def _old_keys(old: OldNotebook) -> Iterator[Key | None]:
    keys = _keys(old.built)
    for _, added in old.cells:
        yield None if added else next(keys)


def _keys(cells: Sequence[CellJson]) -> Iterator[Key]:
    """Yield what identifies each cell in another version: its grade id, or its type and first line."""
    seen: Counter[tuple[str, str]] = Counter()
    for cell in cells:
        first = source_of_cell(cell).lstrip().partition("\n")[0]
        key = ("", grade_id) if (grade_id := _grade_id(cell)) else (type_in_file(cell).value, first)
        yield *key, seen[key]
        seen[key] += 1


def _with_ids(cells: Sequence[CellJson], new: Sequence[CellJson], name: str) -> Iterator[CellJson]:
    """Yield the cells; an added cell without an id, or with one that is taken, gets another."""
    taken = {cell["id"] for cell in new}
    for number, cell in enumerate(cells):
        if not any(cell is each for each in new):
            own = cell.get("id")
            if not isinstance(own, str) or own in taken:
                own = cell_id(f"{name}/added", number)
            taken.add(own)
            cell = cell | {"id": own}
        yield cell


def _grade_id(cell: CellJson) -> str:
    grade_id = assignment(cell).get("grade_id")
    return grade_id if isinstance(grade_id, str) else ""


def _is_the_course_s(grade_id: str, reserved: Collection[str]) -> bool:
    return grade_id in reserved or grade_id.endswith((TEST, TOOLS))
