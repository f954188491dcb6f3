"""A learner's own network: the page on which it runs, and the network itself as data."""

from __future__ import annotations

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from grader.content.exercise import Exercise
from grader.content.simulations import NetworkSimulation
from grader.errors import CourseError
from grader.progress.attempt import Attempt
from grader.web.networks import STYLE, NetworkAnswer, needed, show_network, simulation_of
from grader.web.questions import Shown
from grader.web.request import learner, reading, site
from grader.web.simulations import SCRIPT, ShownSimulation
from grader.web.simulations import STYLE as SIMULATIONS_STYLE
from grader.web.templating import no_page, page
from grader.web.views.questions import back_here, shown

STYLES, SCRIPTS = (SIMULATIONS_STYLE, STYLE), ("question.js", SCRIPT)


def network_page(request: Request) -> Response:
    """Show the networks of an exercise on a page of their own."""
    exercise = _exercise(request, request.path_params["exercise"])
    with reading(request) as recorder:
        attempts = recorder.attempts()
    box = exercise and box_of(request, exercise, attempts)
    if exercise is None or box is None:
        return no_page(request)
    return page(
        request,
        "network.html",
        box.title,
        nav="exercise",
        box=box,
        back=back_here(request),
        styles=STYLES,
        scripts=SCRIPTS,
    )


def box_of(request: Request, exercise: Exercise, attempts: list[Attempt]) -> ShownSimulation | None:
    """Return the box with the networks of an exercise, or None if no lesson shows them."""
    simulation = simulation_of(site(request).library.contents().lessons, exercise.id)
    if simulation is None:
        return None
    question = shown(request, simulation.question, attempts, "Predict first")
    return show_network(simulation, exercise, question, attempts)


def network_boxes(
    request: Request, simulation: NetworkSimulation, question: Shown | None, attempts: list[Attempt]
) -> list[ShownSimulation]:
    """Return the box of a simulation of a lesson; none if its exercise is missing."""
    exercise = _exercise(request, simulation.settings.exercise)
    return [] if exercise is None else [show_network(simulation, exercise, question, attempts)]


def styles_of(boxes: list[ShownSimulation]) -> tuple[str, ...]:
    """Return the style sheets that simulations need."""
    if any(box.kind == "network" for box in boxes):
        return STYLES
    return STYLES[:1] if boxes else ()


def networks_data(request: Request) -> Response:
    """Send the networks that the learner's file builds, trained by the judge."""
    exercise = _exercise(request, request.path_params["exercise"])
    if exercise is None or not exercise.networks:
        return no_page(request)
    try:
        answer = _answer(request, exercise)
    except CourseError as error:
        answer = NetworkAnswer(problem=f"Your network cannot be shown: {error}.")
    return Response(
        msgspec.json.encode(answer), media_type="application/json", headers={"cache-control": "no-store"}
    )


def _answer(request: Request, exercise: Exercise) -> NetworkAnswer:
    from grader.tutor.learner_file import learner_file

    with reading(request) as recorder:
        missing = needed(exercise, recorder.attempts())
    if missing:
        return NetworkAnswer(problem=f"Pass the tests of {', '.join(missing)} first.")
    directory = site(request).workplace.directory(learner(request))
    submission = learner_file(site(request).course, exercise.id, directory).submission()
    return site(request).networks.of(exercise.id, submission)


def _exercise(request: Request, name: str) -> Exercise | None:
    exercises = site(request).library.contents().exercises
    return next((each.exercise for each in exercises if each.exercise.id == name), None)


routes = [
    Route("/exercise/{exercise}/network", network_page),
    Route("/exercise/{exercise}/networks.json", networks_data),
]
