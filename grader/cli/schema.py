"""`course schema`: JSON Schemas for authors' editors."""

from __future__ import annotations

import json

import click


@click.command()
@click.argument("kind", type=click.Choice(["course", "lesson", "quiz", "practice", "exercise"]))
def schema(kind: str) -> None:
    """Print the JSON Schema of course.yaml, or of lesson, quiz, practice or exercise files.

    With the schema, an editor can complete and check a file while you type.

    \b
    Example:
      course schema quiz > quiz.schema.json
    """
    from grader.content.schema import schema as schema_of

    click.echo(json.dumps(schema_of(kind), indent=2))
