"""Parsing of YAML text into nodes with line numbers, by the core schema of YAML 1.2.

PyYAML resolves YAML 1.1 scalars: `no` becomes False, `012` becomes ten and `3:30`
becomes 210. Authors and learners mean text. This module resolves only null,
booleans, floats, and decimal, octal (`0o`) and hexadecimal integers (YAML 1.2.2,
section 10.3.2). It is stricter in one point: numbers with a leading zero stay
text. Tags, deep nesting, more than a few aliases, and control characters are refused.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, ClassVar

import yaml

from grader.content.problem import ContentError, Problem
from grader.content.yaml_slips import Slip, advice, cut_slip, escape_slip
from grader.errors import CourseError, EnvironmentProblem

MAX_BYTES = 2_000_000
MAX_ALIASES = 20
MAX_DEPTH = 40

# Control characters, also those that YAML text spells "\e": a terminal would obey them. Also the
# characters that reverse the direction of text that follows, and halves of surrogate pairs.
HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

_Parser: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class _CoreLoader(_Parser):  # type: ignore[misc]
    """YAML loader that resolves scalars by the core schema only."""

    yaml_implicit_resolvers: ClassVar[dict[str, list[tuple[str, re.Pattern[str]]]]] = {}


for _tag, _pattern, _first in [
    ("null", r"^(?:null|Null|NULL|~|)$", [*"nN~", ""]),
    ("bool", r"^(?:true|True|TRUE|false|False|FALSE)$", [*"tTfF"]),
    ("int", r"^(?:[-+]?(?:0|[1-9][0-9]{0,29})|0o[0-7]+|0x[0-9a-fA-F]+)$", [*"-+0123456789"]),
    (
        "float",
        r"^(?:[-+]?(?:\.[0-9]+|(?:0|[1-9][0-9]*)(?:\.[0-9]*|(?=[eE])))(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$",
        [*"-+.0123456789"],
    ),
]:
    _CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file.

    Raises CourseError or EnvironmentProblem if it cannot be read or contains control characters.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CourseError(
                f"{path} is larger than {MAX_BYTES // 1_000_000} MB — check that it is the right file"
            )
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise CourseError(f"{path} does not exist — check the name") from None
    except IsADirectoryError:
        raise CourseError(f"{path} is a directory — name a file") from None
    except UnicodeDecodeError as error:
        raise CourseError(f"{path} is not UTF-8 text (byte {error.start}) — save it as UTF-8") from None
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be read: {error.strerror} — check its permissions") from None
    if found := HARMFUL.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise ContentError([Problem(str(path), line, *_harm(found[0]))])
    return text


def compose(text: str, file: str) -> yaml.Node | None:
    """Parse one YAML document into nodes. Returns None if it is empty.

    Raises ContentError for a syntax error, a tag, a control character, too many aliases or deep nesting.
    """
    try:
        _check_events(text, file)
        return yaml.compose(text, Loader=_CoreLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = " ".join(filter(None, [error.problem, error.context and f"({error.context})"]))
        marks = [each for each in (mark, error.context_mark) if each]
        numbers = [n for each in marks for n in (each.line, each.line - 1)]
        todo = advice(what, text.splitlines(), numbers)
        if "unknown escape" in what:
            what = "double quotes do not keep a backslash, so LaTeX cannot be written in them"
        raise _error(file, mark, f"not valid YAML: {what}", todo) from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise ContentError(
            [Problem(file, line, f"the character {error.character!r} is not allowed", "delete it")]
        ) from None


def _harm(character: str) -> tuple[str, str]:
    what = f"the control character U+{ord(character):04X} is not allowed"
    return what, "delete it, because a terminal could obey it"


def _check_events(text: str, file: str) -> None:
    """Raise ContentError for tags and control characters, and for what could exhaust the composer."""
    aliases = depth = 0
    slips: list[Slip] = []
    for event in yaml.parse(text, Loader=_Parser):
        mark = event.start_mark
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.AliasEvent):
            aliases += 1
        if depth > MAX_DEPTH:
            raise _error(file, mark, "it is nested too deeply", "flatten the lists and mappings")
        if aliases > MAX_ALIASES:
            raise _error(file, mark, f"more than {MAX_ALIASES} aliases", "write the values out")
        found = HARMFUL.search(getattr(event, "value", None) or "")
        slip = _slip(event, text, harmful=found is not None)
        if slip:
            slips.append(slip)
        elif found:
            raise _error(file, mark, *_harm(found[0]))
        tag = getattr(event, "tag", None)
        if tag not in (None, "!"):
            raise _error(
                file, mark, f"the tag {tag!r} is not allowed", "remove it, or put the text in quotes"
            )
    if slips:
        lines = [text.count("\n", 0, slip.offset) + 1 for slip in slips]
        raise ContentError(
            [Problem(file, line, slip.what, slip.todo) for line, slip in zip(lines, slips, strict=True)]
        )


def _slip(event: Any, text: str, *, harmful: bool) -> Slip | None:
    """Return what YAML reads differently from what the author of a text meant, with its place in the file."""
    if not isinstance(event, yaml.ScalarEvent) or event.start_mark is None or event.end_mark is None:
        return None
    start, end = event.start_mark.index, event.end_mark.index
    if event.style == '"' and "\\" in text[start:end]:
        slip = escape_slip(text[start:end], harmful=harmful)
        return slip and slip._replace(offset=start + slip.offset)
    return cut_slip(text, start, end) if not event.style and text.startswith(" #", end) else None


def scalar(node: yaml.ScalarNode) -> str | int | float | bool | None:
    """Return the value of a scalar node, resolved by the core schema."""
    kind = node.tag.rpartition(":")[2]
    text: str = node.value
    if kind == "null":
        return None
    if kind == "bool":
        return text.lower() == "true"
    if kind == "int":
        return int(text, 0)
    if kind == "float":
        return float(re.sub(r"\.(inf|nan)$", r"\1", text.lower()))
    return text


def line_of(node: yaml.Node) -> int:
    """Return the line on which a node starts, counted from 1."""
    return int(node.start_mark.line) + 1


def _error(file: str, mark: Any, what: str, todo: str) -> ContentError:
    return ContentError([Problem(file, mark.line + 1 if mark else 1, what, todo)])
