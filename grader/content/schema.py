"""JSON Schemas of the content files, for editors that complete and check them."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.content.course_file import CourseFile
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.quiz import Practice, Quiz

SCHEMAS: dict[str, type] = {
    "course": CourseFile,
    "lesson": Lesson,
    "quiz": Quiz,
    "practice": Practice,
    "exercise": Exercise,
}


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of file. Raises KeyError unless SCHEMAS has the kind."""
    generated = msgspec.json.schema(SCHEMAS[kind])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind, **generated}
