"""A figure's SVG file as markup for a page: only shapes, text and the classes that the page colors.

What the page decides itself is left out: the file's style sheet, its title and its size. Anything
else that is not on the lists is refused, and the page shows such a file as an image instead. There
its style works, and scripts do not run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import lru_cache
from html import escape
from xml.parsers import expat

from markupsafe import Markup

from grader.content.svg_names import ATTRIBUTES, CLASSES, ELEMENTS, LEFT_OUT, SVG
from grader.errors import CourseError

MAX_BYTES = 256 * 1024
MAX_ELEMENTS = 4_000
MAX_DEPTH = 24

OF_ROOT = frozenset("class id viewBox width height x y preserveAspectRatio".split())  # the page decides
_ID = re.compile(r"[A-Za-z][\w.-]{0,63}", re.ASCII)
_REFERENCE = re.compile(r"url\(#([A-Za-z][\w.-]{0,63})\)", re.ASCII)


class SvgRefused(CourseError):
    """A file that is not safe, plain SVG."""


@lru_cache(200)
def svg(source: bytes, *, alt: str, prefix: str) -> Markup:
    """Return a figure as an `<svg role="img">` described by `alt`. Raises SvgRefused.

    `prefix` begins the figure's ids. It must differ between the figures of one page.
    """
    if len(source) > MAX_BYTES:
        raise SvgRefused(f"has {len(source):,} bytes — use at most {MAX_BYTES:,}")
    reader = _Reader(alt, prefix)
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    parser.ordered_attributes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    try:
        parser.Parse(source, True)
    except expat.ExpatError as error:
        raise SvgRefused(f"is not well-formed: {error}") from None
    return Markup("".join(reader.pieces))


class _Reader:
    """What has been written of the figure so far."""

    def __init__(self, alt: str, prefix: str) -> None:
        if not _ID.fullmatch(prefix):
            raise ValueError(f"{prefix!r} cannot begin an id")
        self.pieces: list[str] = []
        self._alt = alt
        self._prefix = prefix
        self._open: list[str] = []
        self._left_out: int | None = None  # the depth of an element that is left out, while inside
        self._elements = 0

    def start(self, qualified: str, attributes: list[str]) -> None:
        self._elements += 1
        self._open.append(qualified)
        if self._elements > MAX_ELEMENTS or len(self._open) > MAX_DEPTH:
            raise SvgRefused(
                f"has more than {MAX_ELEMENTS:,} elements, or more than {MAX_DEPTH} inside each other"
            )
        if self._left_out is not None:
            return
        namespace, _, name = qualified.rpartition(" ")
        is_root = len(self._open) == 1
        if namespace == SVG and name in LEFT_OUT and not is_root:
            self._left_out = len(self._open)
            return
        if namespace != SVG:
            raise SvgRefused(f'has the element <{name}>, which is not SVG — give the root xmlns="{SVG}"')
        if name not in ELEMENTS or (name == "svg") != is_root:
            raise SvgRefused(f"has the element <{name}> — use shapes and text")
        pairs = list(zip(attributes[::2], attributes[1::2], strict=True))
        if is_root:
            self.pieces.append(self._root(dict(pairs)))
            pairs = [pair for pair in pairs if pair[0] not in OF_ROOT]
        else:
            self.pieces.append(f"<{name}")
        self.pieces += [*self._attributes(pairs), ">"]
        if is_root:
            self.pieces.append(f'<desc id="{self._prefix}-desc">{escape(self._alt)}</desc>')

    def end(self, qualified: str) -> None:
        if self._left_out is None:
            self.pieces.append(f"</{qualified.rpartition(' ')[2]}>")
        elif self._left_out == len(self._open):
            self._left_out = None
        self._open.pop()

    def text(self, data: str) -> None:
        if self._left_out is not None:
            return
        if self._open[-1].rpartition(" ")[2] in ("text", "tspan"):
            self.pieces.append(escape(data))
        elif data.strip():
            raise SvgRefused("has words outside of <text>")

    def _root(self, attributes: dict[str, str]) -> str:
        words = attributes.get("viewBox", f"0 0 {attributes.get('width')} {attributes.get('height')}")
        try:
            x, y, width, height = map(float, words.replace(",", " ").split())
        except ValueError:
            raise SvgRefused("has no viewBox of four numbers") from None
        if not all(map(math.isfinite, (x, y, width, height))) or min(width, height) <= 0:
            raise SvgRefused("has no viewBox of four numbers, the last two above 0")
        view = " ".join(f"{number:g}" for number in (x, y, width, height))
        return f'<svg class="drawing" role="img" aria-labelledby="{self._prefix}-desc" viewBox="{view}"'

    def _attributes(self, pairs: list[tuple[str, str]]) -> Iterator[str]:
        for name, value in pairs:
            if name not in ATTRIBUTES:
                shown = name.rpartition(" ")[2]
                raise SvgRefused(f"has the attribute {shown} — use attributes of shapes and text")
            yield f' {name}="{escape(self._value(name, value))}"'

    def _value(self, name: str, value: str) -> str:
        """Return an attribute's value with the prefix before ids; refuse one that could load anything."""
        if name == "class":
            if unknown := set(value.split()) - CLASSES:
                raise SvgRefused(f"has the class {min(unknown)!r} — use classes of figures.css")
            return " ".join(value.split())
        if name == "id":
            if not _ID.fullmatch(value):
                raise SvgRefused(f"has the id {value!r} — begin it with a letter, and use letters and digits")
            return f"{self._prefix}-{value}"
        if reference := _REFERENCE.fullmatch(value.strip()):
            return f"url(#{self._prefix}-{reference.group(1)})"
        if any(each in value.lower() for each in ("url", "\\", "javascript", "data:", "expression")):
            raise SvgRefused(f"has {name}={value[:60]!r} — refer to an id of the same file, as in url(#id)")
        return value


def _refuse_doctype(*_: object) -> None:
    raise SvgRefused("has a document type — delete the <!DOCTYPE> line")
