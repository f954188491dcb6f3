"""Read a notebook's JSON without building its outputs, so that memory stays near the size of the file.

Outputs may be a hundred times as large as the code. They are passed over, not
parsed, so damage in them costs nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

MAX_EFFORT = 3_000_000  # brackets passed over; a value that is built costs BUILT of them
BUILT = 4
MAX_CELLS = 10_000
MAX_TEXT = 200_000_000  # bytes of the texts that are built, as Python keeps them
_WIDE = 4  # bytes of each character of a text that holds one emoji
_KEPT = frozenset(["cell_type", "source", "input", "metadata", "attachments"])  # of a cell
_SKIPPED_METADATA = frozenset(["widgets"])  # the state of widgets is as large as outputs

_SPACE = re.compile(rb"[ \t\n\r]*+")
_STRING = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_SCALAR = re.compile(rb"-?(?:[0-9][0-9.eE+-]*+|true|false|null|NaN|Infinity)")
_UP_TO_BRACKET = re.compile(rb'(?:[^"\[\]{}]++|"[^"\\]*+(?:\\.[^"\\]*+)*+")*+', re.DOTALL)

Json = dict[str, Any]


class TooComplex(ValueError):
    """The file has more parts than any notebook that a person made. The message is a reason."""


def read_notebook_json(raw: bytes) -> Json | None:
    """Return a notebook's `metadata`, `cells` and `worksheets`, with only the parts of cells that are used.

    `raw` is UTF-8. Returns None if the JSON is not an object. Raises ValueError if it
    is not JSON, UnicodeDecodeError if a part that is used is not UTF-8, RecursionError.
    """
    return _Reader(raw).notebook()


class _Reader:
    """Reads once from start to end. Every method raises ValueError where the JSON is wrong."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self._at = 0
        self._effort = 0
        self._cells_read = 0
        self._text = 0

    def notebook(self) -> Json | None:
        found: Json | None = None
        if self._next() == b"{":
            found = {}
            for key in self._members():
                if key == "metadata":
                    found[key] = self._value(_SKIPPED_METADATA)
                elif key == "cells":
                    found[key] = self._cells()
                elif key == "worksheets":
                    found[key] = self._sheets()
                else:
                    self._skip()
        else:
            self._skip()
        if self._next():
            raise ValueError("there is more after the end")
        return found

    def _sheets(self) -> Any:
        if self._next() != b"[":
            return self._value()
        return [self._sheet() for _ in self._elements()]

    def _sheet(self) -> Json | None:
        if self._next() != b"{":
            self._skip()
            return None
        found: Json = {}
        for key in self._members():
            if key == "cells":
                found[key] = self._cells()
            else:
                self._skip()
        return found

    def _cells(self) -> Any:
        """Return a list of cells; None stands for a value of another type."""
        if self._next() != b"[":
            self._skip()
            return None
        return [self._cell() for _ in self._elements()]

    def _cell(self) -> Json | None:
        self._cells_read += 1
        if self._cells_read > MAX_CELLS:
            raise TooComplex(f"it has more than {MAX_CELLS} cells")
        if self._next() != b"{":
            self._skip()
            return None
        found: Json = {}
        for key in self._members():
            if key in _KEPT:
                found[key] = self._value()
            else:
                self._skip()
        return found

    def _value(self, without: frozenset[str] = frozenset()) -> Any:
        """Build a value; `without` are keys of an object to leave out."""
        self._spend(BUILT)
        match self._next():
            case b"{":
                built: Json = {}
                for key in self._members():
                    if key in without:
                        self._skip()
                    else:
                        built[key] = self._value()
                return built
            case b"[":
                return [self._value() for _ in self._elements()]
        return self._scalar()

    def _members(self) -> Iterator[str]:
        """Yield the keys of an object. The caller reads or skips the value before it asks for the next."""
        for _ in self._items(b"}"):
            key = self._scalar()
            if not isinstance(key, str) or self._next() != b":":
                raise ValueError("a key is expected")
            self._at += 1
            yield key

    def _elements(self) -> Iterator[None]:
        """Yield for each value of an array. The caller reads or skips it before it asks for the next."""
        yield from self._items(b"]")

    def _items(self, close: bytes) -> Iterator[None]:
        self._at += 1
        if self._next() == close:
            self._at += 1
            return
        while True:
            self._spend(1)
            yield
            end = self._next()
            self._at += 1
            if end == close:
                return
            if end != b",":
                raise ValueError("a comma is expected")

    def _scalar(self) -> Any:
        start = self._after_space()
        self._skip()
        raw = self._raw[start : self._at]
        self._text += len(raw) if raw.isascii() and b"\\u" not in raw else len(raw) * _WIDE
        if self._text > MAX_TEXT:
            raise TooComplex("it has too much text")
        try:
            return json.loads(raw.decode())
        except UnicodeDecodeError as error:  # give the position in the whole file
            place = start + error.start, start + error.end
            raise UnicodeDecodeError(error.encoding, self._raw, *place, error.reason) from None

    def _skip(self) -> None:
        """Pass over a value without parsing it."""
        first = self._next()
        if first not in (b"[", b"{"):
            match = (_STRING if first == b'"' else _SCALAR).match(self._raw, self._at)
            if match is None:
                raise ValueError("a value is expected")
            self._at = match.end()
            return
        at, depth = self._at, 0
        while True:
            bracket = self._raw[at : at + 1]
            if bracket in (b"[", b"{"):
                depth += 1
            elif bracket in (b"]", b"}"):
                depth -= 1
            else:
                raise ValueError("a bracket is not closed")
            at += 1
            if not depth:
                self._at = at
                return
            self._spend(1)
            match = _UP_TO_BRACKET.match(self._raw, at)
            at = match.end() if match is not None else at

    def _next(self) -> bytes:
        """Return the next byte that is not a space; nothing at the end."""
        at = self._after_space()
        return self._raw[at : at + 1]

    def _after_space(self) -> int:
        match = _SPACE.match(self._raw, self._at)
        self._at = self._at if match is None else match.end()
        return self._at

    def _spend(self, effort: int) -> None:
        self._effort += effort
        if self._effort > MAX_EFFORT:
            raise TooComplex("it has too many parts; clear its outputs")
