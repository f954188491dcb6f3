"""`course schema`: JSON Schemas for authors' editors."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

CLASS = "class"
_KINDS = ("course", "lesson", "quiz", "practice", "exercise", "equivalent_mutants", CLASS)


@click.command()
@click.argument("kind", metavar="[KIND]", type=click.Choice(_KINDS), required=False)
@click.option(
    "--all",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write all schemas into DIR, which is `schemas` in a course.",
)
def schema(kind: str | None, directory: Path | None) -> None:
    """Print the JSON Schema of a kind of file, or write all of them.

    With the schema, an editor can complete, explain and check a file while you
    type. The files that `course new` writes name their schemas in `schemas/`.

    \b
    Examples:
      course schema quiz > quiz.schema.json
      course schema --all schemas
    """
    if (kind is None) == (directory is None):
        raise click.UsageError(f"Name one KIND ({', '.join(_KINDS)}), or a directory with --all.")
    if kind is not None:
        click.echo(_text(kind), nl=False)
        return
    from grader.files import not_written, write_whole

    assert directory is not None
    try:
        directory.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_written(directory, error, "name a directory you can write to") from None
    for each in _KINDS:
        write_whole(directory / f"{each}.json", _text(each).encode())
    click.echo(f"Wrote {len(_KINDS)} schemas into {directory}.")


def _text(kind: str) -> str:
    return json.dumps(any_schema(kind), indent=2, ensure_ascii=False) + "\n"


def any_schema(kind: str) -> dict[str, Any]:
    """Return the schema of a kind of file, of a course or of a class."""
    from grader.content.schema import schema, schema_of

    if kind != CLASS:
        return schema(kind)
    from grader.classroom.class_descriptions import CLASS_FIELDS
    from grader.classroom.class_file import ClassFile

    return schema_of(CLASS, ClassFile, CLASS_FIELDS)
