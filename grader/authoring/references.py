"""Checks of everything that one part of a course says about another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import msgspec

from grader.authoring import markup
from grader.authoring.data_files import data_flaws
from grader.authoring.material import Material
from grader.authoring.places import PathStep, YamlPlaces
from grader.authoring.question_flaws import question_flaws, replies
from grader.content.base import Finding
from grader.content.exercise import Exercise
from grader.content.figures import Figure
from grader.content.lesson import Lesson
from grader.content.problem import Problem
from grader.content.questions import ChoiceQuestion, EssayQuestion, SingleQuestion, ValueQuestion
from grader.content.quiz import Practice, Quiz
from grader.content.simulations import NetworkSimulation
from grader.content.value_questions import PLACEHOLDER
from grader.progress.mastery import ENOUGH

PIECES_WHEN_DRAWN = 3  # pieces of evidence that one drawn question can give at most
SAME_LETTERS = 4  # choice questions whose right answers have the same letter by no chance
_ELSEWHERE = re.compile(r"(?:https?://|mailto:)\S")


def lesson_problems(material: Material, lesson: Lesson) -> list[Problem]:
    """Return the problems of a decoded lesson."""
    return _placed(_lesson(material, lesson), lesson, lesson, material)


def quiz_problems(material: Material, quiz: Quiz) -> list[Problem]:
    """Return the problems of a decoded quiz."""
    lesson = material.lessons.get(quiz.lesson)
    findings = [*_questions(material, quiz, lesson), *(_asked_somewhere(material, quiz) if lesson else ())]
    return _placed(findings, quiz, lesson, material)


def quiz_warnings(material: Material, quiz: Quiz) -> list[Problem]:
    """Return a warning if all right answers of a quiz, at least four, have the same letter."""
    choices = [
        (i, "".join(letter for letter, option in zip(q.option_ids, q.options, strict=True) if option.correct))
        for i, q in enumerate(quiz.questions)
        if isinstance(q, ChoiceQuestion)
    ]
    letters = {letter for _, letter in choices}
    if len(choices) < SAME_LETTERS or len(letters) > 1:
        return []
    what = f"the right answer of all {len(choices)} choice questions is {', '.join(*letters)}"
    todo = "put the right options at different places: the first sitting shows this order"
    places = YamlPlaces(material.file_of(quiz))
    return [places.problem(("questions", choices[0][0], "options"), what, todo)]


def unused_draws(material: Material, source: Quiz | Practice) -> list[Problem]:
    """Return a warning for each prompt that shows drawn values if the answer uses none of them."""
    places = YamlPlaces(material.file_of(source))
    what = "the prompt shows drawn values, but the answer uses none of them"
    todo = "use them in `answer:`, if it depends on them"
    return [
        places.problem(("questions", i, "answer"), what, todo)
        for i, question in enumerate(source.questions)
        if isinstance(question, ValueQuestion)
        and question.draw
        and PLACEHOLDER.search(question.prompt)
        and not any(re.search(rf"\b{re.escape(name)}\b", question.answer) for name in question.draw)
    ]


def practice_problems(material: Material, practice: Practice) -> list[Problem]:
    """Return the problems of decoded practice questions."""
    lesson = material.lessons.get(practice.lesson)
    return _placed(_questions(material, practice, lesson), practice, lesson, material)


def exercise_problems(material: Material, exercise: Exercise) -> list[Problem]:
    """Return the problems of a decoded exercise.yaml."""
    lesson = material.lessons.get(exercise.lesson)
    return _placed(_exercise(material, exercise, lesson), exercise, lesson, material)


def _placed(
    findings: Iterable[Finding],
    content: Lesson | Quiz | Practice | Exercise,
    lesson: Lesson | None,
    material: Material,
) -> list[Problem]:
    """Return the findings, and the flaws of the content's texts, as problems with lines."""
    places = YamlPlaces(material.file_of(content))
    problems = [places.problem(path, what, todo) for path, what, todo in findings]
    for path, text in _texts(msgspec.to_builtins(content)):
        for words, what, todo in _text_flaws(text, lesson, material):
            problems.append(places.problem(path, what, todo, holding=words))
    return problems


def _texts(value: Any, path: tuple[PathStep, ...] = ()) -> Iterator[tuple[tuple[PathStep, ...], str]]:
    """Yield (path, text) for every Markdown text of a content object; placeholders are replaced by 1."""
    if isinstance(value, str):
        if path[-1] not in ("answer", "value") and "answers" not in path:  # formulas, and what learners type
            yield path, PLACEHOLDER.sub("1", value)
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, (*path, name))
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _texts(item, (*path, index))


def _text_flaws(text: str, lesson: Lesson | None, material: Material) -> Iterator[markup.Flaw]:
    yield from markup.flaws(text)
    sections = None if lesson is None else {section.id for section in lesson.sections}
    for link in markup.links(text):
        if link.is_picture and not link.label.strip():
            yield markup.Flaw(link.words, "a picture has no alternative text", "describe it between [ and ]")
        if not _leads_somewhere(link.target, sections, material):
            yield markup.Flaw(
                link.words,
                f"the link to {link.target} leads nowhere",
                "link to https://…, to #3.2 for a section, or to a file next to the lesson",
            )
    for number, words in markup.sections_mentioned(text):
        if sections is not None and number not in sections:
            yield markup.Flaw(
                words, f"the lesson has no section {number}", "name another section, or write it"
            )


def _leads_somewhere(target: str, sections: set[str] | None, material: Material) -> bool:
    if _ELSEWHERE.match(target):
        return True
    if target.startswith("#"):
        return sections is None or target[1:] in sections
    folder = (material.course.root / "lessons").resolve()
    path = (folder / target.partition("#")[0]).resolve()
    return path.is_relative_to(folder) and path.is_file()


# --- lessons ---


def _lesson(material: Material, lesson: Lesson) -> Iterator[Finding]:
    sections = [section.id for section in lesson.sections]
    for i, concept in enumerate(lesson.concepts):
        if not lesson.sections_on(concept.id):
            yield Finding(
                ("concepts", i),
                f"no section teaches {concept.id!r}",
                "list it under `concepts:` of a section",
            )
        pieces = evidence_on(concept.id, material)
        if pieces < ENOUGH and material.all_evidence_is_read:
            yield Finding(
                ("concepts", i),
                f"only {pieces} piece{'s' * (pieces != 1)} of evidence on {concept.id!r}",
                f"add questions or tests that name it: mastery needs {ENOUGH} pieces",
            )
    sections_asking: dict[str, str] = {}
    for i, section in enumerate(lesson.sections):
        parent = section.id.rpartition(".")[0]
        if parent and parent not in sections:
            yield Finding(
                ("sections", i, "id"), f"there is no section {parent}", f"write it before {section.id}"
            )
        for j, figure in enumerate(section.figures):
            yield from _figure(material, figure, ("sections", i, "figures", j))
        for j, exercise_id in enumerate(section.exercises):
            path = ("sections", i, "exercises", j)
            yield from _exercise_of_lesson(material, lesson, exercise_id, path)
        for j, question_id in enumerate(section.questions):
            path = ("sections", i, "questions", j)
            if question_id in sections_asking:
                advice = f"section {sections_asking[question_id]} already asks it; delete one of them"
                yield Finding(path, f"{question_id!r} is asked twice", advice)
            sections_asking[question_id] = section.id
            yield from _question_of_lesson(material, lesson, question_id, section.id, path)
        for j, simulation in enumerate(section.simulations):
            yield from _prediction(
                material,
                lesson,
                simulation.question,
                section.id,
                ("sections", i, "simulations", j, "question"),
            )
            if isinstance(simulation, NetworkSimulation):
                place = ("sections", i, "simulations", j, "settings", "exercise")
                yield from _networks_of(material, lesson, simulation.settings.exercise, place)


def _networks_of(
    material: Material, lesson: Lesson, exercise_id: str, path: tuple[PathStep, ...]
) -> Iterator[Finding]:
    """Yield what is wrong with the exercise whose networks a simulation runs."""
    yield from _exercise_of_lesson(material, lesson, exercise_id, path)
    exercise = material.exercises.get(exercise_id)
    if exercise is not None and not exercise.networks:
        yield Finding(path, f"{exercise_id} has no `networks`", "add them to its exercise.yaml")


def _prediction(
    material: Material, lesson: Lesson, question_id: str, section_id: str, path: tuple[PathStep, ...]
) -> Iterator[Finding]:
    """Yield what is wrong with the question that asks for a prediction."""
    yield from _question_of_lesson(material, lesson, question_id, section_id, path)
    entry = material.questions.get(question_id)
    if entry is not None and not isinstance(entry[1], SingleQuestion):
        yield Finding(
            path, f"{question_id!r} is not a single-choice question", "name one with `kind: single`"
        )
    elif entry is not None and isinstance(entry[0], Quiz):
        what = f"{question_id!r} is a question of a quiz"
        yield Finding(path, what, "name a practice question, so that the prediction earns no score")


def evidence_on(concept: str, material: Material) -> int:
    """Return the number of pieces of evidence on a concept that the course's questions and tests can give."""
    pieces = 0
    for _, question in material.questions.values():
        if concept in question.concepts and not isinstance(question, EssayQuestion):
            times = len(list(question.draws())) if isinstance(question, ValueQuestion) else 1
            pieces += min(times, PIECES_WHEN_DRAWN)
    for exercise in material.exercises.values():
        names = {function.name for function in exercise.functions if concept in function.concepts}
        pieces += sum(name in names for file in material.tested_functions[exercise.id] for name in file)
    return pieces


def _figure(material: Material, figure: Figure, path: tuple[PathStep, ...]) -> Iterator[Finding]:
    """Yield what is wrong with the files of a figure."""
    for field, file in figure.files.items():
        if what := _figure_flaw(material.course.figure(file)):
            yield Finding((*path, field), f"{file} {what}", "fix the file or its name")


def _figure_flaw(file: Path) -> str | None:
    """Return what is wrong with a figure's file, or None."""
    if not file.is_file():
        return "is not in lessons/figures"
    if file.suffix == ".svg":
        try:
            ElementTree.parse(file)
        except ElementTree.ParseError as error:
            return f"is not a valid SVG file: {error}"
    return None


def _exercise_of_lesson(
    material: Material, lesson: Lesson, exercise_id: str, path: tuple[PathStep, ...]
) -> Iterator[Finding]:
    known = material.course.exercise_ids
    exercise = material.exercises.get(exercise_id)
    if exercise_id not in known:
        yield Finding.unknown(path, exercise_id, known)
    elif exercise is not None and exercise.lesson != lesson.id:
        yield Finding(
            path,
            f"{exercise_id!r} belongs to the lesson {exercise.lesson!r}",
            "name an exercise of this lesson",
        )


def _question_of_lesson(
    material: Material, lesson: Lesson, question_id: str, section_id: str, path: tuple[PathStep, ...]
) -> Iterator[Finding]:
    entry = material.questions.get(question_id)
    if entry is None:
        course = material.course
        # else a broken file may contain it
        if (len(material.quizzes), len(material.practice)) == (
            len(course.quiz_ids),
            len(course.practice_ids),
        ):
            yield Finding.unknown(path, question_id, material.questions)
        return
    quiz, question = entry
    order = [section.id for section in lesson.sections]
    if quiz.lesson != lesson.id:
        yield Finding(
            path, f"{question_id!r} belongs to the lesson {quiz.lesson!r}", "name a question of this lesson"
        )
    elif question.section in order and order.index(question.section) > order.index(section_id):
        yield Finding(
            path,
            f"{question_id!r} is asked before section {question.section}, which it is about",
            "ask it in that section or later",
        )


# --- quizzes and practice ---


def _questions(material: Material, source: Quiz | Practice, lesson: Lesson | None) -> Iterator[Finding]:
    yield from _lesson_exists(material, source.lesson)
    for i, question in enumerate(source.questions):
        path: tuple[PathStep, ...] = ("questions", i)
        if material.questions[question.id][0] is not source:
            yield Finding(
                (*path, "id"),
                f"another file also has a question {question.id!r}",
                "give each question its own id",
            )
        if isinstance(source, Practice) and question.points is not msgspec.UNSET:
            yield Finding((*path, "points"), "practice questions earn no points", "remove `points`")
        if isinstance(source, Practice) and isinstance(question, EssayQuestion):
            yield Finding((*path, "kind"), "nobody marks an essay in practice", "move it to a quiz")
        if question.picture is not None:
            yield from _figure(material, question.picture, (*path, "figure"))
        for flaw in question_flaws(question):
            yield flaw._replace(path=(*path, *flaw.path))
        if lesson is not None:
            yield from _section((*path, "section"), question.section, lesson)
            yield from _concepts((*path, "concepts"), question.concepts, lesson)
            for reply in replies(question):
                if reply.misconception is not None:
                    reply_path = (*path, *reply.path, "misconception")
                    yield from _misconception(reply_path, reply.misconception, lesson)


def _asked_somewhere(material: Material, quiz: Quiz) -> Iterator[Finding]:
    asked_ids = {
        q for other in material.lessons.values() for section in other.sections for q in section.questions
    }
    for i, question in enumerate(quiz.questions):
        if question.id not in asked_ids:
            path = ("questions", i, "id")
            yield Finding(path, "no section of the lesson asks it", "list it under `questions:` of a section")


# --- exercises ---


def _exercise(material: Material, exercise: Exercise, lesson: Lesson | None) -> Iterator[Finding]:
    yield from _lesson_exists(material, exercise.lesson)
    yield from data_flaws(material, exercise)
    for i, function in enumerate(exercise.functions):
        if not function.hints:
            yield Finding(
                ("functions", i), f"{function.name} has no hint", "add `hints:`, starting with a nudge"
            )
    if lesson is None:
        return
    if not any(exercise.id in section.exercises for section in lesson.sections):
        yield Finding(("id",), "no section of the lesson lists it", "list it under `exercises:` of a section")
    for i, function in enumerate(exercise.functions):
        yield from _concepts(("functions", i, "concepts"), function.concepts, lesson)
        yield from _section(("functions", i, "section"), function.section, lesson)
    for i, mistake in enumerate(exercise.mistakes):
        yield from _misconception(("mistakes", i, "misconception"), mistake.misconception, lesson)
        yield from _section(("mistakes", i, "section"), mistake.section, lesson)


# --- references that several kinds of files make ---


def _lesson_exists(material: Material, lesson_id: str) -> Iterator[Finding]:
    if lesson_id not in material.course.lesson_ids:
        yield Finding.unknown(("lesson",), lesson_id, material.course.lesson_ids)


def _section(path: tuple[PathStep, ...], section_id: str | None, lesson: Lesson) -> Iterator[Finding]:
    if section_id is not None and lesson.section(section_id) is None:
        yield Finding.unknown(path, section_id, [section.id for section in lesson.sections])


def _concepts(path: tuple[PathStep, ...], concepts: Iterable[str], lesson: Lesson) -> Iterator[Finding]:
    known = [concept.id for concept in lesson.concepts]
    for j, concept in enumerate(concepts):
        if concept not in known:
            yield Finding.unknown((*path, j), concept, known)


def _misconception(path: tuple[PathStep, ...], misconception_id: str, lesson: Lesson) -> Iterator[Finding]:
    known = [misconception.id for misconception in lesson.misconceptions]
    if misconception_id not in known:
        yield Finding.unknown(path, misconception_id, known)
