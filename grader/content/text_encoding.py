"""Decode a text file by what the file says of itself: a byte order mark, or a declaration as in PEP 263."""

from __future__ import annotations

import codecs
import re

from msgspec import Struct

FALLBACK = "cp1252"  # what old editors on Windows write
_MARKS = (  # UTF-32 first: its mark starts with that of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#|$)")
# they turn a text into another one, or need quadratic time
_UNFIT = frozenset(["idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"])


class EncodingProblem(Exception):
    """The reason why a file cannot be decoded, as the end of a sentence: "line 2 is not UTF-8"."""


class DecodedText(Struct, frozen=True):
    """A text with "\\n" line endings. `guessed` is the encoding if the file did not say it, else empty."""

    text: str
    guessed: str = ""


def decode_text(raw: bytes) -> str:
    """Decode UTF-8, or UTF-16 and UTF-32 with a byte order mark. Raises EncodingProblem."""
    return _text(raw, _by_mark(raw) or "utf-8")


def decode_python(raw: bytes) -> DecodedText:
    """Decode source code as Python does. Raises EncodingProblem.

    Where Python would refuse a file because it is not UTF-8, it is read as
    Windows-1252 if possible.
    """
    if (marked := _by_mark(raw)) is not None:
        return DecodedText(_text(raw, marked))
    declared = _declared(raw) or "utf-8"
    if declared not in ("utf-8", "ascii"):
        return DecodedText(_text(raw, declared))
    try:
        return DecodedText(_text(raw, "utf-8"))
    except EncodingProblem:
        if b"\0" in raw:
            raise
        try:
            return DecodedText(_text(raw, FALLBACK), guessed="Windows-1252")
        except EncodingProblem:
            pass
        raise


def _by_mark(raw: bytes) -> str | None:
    return next((encoding for mark, encoding in _MARKS if raw.startswith(mark)), None)


def _declared(raw: bytes) -> str | None:
    """Return the codec that one of the first two lines declares. Raises EncodingProblem."""
    for line in re.split(rb"\r\n|\r|\n", raw[:5000], maxsplit=2)[:2]:
        if match := _DECLARED.match(line):
            return _codec(match[1].decode(errors="replace"))
        if not _BLANK.match(line):
            return None
    return None


def _codec(name: str) -> str:
    """Return the standard name of a codec. Raises EncodingProblem if it cannot hold source code."""
    try:
        found = codecs.lookup(name)
    except Exception:  # of a name with odd characters, too
        raise EncodingProblem(f"it declares the encoding {name[:40]!r}, which Python does not know") from None
    codec = found.name.replace("_", "-")
    # without a mark, a file with a readable declaration is not UTF-16
    if not found._is_text_encoding or codec in _UNFIT or codec.startswith(("utf-16", "utf-32")):
        raise EncodingProblem(f"it declares the encoding {name[:40]!r}, but is not written in it")
    return codec


def _text(raw: bytes, encoding: str) -> str:
    try:
        text = raw.decode(encoding)
        text.encode()  # some codecs give half characters
    except Exception as error:  # some codecs raise errors of their own
        if not isinstance(error, UnicodeDecodeError) or encoding.startswith(("utf-16", "utf-32")):
            raise EncodingProblem(f"it looks like {encoding.upper()}, but is damaged") from None
        line = raw.count(b"\n", 0, error.start) + 1
        name = encoding.upper().removesuffix("-SIG")
        raise EncodingProblem(f"line {line} is not {name}") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")
