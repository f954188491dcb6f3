"""Addresses of pages, and the page on which the next step is taken."""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct

from grader.content.lesson import Lesson, Section
from grader.progress.attempt import Attempt
from grader.progress.evidence import Contents
from grader.progress.standing import Suggestion
from grader.tutor.facts import Facts


class Link(Struct, frozen=True):
    """A link: its text and where it leads."""

    text: str
    href: str


def lesson_path(lesson: str, section: str | None = None) -> str:
    """Return the address of a lesson, or of one section."""
    return f"/lesson/{quote(lesson)}" + (f"/{quote(section)}" if section else "")


def quiz_path(quiz: str, number: int | None = None) -> str:
    """Return the address of a quiz, or of one question of it, counted from 1."""
    return f"/quiz/{quote(quiz)}" + (f"/{number}" if number else "")


def question_path(question: str) -> str:
    """Return the address at which a question is asked for practice."""
    return f"/question/{quote(question, safe='')}"


def exercise_path(exercise: str) -> str:
    """Return the address of an exercise."""
    return f"/exercise/{quote(exercise)}"


def practice_path(lesson: str) -> str:
    """Return the address of a lesson's practice."""
    return f"/practice/{quote(lesson)}"


def name_of(section: Section) -> str:
    """Return a section's number and title."""
    return f"{section.id} {section.title}"


def first_unread(facts: Facts) -> Section | None:
    """Return the first section of a lesson that has not been read or skipped."""
    return next((section for section in facts.lesson.sections if not facts.settled(section)), None)


def next_link(contents: Contents, attempts: list[Attempt], suggested: Suggestion) -> Link | None:
    """Return the page of the one next step, or None if nothing is left to do."""
    item = suggested.item or ""
    match suggested.kind:
        case "learn":
            return _reading(contents, attempts, item)
        case "take":
            quiz = next(quiz for quiz in contents.quizzes if quiz.id == item)
            return _reading(contents, attempts, quiz.lesson) or Link("Take the quiz", quiz_path(item))
        case "go-on":
            return Link("Continue the quiz", quiz_path(item))
        case "review":
            return Link("Review now", "/review/next")
        case "start" | "improve":
            title = next((e.exercise.title for e in contents.exercises if e.exercise.id == item), item)
            return Link(title, exercise_path(item))
        case "read-again":
            lesson = next((lesson.id for lesson in contents.lessons if lesson.section(item)), "")
            return Link(f"Read section {item} again", lesson_path(lesson, item))
        case "practise":
            return Link("Practice what you know least", f"{practice_path(item)}/next")
        case "done":
            return None


def _reading(contents: Contents, attempts: list[Attempt], lesson_id: str) -> Link | None:
    """Return the first section that is not read yet, or None if there is none."""
    lesson = next((lesson for lesson in contents.lessons if lesson.id == lesson_id), None)
    section = first_unread(Facts(contents, lesson, attempts)) if lesson else None
    if lesson is None or section is None:
        return None
    verb = "Begin" if section is lesson.sections[0] else "Continue"
    return Link(f"{verb}: {name_of(section)}", lesson_path(lesson.id, section.id))


def lesson_of(contents: Contents, lesson_id: str) -> Lesson | None:
    """Return a lesson by its id, or None."""
    return next((lesson for lesson in contents.lessons if lesson.id == lesson_id), None)
