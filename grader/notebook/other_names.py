"""Find out which released notebook a file holds that was submitted under another name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from grader.content.notebook_cells import read_cell
from grader.notebook.origin import origin_of
from grader.notebook.repair import read_notebook

Released = Mapping[str, frozenset[str]]  # notebook -> the grade ids of its cells

# how browsers, Jupyter and file managers mark a second file with the same name
_COPY = re.compile(r"(?:[\s_-]*\((\d{1,9})\)|[\s_-]*copy[\s_-]*(\d{1,9})?|[\s_-](\d{1,9}))$", re.IGNORECASE)
SHOWN = 3  # files that a note names


def other_names(files: Iterable[Path], released: Released) -> dict[str, tuple[str, ...]]:
    """Return notebook -> the names of the files that hold it under another name, the newest first.

    The grade ids of the cells decide, then the origin in the metadata, then the file
    name without its case and the number of a copy. The highest number is the newest.
    """
    found: dict[str, list[str]] = {}
    for path in files:
        if path.suffix.casefold() != ".ipynb" or (path.suffix == ".ipynb" and path.stem in released):
            continue
        notebook = _notebook_of(path, released)
        if notebook is not None:
            found.setdefault(notebook, []).append(path.name)
    return {
        notebook: tuple(sorted(sorted(names), key=_copy_number, reverse=True))
        for notebook, names in found.items()
    }


def note(notebook: str, names: tuple[str, ...], graded: bool) -> str:
    """Return the sentences on such files for the learner; `graded` is True if the first was graded."""
    if not graded:
        return f"Only {notebook}.ipynb was graded. {_hold(names)} the same notebook."
    sentence = f"{shown(names[0])} was graded as {notebook}.ipynb."
    return f"{sentence} {_hold(names[1:])} the same notebook and did not count." if names[1:] else sentence


def shown(name: str) -> str:
    """Return a file name that can be stored and shown."""
    return " ".join(name.encode("utf-8", errors="replace").decode().split())


def _hold(names: tuple[str, ...]) -> str:
    """Return the beginning of a sentence: "a.ipynb and b.ipynb also hold"."""
    listed = [*map(shown, names[:SHOWN])]
    if len(names) > SHOWN:
        rest = len(names) - SHOWN
        listed.append("1 other file" if rest == 1 else f"{rest} other files")
    if len(listed) == 1:
        return f"{listed[0]} also holds"
    return f"{', '.join(listed[:-1])} and {listed[-1]} also hold"


def _notebook_of(path: Path, released: Released) -> str | None:
    """Return the only notebook that a file fits best; None if it fits none or several."""
    file, _ = read_notebook(path)
    ids = {read_cell(cell).grade_id for cell in file["cells"]}
    origin = origin_of(file["metadata"])
    names = (_plain(path.stem), _plain(_COPY.sub("", path.stem)))
    fits = {
        notebook: (
            len(ids & known),
            origin is not None and origin.id == notebook,
            _plain(notebook) in names,
        )
        for notebook, known in released.items()
    }
    best = max(fits.values(), default=(0, False, False))
    fitting = [notebook for notebook, fit in fits.items() if fit == best and any(fit)]
    return fitting[0] if len(fitting) == 1 else None


def _plain(stem: str) -> str:
    """Return a name without its case and the kind of its separators."""
    return re.sub(r"[\s_-]+", "-", stem.strip()).casefold()


def _copy_number(name: str) -> int:
    match = _COPY.search(Path(name).stem.strip())
    return 0 if match is None else next((int(number) for number in match.groups() if number), 1)
