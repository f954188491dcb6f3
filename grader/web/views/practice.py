"""Practice on what is known least, and reviews of what is due."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from grader.progress.dates import day_in_words
from grader.tutor.facts import Facts
from grader.tutor.practice import weakest
from grader.web.links import Link, lesson_of, practice_path, question_path
from grader.web.request import reading, site
from grader.web.templating import no_page, page


def practice_page(request: Request) -> Response:
    """Show which concepts of a lesson are not mastered yet, and how to begin."""
    facts = _facts(request)
    if facts is None:
        return no_page(request)
    lesson = facts.lesson
    left = sorted(
        (c for c in lesson.concepts if not facts.is_mastered(c.id)), key=lambda c: facts.level(c.id)
    )
    return page(
        request,
        "practice.html",
        "Practice",
        nav="practice",
        lesson=lesson,
        left=sorted(left, key=lambda concept: facts.level(concept.id)),
        count=len(lesson.concepts),
        begin=Link("Begin", f"{practice_path(lesson.id)}/next") if weakest(facts) else None,
    )


def next_practice(request: Request) -> Response:
    """Lead to a question on the concept known least, of the lesson or of one section."""
    facts = _facts(request)
    if facts is None:
        return no_page(request)
    section = facts.lesson.section(request.query_params.get("section", ""))
    last = [tried.question.id for tried in facts.tries[-1:]]
    question = None
    if section is not None:
        own = (
            q
            for q in facts.practice
            if q.section == section.id and facts.can_be_asked(q) and q.id not in last
        )
        question = next(iter(sorted(own, key=facts.was_asked)), None)
    question = question or weakest(facts, avoid=last) or weakest(facts)
    if question is None:
        return RedirectResponse(practice_path(facts.lesson.id), 303)
    return RedirectResponse(f"{question_path(question.id)}?in=practice", 303)


def review_page(request: Request) -> Response:
    """Show how many questions are due, or when the next one will be."""
    from grader.progress.schedule import schedule  # slow to import

    now = site(request).clock()
    with reading(request) as recorder:
        planned = schedule(site(request).library.contents(), recorder.attempts(), now)
    due = [each for each in planned if each.due <= now]
    return page(
        request,
        "review.html",
        "Review",
        nav="review",
        due=len(due),
        planned=len(planned),
        day=day_in_words(planned[0].due) if planned and not due else None,
    )


def next_review(request: Request) -> Response:
    """Lead to the question that is due first; back to the review's page if none is."""
    from grader.progress.schedule import schedule  # slow to import

    now = site(request).clock()
    with reading(request) as recorder:
        planned = schedule(site(request).library.contents(), recorder.attempts(), now)
    if not planned or planned[0].due > now:
        return RedirectResponse("/review", 303)
    return RedirectResponse(f"{question_path(planned[0].question)}?in=review", 303)


def _facts(request: Request) -> Facts | None:
    contents = site(request).library.contents()
    lesson = lesson_of(contents, request.path_params["lesson"])
    if lesson is None or not any(practice.lesson == lesson.id for practice in contents.practice):
        return None
    with reading(request) as recorder:
        return Facts(contents, lesson, recorder.attempts())


routes = [
    Route("/practice/{lesson}", practice_page),
    Route("/practice/{lesson}/next", next_practice),
    Route("/review", review_page),
    Route("/review/next", next_review),
]
