"""Addresses of pages, and the page on which the next step is taken."""

from __future__ import annotations

from urllib.parse import quote

from msgspec import Struct

from grader.content.lesson import Lesson, Section
from grader.progress.attempt import Attempt
from grader.progress.evidence import Contents
from grader.progress.standing import Suggestion
from grader.tutor.facts import Facts

WELCOME = (
    "Read in small steps, answer questions, and write code that hidden tests check. "
    "You can stop at any time and continue later."
)


class Link(Struct, frozen=True):
    """A link: its text and where it leads."""

    text: str
    href: str


class NextStep(Struct, frozen=True):
    """The one next step: why, and where it is taken; no link if nothing is left to do."""

    says: str
    link: Link | None = None


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


def next_step(contents: Contents, attempts: list[Attempt], suggested: Suggestion) -> NextStep:
    """Return the one next step, and the page on which it is taken."""
    item = suggested.item or ""
    match suggested.kind:
        case "learn":
            return _reading(contents, attempts, item) or NextStep(suggested.says)
        case "take":
            quiz = next(quiz for quiz in contents.quizzes if quiz.id == item)
            says = f"You have read the lesson. Its quiz has {len(quiz.questions)} questions."
            take = NextStep(says, Link(f"Take the quiz: {quiz.title}", quiz_path(item)))
            return _reading(contents, attempts, quiz.lesson) or take
        case "go-on":
            return NextStep("You have begun the quiz.", Link("Continue the quiz", quiz_path(item)))
        case "review":
            return NextStep(suggested.says, Link("Review now", "/review/next"))
        case "start" | "improve":
            title = next((e.exercise.title for e in contents.exercises if e.exercise.id == item), item)
            fresh = suggested.kind == "start"
            says = "Write the code, then check it." if fresh else "Your code does not pass all tests yet."
            return NextStep(says, Link(f"Exercise: {title}", exercise_path(item)))
        case "read-again":
            lesson = next((lesson.id for lesson in contents.lessons if lesson.section(item)), "")
            return NextStep(suggested.says, Link(f"Read section {item}", lesson_path(lesson, item)))
        case "practise":
            return NextStep(
                suggested.says, Link("Practice what you know least", f"{practice_path(item)}/next")
            )
        case "done":
            return NextStep(suggested.says)


def _reading(contents: Contents, attempts: list[Attempt], lesson_id: str) -> NextStep | None:
    """Return the step to the first section that is not read yet, or None if there is none."""
    lesson = lesson_of(contents, lesson_id)
    facts = Facts(contents, lesson, attempts) if lesson else None
    section = first_unread(facts) if facts else None
    if facts is None or section is None:
        return None
    count, path = sections_read(facts), lesson_path(lesson_id, section.id)
    if not count:
        return NextStep(WELCOME, Link(f"Begin: {name_of(section)}", path))
    says = f"You have read {count} of {len(facts.lesson.sections)} sections."
    return NextStep(says, Link(f"Continue: {name_of(section)}", path))


def sections_read(facts: Facts) -> int:
    """Return how many sections of a lesson have been read or skipped."""
    return sum(bool(facts.settled(section)) for section in facts.lesson.sections)


def lesson_of(contents: Contents, lesson_id: str) -> Lesson | None:
    """Return a lesson by its id, or None."""
    return next((lesson for lesson in contents.lessons if lesson.id == lesson_id), None)
