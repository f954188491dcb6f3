"""A picture of a course: its files in `lessons/figures/`, and what it shows in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.content.base import Content, Finding

MAX_DRAWING = 76  # columns: a drawing is indented on a terminal of 80


class Figure(Content, frozen=True, kw_only=True):
    """A picture in `lessons/figures/`, with its alternative text."""

    file: str
    narrow: str | None = None  # the same picture for a phone, as a second file
    alt: str
    drawing: str | None = None  # the picture in characters, which a terminal shows instead of `alt`

    @property
    def files(self) -> dict[str, str]:
        """The figure's files by the field that names them."""
        return {"file": self.file} | ({"narrow": self.narrow} if self.narrow is not None else {})

    @property
    def words(self) -> str:
        """The alternative text in one line."""
        return " ".join(self.alt.split())

    def findings(self) -> Iterator[Finding]:
        for field, file in self.files.items():
            if not _is_below(file):
                yield Finding(
                    (field,),
                    f"{file!r} is not in lessons/figures",
                    "put the figure there, and write its path from there",
                )
        size = max(map(len, (self.drawing or "").splitlines()), default=0)
        if size > MAX_DRAWING:
            what = f"a line has {size} characters"
            yield Finding(("drawing",), what, f"use at most {MAX_DRAWING}, so that it fits on a terminal")


class LessonFigure(Figure, frozen=True, kw_only=True):
    """A figure of a section, with its caption."""

    caption: str


def file_names(figures: Iterable[Figure]) -> tuple[str, ...]:
    """Return the names of all files of figures, each once."""
    return tuple(dict.fromkeys(name for figure in figures for name in figure.files.values()))


def _is_below(file: str) -> bool:
    """Return True if a relative path stays below its directory, on any system."""
    parts = file.split("/")
    return not any(part in ("", ".", "..") for part in parts) and not set(file) & {"\\", ":"}
