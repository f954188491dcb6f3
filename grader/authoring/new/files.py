"""Files of a course to create and to change, all or none."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from msgspec import Struct, ValidationError, convert

from grader.content.base import Id
from grader.content.schema import schema
from grader.errors import CourseError
from grader.files import not_written, write_whole

SCHEMAS = "schemas"  # directory of a course with the JSON Schemas that its files name
_ADVICE = "name a directory you can write to"


class Files(Struct, frozen=True, kw_only=True):
    """Texts by path, relative to the course: new files, and changed ones."""

    created: Mapping[str, str] = {}
    changed: Mapping[str, str] = {}

    def write(self, root: Path) -> None:
        """Write the files. Raises CourseError, and writes none, if a new one exists already."""
        for name in self.created:
            if (root / name).exists():
                raise CourseError(f"{root / name} exists already and is not changed — choose another id")
        for name, text in {**self.created, **self.changed}.items():
            path = root / name
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise not_written(path.parent, error, _ADVICE) from None
            write_whole(path, text.encode(), _ADVICE)


def schema_line(kind: str, depth: int) -> str:
    """Return the comment that tells editors the schema of a file, `depth` directories below the course."""
    return f"# yaml-language-server: $schema={'../' * depth}{SCHEMAS}/{kind}.json\n"


def schema_text(kind: str) -> str:
    """Return the JSON Schema of a kind of file as text."""
    return json.dumps(schema(kind), indent=2, ensure_ascii=False) + "\n"


def with_schema(root: Path, kind: str, files: Files) -> Files:
    """Return the files together with the schema that they name, if the course does not have it yet."""
    name = f"{SCHEMAS}/{kind}.json"
    known = (root / name).exists() or name in files.created
    created = files.created if known else {**files.created, name: schema_text(kind)}
    return Files(created=created, changed=files.changed)


def slug(title: str, otherwise: str = "") -> str:
    """Return an id made of the words of a title; `otherwise` if no letter of it fits."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:64].strip("-") or otherwise


def is_id(value: str) -> bool:
    """Return True if a value can be an id."""
    with suppress(ValidationError):
        convert(value, Id)
        return True
    return False
