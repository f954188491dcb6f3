"""JSON Schemas of the content files, for editors that complete and check while one types."""

from __future__ import annotations

from typing import Any

import msgspec

from grader.content.exercise import Exercise
from grader.content.lesson import Lesson
from grader.content.quiz import Practice, Quiz

SCHEMAS: dict[str, type] = {"lesson": Lesson, "quiz": Quiz, "practice": Practice, "exercise": Exercise}


def schema(kind: str) -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a kind of file: one of SCHEMAS."""
    found = msgspec.json.schema(SCHEMAS[kind])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": kind, **found}
