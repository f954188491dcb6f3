"""A question on its own page, and the answers to questions on any page."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from urllib.parse import parse_qsl, urlencode, urlsplit

from msgspec.structs import replace
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from grader.content.kit import SealedQuestion, SealedQuiz
from grader.content.questions import Question
from grader.content.quiz import Practice, Quiz
from grader.progress.attempt import Attempt
from grader.quiz.answer import AnswerRefused, AnyQuestion, most_typed
from grader.tutor.asked_questions import AskedQuestion, KitQuestion, SittingQuestion
from grader.tutor.named_sittings import named_sitting, practice_number, shown_sitting
from grader.tutor.recording import Recorder
from grader.tutor.sittings import LoggedSitting, practice_id, practice_sitting, sitting_to_ask
from grader.web.figures import figure_html
from grader.web.links import Link, lesson_path, practice_path, question_path
from grader.web.questions import (
    CONFIDENCES,
    Refused,
    Shown,
    event_of,
    show,
    show_sealed,
    sources,
    typed_answer,
    version,
)
from grader.web.request import field, fields, local_path, reading, site, writing
from grader.web.templating import no_page, page

DAY = 24 * 3600.0
REFUSED, TYPED = "q", "typed"  # query parameters of a page that shows a refused answer again
# where a question is asked, and how its next one is called
ROADS = {"practice": "Next question", "review": "Next review"}


def shown(
    request: Request, question_id: str, attempts: list[Attempt], heading: str = "", sitting: str = ""
) -> Shown | None:
    """Return a question as it stands, or None if the course has none with this id.

    Without `sitting`, it is the one in which the question was answered last, or is to be asked.
    """
    now, refused = site(request).clock(), _refused(request)
    if site(request).course.kit is not None:
        sealed = _sealed(request, question_id)
        if sealed is None:
            return None
        recorded = show_sealed(*sealed, attempts, heading or _heading(sealed[1]), now, refused)
        return with_figure(request, recorded, sealed[1], sealed[0].lesson)
    found = sources(site(request).library.contents().sources, question_id)
    if found is None:
        return None
    question, source = found
    logged = _sitting(question, source, sitting, attempts)
    if logged is None:
        return None
    asked = show(question, logged, attempts, heading or _heading(question), now, refused)
    asked = with_figure(request, asked, question, source.lesson)
    return replace(asked, sitting=sitting) if sitting else asked


def with_figure(request: Request, asked: Shown, question: AnyQuestion, lesson: str) -> Shown:
    """Return a question with the picture that it is about, if it has one."""
    if question.picture is None:
        return asked
    name = f"figure-of-{question.id}"
    return replace(asked, figure=figure_html(site(request).course, lesson, question.picture, name))


def figure_styles(asked: Iterable[Shown | None]) -> tuple[str, ...]:
    """Return the style sheets that the figures of questions need."""
    return ("figures.css",) if any(each and each.figure for each in asked) else ()


def back_here(request: Request) -> str:
    """Return the address of this page, for forms that lead back to it."""
    return _with_query(request.url.path, _kept(request.url.query))


def _sitting(
    question: Question, source: Quiz | Practice, sitting: str, attempts: list[Attempt]
) -> LoggedSitting | None:
    quiz = source if isinstance(source, Quiz) else None
    if sitting:
        return named_sitting(question, quiz, source.lesson, sitting, attempts)
    return shown_sitting(question, quiz, source.lesson, attempts)


def _sealed(request: Request, question_id: str) -> tuple[SealedQuiz, SealedQuestion] | None:
    for quiz in site(request).library.sealed():
        question = quiz.question(question_id)
        if question is not None:
            return quiz, question
    return None


def _heading(question: Question | SealedQuestion) -> str:
    """Return a heading. It does not name the concept, which is often the answer."""
    return f"Question on section {question.section}"


def ask(request: Request) -> Response:
    """Lead to the practice sitting in which a question is asked next."""
    found = sources(site(request).library.contents().sources, request.path_params["question"])
    if found is None:
        return no_page(request)
    with reading(request) as recorder:
        logged = practice_sitting(found[0], found[1].lesson, recorder.attempts())
    path = f"{question_path(found[0].id)}/{practice_number(logged)}"
    return RedirectResponse(_with_query(path, _kept(request.url.query)), 303)


def ask_again(request: Request) -> Response:
    """Show a question in a practice sitting."""
    found = sources(site(request).library.contents().sources, request.path_params["question"])
    if found is None or site(request).course.kit is not None:
        return no_page(request)
    question, source = found
    road = request.query_params.get("in", "")
    with reading(request) as recorder:
        attempts = recorder.attempts()
    heading = {"practice": "Practice", "review": "Review"}.get(road, "")
    sitting = practice_id(question, request.path_params["number"])
    asked = shown(request, question.id, attempts, sitting=sitting)
    if asked is None:
        return no_page(request)
    following = {"practice": f"{practice_path(source.lesson)}/next", "review": "/review/next"}
    after = Link(ROADS[road], following[road]) if road in ROADS else None
    return page(
        request,
        "asked.html",
        heading or "Question",
        styles=figure_styles([asked]),
        asked=asked,
        back=back_here(request),
        after=after,
        section=Link(f"Section {question.section}", lesson_path(source.lesson, question.section)),
        again=question_path(question.id) if after is None else None,
    )


def answer(request: Request) -> Response:
    """Record what the learner did with a question, and go back to the page that asked it."""
    question_id = request.path_params["question"]
    back = local_path(field(request, "back"))
    with writing(request) as recorder:
        attempts = recorder.attempts()
        asked = _asked(request, question_id, recorder, attempts)
        if asked is None:
            return no_page(request)
        # a form that was sent twice, or a page that is out of date, shows a state that is gone
        if asked.is_open and field(request, "version") == version(question_id, attempts):
            places = {name[6:]: field(request, name) for name in request.state.form if name[:6] == "place-"}
            typed = typed_answer(asked.question, fields(request, "answer"), places)
            try:
                event = event_of(asked.question, field(request, "do"), typed)
            except AnswerRefused:
                parameters = [(REFUSED, question_id), (TYPED, typed[: most_typed(asked.question) + 1])]
                return _back(back, question_id, parameters)
            seconds = _seconds(field(request, "since"), recorder.now)
            asked.take(event, seconds, CONFIDENCES.get(field(request, "confidence")))
    return _back(back, question_id, [])


def _asked(
    request: Request, question_id: str, recorder: Recorder, attempts: list[Attempt]
) -> AskedQuestion | None:
    """Return the question in the sitting that the form names, or None if there is none."""
    if site(request).course.kit is not None:
        sealed = _sealed(request, question_id)
        return KitQuestion(*sealed, recorder, hints_stay=True) if sealed else None
    found = sources(site(request).library.contents().sources, question_id)
    if found is None:
        return None
    question, source = found
    quiz, sitting = source if isinstance(source, Quiz) else None, field(request, "sitting")
    if not sitting:
        logged = sitting_to_ask(question, quiz, source.lesson, attempts)
    elif (named := named_sitting(question, quiz, source.lesson, sitting, attempts)) is not None:
        logged = named
    else:
        return None
    return SittingQuestion(logged, question_id, recorder)


def _seconds(since: str, now: datetime) -> float | None:
    """Return how long ago the page was shown, or None if that is not known."""
    if not (since.isdecimal() and len(since) < 12):
        return None
    passed = now.timestamp() - int(since)
    return round(passed, 3) if 0 <= passed <= DAY else None


def _refused(request: Request) -> Refused | None:
    question, typed = (request.query_params.get(name) for name in (REFUSED, TYPED))
    return Refused(question, typed) if question is not None and typed is not None else None


def _kept(query: str) -> list[tuple[str, str]]:
    """Return the parameters of a page, without those that show a refused answer."""
    return [(name, value) for name, value in parse_qsl(query) if name not in (REFUSED, TYPED)]


def _back(back: str, question_id: str, parameters: list[tuple[str, str]]) -> Response:
    parts = urlsplit(back)
    path = _with_query(parts.path, [*_kept(parts.query), *parameters])
    return RedirectResponse(f"{path}#q-{question_id}", 303)


def _with_query(path: str, parameters: list[tuple[str, str]]) -> str:
    return f"{path}?{urlencode(parameters)}" if parameters else path


routes = [
    Route("/question/{question}", ask),
    Route("/question/{question}", answer, methods=["POST"]),
    Route("/question/{question}/{number:int}", ask_again),
]
