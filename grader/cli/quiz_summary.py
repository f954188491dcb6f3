"""The end of a quiz: score, concepts, and which section to read again."""

from __future__ import annotations

from collections.abc import Mapping

import click

from grader.cli.text import Look, screen, verdict
from grader.content.course import Course
from grader.content.questions import SingleQuestion
from grader.errors import CourseError
from grader.quiz.answer import answer_in_words
from grader.quiz.result import by_concept
from grader.quiz.sitting import Sitting, Stage


def show_summary(
    sitting: Sitting, course: Course, *, marks: bool, refused: Mapping[str, str] | None = None
) -> None:
    """Print what came out; `marks` also shows each answer's explanation (for a file of answers).

    `refused` says, by question id, why what was written is no answer.
    """
    if not sitting.answered and not marks:
        return
    page = screen()
    if marks:
        _show_marks(sitting, refused or {})
    quiz = sitting.quiz
    total = len(quiz.questions)
    score = f"**Score: {sitting.score:g} of {sitting.max_score:g}** on the first try."
    states = [sitting.state(question.id) for question in quiz.questions]
    if skipped := sum(state.stage is Stage.SKIPPED and not state.tries for state in states):
        score += f" {skipped} of {total} questions skipped."
    if still_open := sum(state.stage is Stage.OPEN for state in states):
        score += f" {still_open} of {total} questions still open."
    click.echo(page.wrap(score))
    if sitting.current is not None and not marks:
        return  # stopped: there is more to come
    concepts = by_concept(sitting)
    titles = concept_titles(course, quiz.lesson)
    if concepts:
        click.echo("\nConcepts:")
    for found in concepts:
        title = titles.get(found.concept, found.concept)
        line = f"{title}: {found.right} of {found.asked} right"
        if found.read_again:
            commands = " and ".join(f"`course lesson {quiz.lesson} {s}`" for s in found.read_again)
            line += f". Read again: {commands}"
        click.echo(page.wrap(line, "- ", "  "))
    click.echo("\n" + page.wrap("What is next: `course`"))


def concept_titles(course: Course, lesson_id: str) -> dict[str, str]:
    """Return concept id -> title; nothing if the lesson is missing or broken.

    A quiz that has been taken must not end in an error about another file.
    """
    try:
        return {concept.id: concept.title for concept in course.lesson(lesson_id).concepts}
    except CourseError:
        return {}


def _show_marks(sitting: Sitting, refused: Mapping[str, str]) -> None:
    page = screen()
    for number, question in enumerate(sitting.quiz.questions, 1):
        first = sitting.first_mark(question.id)
        if first is None:
            click.echo(page.wrap(refused.get(question.id, "not answered"), f"{number}. ", "   ") + "\n")
            continue
        word, look = ("Right.", Look.GOOD) if first.correct else ("Not right.", Look.BAD)
        line = answer_in_words(question, first.answer)
        if isinstance(question, SingleQuestion):
            line = f"{first.answer}) {line}"
        click.echo(page.wrap(line, f"{number}. ", "   "))
        click.echo("\n".join(page.lines(verdict(word, first.feedback, look), "   ")) + "\n")
