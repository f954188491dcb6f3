"""Every field of every file has a description and an example that the file accepts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from grader.classroom.class_descriptions import CLASS_FIELDS
from grader.classroom.class_file import ClassFile
from grader.content.base import Content
from grader.content.descriptions import FIELDS, described
from grader.content.schema import SCHEMAS, schema_of

ALL = {**{kind: (type_, FIELDS) for kind, type_ in SCHEMAS.items()}, "class": (ClassFile, CLASS_FIELDS)}
TABLES = {**FIELDS, **CLASS_FIELDS}


def types(above: type = Content) -> Iterator[type]:
    for each in above.__subclasses__():
        yield each
        yield from types(each)


@pytest.mark.parametrize("kind", ALL)
def test_every_field_has_a_description_and_an_example(kind: str) -> None:
    """A new field is described in content/descriptions.py, or in classroom/class_descriptions.py."""
    shapes = schema_of(kind, *ALL[kind])["$defs"]
    fields = [
        (name, field, shape)
        for name, each in shapes.items()
        for field, shape in each.get("properties", {}).items()
    ]
    assert fields
    assert not [
        f"{name}.{field}" for name, field, shape in fields if not {"description", "examples"} <= {*shape}
    ]


def test_every_description_belongs_to_a_field() -> None:
    known: dict[str, set[str]] = {}
    for each in types():
        tag = each.__struct_config__.tag_field  # type: ignore[attr-defined]
        known.setdefault(each.__name__.lstrip("_"), set()).update({*each.__struct_fields__, tag or ""})  # type: ignore[attr-defined]
    assert not [
        f"{name}.{field}" for name, fields in TABLES.items() for field in fields if field not in known[name]
    ]


def test_every_example_is_accepted() -> None:
    wrong = []
    for each in types():
        for field in msgspec.structs.fields(each):  # type: ignore[arg-type]
            found = described(each, field.name, TABLES)
            if found is None or found.example == {}:  # an example of settings would be one of its kind
                continue
            example: Any = str(found.example) if "Formula" in str(field.type) else found.example
            try:
                msgspec.convert(example, field.type, strict=False)
            except msgspec.ValidationError as error:
                wrong.append(f"{each.__name__}.{field.name}: {error}")
    assert not wrong


def test_descriptions_are_short_sentences() -> None:
    texts = [text for fields in TABLES.values() for text, _ in fields.values()]
    assert not [
        text for text in texts if len(text) > 110 or not text.endswith((".", ")")) or text != text.strip()
    ]
