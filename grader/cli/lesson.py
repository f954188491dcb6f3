"""`course lesson`: read a lesson, or one section of it, in the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from grader.cli.text import Screen
    from grader.content.course import Course
    from grader.content.figures import Figure
    from grader.content.kit import SealedQuiz
    from grader.content.lesson import Lesson, Section
    from grader.content.quiz import Practice, Quiz


# colors, no pager for a single page, and a prompt that says how to leave it
LESS = r"-FR -Ps?e(end)  .space\: more, b\: back, q\: leave$"


@click.command()
@click.argument("lesson_id", metavar="[ID]", required=False)
@click.argument("section_id", metavar="[SECTION]", required=False)
@click.option("--list", "contents", is_flag=True, help="Show the table of contents.")
@click.option("--glossary", is_flag=True, help="Show the glossary.")
@click.option("--figures", is_flag=True, help="Open the figures of the lesson, or of SECTION.")
def lesson(
    lesson_id: str | None, section_id: str | None, contents: bool, glossary: bool, figures: bool
) -> None:
    """Read the lesson called ID, or one SECTION of it with its subsections.

    You can leave out ID if the course has only one lesson.

    On a terminal, the text opens in a pager: space for more, b to go back, q to
    leave. PAGER and LESS choose another pager and its options.

    \b
    Examples:
      course lesson
      course lesson 3.2
      course lesson day4 3.2
      course lesson day4 --list
      course lesson day4 --glossary
      course lesson day4 2.2 --figures
    """
    from grader.cli.common import current_course
    from grader.cli.text import screen

    course = current_course()
    lesson_id, section_id = _named(course, lesson_id, section_id)
    chosen = course.lesson(lesson_id)
    page = screen()
    if figures:
        sections = _sections_at(chosen, section_id) if section_id else list(chosen.sections)
        _open_figures(sections, chosen, course)
        return
    if contents:
        lines = _contents(chosen, page)
    elif glossary:
        lines = _glossary(chosen, page)
    elif section_id is not None:
        lines = _sections(_sections_at(chosen, section_id), chosen, course, page)
    else:
        lines = _whole(chosen, course, page)
    _print(lines)


def _named(course: Course, lesson_id: str | None, section_id: str | None) -> tuple[str, str | None]:
    """Return the lesson and the section. A section alone is one of the course's only lesson."""
    from grader.cli.common import only_id

    if lesson_id is None:
        return only_id("lessons", course.lesson_ids), None
    ids = course.lesson_ids
    if section_id is None and len(ids) == 1 and lesson_id not in ids and lesson_id[:1].isdecimal():
        return ids[0], lesson_id
    return lesson_id, section_id


def _print(lines: Iterator[str]) -> None:
    from grader.cli.common import may_redraw

    if may_redraw(sys.stdout) and sys.stdin.isatty():
        os.environ.setdefault("LESS", LESS)
        click.echo_via_pager(line + "\n" for line in lines)
    else:
        for line in lines:
            click.echo(line)


def _open_figures(sections: list[Section], lesson: Lesson, course: Course) -> None:
    """Print the paths of the figures, and open them in the system's viewer if there is a terminal.

    The figures of questions about the sections come after those of the sections.
    """
    from grader.cli.figures import show_figures
    from grader.errors import CourseError

    shown: list[Figure] = [figure for section in sections for figure in section.figures]
    sources: list[Quiz | SealedQuiz | Practice] = [*map(course.quiz, course.quiz_ids)]
    sources += [*map(course.sealed_quiz, course.sealed_quiz_ids), *map(course.practice, course.practice_ids)]
    ids = {section.id for section in sections}
    for source in sources:
        if source.lesson == lesson.id:
            shown += [q.picture for q in source.questions if q.picture and q.section in ids]
    files = [*dict.fromkeys(course.figure(figure.file) for figure in shown)]
    if not files:
        raise CourseError(
            "this section has no figures — `course lesson ID --figures` opens all figures of a lesson"
        )
    show_figures(files)


def _sections_at(lesson: Lesson, wanted: str) -> list[Section]:
    """Return a section and its subsections. Raises UnknownIdError."""
    from grader.errors import UnknownIdError

    wanted = wanted.rstrip(".")
    chosen = [s for s in lesson.sections if s.id == wanted or s.id.startswith(f"{wanted}.")]
    if not chosen:
        raise UnknownIdError(f"section of lesson {lesson.id}", wanted, (s.id for s in lesson.sections))
    return chosen


def _whole(lesson: Lesson, course: Course, page: Screen) -> Iterator[str]:
    from grader.cli.markdown import render

    yield from _heading(lesson.title, page, "=")
    yield from render(lesson.introduction, page)
    yield ""
    yield from _sections(list(lesson.sections), lesson, course, page)
    yield from _heading("Summary", page, "-")
    yield from render(lesson.summary, page)
    if lesson.glossary:
        yield ""
        yield from _glossary(lesson, page)


def _sections(sections: list[Section], lesson: Lesson, course: Course, page: Screen) -> Iterator[str]:
    quizzes = _quizzes_of(course, {question for section in sections for question in section.questions})
    for section in sections:
        yield from section_lines(section, lesson, page)
        yield from _to_do(section, quizzes, page)


def questions_of(section: Section, course: Course, page: Screen) -> Iterator[str]:
    """Yield lines that name the section's questions and their quizzes."""
    yield from _questions(section, _quizzes_of(course, set(section.questions)), page)


def section_lines(section: Section, lesson: Lesson, page: Screen) -> Iterator[str]:
    """Yield the text and the figures of one section."""
    from grader.cli.figures import drawing
    from grader.cli.markdown import render

    yield from _heading(f"{section.id} {section.title}", page, "-" if section.level == 1 else "")
    yield from render(section.text, page)
    yield ""
    for figure in section.figures:
        caption = page.wrap(f"Figure: {figure.caption}", "  ", "    ")
        if drawn := drawing(figure, page):
            yield f"{caption}\n\n{drawn}\n"  # in one piece, so that no page ends in between
        else:
            yield from caption.split("\n")
            yield from page.wrap(f"Description: {figure.alt}", "    ").split("\n")
    if section.figures:
        pronoun = "it" if len(section.figures) == 1 else "them"
        command = f"course lesson {lesson.id} {section.id} --figures"
        yield from page.wrap(f"To see {pronoun}: `{command}`", "    ").split("\n")
        yield ""
    for simulation in section.simulations:
        moves = f"Moves on the page: {simulation.title}. To see it: `course open {lesson.id}`"
        yield from page.wrap(moves, "  ", "    ").split("\n")
    if section.simulations:
        yield ""


def _to_do(section: Section, quizzes: dict[str, str], page: Screen) -> Iterator[str]:
    """Yield commands for the questions and exercises at the end of a section."""
    lines = [*_questions(section, quizzes, page)]
    for exercise_id in section.exercises:
        lines += page.wrap(f"**Exercise:** `course start {exercise_id}`", "> ").split("\n")
    yield from [*lines, ""] if lines else []


def _questions(section: Section, quizzes: dict[str, str], page: Screen) -> Iterator[str]:
    asked = dict.fromkeys(quizzes[q] for q in section.questions if q in quizzes)
    for quiz_id in asked:
        names = " and ".join(q for q in section.questions if quizzes.get(q) == quiz_id)
        noun = "Questions" if " and " in names else "Question"
        yield from page.wrap(f"**{noun} {names}** of the quiz: `course quiz {quiz_id}`", "> ").split("\n")


def _quizzes_of(course: Course, questions: set[str]) -> dict[str, str]:
    """Return question id -> quiz id. A broken quiz is reported, and reading goes on."""
    from grader.errors import CourseError

    quiz_of: dict[str, str] = {}
    for quiz_id in [*course.quiz_ids, *course.sealed_quiz_ids] if questions else []:
        try:
            quiz = course.quiz(quiz_id) if course.kit is None else course.sealed_quiz(quiz_id)
            quiz_of |= {question.id: quiz_id for question in quiz.questions}
        except CourseError as error:
            click.echo(f"course: {error}", err=True)
    return quiz_of


def _contents(lesson: Lesson, page: Screen) -> Iterator[str]:
    yield from _heading(lesson.title, page, "=")
    for section in lesson.sections:
        indent = "  " * (section.level - 1)
        label = f"{indent}{section.id}  "
        yield from page.wrap(section.title, label, " " * len(label)).split("\n")
    yield ""
    yield from page.wrap(f"To read a section: `course lesson {lesson.id} {lesson.sections[0].id}`").split(
        "\n"
    )


def _glossary(lesson: Lesson, page: Screen) -> Iterator[str]:
    yield from _heading("Glossary", page, "-")
    for term in lesson.glossary:
        where = f" (section {term.section})" if term.section else ""
        yield from page.wrap(f"**{term.term}:** {term.definition.strip()}{where}", "", "    ").split("\n")
    if not lesson.glossary:
        yield "This lesson has no glossary."


def _heading(title: str, page: Screen, rule: str) -> Iterator[str]:
    """Yield a bold title, underlined so that it also stands out without bold."""
    from grader.cli.text import Look, columns, spans

    plain = "".join(span.text for span in spans(title))
    yield from page.lines(spans(title, Look.BOLD))
    if rule:
        yield rule * min(columns(plain), page.width)
    yield ""
