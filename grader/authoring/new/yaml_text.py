"""YAML as authors write it: scalars, and items added to the lists of an existing text."""

from __future__ import annotations

import json
from typing import Any

import yaml

from grader.content.problem import ContentError
from grader.content.yaml_core import compose, scalar
from grader.errors import CourseError

_INDICATORS = frozenset("[]{},&*!|>'\"%@`#")  # with these, quotes are easier to read than rules


def text(value: str) -> str:
    """Return a text as a YAML scalar: plain if that means the same, else in quotes."""
    if value and not _INDICATORS & {*value} and value.isprintable():
        try:
            node = compose(f"- {value}\n", "")
        except ContentError:
            node = None
        match plain(node):
            case [found] if found == value:
                return value
    if '"' in value and "'" not in value and "\\" not in value and value.isprintable():
        return f"'{value}'"
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(each if each.isprintable() else f"\\U{ord(each):08x}" for each in quoted)


def plain(node: yaml.Node | None) -> Any:
    """Return the value of a node as dicts, lists and scalars."""
    if isinstance(node, yaml.MappingNode):
        return {key.value: plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    return scalar(node) if isinstance(node, yaml.ScalarNode) else None


def with_item(source: str, path: tuple[str | int, ...], entry: str, file: str) -> str:
    """Return a YAML text with an item at the end of the list at `path`. All else stays as it is.

    `entry` is YAML: one line for a scalar, or the lines of a mapping. If the last step of the path is
    a field that is missing, the list is added. Raises ContentError if the text is not valid
    YAML, and CourseError if it is written in a way that cannot be extended.
    """
    source = source if source.endswith("\n") else source + "\n"
    before = plain(compose(source, file))
    lines = entry.rstrip("\n").split("\n")
    try:
        result = _inserted(source, path, lines, file)
        if plain(compose(result, file)) == _expected(before, path, plain(compose(entry, file))):
            return result
    except (ContentError, LookupError, TypeError):
        pass
    where = ".".join(map(str, path))
    raise CourseError(
        f"{file}: `{where}` is written in a way that cannot be extended — add this to it yourself:\n"
        + "\n".join(_item(lines, "  "))
    )


def _expected(before: Any, path: tuple[str | int, ...], item: Any) -> Any:
    """Add the item to the list at `path` of a value. Raises LookupError, TypeError."""
    parent = before
    for step in path[:-1]:
        parent = parent[step]
    parent[path[-1]] = [*parent.get(path[-1], ()), item]
    return before


def _inserted(source: str, path: tuple[str | int, ...], lines: list[str], file: str) -> str:
    parent: Any = compose(source, file)
    for step in path[:-1]:
        parent = _child(parent, step)
    if not isinstance(parent, yaml.MappingNode):
        raise TypeError(path)
    try:
        found = _child(parent, path[-1])
    except LookupError:
        if parent.flow_style:
            return _put(source, _offset(source, parent.end_mark) - 1, f", {path[-1]}: [{_only(lines)}]")
        indent = " " * parent.start_mark.column
        added = [f"{indent}{path[-1]}:", *_item(lines, f"{indent}  ")]
        return _with_lines(source, _end(source, parent), added)
    if not isinstance(found, yaml.SequenceNode):
        raise TypeError(path)
    start, end = _offset(source, found.start_mark), _offset(source, found.end_mark)
    if not found.flow_style:
        added = _item(lines, " " * found.start_mark.column)
        rows = source.split("\n")
        if len(found.value) > 1 and not rows[found.value[-1].start_mark.line - 1].strip():
            added = ["", *added]
        return _with_lines(source, _end(source, found), added)
    if found.value:
        return _put(source, end - 1, f", {_only(lines)}")
    if isinstance(compose("\n".join(lines), file), yaml.ScalarNode):
        return _put(source, end - 1, _only(lines))
    rest = source.index("\n", end)  # of the line, which may hold a comment
    below = "\n".join(_item(lines, " " * (parent.start_mark.column + 2)))
    return source[:start].rstrip(" ") + source[end:rest] + "\n" + below + source[rest:]


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        return next((v for k, v in node.value if k.value == step), None) or _missing(step)
    return node.value[step] if isinstance(node, yaml.SequenceNode) else _missing(step)


def _missing(step: str | int) -> Any:
    raise LookupError(step)


def _only(lines: list[str]) -> str:
    """Return the only line. Raises LookupError if there are several: a mapping in a list on one line."""
    return lines[0] if len(lines) == 1 else _missing(0)


def _item(lines: list[str], indent: str) -> list[str]:
    first, *rest = lines
    return [f"{indent}- {first}", *(f"{indent}  {line}" if line else "" for line in rest)]


def _offset(source: str, mark: Any) -> int:
    rows = source.split("\n")
    return sum(len(row) + 1 for row in rows[: mark.line]) + int(mark.column)


def _put(source: str, offset: int, words: str) -> str:
    return source[:offset] + words + source[offset:]


def _with_lines(source: str, number: int, added: list[str]) -> str:
    rows = source.split("\n")
    return "\n".join([*rows[:number], *added, *rows[number:]])


def _end(source: str, node: Any) -> int:
    """Return the number of lines up to the end of a block, without the blanks and comments after it."""
    rows = source.split("\n")
    end, indent = int(node.end_mark.line), int(node.start_mark.column)
    while end > 0:
        row = rows[end - 1]
        outside = row.lstrip().startswith("#") and len(row) - len(row.lstrip()) <= indent
        if row.strip() and not outside:
            return end
        end -= 1
    return end
