"""`course export feedback`: a page per learner and exercise or quiz."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from grader.cli.common import current_course
from grader.cli.output_file import check_is_none_of, check_is_outside, note
from grader.cli.run_files import note_if_unfinished
from grader.errors import CourseError
from grader.wording import first_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.classroom.feedback import Feedback
    from grader.classroom.graded_code import GradedCode
    from grader.classroom.results import Result
    from grader.content.course import Course


@click.command()
@click.argument("path", metavar="RESULTS", type=click.Path(path_type=Path))
@click.argument("out", metavar="OUT", type=click.Path(path_type=Path))
@click.option(
    "--format",
    "form",
    type=click.Choice(["html", "text", "moodle", "canvas"]),
    default="html",
    show_default=True,
    help="Pages or plain text in a directory, or a zip file of pages for Moodle or Canvas.",
)
@click.option(
    "--submissions",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True),
    help="The submissions, to show learners their code. Default: the directory that was graded.",
)
@click.pass_context
def feedback(context: click.Context, path: Path, out: Path, form: Any, submissions: Path | None) -> None:
    """Write feedback for each learner and each exercise or quiz.

    RESULTS is the directory that `course grade` wrote, or its results.jsonl. A page
    shows the score, the tests, the ideas behind wrong answers, a first hint for each
    wrong function, and the learner's own code. It shows nothing of hidden tests that
    `course check` would not. It has no pictures, because results do not hold them.
    The page of a quiz shows the learner's answers, and what each of them tells.

    OUT is a new directory with one directory per learner, or a zip file: for Moodle,
    upload it with "Upload multiple feedback files in a zip"; for Canvas, with
    "Upload Submissions". These need the names of the system's own download. Each
    member of a group gets the feedback on its work; Canvas sees to this itself in its
    group assignments.

    \b
    Examples:
      course export feedback grades feedback/
      course export feedback grades feedback.zip --format moodle

    Exit code: 0 if everybody has feedback, 1 if not, or if the run is not finished.
    """
    from msgspec.structs import replace

    from grader.classroom.exports.feedback import ZIPPED, files, zipped
    from grader.classroom.feedback import feedback_on
    from grader.classroom.grouping import check_sentences, read_sentences, said
    from grader.classroom.known_names import known_names
    from grader.classroom.quiz_feedback import feedback_on_quiz
    from grader.classroom.read_results import OnDamage, read_results, read_run
    from grader.classroom.results import Status
    from grader.files import write_whole
    from grader.judge.verdict import count

    course = current_course()
    _check(out, path, course, form in ZIPPED)
    reading = read_results(path)
    known = {*course.exercise_ids, *course.quiz_ids}
    results = [result for result in reading.results if result.item in known]
    is_unfinished = note_if_unfinished(path, read_run(path, OnDamage.SKIP), reading)
    if not results:
        raise CourseError(
            f"{path} holds no result for an exercise or quiz of this course — name its course with --course"
        )
    failed = sorted({result.learner for result in results if result.status is Status.FAILED})
    if failed:
        note(f"{', '.join(failed)}: no feedback on ungraded work; run `course grade` again")
    directory = path if path.is_dir() else path.parent
    exercises = {each: course.exercise(each) for each in course.exercise_ids}
    quizzes = {each: course.quiz(each) for each in {r.item for r in results} - {*exercises}}
    sentences = read_sentences(directory)
    on_exercises = [result for result in results if result.item in exercises]
    for line in check_sentences(directory, sentences, on_exercises, exercises):
        note(line)
    code = _code(course, path, on_exercises, submissions) if on_exercises else {}

    names = known_names(results, {})

    def make(result: Result) -> Feedback:
        if result.item in quizzes:
            made = feedback_on_quiz(result, quizzes[result.item])
        else:
            submission = code.get((result.learner, result.item))
            made = feedback_on(result, exercises[result.item], submission, said(result, sentences))
        return replace(made, learner=names[result.learner])

    written = [(result, make(result)) for result in results if result.status is not Status.FAILED]
    lost = sorted({result.learner for result, each in written if each.note})
    if lost:
        note(f"{', '.join(lost)}: no code, because the graded files are missing or have changed")
    made = files(written, form)
    if made.unnamed:
        groups = ", and in class.yaml, write members of groups as it does, such as Ada Brown_101"
        note(
            f"{', '.join(made.unnamed)}: left out, because their number in {form.capitalize()} is not "
            f"known or not theirs alone; grade the download as it is{groups if form == 'moodle' else ''}"
        )
    if made.members:
        note(
            f"{first_of(made.members)}: no files, because Canvas shows the feedback on a group's file to all "
            "members if the assignment is a group assignment, and takes no other files for them; if it is "
            "not, give them the pages that `--format html` writes"
        )
    if form in ZIPPED:
        write_whole(out, zipped(made.by_path))
    else:
        _write_all(out, made.by_path)
    click.echo(f"Wrote {out}: {count(len(made.by_path), 'file')}.")
    context.exit(1 if failed or made.unnamed or is_unfinished else 0)


def _check(out: Path, results: Path, course: Course, is_zip: bool) -> None:
    """Raise CourseError unless the output is new, and outside the course."""
    from grader.files import is_empty

    check_is_outside(out, course)
    check_is_none_of(out, [results])
    if (out.suffix.lower() == ".zip") != is_zip:
        todo = "add --format moodle or --format canvas" if not is_zip else f"name it {out.name}.zip"
        raise CourseError(f"{out} would be a {'zip file' if is_zip else 'directory'} — {todo}")
    if is_zip and out.is_dir():
        raise CourseError(f"{out} is a directory — name a zip file to write")
    if not is_zip and out.exists() and (not out.is_dir() or not is_empty(out)):
        raise CourseError(f"{out} exists already — name a new or empty directory")


def _code(course: Course, path: Path, results: Sequence[Result], submissions: Path | None) -> GradedCode:
    """Return the code that was graded, where it is still the same. Empty if it cannot be read."""
    from grader.classroom.graded_code import graded_code

    try:
        return graded_code(course, path, results, submissions)
    except CourseError as error:
        if submissions is not None:
            raise
        note(f"{error}; name the submissions with --submissions")
        return {}


def _write_all(out: Path, by_path: Mapping[str, bytes]) -> None:
    from grader.errors import EnvironmentProblem
    from grader.files import write_whole

    for name, data in by_path.items():
        try:
            (out / name).parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise EnvironmentProblem(
                f"{(out / name).parent} cannot be made: {error.strerror} — name another directory"
            ) from None
        write_whole(out / name, data)
