"""Slips of people who write text in YAML, and what to do about a syntax error."""

from __future__ import annotations

import re
from typing import NamedTuple

_QUOTES = "put the text in quotes"
_NOT_DOUBLE = "put the text in single quotes, or write it on lines of its own after `|`"
_ESCAPES = {
    "a": "a bell",
    "b": "a backspace",
    "e": "an escape character",
    "f": "a page break",
    "n": "a line break",
    "r": "a carriage return",
    "t": "a tab",
    "v": "a vertical tab",
}
_FORMULA = re.compile(r"\$\$.+?\$\$|\$(?=\S)(?:\\.|[^$\\])+?(?<=\S)\$(?!\d)", re.DOTALL)
_COMMAND = re.compile(r"(?<!\\)(?:\\\\)*(?P<command>\\(?P<letter>[abefnrtv])[A-Za-z]+)")
_MAY_BE_MEANT = "nt"  # letters of escapes that people write on purpose outside of formulas
_VALUE = re.compile(r"\s*(?:- +)*(?:[\w-]+: +)?(?P<value>.*)")
_GOES_ON = re.compile(r"""(?:"(?:\\.|[^"\\])*"|'(?:''|[^'])*')\s*[^\s#:,\]}]""")
_COMMENT = re.compile(r" #(?P<space>\s?)")


class Slip(NamedTuple):
    """A slip: its offset in the text, the cause, and what to do."""

    offset: int
    what: str
    todo: str


def escape_slip(raw: str, *, harmful: bool = False) -> Slip | None:
    """Return the first command of LaTeX that double quotes change, as in "$\\frac{1}{2}$".

    `raw` is the text as it is in the file. If its value is `harmful`, the command may be outside of `$…$`.
    """
    for formula in _FORMULA.finditer(raw):
        if found := _COMMAND.search(formula[0]):
            return _escaped(found, formula.start())
    if harmful:
        commands = (found for found in _COMMAND.finditer(raw) if found["letter"] not in _MAY_BE_MEANT)
        return next((_escaped(found, 0) for found in commands), None)
    return None


def _escaped(found: re.Match[str], start: int) -> Slip:
    letter = found["letter"]
    what = f"in double quotes, the `\\{letter}` of `{found['command']}` is {_ESCAPES[letter]}"
    return Slip(start + found.start("command"), what, _NOT_DOUBLE)


def cut_slip(text: str, start: int, end: int) -> Slip | None:
    """Return a slip if the plain text between two offsets is cut by a ` #` that belongs to the sentence.

    A comment is usually set off by two blanks, or aligned with the one on the line above or below.
    """
    value = text[start:end]
    comment = _COMMENT.match(text, end)
    if comment is None or not any(map(str.isalpha, value)):
        return None
    is_prose = bool(re.search(r"\s", value)) or (value[0].isupper() and not comment["space"])
    if not is_prose or _is_aligned(text, end + 1):
        return None
    last = value.split()[-1]
    what = f"YAML ignores the rest of the line after {last!r}, because ` #` begins a comment"
    return Slip(end, what, f"{_QUOTES}, or write two blanks before a comment")


def _is_aligned(text: str, at: int) -> bool:
    """Return True if the line above or below has a comment in the same column."""
    lines = text.splitlines()
    number = text.count("\n", 0, at)
    column = at - (text.rfind("\n", 0, at) + 1)
    near = (number - 1, number + 1)
    return any(0 <= i < len(lines) and lines[i][column - 1 : column + 1] == " #" for i in near)


def advice(problem: str, lines: list[str], numbers: list[int]) -> str:
    """Return what to do about a syntax error, from the parser's words and the lines that it names."""
    if "unknown escape" in problem:
        return _NOT_DOUBLE
    for number in numbers:
        if 0 <= number < len(lines) and (found := _line_advice(problem, lines[number])):
            return found
    if numbers and (found := _indentation(lines, numbers[0])):
        return found
    return "check quotes, colons and indentation"


def _line_advice(problem: str, line: str) -> str:
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "replace the tab by spaces"
    match = _VALUE.match(line)
    value = match["value"] if match else ""
    if _GOES_ON.match(value):
        return "put the whole text in quotes, and write each single quote inside single quotes twice"
    if value[:1] in "“”„‘’" and value:
        return "write straight quotes instead of the curly ones"
    if value[:2] == "{{" or (value and value[0] in "`*%@&!"):
        first = "a backquote" if value[0] == "`" else f"`{value[0]}`"
        return f"{_QUOTES}, because it begins with {first}"
    if value[:1] == "[" and ("]" in problem or not value.rstrip().endswith("]")):
        return f"{_QUOTES} if it is no list, because it begins with `[`; else close the list with `]`"
    if ": " in value and value[:1] not in "\"'{[|>":
        return f"{_QUOTES}, because it contains `: `"
    return ""


def _indentation(lines: list[str], number: int) -> str:
    """Return what to do if a line is indented by a space more or less than the one above."""
    if not 0 < number < len(lines) or not lines[number].strip():
        return ""
    here, above = (len(each) - len(each.lstrip(" ")) for each in (lines[number], lines[number - 1]))
    return "indent it like the line above" if abs(here - above) == 1 else ""
