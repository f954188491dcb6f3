"""Conversion of YAML nodes into typed objects, with every problem of a file reported.

msgspec stops at the first error, but an author wants all of them, each with its
line. So this module walks the nodes itself. Types and constraints are msgspec's.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from enum import StrEnum
from functools import cache, lru_cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
import yaml

from grader.content.base import Content
from grader.content.problem import ContentError, Problem
from grader.content.yaml_core import compose, line_of, scalar

T = TypeVar("T")

MAX_NODES = 50_000
_NAMES = {str: "text", bool: "true or false", int: "a whole number", float: "a number", NoneType: "nothing"}
_FILL = "write some text, or remove the field"


class _Wrong(Exception):
    """Signal that a value cannot be built. Its problems are already in `_Decoder.problems`."""


def decode(text: str, file: str, type_: type[T]) -> T:
    """Return `text`, one YAML document, as a `type_`. Raises ContentError with all problems."""
    value: T = _decoded(text, file, type_)  # type: ignore[arg-type]  # types are hashable
    return value


@lru_cache(maxsize=100)  # a resident judge reads the same exercise for every submission of a class
def _decoded(text: str, file: str, type_: Any) -> Any:
    root = compose(text, file)
    if root is None:
        needed = [field.encode_name for field in msgspec.structs.fields(type_) if field.required]
        todo = f"write its fields, at least {', '.join(needed)}" if needed else "write its fields"
        raise ContentError([Problem(file, 1, "the file is empty", todo)])
    decoder = _Decoder(file)
    try:
        value = decoder.value(root, type_)
    except _Wrong:
        value = None
    if decoder.problems:
        raise ContentError(decoder.problems)
    return value


@cache
def _fields(struct: type[msgspec.Struct]) -> dict[str, msgspec.structs.FieldInfo]:
    return {field.encode_name: field for field in msgspec.structs.fields(struct)}


@cache
def _hints(struct: type) -> dict[str, Any]:
    return get_type_hints(struct, include_extras=True)


class _Decoder:
    """Decoder of one file; collects problems as it goes."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []
        self.nodes = 0

    def note(self, node: yaml.Node, what: str, todo: str) -> _Wrong:
        """Record a problem at the line of `node`, and return an exception for the caller to raise."""
        self.problems.append(Problem(self.file, line_of(node), what, todo))
        return _Wrong()

    def value(self, node: yaml.Node, type_: Any) -> Any:
        """Return the node as a `type_`. Raises _Wrong after recording all problems in it."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise ContentError(
                [Problem(self.file, line_of(node), f"more than {MAX_NODES:,} values", "split the file")]
            )
        origin = get_origin(type_)
        if origin is Annotated:
            return self.constrained(node, *get_args(type_))
        if origin in (Union, UnionType):
            return self.union(node, get_args(type_))
        if origin is tuple:
            return self.sequence(node, get_args(type_)[0])
        if origin is dict:
            return self.dictionary(node, get_args(type_)[1])
        if origin is Literal:
            return self.literal(node, get_args(type_))
        if isinstance(type_, type) and issubclass(type_, msgspec.Struct):
            return self.struct(node, type_)
        if isinstance(type_, type) and issubclass(type_, StrEnum):
            return type_(self.literal(node, tuple(type_)))
        return self.scalar(node, type_)

    def scalar(self, node: yaml.Node, type_: Any) -> Any:
        if not isinstance(node, yaml.ScalarNode):
            is_list = isinstance(node, yaml.SequenceNode)
            todo = f"write {_NAMES[type_]}"
            if type_ is str and getattr(node, "flow_style", False):
                todo += f", in quotes if it begins with `{'[' if is_list else '{'}`"
            elif type_ is str and not is_list:
                todo += ", in quotes if it contains `: `"
            kind = "a list" if is_list else "a mapping"
            raise self.note(node, f"{kind} where {_NAMES[type_]} is expected", todo)
        value = scalar(node)
        if type_ is float and type(value) is int:
            return float(value)
        if type(value) is type_:
            if type_ is str and isinstance(value, str) and not value.strip():
                raise self.note(node, "the text is empty", _FILL)
            return value
        if type_ is str and not node.value:
            raise self.note(node, "the value is empty", _FILL)
        if type_ is str:
            raise self.note(node, f"{node.value} is not text", f'put it in quotes: "{node.value}"')
        raise self.note(node, f"{value!r} is not {_NAMES[type_]}", f"write {_NAMES[type_]}")

    def constrained(self, node: yaml.Node, type_: Any, meta: msgspec.Meta) -> Any:
        if (meta.extra or {}).get("unquoted") and isinstance(node, yaml.ScalarNode) and node.value.strip():
            return node.value.strip()  # a plain number is as good as its text
        value = self.value(node, type_)
        if meta.pattern and not re.search(meta.pattern, value):
            raise self.note(
                node, f"{value!r} is not an id", "use lowercase letters, digits and single hyphens"
            )
        if meta.max_length and len(value) > meta.max_length:
            raise self.note(node, f"the text has {len(value)} characters", f"use at most {meta.max_length}")
        if meta.ge is not None and meta.le is not None and not meta.ge <= value <= meta.le:
            raise self.note(
                node, f"{value:g} is out of range", f"choose a number from {meta.ge:g} to {meta.le:g}"
            )
        return value

    def literal(self, node: yaml.Node, allowed: tuple[str, ...]) -> Any:
        value = self.value(node, str)
        if value not in allowed:
            raise self.note(node, f"{value!r} is not a known value", f"use one of {', '.join(allowed)}")
        return value

    def union(self, node: yaml.Node, members: tuple[Any, ...]) -> Any:
        """Decode an optional value, or one of several structs that differ in their tag."""
        if NoneType in members and isinstance(node, yaml.ScalarNode) and scalar(node) is None:
            return None
        rest = tuple(m for m in members if m not in (NoneType, msgspec.UnsetType))
        if len(rest) == 1:
            return self.value(node, rest[0])
        tags = {member.__struct_config__.tag: member for member in rest}
        field = rest[0].__struct_config__.tag_field
        items = node.value if isinstance(node, yaml.MappingNode) else self.pairs(node)
        tag = next((v for k, v in items if k.value == field), None)
        if tag is None:
            raise self.note(node, f"`{field}` is missing", f"add `{field}:` with one of {', '.join(tags)}")
        return self.struct(node, tags[self.literal(tag, tuple(tags))])

    def pairs(self, node: yaml.Node) -> list[tuple[yaml.ScalarNode, yaml.Node]]:
        """Return the items of a mapping with scalar keys; records repeated and other keys as problems."""
        if not isinstance(node, yaml.MappingNode):
            raise self.note(node, "this is not a mapping", "write `name: value` lines")
        items: dict[str, tuple[yaml.ScalarNode, yaml.Node]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                self.note(key, "a list or mapping cannot be a name", "use a word as the name")
            elif key.value in items:
                first = line_of(items[key.value][0])
                self.note(key, f"`{key.value}` occurs twice (first on line {first})", "delete one of them")
            else:
                items[key.value] = (key, value)
        return list(items.values())

    def sequence(self, node: yaml.Node, type_: Any) -> tuple[Any, ...]:
        if not isinstance(node, yaml.SequenceNode):
            raise self.note(node, "this is not a list", "write one item per line, each after `- `")
        return tuple(self.all([(item, type_) for item in node.value]))

    def dictionary(self, node: yaml.Node, type_: Any) -> dict[str, Any]:
        pairs = self.pairs(node)
        values = self.all([(value, type_) for _, value in pairs])
        return dict(zip([key.value for key, _ in pairs], values, strict=True))

    def all(self, typed_nodes: list[tuple[yaml.Node, Any]]) -> list[Any]:
        """Decode all nodes. Raises _Wrong after recording the problems of all of them."""
        values, wrong = [], False
        for node, type_ in typed_nodes:
            try:
                values.append(self.value(node, type_))
            except _Wrong:
                wrong = True
        if wrong:
            raise _Wrong
        return values

    def struct(self, node: yaml.Node, type_: type[msgspec.Struct]) -> Any:
        hints = _hints(type_)
        fields = _fields(type_)
        config = type_.__struct_config__
        before = len(self.problems)
        field_nodes: dict[str, yaml.Node] = {}
        for key, value in self.pairs(node):
            if key.value == config.tag_field:
                if getattr(value, "value", None) != config.tag:
                    self.note(
                        value, f"`{config.tag_field}` cannot be {value.value!r} here", f"use {config.tag}"
                    )
            elif key.value in fields:
                field_nodes[key.value] = value
            else:
                near = get_close_matches(key.value, fields, n=1)
                advice = f"did you mean `{near[0]}`?" if near else f"the fields are {', '.join(fields)}"
                self.note(key, f"`{key.value}` is not a field here", advice)
        if config.tag_field and config.tag_field not in {k.value for k, _ in node.value}:
            self.note(node, f"`{config.tag_field}` is missing", f"add `{config.tag_field}: {config.tag}`")
        for name, field in fields.items():
            if field.required and name not in field_nodes:
                self.note(node, f"`{name}` is missing", f"add `{name}:`")
        values = self.all([(value, hints[name]) for name, value in field_nodes.items()])
        if len(self.problems) > before:
            raise _Wrong
        built = type_(**dict(zip(field_nodes, values, strict=True)))
        if isinstance(built, Content):
            for path, what, todo in built.findings():
                self.note(follow(node, path), what, todo)
        return built


def follow(node: yaml.Node, path: tuple[str | int, ...]) -> yaml.Node:
    """Return the node at `path`, or the last existing node on the way to it."""
    for step in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
            node = node.value[step]
        elif isinstance(node, yaml.MappingNode):
            child = next((v for k, v in node.value if k.value == step), None)
            if child is None:
                return node
            node = child
    return node
