"""Build a lesson's notebook: its text, with each question after its section."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from grader.content.course import Course, content_hash
from grader.content.figures import LessonFigure
from grader.content.lesson import Lesson, Section
from grader.content.questions import (
    EssayQuestion,
    LetterQuestion,
    MatchingQuestion,
    NumericQuestion,
    OrderingQuestion,
    Question,
    SingleQuestion,
    TextQuestion,
)
from grader.content.quiz import Quiz
from grader.notebook.cells import CellJson, by_hand, check_yourself, notebook, solution, test, text
from grader.notebook.pictures import picture
from grader.quiz.drawn_values import drawn
from grader.quiz.notebook_answers import answer_name

HOW = "Answer each question in the cell below it."


def lesson_notebook(course: Course, lesson_id: str) -> CellJson:
    """Return a lesson's notebook. Raises CourseError; EnvironmentProblem if a figure cannot be read."""
    lesson = course.lesson(lesson_id)
    quizzes = quizzes_of(course, lesson_id)
    questions = {question.id: drawn(question, 0) for quiz in quizzes for question in quiz.questions}
    how = f"\n\n{HOW} {check_yourself(lesson_id)}" if questions else ""
    cells = [text(f"# {lesson.title}\n\n{lesson.introduction.strip()}{how}")]
    for section in lesson.sections:
        cells.append(text(_section(section, course)))
        for question_id in section.questions:
            if question_id in questions:
                cells += question_cells(questions.pop(question_id), course)
    if questions:
        cells.append(text("## More questions"))
        for question in questions.values():
            cells += question_cells(question, course)
    cells.append(text(f"## Summary\n\n{lesson.summary.strip()}"))
    if lesson.glossary:
        cells.append(text(_glossary(lesson)))
    version = lesson_version(course, lesson_id)
    about = {"kind": "lesson", "id": lesson.id, "lesson": lesson.id, "version": version}
    return notebook(lesson.id, cells, about)


def lesson_version(course: Course, lesson_id: str) -> str:
    """Return a short hash of the questions in a lesson's notebook, or of a lesson without questions."""
    sealed = [quiz for quiz in map(course.sealed_quiz, course.sealed_quiz_ids) if quiz.lesson == lesson_id]
    hashes = [content_hash(quiz) for quiz in quizzes_of(course, lesson_id)] + [
        quiz.version for quiz in sealed
    ]
    return "-".join(hashes) or content_hash(course.lesson(lesson_id))


def quizzes_of(course: Course, lesson_id: str) -> list[Quiz]:
    """Return the quizzes of a lesson, in the order of their ids."""
    return [quiz for quiz in map(course.quiz, course.quiz_ids) if quiz.lesson == lesson_id]


def exercises_of(course: Course, lesson: Lesson) -> list[str]:
    """Return the ids of a lesson's exercises, in the order of the lesson."""
    exercise_ids = [e for e in course.exercise_ids if course.exercise(e).lesson == lesson.id]
    order = [exercise for section in lesson.sections for exercise in section.exercises]
    return sorted(exercise_ids, key=lambda e: (order.index(e) if e in order else len(order), e))


def question_cells(question: Question, course: Course) -> list[CellJson]:
    """Return the question, the cell for the answer, and the cell that carries the points.

    The answer to an essay carries them itself, because an instructor reads it.
    """
    name = answer_name(question.id)
    if isinstance(question, EssayQuestion):
        asked = text(_asked(question, course), f"{question.id}--prompt")
        return [asked, by_hand(question.id, float(question.worth))]
    return [
        text(_asked(question, course), f"{question.id}--prompt"),
        solution(f"{name} = None  # {_form(question)}", question.id),
        test(_answer_check(question, name), f"{question.id}--test", float(question.worth)),
    ]


def _asked(question: Question, course: Course) -> str:
    asked = f"**Question {question.id}.** {question.full_prompt}"
    if question.picture is not None:
        asked += f"\n\n{picture(question.picture, course)}"
    if isinstance(question, MatchingQuestion):
        asked += _listed((str(number), item) for number, item in enumerate(question.items, 1))
    if isinstance(question, LetterQuestion):
        asked += _listed((letter, question.text_of(letter)) for letter in question.option_ids)
    return asked


def _listed(options: Iterable[tuple[str, str]]) -> str:
    lines = (textwrap.indent(f"- **{name}** – {each.strip()}", "  ") for name, each in options)
    return "\n\n" + "\n".join(line.removeprefix("  ") for line in lines)


def _form(question: Question) -> str:
    """Describe the form of an answer, without an example that could be the answer."""
    if isinstance(question, SingleQuestion):
        quoted = [f'"{letter}"' for letter in question.option_ids]
        return f"{', '.join(quoted[:-1])} or {quoted[-1]}"
    if isinstance(question, MatchingQuestion):
        return f'the letter for each of 1-{len(question.items)}, in this order, in quotes: "…"'
    if isinstance(question, OrderingQuestion):
        return 'the letters in the right order, in quotes: "…"'
    if isinstance(question, LetterQuestion):
        return 'the letters of all correct options, in quotes: "…"'
    if isinstance(question, TextQuestion):
        return 'a word or a few words, in quotes: "…"'
    if isinstance(question, NumericQuestion):
        count = question.count
        return "a number" if count == 1 else f'{count} numbers, in quotes: "…, …"'
    return 'a shape, in quotes: "(…, …)", with None for a size that can vary'


def _answer_check(question: Question, name: str) -> str:
    """Return code that checks whether there is an answer, but not whether it is right."""
    head = "# This cell only checks that you answered. Grading checks whether the answer is right."
    if isinstance(question, SingleQuestion):
        check = f"assert str({name}).strip().lower() in {[*question.option_ids]}"
    else:
        check = f"assert {name} is not None"
    return f"{head}\n{check}, 'Write your answer to {question.id} in the cell above: {_form(question)}'"


def _section(section: Section, course: Course) -> str:
    parts = [f"{'#' * (section.level + 1)} {section.id} {section.title}", section.text.strip()]
    parts += [_figure(figure, course) for figure in section.figures]
    if section.exercises:
        links = ", ".join(f"[{exercise}]({exercise}.ipynb)" for exercise in section.exercises)
        parts.append(f"**Exercise:** {links}")
    return "\n\n".join(filter(None, parts))


def _figure(figure: LessonFigure, course: Course) -> str:
    return f"{picture(figure, course)}\n\n*{' '.join(figure.caption.split())}*"


def _glossary(lesson: Lesson) -> str:
    return "\n".join(["## Glossary", *_terms(lesson)])


def _terms(lesson: Lesson) -> Iterator[str]:
    for term in lesson.glossary:
        where = f" (section {term.section})" if term.section else ""
        yield f"\n**{term.term}**: {' '.join(term.definition.split())}{where}"
