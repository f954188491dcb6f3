"""`course export mistake`: a known mistake for the author, from a group of wrong answers."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import click

from grader.cli.common import current_course
from grader.cli.output_file import note
from grader.errors import CourseError


@click.command()
@click.argument("path", metavar="RESULTS", type=click.Path(path_type=Path))
@click.argument("group", metavar="GROUP")
@click.option("--id", "mistake_id", metavar="ID", required=True, help="The id of the new mistake.")
@click.option(
    "--submissions",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True),
    help="The submissions. Default: the directory that was graded.",
)
def mistake(path: Path, group: str, mistake_id: str, submissions: Path | None) -> None:
    """Turn a group of wrong answers into a known mistake of the course.

    RESULTS is the directory that `course grade` wrote. GROUP is the start of an id
    that `course report` shows. The example's function is written to mistakes/ of its
    exercise, and its entry for exercise.yaml is printed. Read the code first: it is a
    learner's. Then add the entry, and run `course validate`.

    \b
    Example:
      course export mistake grades g3fa8 --id adds-the-factor
    """
    import msgspec

    from grader.authoring.mistake_drafts import imports_for
    from grader.classroom.graded_code import function_in, graded_code, text_of
    from grader.classroom.grouping import group_named, groups, read_sentences
    from grader.classroom.legible import legible
    from grader.classroom.read_results import read_results
    from grader.content.base import Id
    from grader.files import write_whole

    try:
        msgspec.convert(mistake_id, Id)
    except msgspec.ValidationError:
        raise click.UsageError(
            f"{mistake_id!r} is not an id — use lower-case letters, digits and hyphens"
        ) from None
    course = current_course()
    results = read_results(path).results
    found = group_named(groups(results, read_sentences(path if path.is_dir() else path.parent)), group)
    if any(each.id == mistake_id for each in course.exercise(found.work).mistakes):
        raise CourseError(f"{found.work} has a mistake {mistake_id!r} already — choose another --id")
    code = graded_code(course, path, results, submissions)
    texts = {each: text_of(code[each, found.work]) for each in found.learners if (each, found.work) in code}
    written = ((text, function_in(text, found.function)) for text in texts.values())
    source, body = next(
        ((text, body) for text, body in written if body and legible(body) == body), ("", None)
    )
    if body is None:
        raise CourseError(
            f"the code of group {found.id} cannot be read, or holds control characters — name the "
            "submissions with --submissions"
        )
    target = course.exercise_dir(found.work) / "mistakes" / f"{mistake_id.replace('-', '_')}.py"
    if target.exists():
        raise CourseError(f"{target} exists already — choose another --id")
    imports = "\n".join(imports_for(source, body))
    with suppress(OSError):  # then the file cannot be written either, and the error says why
        target.parent.mkdir(exist_ok=True)
    write_whole(target, ("\n\n\n".join(filter(None, (imports, body))) + "\n").encode())
    note(f"wrote {target}. Add this entry to `mistakes:` in exercise.yaml, then run `course validate`:")
    click.echo(
        f"  - id: {mistake_id}\n    function: {found.function}\n    misconception: TODO\n"
        f"    says: {json.dumps(found.says or 'TODO', ensure_ascii=False)}"
    )
