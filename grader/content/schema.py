"""JSON Schemas of the content files, for editors that complete, explain and check them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import msgspec

from grader.content.base import Content
from grader.content.course_file import CourseFile
from grader.content.descriptions import FIELDS, Fields, described
from grader.content.equivalents import EquivalentMutants
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.quiz import Practice, Quiz

T = TypeVar("T")

SCHEMAS: dict[str, type] = {
    "course": CourseFile,
    "lesson": Lesson,
    "quiz": Quiz,
    "practice": Practice,
    "exercise": Exercise,
    "equivalent_mutants": EquivalentMutants,
}


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of file. Raises KeyError unless SCHEMAS has the kind."""
    return schema_of(kind, SCHEMAS[kind], FIELDS)


def schema_of(title: str, type_: type, tables: Mapping[str, Fields]) -> dict[str, Any]:
    """Return the JSON Schema of a type of content, with the descriptions of its fields."""
    generated = msgspec.json.schema(type_)
    types: dict[str, type] = {each.__name__: each for each in subclasses(Content)}
    for name, definition in generated["$defs"].items():
        for field, shape in definition.get("properties", {}).items():
            if (found := described(types[name], field, tables)) is not None:
                shape |= {"description": found.text, "examples": [found.example]}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **generated}


def subclasses(type_: type[T]) -> Iterator[type[T]]:
    """Yield all types derived from a type."""
    for each in type_.__subclasses__():
        yield each
        yield from subclasses(each)
