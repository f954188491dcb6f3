"""Where the learner stands: scores, concepts, misconceptions, and the one next step."""

from __future__ import annotations

from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.progress.attempt import Attempt
from grader.progress.dates import day_in_words
from grader.progress.known import is_measured, known
from grader.progress.mastery import ENOUGH, THRESHOLD
from grader.progress.standing import Standing
from grader.tutor.facts import Facts
from grader.tutor.hand_in import hand_in_line
from grader.tutor.kit_answers import recorded_answers
from grader.tutor.standing import learner_standing
from grader.web.links import (
    Link,
    exercise_path,
    lesson_path,
    name_of,
    next_step,
    practice_path,
    quiz_path,
    sections_read,
)
from grader.web.request import learner, reading, site
from grader.web.templating import page

ENOUGH_ANSWERS = 5  # to comment on the learner's confidence


def first_page(request: Request) -> Response:
    """Show where the learner is, and the one next step."""
    standing, attempts = _standing(request)
    contents = site(request).library.contents()
    lessons = []
    for lesson in contents.lessons:
        facts = Facts(contents, lesson, attempts)
        lessons.append((lesson, sections_read(facts), lesson_path(lesson.id)))
    return page(
        request,
        "course.html",
        "Where you are",
        nav="course",
        standing=standing,
        step=next_step(contents, attempts, standing.next),
        lessons=lessons,
        quizzes=[(each, quiz_path(each.id)) for each in standing.quizzes],
        sealed=[
            (quiz, len(recorded_answers(quiz, attempts)), quiz_path(quiz.id))
            for quiz in site(request).library.sealed()
        ],
        exercises=[(each, exercise_path(each.id)) for each in standing.exercises],
        practice=[practice_path(each.lesson) for each in contents.practice],
        hand_in=_hand_in(request, standing, attempts),
    )


def progress_page(request: Request) -> Response:
    """Show scores, and what is known of each concept."""
    standing, attempts = _standing(request)
    contents = site(request).library.contents()
    sure = next((each for each in standing.confidence if each.confidence == "high"), None)
    review = standing.review
    return page(
        request,
        "progress.html",
        "Progress",
        nav="progress",
        standing=standing,
        step=next_step(contents, attempts, standing.next),
        quizzes=[(each, quiz_path(each.id)) for each in standing.quizzes],
        exercises=[(each, exercise_path(each.id)) for each in standing.exercises],
        concepts=[
            (each, known(each), is_measured(each), _sections(request, each.read_again))
            for each in standing.concepts
        ],
        threshold=THRESHOLD,
        enough=ENOUGH,
        overconfident=sure is not None and sure.answers >= ENOUGH_ANSWERS and sure.right < 0.8 * sure.answers,
        day=_day(review.next) if review.next else None,
    )


def misconceptions_page(request: Request) -> Response:
    """Show the wrong ideas that the learner's answers and code have shown, the latest first."""
    standing, _ = _standing(request)
    contents = site(request).library.contents()
    met = []
    for each in standing.misconceptions:
        known_one = contents.misconceptions.get(each.id)
        places = contents.sections_on(known_one.concept) if known_one else []
        met.append((each, _sections(request, tuple(places))))
    return page(request, "misconceptions.html", "Misconceptions", nav="progress", met=met)


def _day(time: str) -> str:
    return day_in_words(datetime.fromisoformat(time))


def _standing(request: Request) -> tuple[Standing, list[Attempt]]:
    with reading(request) as recorder:
        attempts = recorder.attempts()
    own = site(request)
    directory = own.workplace.directory(learner(request))
    contents = own.library.contents()
    return learner_standing(own.course, contents, attempts, own.clock(), directory), attempts


def _hand_in(request: Request, standing: Standing, attempts: list[Attempt]) -> str:
    own = site(request)
    if own.course.kit is None:
        return ""
    directory = own.workplace.directory(learner(request))
    return hand_in_line(own.course, own.library.sealed(), standing.exercises, attempts, directory)


def _sections(request: Request, places: tuple[tuple[str, str], ...]) -> list[Link]:
    lessons = {lesson.id: lesson for lesson in site(request).library.contents().lessons}
    links = []
    for lesson, section_id in places:
        section = lessons[lesson].section(section_id)
        links += [Link(name_of(section), lesson_path(lesson, section_id))] if section else []
    return links


routes = [
    Route("/", first_page),
    Route("/progress", progress_page),
    Route("/misconceptions", misconceptions_page),
]
