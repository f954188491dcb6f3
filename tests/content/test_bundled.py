"""The bundled course: everything that it refers to exists, and every text can be shown."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grader.cli.markdown import render
from grader.cli.text import Screen
from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.lesson import Lesson, Section
from grader.content.questions import ChoiceQuestion
from grader.content.quiz import Question, Quiz
from grader.content.schema import SCHEMAS, schema

COURSE = Course.bundled()
LESSONS = [COURSE.lesson(id_) for id_ in COURSE.lesson_ids]
QUIZZES = [COURSE.quiz(id_) for id_ in COURSE.quiz_ids]
EXERCISES = [COURSE.exercise(id_) for id_ in COURSE.exercise_ids]
QUESTIONS = [(quiz, question) for quiz in QUIZZES for question in quiz.questions]
SECTIONS = [(lesson, section) for lesson in LESSONS for section in lesson.sections]


def lesson_of(content: Quiz | Exercise) -> Lesson:
    return COURSE.lesson(content.lesson)


def test_there_is_something() -> None:
    assert LESSONS
    assert QUIZZES
    assert EXERCISES


@pytest.mark.parametrize(("quiz", "question"), QUESTIONS, ids=lambda item: item.id)
def test_a_question_refers_to_what_the_lesson_has(quiz: Quiz, question: Question) -> None:
    lesson = lesson_of(quiz)
    assert lesson.section(question.section) is not None
    assert {*question.concepts} <= {concept.id for concept in lesson.concepts}
    misconceptions = {option.misconception for option in question.options} - {None}
    assert misconceptions <= {misconception.id for misconception in lesson.misconceptions}
    assert question.hints


@pytest.mark.parametrize(("quiz", "question"), QUESTIONS, ids=lambda item: item.id)
def test_every_option_says_something_of_its_own(quiz: Quiz, question: Question) -> None:
    explanations = [option.why.strip() for option in question.options]
    assert len({*explanations}) == len(explanations)
    assert question.explain.strip() not in explanations


CHOICES = [
    question
    for source in (*QUIZZES, *map(COURSE.practice, COURSE.practice_ids))
    for question in source.questions
    if isinstance(question, ChoiceQuestion)
]


@pytest.mark.parametrize("question", CHOICES, ids=lambda item: item.id)
def test_every_wrong_option_has_a_hint_of_its_own(question: ChoiceQuestion) -> None:
    hints = [option.hint for option in question.options if not option.correct]
    assert all(hints)
    assert len({*hints, *question.hints}) == len(hints) + len(question.hints)


def test_question_ids_are_used_once_in_the_whole_course() -> None:
    ids = [question.id for _, question in QUESTIONS]
    assert len({*ids}) == len(ids)


@pytest.mark.parametrize(("lesson", "section"), SECTIONS, ids=lambda item: item.id)
def test_a_section_refers_to_what_is_there(lesson: Lesson, section: Section) -> None:
    assert {*section.questions} <= {question.id for _, question in QUESTIONS}
    assert {*section.exercises} <= {exercise.id for exercise in EXERCISES}
    for figure in section.figures:
        for file in figure.files.values():
            assert (COURSE.root / "lessons" / "figures" / file).is_file(), file
    parents = {section.id.rpartition(".")[0]} - {""}
    assert parents <= {other.id for other in lesson.sections}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda item: item.id)
def test_every_question_is_asked_in_its_section(lesson: Lesson) -> None:
    asked = [question for section in lesson.sections for question in section.questions]
    assert sorted(asked) == sorted(q.id for quiz, q in QUESTIONS if quiz.lesson == lesson.id)
    for section in lesson.sections:
        for question_id in section.questions:
            assert next(q for _, q in QUESTIONS if q.id == question_id).section == section.id


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda item: item.id)
def test_an_exercise_refers_to_what_the_lesson_has(exercise: Exercise) -> None:
    lesson = lesson_of(exercise)
    for function in exercise.functions:
        assert {*function.concepts} <= {concept.id for concept in lesson.concepts}
        assert function.section is None or lesson.section(function.section) is not None
        assert function.hints


def _texts() -> list[str]:
    texts = [part for lesson in LESSONS for part in (lesson.introduction, lesson.summary)]
    texts += [section.text for _, section in SECTIONS]
    texts += [term.definition for lesson in LESSONS for term in lesson.glossary]
    for _, question in QUESTIONS:
        texts += [question.prompt, question.explain, *question.hints]
        texts += [part for option in question.options for part in (option.text, option.why)]
        texts += [option.hint for option in question.options if option.hint]
    for exercise in EXERCISES:
        texts += [exercise.text, *(function.text for function in exercise.functions)]
    return texts


@pytest.mark.parametrize("width", [40, 80])
def test_every_text_can_be_shown_without_leftovers(width: int) -> None:
    for text in _texts():
        lines = render(text, Screen(width))
        prose = re.sub(r"`[^`]*`", "", " ".join(line for line in lines if not line.startswith("    ")))
        assert "$" not in prose, prose
        assert "**" not in prose, prose
        assert not re.search(r"\\[a-z]{2}", prose), prose
        too_long = [line for line in lines if len(line) > width and " " in line.strip()]
        assert [
            line for line in too_long if not line.lstrip().startswith(("`", "(")) and "    " not in line
        ] == []


def test_the_package_does_not_know_the_course() -> None:
    """Only docstrings and help texts name the bundled course, in examples."""
    words = re.compile(r"\b(day4|lstm|gru|rnn)\b")  # the uppercase class `LSTM` belongs to Keras
    package = Path(__file__).parents[2] / "grader"
    general = {  # kinds of cells that a simulation can draw, and a module of old TensorFlow
        *("content/simulations.py", "content/simulation_descriptions.py", "web/simulations.py"),
        "judge/server/old_names.py",
    }
    for path in package.rglob("*.py"):
        if path.relative_to(package).as_posix() not in general:
            code = re.sub(r'(?s)"""(.*?)"""|#[^\n]*', "", path.read_text())
            assert not words.search(code), path


@pytest.mark.parametrize("kind", SCHEMAS)
def test_the_schemas_are_self_contained(kind: str) -> None:
    generated = schema(kind)
    references = re.findall(r"'\$ref': '#/\$defs/(\w+)'", str(generated))
    assert references
    assert {*references} <= {*generated["$defs"]}
