"""`course new`: templates of courses, lessons, questions, exercises and mistakes, for authors."""

from __future__ import annotations

import shlex
from pathlib import Path

import click

from grader.cli.new_ci import ci
from grader.cli.new_mistake import mistake
from grader.cli.new_parts import author_course, say_next, the_lesson, the_section, write_files
from grader.errors import CourseError

_KINDS = ("single", "multiple", "numeric", "shape", "text", "ordering", "matching", "essay")
_ID = "[ID]"


@click.group()
def new() -> None:
    """Start a new part of a course from a template.

    Each command asks for what it needs, unless options give it. What you do not
    know yet becomes a placeholder, a text that begins with TODO. `course validate`
    lists the placeholders, with everything else that is missing. No file is ever
    overwritten.

    The course is the one in this directory, or the one that --course or COURSE_DIR
    names.

    \b
    Examples:
      course new course text-statistics
      course new lesson day1
      course new exercise exercise-words --solution words.py
      course new question --kind numeric
      course new mistake --from wrong.py --exercise exercise-words
      course new ci
    """


@new.command()
@click.argument("directory", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--title", help="The title of the course.")
@click.option(
    "--package",
    help="The name of the wheel of a learner's kit. With --title, the default is made of the title.",
)
@click.option("--tensorflow", is_flag=True, help="Exercises use TensorFlow or Keras.")
def course(directory: Path, title: str | None, package: str | None, tensorflow: bool) -> None:
    """Start a new course in DIR.

    \b
    Example:
      course new course text-statistics --title "Text statistics"
    """
    from grader.authoring.new.files import SCHEMAS, slug
    from grader.authoring.new.parts import new_course
    from grader.cli.asked_values import Values, an_id
    from grader.content.course import PARTS

    if directory.exists() and not directory.is_dir():
        raise CourseError(f"{directory} is not a directory — name another one")
    if taken := [name for name in (*PARTS, SCHEMAS) if (directory / name).exists()]:
        raise CourseError(f"{directory} has a course already: {', '.join(taken)} — name a new directory")
    named = directory.resolve().name
    values = Values()
    if title is not None:
        package = package or slug(title, "course-kit")  # course.yaml names it, so nobody has to be asked
    title = values.value(title, "--title", "Title of the course", named.replace("-", " ").capitalize())
    package = values.value(
        package, "--package", "Name of the learners' package", slug(title, "course-kit"), an_id
    )
    files = new_course(title, package, tensorflow)
    files.write(directory)
    click.echo(
        f"Wrote {directory / 'course.yaml'}, and schemas that help your editor in {directory / 'schemas'}."
    )
    change = "" if directory.resolve() == Path.cwd() else f"cd {shlex.quote(str(directory))} && "
    click.echo(f"Next: {change}course new lesson")


@new.command()
@click.argument("lesson_id", metavar=_ID, required=False)
@click.option("--title", help="The title of the lesson.")
@click.option(
    "--concept",
    "concepts",
    multiple=True,
    help="What it teaches, one section each. Repeat it to name several.",
)
def lesson(lesson_id: str | None, title: str | None, concepts: tuple[str, ...]) -> None:
    """Add a lesson, with one section per concept.

    A concept is an idea that a learner can master, such as "Word counts".

    \b
    Example:
      course new lesson day1 --title Words --concept "Word counts" --concept Frequencies
    """
    from grader.authoring.new.parts import new_lesson
    from grader.cli.asked_values import Values, an_id
    from grader.content.course import COURSE_FILE
    from grader.content.yaml_core import read_text

    here, values = author_course(), Values()
    number = len(here.lesson_ids) + 1
    lesson_id = values.value(lesson_id, "ID", "Id of the lesson", f"day{number}", an_id)
    title = values.value(title, "--title", "Title of the lesson", f"Day {number}")
    named = values.values(concepts, "--concept", "A concept that it teaches")
    about = here.root / COURSE_FILE
    files = new_lesson(lesson_id, title, named, read_text(about) if about.is_file() else None)
    write_files(here, "lesson", files)
    say_next(f"write lessons/{lesson_id}.yaml", "validate", lesson_id)


@new.command()
@click.argument("question_id", metavar=_ID, required=False)
@click.option("--lesson", "lesson_id", help="The lesson. Default: the only one.")
@click.option(
    "--quiz", "quiz_id", help="Add it to this quiz, which may be new. Default: to the practice questions."
)
@click.option("--kind", type=click.Choice(_KINDS), help="The kind of question.")
@click.option(
    "--section",
    help="The section of the lesson that teaches the answer. Default: the one that teaches --concept.",
)
@click.option("--concept", help="The concept that it is about. Default: the first one of the section.")
@click.option("--prompt", help="The question.")
@click.option(
    "--answer",
    "answers",
    multiple=True,
    help="The right option, value, formula or text. Repeat it for more right options, for other ways to "
    "write a text, or for the items of an ordering question.",
)
@click.option("--wrong", multiple=True, help="A wrong option, value or text. Repeat it to name several.")
def question(
    question_id: str | None,
    lesson_id: str | None,
    quiz_id: str | None,
    kind: str | None,
    section: str | None,
    concept: str | None,
    prompt: str | None,
    answers: tuple[str, ...],
    wrong: tuple[str, ...],
) -> None:
    """Add a question to a quiz or to the practice questions of a lesson.

    Quizzes are scored. Practice questions come up while learning and reviewing.

    \b
    Examples:
      course new question
      course new question --quiz day1 --kind single --section 1
      course new question --kind numeric --prompt "How many words?" --answer 3 --wrong 4
    """
    from grader.authoring.new.questions import (
        NewQuestion,
        add_to_practice,
        add_to_quiz,
        answer_flaw,
        answers_flaw,
        free_id,
        question_ids,
        wrong_flaw,
    )
    from grader.cli.asked_values import Values, an_id, checked, one_of

    here, values = author_course(), Values()
    taken = question_ids(here)
    if question_id in taken:
        raise CourseError(f"the course has a question {question_id!r} already — choose another id")
    owner = the_lesson(here, values, lesson_id)
    if section is None and concept is not None:
        teaching = [each.id for each in owner.sections if concept in each.concepts]
        section = teaching[0] if len(teaching) == 1 else None
    section = the_section(values, owner, section)
    found = owner.section(section)
    concepts = found.concepts if found and found.concepts else tuple(c.id for c in owner.concepts)
    about = checked(concept or concepts[0], "--concept", one_of([c.id for c in owner.concepts]))
    chosen = values.value(kind, "--kind", f"Kind ({', '.join(_KINDS)})", "single", one_of(_KINDS))
    if chosen == "essay" and quiz_id is None:
        raise CourseError("an essay earns points, so it belongs to a quiz — name it with --quiz ID")
    if flaw := answers_flaw(chosen, len(answers)) or (wrong and wrong_flaw(chosen)):
        raise click.UsageError(flaw)
    said = values.later(prompt, "--prompt", "The question")
    answer = answers[0] if answers else None
    right = answer or ""
    if chosen in ("numeric", "shape"):
        asked = "The right value, or a formula such as 4 * units"
        right = values.value(answer, "--answer", asked, check=lambda each: answer_flaw(chosen, each))
        wrong = tuple(checked(each, "--wrong", lambda each: answer_flaw(chosen, each)) for each in wrong)
    elif chosen in ("single", "text"):
        right = values.later(answer, "--answer", "The right answer")
    start = f"{quiz_id}-q" if quiz_id else f"{owner.id}-p"
    question_id = question_id or free_id(start, taken)
    new_question = NewQuestion(
        id=checked(question_id, "ID", an_id),
        kind=chosen,  # type: ignore[arg-type]  # checked above
        concept=about,
        section=section,
        prompt=said,
        answers=(right, *answers[1:]) if right else (),
        wrong=wrong,
    )
    if quiz_id is None:
        files = add_to_practice(here, owner.id, new_question)
    else:
        files = add_to_quiz(
            here, checked(quiz_id, "--quiz", an_id), f"{owner.title} quiz", owner, new_question
        )
    write_files(here, "practice" if quiz_id is None else "quiz", files)
    name = f"quizzes/{quiz_id}.yaml" if quiz_id else f"quizzes/practice/{owner.id}.yaml"
    say_next(f"finish {question_id} in {name}", "validate", quiz_id or owner.id)


@new.command()
@click.argument("exercise_id", metavar=_ID, required=False)
@click.option("--title", help="The title of the exercise.")
@click.option("--lesson", "lesson_id", help="The lesson. Default: the only one.")
@click.option("--section", help="The section after which it is suggested.")
@click.option(
    "--function",
    "functions",
    multiple=True,
    help="A function to write, such as 'word_count(text) -> int'. Repeat it to name several.",
)
@click.option(
    "--solution",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Your finished solution. Signatures, docstrings and kinds of results are taken from it.",
)
def exercise(
    exercise_id: str | None,
    title: str | None,
    lesson_id: str | None,
    section: str | None,
    functions: tuple[str, ...],
    solution: Path | None,
) -> None:
    """Add an exercise: its contract, starter, solution and tests.

    With --solution, start from a Python file with docstrings and annotations. All
    its functions whose names do not begin with _ become functions to write. The
    starter imports the usual libraries, and what docstrings mention or defaults of
    parameters need. A message names the imports that it leaves out.

    \b
    Examples:
      course new exercise exercise-words --solution words.py
      course new exercise exercise-words --function "word_count(text) -> int"
    """
    from grader.authoring.new.exercise import new_exercise
    from grader.authoring.new.functions import function_of, functions_in
    from grader.authoring.new.starter_text import starter_head
    from grader.cli.asked_values import Values, an_id
    from grader.content.yaml_core import read_text

    def a_function(line: str) -> str:
        try:
            function_of(line)
        except CourseError as error:
            return str(error)
        return ""

    if functions and solution is not None:
        raise click.UsageError("--function and --solution exclude each other.")
    here, values = author_course(), Values()
    number = len(here.exercise_ids) + 1
    exercise_id = values.value(exercise_id, "ID", "Id of the exercise", f"exercise-{number}", an_id)
    title = values.value(
        title, "--title", "Title of the exercise", exercise_id.replace("-", " ").capitalize()
    )
    owner = the_lesson(here, values, lesson_id)
    section = the_section(values, owner, section)
    if solution is not None:
        source = read_text(solution)
        written = functions_in(source, str(solution))
    else:
        lines = values.values(
            functions, "--function", "A function to write, such as word_count(text) -> int", a_function
        )
        source, written = "", [function_of(line) for line in lines]
    write_files(here, "exercise", new_exercise(here, exercise_id, title, owner, section, written, source))
    if left := starter_head(source, written).left_out:
        click.echo(f"Left out of starter.py: {'; '.join(left)}. Add what learners need.")
    say_next(f"write the files in exercises/{exercise_id}", "validate", exercise_id)


new.add_command(mistake)
new.add_command(ci)
