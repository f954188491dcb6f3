"""The end of a quiz: the score, the concepts, and the sections to read again."""

from __future__ import annotations

from collections.abc import Mapping

import click

from grader.cli.asking import answer_to_say
from grader.cli.text import Look, screen, verdict
from grader.content.course import Course
from grader.content.questions import EssayQuestion, SingleQuestion
from grader.errors import CourseError
from grader.quiz.answer import BY_HAND
from grader.quiz.points import score_words
from grader.quiz.result import by_concept
from grader.quiz.sitting import Sitting, Stage


def show_summary(sitting: Sitting, course: Course) -> None:
    """Print the score of a conversation, and the concepts if the conversation came to its end."""
    if not sitting.answered:
        return
    _show_score(sitting)
    if sitting.current is None:
        _show_concepts(sitting, course)


def show_marked_answers(sitting: Sitting, course: Course, refused: Mapping[str, str] | None = None) -> None:
    """Print each answer with its explanation, then the score and the concepts.

    `refused` holds, by question id, the reason why something written is not an answer.
    """
    _show_answers(sitting, refused or {})
    _show_score(sitting)
    _show_concepts(sitting, course)


def _show_score(sitting: Sitting) -> None:
    total = len(sitting.quiz.questions)
    score = f"**Score: {score_words(sitting.quiz, sitting.score)}** on the first try."
    written = zip(sitting.quiz.questions, sitting.states, strict=True)
    if essays := sum(
        isinstance(question, EssayQuestion) and bool(state.tries) for question, state in written
    ):
        score += f" {essays} of {total} questions {'is' if essays == 1 else 'are'} marked by hand."
    if skipped := sum(state.stage is Stage.SKIPPED and not state.tries for state in sitting.states):
        score += f" {skipped} of {total} questions skipped."
    if still_open := sum(state.stage is Stage.OPEN for state in sitting.states):
        score += f" {still_open} of {total} questions still open."
    click.echo(screen().wrap(score))


def _show_concepts(sitting: Sitting, course: Course) -> None:
    page, lesson = screen(), sitting.quiz.lesson
    concepts = by_concept(sitting)
    titles = concept_titles(course, lesson)
    if concepts:
        click.echo("\nConcepts:")
    for concept in concepts:
        title = titles.get(concept.concept, concept.concept)
        line = f"{title}: {concept.right} of {concept.asked} right"
        if concept.read_again:
            commands = " and ".join(f"`course lesson {lesson} {s}`" for s in concept.read_again)
            line += f". Read again: {commands}"
        click.echo(page.wrap(line, "- ", "  "))
    click.echo("\n" + page.wrap("To see what to do next: `course`"))


def concept_titles(course: Course, lesson_id: str) -> dict[str, str]:
    """Return concept id -> title, or nothing if the lesson is missing or broken.

    An error in the lesson's file must not spoil the end of a quiz.
    """
    try:
        return {concept.id: concept.title for concept in course.lesson(lesson_id).concepts}
    except CourseError:
        return {}


def _show_answers(sitting: Sitting, refused: Mapping[str, str]) -> None:
    page = screen()
    for number, question in enumerate(sitting.quiz.questions, 1):
        first = sitting.first_mark(question.id)
        if first is None:
            click.echo(page.wrap(refused.get(question.id, "not answered"), f"{number}. ", "   ") + "\n")
            continue
        word, look = ("Right.", Look.GOOD) if first.correct else ("Not right.", Look.BAD)
        if first.correct is None:
            word, look = f"Recorded. {BY_HAND}", Look.BOLD
        line = answer_to_say(question, first.answer)
        if isinstance(question, SingleQuestion):
            line = f"{first.answer}) {line}"
        click.echo(page.wrap(line, f"{number}. ", "   "))
        click.echo("\n".join(page.lines(verdict(word, first.feedback, look), "   ")) + "\n")
