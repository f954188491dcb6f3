"""Quizzes: one question after another, the score, and what to read again. In a kit nothing is marked."""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from grader.content.file_names import answers_stem
from grader.content.kit import SealedQuiz
from grader.content.quiz import Quiz
from grader.progress.attempt import Attempt, new_id
from grader.quiz.points import score_words
from grader.quiz.result import by_concept
from grader.quiz.sitting import Stage
from grader.tutor.kit_answers import answers_text, recorded_answers
from grader.tutor.sittings import LoggedSitting, last_sitting, open_sitting, quiz_sitting
from grader.web.links import Link, lesson_path, quiz_path
from grader.web.request import reading, site
from grader.web.templating import Piece, Place, no_page, page
from grader.web.views.questions import back_here, figure_styles, shown

_ID = re.compile(r"[0-9a-f]{32}")


def quiz_page(request: Request) -> Response:
    """Show a quiz: where its last sitting stands, and how to begin or continue."""
    if site(request).course.kit is not None:
        return _kit_page(request)
    quiz, attempts = _quiz(request)
    if quiz is None:
        return no_page(request)
    logged = last_sitting(quiz, attempts)
    sitting = logged.sitting if logged else None
    current = sitting.current if sitting else None
    number = quiz.questions.index(next(q for q in quiz.questions if q.id == current.id)) + 1 if current else 1
    titles = site(request).library.contents().concepts
    met = by_concept(sitting) if sitting and not current else ()
    return page(
        request,
        "quiz.html",
        quiz.title,
        quiz=quiz,
        sitting=sitting,
        score=score_words(quiz, sitting.score) if sitting else "",
        place=_place(logged, None) if logged else None,
        rows=_rows(logged) if logged else [],
        concepts=[(titles[each.concept].title, each) for each in met if each.concept in titles],
        section_path=lambda section: lesson_path(quiz.lesson, section),
        go_on=Link("Continue" if current else "Begin", quiz_path(quiz.id, number))
        if current or not sitting
        else None,
        again=f"{quiz_path(quiz.id)}/again" if sitting and sitting.answered else None,
    )


def begin_again(request: Request) -> Response:
    """Lead to the first question of a new sitting. Nothing is recorded before its first answer."""
    quiz, _ = _quiz(request)
    if quiz is None:
        return no_page(request)
    return RedirectResponse(f"{quiz_path(quiz.id, 1)}?sitting={new_id()}", 303)


def question_page(request: Request) -> Response:
    """Show one question of the quiz, in the sitting that is under way."""
    if site(request).course.kit is not None:
        return _kit_question(request)
    quiz, attempts = _quiz(request)
    number = request.path_params["number"]
    if quiz is None or not 1 <= number <= len(quiz.questions):
        return no_page(request)
    named = request.query_params.get("sitting", "")
    if _ID.fullmatch(named):
        logged = quiz_sitting(quiz, named, attempts)
    else:
        logged = open_sitting(quiz, attempts)
        # so that the answer and its page stay with this sitting when it is over
        return RedirectResponse(f"{quiz_path(quiz.id, number)}?sitting={logged.id}", 303)
    return _asked(request, quiz, number, attempts, logged.id, _place(logged, number), f"?sitting={logged.id}")


def _asked(
    request: Request,
    quiz: Quiz | SealedQuiz,
    number: int,
    attempts: list[Attempt],
    sitting: str,
    place: Place,
    query: str,
) -> Response:
    count = len(quiz.questions)
    heading = f"Question {number} of {count}"
    asked = shown(request, quiz.questions[number - 1].id, attempts, heading, sitting)
    last = number == count
    end = "See the result" if isinstance(quiz, Quiz) else "See all answers"
    after = Link(end if last else "Next question", _question_path(quiz, number + 1, query))
    before = Link(f"Question {number - 1}", _question_path(quiz, number - 1, query)) if number > 1 else None
    return page(
        request,
        "quiz_question.html",
        f"{heading} · {quiz.title}",
        quiz=quiz,
        place=place,
        styles=figure_styles([asked]),
        scripts=("question.js",),
        asked=asked,
        back=back_here(request),
        before=before,
        after=after,
    )


def _question_path(quiz: Quiz | SealedQuiz, number: int, query: str) -> str:
    return quiz_path(quiz.id) if number > len(quiz.questions) else quiz_path(quiz.id, number) + query


def _quiz(request: Request) -> tuple[Quiz | None, list[Attempt]]:
    quizzes = site(request).library.contents().quizzes
    quiz = next((quiz for quiz in quizzes if quiz.id == request.path_params["quiz"]), None)
    with reading(request) as recorder:
        return quiz, recorder.attempts(quiz=quiz.id) if quiz else []


def _place(logged: LoggedSitting, number: int | None) -> Place:
    """Return where the learner is in a sitting; `number` is that of the question shown."""
    states = []
    for index, (question, state) in enumerate(
        zip(logged.sitting.quiz.questions, logged.sitting.states, strict=True), 1
    ):
        first = logged.sitting.first_mark(question.id)
        right = first is not None and first.correct is not False
        done = "done" if right else "miss" if state.stage is not Stage.OPEN or first else ""
        states.append(Piece("here" if index == number else done))
    total = len(states)
    return Place(f"Question {number} of {total}" if number else logged.quiz.title, tuple(states))


def _rows(logged: LoggedSitting) -> list[tuple[int, str, str, str]]:
    """Return number, prompt, word and address of each question."""
    rows = []
    sitting = logged.sitting
    for number, (question, state) in enumerate(zip(sitting.quiz.questions, sitting.states, strict=True), 1):
        first = sitting.first_mark(question.id)
        if first is not None and first.correct is None:
            word = "● recorded"
        elif first is not None and first.correct:
            word = "✓ right"
        elif first is not None:
            word = "✗ right later" if state.stage is Stage.SOLVED else "✗ not right"
        else:
            word = "skipped" if state.stage is Stage.SKIPPED else "open"
        href = f"{quiz_path(logged.quiz.id, number)}?sitting={logged.id}"
        rows.append((number, question.full_prompt, word, href))
    return rows


# --- a kit ---


def _kit_page(request: Request) -> Response:
    quiz, attempts = _sealed(request)
    if quiz is None:
        return no_page(request)
    answers = recorded_answers(quiz, attempts)
    left = [number for number, question in enumerate(quiz.questions, 1) if question.id not in answers]
    return page(
        request,
        "kit_quiz.html",
        quiz.title,
        quiz=quiz,
        answers=answers,
        place=_kit_place(quiz, attempts, None),
        go_on=Link("Continue" if answers else "Begin", quiz_path(quiz.id, left[0])) if left else None,
        file=answers_stem(quiz.id) + ".yaml",
        download=f"{quiz_path(quiz.id)}/answers.yaml",
        number_path=lambda number: quiz_path(quiz.id, number),
    )


def _kit_question(request: Request) -> Response:
    quiz, attempts = _sealed(request)
    number = request.path_params["number"]
    if quiz is None or not 1 <= number <= len(quiz.questions):
        return no_page(request)
    return _asked(request, quiz, number, attempts, "", _kit_place(quiz, attempts, number), "")


def download_answers(request: Request) -> Response:
    """Answer with the file that the learner of a kit hands in."""
    quiz, attempts = _sealed(request)
    if quiz is None:
        return no_page(request)
    name = answers_stem(quiz.id) + ".yaml"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    text = answers_text(quiz, recorded_answers(quiz, attempts))
    return PlainTextResponse(text, headers=headers, media_type="application/yaml")


def _sealed(request: Request) -> tuple[SealedQuiz | None, list[Attempt]]:
    quizzes = site(request).library.sealed()
    quiz = next((quiz for quiz in quizzes if quiz.id == request.path_params["quiz"]), None)
    with reading(request) as recorder:
        return quiz, recorder.attempts()


def _kit_place(quiz: SealedQuiz, attempts: list[Attempt], number: int | None) -> Place:
    answers = recorded_answers(quiz, attempts)
    pieces = tuple(
        Piece("here" if index == number else "done" if question.id in answers else "")
        for index, question in enumerate(quiz.questions, 1)
    )
    return Place(
        f"Question {number} of {len(pieces)}" if number else f"{len(answers)} of {len(pieces)} answered",
        pieces,
    )


routes = [
    Route("/quiz/{quiz}", quiz_page),
    Route("/quiz/{quiz}/again", begin_again),
    Route("/quiz/{quiz}/answers.yaml", download_answers),
    Route("/quiz/{quiz}/{number:int}", question_page),
]
