"""Warn about SVG figures whose fixed black or white vanishes on a page of that color."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.parsers import expat

from grader.authoring.material import Material
from grader.authoring.places import PathStep, YamlPlaces
from grader.content.figures import Figure
from grader.content.lesson import Lesson
from grader.content.problem import Problem
from grader.content.quiz import Practice, Quiz
from grader.content.svg_names import ATTRIBUTES, CLASSES, ELEMENTS, LEFT_OUT, SVG

_BLACK = frozenset({"black", "#000", "#000000", "rgb(0,0,0)"})
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)"})
# classes of the page go before attributes of the file
_SET_BY_CLASS = {"stroke": ("l-", "b-", "t-halo"), "fill": ("f-", "b-", "l-", "t-", "paper")}
_TODO = (
    'write stroke="currentColor" or fill="currentColor", which has the color of the page\'s text, '
    "or use the classes of docs/authors.md"
)


def figure_warnings(material: Material, content: Lesson | Quiz | Practice) -> list[Problem]:
    """Return a warning for each figure of a lesson, or of questions, with a fixed black or white."""
    places = YamlPlaces(material.file_of(content))
    problems = []
    for path, figure in _figures(content):
        for field, file in figure.files.items():
            if found := fixed_color(material.course.figure(file)):
                line, attribute = found
                what = f"line {line} of {file} has {attribute}, which vanishes on a page of that color"
                problems.append(places.problem((*path, field), what, _TODO))
    return problems


def _figures(content: Lesson | Quiz | Practice) -> Iterator[tuple[tuple[PathStep, ...], Figure]]:
    if isinstance(content, Lesson):
        for i, section in enumerate(content.sections):
            for j, figure in enumerate(section.figures):
                yield ("sections", i, "figures", j), figure
    else:
        for i, question in enumerate(content.questions):
            if question.picture is not None:
                yield ("questions", i, "figure"), question.picture


def fixed_color(file: Path) -> tuple[int, str] | None:
    """Return the first line with a fixed black or white and its attribute, or None.

    A file that pages show as an image keeps all its colors, so it has none.
    """
    if file.suffix.lower() != ".svg" or not file.is_file():
        return None
    reader = _Reader()
    try:
        reader.parser.Parse(file.read_bytes(), True)
    except expat.ExpatError:  # reported as broken
        return None
    return reader.found if reader.is_inline else None


class _Reader:
    """What has been seen of a file so far."""

    def __init__(self) -> None:
        self.found: tuple[int, str] | None = None
        self.is_inline = True
        self._open: list[str] = []
        self.parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        namespace, _, name = qualified.rpartition(" ")
        is_left_out = any(each in LEFT_OUT for each in self._open)
        self._open.append(name)
        if is_left_out or name in LEFT_OUT:
            return
        classes = attributes.get("class", "").split()
        is_root = len(self._open) == 1
        is_known = namespace == SVG and name in ELEMENTS and (is_root or set(attributes) <= ATTRIBUTES)
        self.is_inline = self.is_inline and is_known and (is_root or set(classes) <= CLASSES)
        if self.found is None and "clipPath" not in self._open:
            for attribute in ("stroke", "fill"):
                if _is_fixed(name, attribute, attributes, classes):
                    place = self.parser.CurrentLineNumber
                    self.found = place, f'{attribute}="{attributes[attribute]}"'

    def _end(self, qualified: str) -> None:
        self._open.pop()


def _is_fixed(name: str, attribute: str, attributes: dict[str, str], classes: list[str]) -> bool:
    """Return True if a fixed black or white shows. White text may stand on a dark area of the figure."""
    color = attributes.get(attribute, "").replace(" ", "").lower()
    is_text = name in ("text", "tspan")
    is_shown = color in _BLACK or (color in _WHITE and not is_text)
    return is_shown and not any(each.startswith(_SET_BY_CLASS[attribute]) for each in classes)
