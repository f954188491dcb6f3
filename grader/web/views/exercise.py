"""The page of an exercise: what to write, the editor, the check, its verdict and hints."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from grader.content.data_files import DATA
from grader.content.exercise import Exercise
from grader.errors import CourseError, UnknownIdError
from grader.tutor.ladder import Ladder, open_next, open_solution
from grader.web.event_streams import LOOK, EventStreams
from grader.web.exercise_page import Desk, attempts_of, desk, history, last_report
from grader.web.refusals import refusal
from grader.web.request import field, learner, reading, site, writing
from grader.web.templating import environment, page
from grader.web.views.network import SCRIPTS as NETWORK_SCRIPTS
from grader.web.views.network import STYLES as NETWORK_STYLES
from grader.web.views.network import box_of
from grader.web.workplace import Conflict, current_digest, open_file, save

if TYPE_CHECKING:
    from grader.web.running import Event, RunningCheck, RunningChecks

STYLES, SCRIPTS = ("exercise.css",), ("exercise.js",)
STOPPED = "the course has stopped — start it again with course open, then check again"
_streams = EventStreams()


def exercises_page(request: Request) -> Response:
    """Show all exercises."""
    contents = site(request).library.contents()
    with reading(request) as recorder:
        attempts = recorder.attempts()
    rows = [
        (each.exercise, last_report(attempts_of(each.exercise.id, attempts))) for each in contents.exercises
    ]
    return page(request, "exercises.html", "Exercises", nav="exercise", rows=rows, styles=STYLES)


def exercise_page(request: Request) -> Response:
    """Show one exercise with the learner's file and the last verdict."""
    exercise = _exercise(request)
    waiting = request.query_params.get("wait", "")
    check = site(request).checks.get(learner(request), int(waiting)) if waiting.isdecimal() else None
    waits = check is not None and not check.ended  # before the page is made: the check may end meanwhile
    if check is not None and not waits and not check.problem:
        return RedirectResponse(f"{_address(exercise)}#verdict", 303)
    site(request).checks.warm_up(exercise.id)
    answer = _page(request, exercise, problem=check.problem if check else "")
    if waits:
        answer.headers["refresh"] = "1"  # for a browser without scripts
    return answer


def save_file(request: Request) -> Response:
    """Save the learner's code."""
    exercise = _exercise(request)
    try:
        digest = _save(request, exercise)
    except CourseError as error:
        return _refused(request, exercise, error)
    if _wants_json(request):
        return JSONResponse({"digest": digest})
    return RedirectResponse(f"{_address(exercise)}#code", 303)


def check_file(request: Request) -> Response:
    """Save the learner's code and begin a check of it, as `course check` would do now."""
    from grader.tutor.learner_file import learner_file

    exercise = _exercise(request)
    course, directory = site(request).course, _directory(request)
    try:
        digest = _save(request, exercise) if "code" in request.state.form else ""
        submission = learner_file(course, exercise.id, directory).submission()
        check = site(request).checks.begin(learner(request), exercise.id, submission)
    except CourseError as error:
        return _refused(request, exercise, error)
    if _wants_json(request):
        return JSONResponse({"check": check.number, "digest": digest})
    return RedirectResponse(f"{_address(exercise)}?wait={check.number}", 303)


async def check_events(request: Request) -> Response:
    """Send what happens in a check: each test as it ends."""
    check = site(request).checks.get(learner(request), request.path_params["number"])
    if check is None or check.exercise != request.path_params["exercise"]:
        return refusal(404)
    last = request.headers.get("last-event-id", "")
    begin = int(last) if last.isdecimal() and len(last) < 9 else 0
    return _streams.answer(_happenings(site(request).checks, check, begin))


async def _happenings(checks: RunningChecks, check: RunningCheck, sent: int) -> AsyncIterator[str]:
    while True:
        events = [*enumerate(check.events[sent:], sent + 1)]
        sent += len(events)
        yield "".join(
            f"id: {n}\nevent: {each.kind}\ndata: {json.dumps(_data(each))}\n\n" for n, each in events
        )
        if check.ended and sent >= len(check.events):
            return
        if checks.closed:
            yield f"event: end\ndata: {json.dumps({'problem': STOPPED})}\n\n"
            return
        await asyncio.sleep(LOOK)


def _data(event: Event) -> dict[str, object]:
    if event.test is not None:
        return {"function": event.test.function, "passed": event.test.outcome == "passed"}
    return {"total": event.total} if event.kind == "total" else {"problem": event.problem}


def verdict(request: Request) -> Response:
    """Return the last verdict alone, for a page that shows an older one."""
    exercise = _exercise(request)
    shown = desk(site(request), learner(request), exercise)
    html = environment().get_template("verdict.html").render(desk=shown, csrf=request.state.csrf)
    return HTMLResponse(html)


def state(request: Request) -> Response:
    """Tell what other tabs, editors and terminals have changed: the file, the last check, a running one."""
    exercise = _exercise(request)
    here = site(request)
    try:
        digest, problem = current_digest(here.course, exercise.id, _directory(request)), ""
    except CourseError as error:
        digest, problem = "", str(error)
    with reading(request) as recorder:
        checks = attempts_of(exercise.id, recorder.attempts())
        last = checks[-1].id if checks else ""
    check = here.checks.running(learner(request), exercise.id)
    return JSONResponse(
        {"digest": digest, "problem": problem, "last": last, "check": check.number if check else None}
    )


def file_text(request: Request) -> Response:
    """Return the learner's file as it is on the disk now."""
    exercise = _exercise(request)
    try:
        file = open_file(site(request).course, exercise.id, _directory(request))
    except CourseError as error:
        return JSONResponse({"problem": str(error)}, 409)
    return JSONResponse({"text": file.text, "digest": file.digest, "problem": file.problem})


def data_file(request: Request) -> Response:
    """Return a data file that the exercise lists, as a download."""
    here, exercise = site(request), _exercise(request)
    content = here.course.data(exercise).get(f"{DATA}/{request.path_params['file']}")
    if content is None:
        return refusal(404)
    return Response(
        content, media_type="application/octet-stream", headers={"content-disposition": "attachment"}
    )


def hint(request: Request) -> Response:
    """Open the next step of help with a function, or its solution after all other help."""
    exercise = _exercise(request)
    function = exercise.function(field(request, "function"))
    if function is None:
        return refusal(404)
    try:
        with writing(request) as recorder:
            if field(request, "solution"):
                open_solution(site(request).course, exercise, function, recorder)
            elif not Ladder(exercise, function, recorder.attempts()).is_empty:
                open_next(exercise, function, recorder)
    except CourseError as error:
        return _refused(request, exercise, error)
    if _wants_json(request):
        return verdict(request)
    return RedirectResponse(f"{_address(exercise)}#help-{function.name}", 303)


def report_page(request: Request) -> Response:
    """Show all checks of an exercise, the newest first."""
    exercise = _exercise(request)
    with reading(request) as recorder:
        attempts = recorder.attempts()
    return page(
        request,
        "exercise_report.html",
        f"Checks of {exercise.title}",
        nav="exercise",
        exercise=exercise,
        checks=history(site(request), exercise, attempts),
        styles=STYLES,
    )


def _page(
    request: Request,
    exercise: Exercise,
    problem: str = "",
    code: str | None = None,
    status: int = 200,
    conflict: bool = False,
) -> Response:
    shown: Desk = desk(site(request), learner(request), exercise, problem, code, conflict)
    with reading(request) as recorder:
        box = box_of(request, exercise, recorder.attempts())
    return page(
        request,
        "exercise.html",
        exercise.title,
        nav="exercise",
        status=status,
        place=shown.place,
        desk=shown,
        box=box,
        back=_address(exercise),
        styles=(*STYLES, *(NETWORK_STYLES if box else ())),
        scripts=(*SCRIPTS, *(NETWORK_SCRIPTS if box else ())),
    )


def _refused(request: Request, exercise: Exercise, error: CourseError) -> Response:
    """Say what was not done. The learner's text stays on the page."""
    conflict = isinstance(error, Conflict)
    if _wants_json(request):
        return JSONResponse(
            {"problem": f"{str(error)[:1].upper()}{str(error)[1:]}.", "conflict": conflict}, 409
        )
    code = _code(request) if "code" in request.state.form else None
    return _page(request, exercise, problem=str(error), code=code, status=409, conflict=conflict)


def _save(request: Request, exercise: Exercise) -> str:
    """Save the learner's code and return the digest of the file. Raises CourseError."""
    here = site(request)
    directory = here.workplace.directory(learner(request))
    return save(here.course, exercise.id, directory, _code(request), field(request, "base")).digest


def _exercise(request: Request) -> Exercise:
    exercise_id = request.path_params["exercise"]
    contents = site(request).library.contents()
    known = {each.exercise.id: each.exercise for each in contents.exercises}
    if exercise_id not in known:
        raise UnknownIdError("exercise", exercise_id, known)
    return known[exercise_id]


def _code(request: Request) -> str:
    return field(request, "code")


def _directory(request: Request) -> Path:
    return site(request).workplace.directory(learner(request))


def _address(exercise: Exercise) -> str:
    return f"/exercise/{exercise.id}"


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")


routes = [
    Route("/exercises", exercises_page),
    Route("/exercise/{exercise}", exercise_page),
    Route("/exercise/{exercise}/file", file_text),
    Route("/exercise/{exercise}/data/{file:path}", data_file),
    Route("/exercise/{exercise}/save", save_file, methods=["POST"]),
    Route("/exercise/{exercise}/check", check_file, methods=["POST"]),
    Route("/exercise/{exercise}/events/{number:int}", check_events),
    Route("/exercise/{exercise}/verdict", verdict),
    Route("/exercise/{exercise}/state", state),
    Route("/exercise/{exercise}/hint", hint, methods=["POST"]),
    Route("/exercise/{exercise}/report", report_page),
]
