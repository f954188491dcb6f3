"""The page with questions about the learner's own code for an exercise."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from grader.content.exercise import Exercise
from grader.errors import CourseError
from grader.judge.own_questions import OwnQuestion
from grader.judge.submission import Submission
from grader.progress.attempt import Attempt
from grader.quiz.answer import AnswerRefused
from grader.tutor.own_questions import OwnAsked, attempts_at, functions_passed, own_sitting
from grader.tutor.recording import Recorder
from grader.web.exercise_page import attempts_of, last_report
from grader.web.questions import Refused, Shown, event_of, show, typed_answer
from grader.web.request import field, fields, learner, reading, site, writing
from grader.web.templating import no_page, page

STYLES, SCRIPTS = ("exercise.css",), ("question.js",)
AROUND = 3  # lines shown before and after a line that a question is about


class CodeLine(Struct, frozen=True):
    """A line of the learner's source. `asked` marks one that the question is about."""

    number: int
    text: str
    asked: bool


class AskedQuestion(Struct, frozen=True):
    """A question with the code that it is about."""

    shown: Shown
    action: str
    lines: tuple[CodeLine, ...]


def questions_page(request: Request) -> Response:
    """Show the questions about the learner's file, or the button that makes them."""
    return _page(request)


def make_questions(request: Request) -> Response:
    """Make questions about the learner's file as it is now."""
    exercise = _exercise(request)
    if exercise is None:
        return no_page(request)
    try:
        submission, functions = _submission(request, exercise), _functions(request, exercise)
        if functions:
            site(request).code_questions.make(exercise.id, submission, functions)
    except CourseError as error:
        return _page(request, problem=str(error))
    return RedirectResponse(_address(exercise), 303)


def answer(request: Request) -> Response:
    """Record what the learner did with a question, and show the page again."""
    exercise = _exercise(request)
    if exercise is None:
        return no_page(request)
    name = request.path_params["question"]
    own = next((each for each in _known(request, exercise) or () if each.question.id == name), None)
    if own is None:
        return RedirectResponse(_address(exercise), 303)
    with writing(request) as recorder:
        asked = OwnAsked(own, recorder, exercise.lesson)
        if asked.is_open and field(request, "version") == _version(own, recorder.attempts()):
            typed = typed_answer(own.question, fields(request, "answer"), {})
            try:
                asked.take(event_of(own.question, field(request, "do"), typed))
            except AnswerRefused:
                return _page(request, refused=Refused(name, typed))
    return RedirectResponse(f"{_address(exercise)}#q-{name}", 303)


def _page(request: Request, problem: str = "", refused: Refused | None = None) -> Response:
    exercise = _exercise(request)
    if exercise is None:
        return no_page(request)
    functions = _functions(request, exercise)
    questions: tuple[OwnQuestion, ...] | None = None
    try:
        questions = _known(request, exercise) if functions else None
    except CourseError as error:
        problem = problem or str(error)
    with reading(request) as recorder:
        asked = [_asked(request, exercise, own, recorder, refused) for own in questions or ()]
    return page(
        request,
        "own_questions.html",
        "Questions about your own code",
        nav="exercise",
        exercise=exercise,
        functions=functions,
        made=questions is not None,
        asked=asked,
        problem=problem,
        back=_address(exercise),
        styles=STYLES,
        scripts=SCRIPTS,
    )


def _asked(
    request: Request, exercise: Exercise, own: OwnQuestion, recorder: Recorder, refused: Refused | None
) -> AskedQuestion:
    attempts = recorder.attempts()
    logged = own_sitting(own, exercise.lesson, attempts)
    now = site(request).clock()
    question = show(own.question, logged, [], f"Your {own.function}", now, refused)
    question = _replaced(question, _version(own, attempts))
    lines = _lines(own, _submission(request, exercise))
    return AskedQuestion(question, f"{_address(exercise)}/{own.question.id}", lines)


def _replaced(question: Shown, version: str) -> Shown:
    from msgspec.structs import replace

    return replace(question, version=version, asks_confidence=False)


def _lines(own: OwnQuestion, submission: Submission) -> tuple[CodeLine, ...]:
    """Return the lines around those that a question is about."""
    places = {place.line for place in own.places}
    cell = next((each for each in submission.cells if own.places and each.label == own.places[0].label), None)
    if cell is None:
        return ()
    numbered = enumerate(cell.source.split("\n"), 1)
    first, last = min(places) - AROUND, max(places) + AROUND
    return tuple(CodeLine(n, text, n in places) for n, text in numbered if first <= n <= last)


def _known(request: Request, exercise: Exercise) -> tuple[OwnQuestion, ...] | None:
    submission = _submission(request, exercise)
    return site(request).code_questions.known(exercise.id, submission, _functions(request, exercise))


def _submission(request: Request, exercise: Exercise) -> Submission:
    from grader.tutor.learner_file import learner_file

    directory = site(request).workplace.directory(learner(request))
    return learner_file(site(request).course, exercise.id, directory).submission()


def _functions(request: Request, exercise: Exercise) -> tuple[str, ...]:
    """Return the functions that passed their tests in the last check."""
    with reading(request) as recorder:
        report = last_report(attempts_of(exercise.id, recorder.attempts()))
    return () if report is None else functions_passed(report)


def _version(own: OwnQuestion, attempts: list[Attempt]) -> str:
    return str(len(attempts_at(own, attempts)))


def _exercise(request: Request) -> Exercise | None:
    exercises = site(request).library.contents().exercises
    name = request.path_params["exercise"]
    return next((each.exercise for each in exercises if each.exercise.id == name), None)


def _address(exercise: Exercise) -> str:
    return f"/exercise/{exercise.id}/own"


routes = [
    Route("/exercise/{exercise}/own", questions_page),
    Route("/exercise/{exercise}/own", make_questions, methods=["POST"]),
    Route("/exercise/{exercise}/own/{question}", answer, methods=["POST"]),
]
