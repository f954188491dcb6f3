"""A lesson: its contents, each section with its questions in place, its summary and its glossary."""

from __future__ import annotations

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from grader.content.lesson import Lesson, Section
from grader.content.simulations import NetworkSimulation, Simulation
from grader.progress.attempt import Attempt
from grader.progress.evidence import Contents
from grader.tutor.facts import Facts
from grader.web.figures import section_figures
from grader.web.links import (
    Link,
    exercise_path,
    first_unread,
    lesson_of,
    lesson_path,
    name_of,
    practice_path,
    sections_read,
)
from grader.web.request import reading, site, writing
from grader.web.simulations import SCRIPT, ShownSimulation, show_simulation
from grader.web.templating import Piece, Place, no_page, page
from grader.web.terms import linked
from grader.web.views.network import network_boxes, styles_of
from grader.web.views.questions import back_here, figure_styles, shown

GLOSSARY, SUMMARY = "glossary", "summary"


class Entry(Struct, frozen=True):
    """One line of the table of contents."""

    number: str
    title: str
    href: str
    is_read: bool
    is_here: bool = False
    below: tuple[Entry, ...] = ()


def contents_page(request: Request) -> Response:
    """Show what a lesson holds and what has been read."""
    facts = _facts(request)
    if facts is None:
        return no_page(request)
    lesson = facts.lesson
    unread = first_unread(facts)
    count = sections_read(facts)
    verb = "Continue" if count else "Begin"
    return page(
        request,
        "lesson.html",
        lesson.title,
        nav="lesson",
        place=Place(f"{count} of {len(lesson.sections)} sections read", _ribbon(facts, None)),
        lesson=lesson,
        entries=_entries(facts, None),
        start=Link(f"{verb}: {name_of(unread)}", lesson_path(lesson.id, unread.id)) if unread else None,
        summary=lesson_path(lesson.id, SUMMARY),
        glossary=lesson_path(lesson.id, GLOSSARY) if lesson.glossary else None,
    )


def section_page(request: Request) -> Response:
    """Show one section, its figures, and its questions as they stand."""
    with reading(request) as recorder:
        attempts = recorder.attempts()
    facts = _facts(request, attempts)
    section = facts.lesson.section(request.path_params["section"]) if facts else None
    if facts is None or section is None:
        return no_page(request)
    lesson, number = facts.lesson, facts.lesson.sections.index(section)
    asked = [each for id_ in section.questions if (each := shown(request, id_, attempts)) is not None]
    boxes = _moving(request, section, attempts)
    before = lesson.sections[number - 1] if number else None
    after = lesson.sections[number + 1] if number + 1 < len(lesson.sections) else None
    text = linked(section.text, lesson.glossary)
    questions = (*asked, *(box.question for box in boxes))
    figures = ("figures.css",) if section.figures else figure_styles(questions)
    return page(
        request,
        "section.html",
        name_of(section),
        nav="lesson",
        place=Place(f"Part {number + 1} of {len(lesson.sections)}", _ribbon(facts, section)),
        styles=tuple(dict.fromkeys((*figures, *styles_of(boxes)))),
        scripts=(*(("question.js",) if asked or boxes else ()), *((SCRIPT,) if boxes else ())),
        lesson=lesson,
        section=section,
        chapter=_chapter(lesson, section),
        entries=_entries(facts, section),
        text=text.html,
        terms=text.terms,
        glossary=lesson_path(lesson.id, GLOSSARY),
        figures=section_figures(site(request).course, lesson, section),
        asked=asked,
        moving=boxes,
        back=back_here(request),
        exercises=_exercises(facts.contents, section),
        practice=_practice(facts, section),
        before=Link(name_of(before), lesson_path(lesson.id, before.id)) if before else None,
        after=Link(name_of(after), lesson_path(lesson.id, after.id))
        if after
        else Link("Summary", lesson_path(lesson.id, SUMMARY)),
        is_read=bool(facts.settled(section)),
    )


def read_section(request: Request) -> Response:
    """Record that a section was read, and go on to the next one."""
    with writing(request) as recorder:
        facts = _facts(request, recorder.attempts())
        section = facts.lesson.section(request.path_params["section"]) if facts else None
        if facts is None or section is None:
            return no_page(request)
        if not facts.settled(section):
            recorder.record_section("read", facts.lesson, section)
    number = facts.lesson.sections.index(section) + 1
    following = facts.lesson.sections[number].id if number < len(facts.lesson.sections) else SUMMARY
    return RedirectResponse(lesson_path(facts.lesson.id, following), 303)


def summary_page(request: Request) -> Response:
    """Show a lesson's summary and what comes after it."""
    facts = _facts(request)
    if facts is None:
        return no_page(request)
    lesson = facts.lesson
    last = lesson.sections[-1]
    return page(
        request,
        "summary.html",
        "Summary",
        nav="lesson",
        place=Place("Summary", _ribbon(facts, None)),
        lesson=lesson,
        entries=_entries(facts, None),
        before=Link(name_of(last), lesson_path(lesson.id, last.id)),
    )


def glossary_page(request: Request) -> Response:
    """Show the terms of a lesson in alphabetical order."""
    facts = _facts(request)
    if facts is None:
        return no_page(request)
    lesson = facts.lesson
    terms = sorted(lesson.glossary, key=lambda term: term.term.casefold())
    sections = {s.id: Link(name_of(s), lesson_path(lesson.id, s.id)) for s in lesson.sections}
    return page(
        request, "glossary.html", "Glossary", nav="lesson", lesson=lesson, terms=terms, sections=sections
    )


def lessons_page(request: Request) -> Response:
    """Show all lessons of a course, or the only one."""
    contents = site(request).library.contents()
    if len(contents.lessons) == 1:
        return RedirectResponse(lesson_path(contents.lessons[0].id), 303)
    lessons = [Link(lesson.title, lesson_path(lesson.id)) for lesson in contents.lessons]
    return page(request, "lessons.html", "Lessons", nav="lesson", lessons=lessons)


def _moving(request: Request, section: Section, attempts: list[Attempt]) -> list[ShownSimulation]:
    """Return the simulations of a section, each with the question that asks for a prediction."""
    alone = len(section.simulations) == 1  # else the headings must differ

    def heading(simulation: Simulation) -> str:
        return "Predict first" if alone else f"Predict first: {simulation.title}"

    boxes = []
    for each in section.simulations:
        question = shown(request, each.question, attempts, heading(each))
        if isinstance(each, NetworkSimulation):
            boxes += network_boxes(request, each, question, attempts)
        else:
            boxes.append(show_simulation(each, question))
    return boxes


def _facts(request: Request, attempts: list[Attempt] | None = None) -> Facts | None:
    """Return the facts about the lesson that the address names, or None if there is none."""
    contents = site(request).library.contents()
    lesson = lesson_of(contents, request.path_params["lesson"])
    if lesson is None:
        return None
    if attempts is None:
        with reading(request) as recorder:
            attempts = recorder.attempts()
    return Facts(contents, lesson, attempts)


def _ribbon(facts: Facts, here: Section | None) -> tuple[Piece, ...]:
    return tuple(
        Piece("here" if s is here else "done" if facts.settled(s) else "", gap=s.level == 1)
        for s in facts.lesson.sections
    )


def _chapter(lesson: Lesson, section: Section) -> Section | None:
    """Return the section of the first level around a section, or None if it is one."""
    return lesson.section(section.id.partition(".")[0]) if section.level > 1 else None


def _entries(facts: Facts, here: Section | None) -> list[Entry]:
    """Return the table of contents: whole chapters, or only the one around `here` unfolded."""
    lesson = facts.lesson
    chapter = (_chapter(lesson, here) or here) if here else None

    def entry(section: Section) -> Entry:
        below = [s for s in lesson.sections if section.level == 1 and _chapter(lesson, s) is section]
        is_read = bool(facts.settled(section)) and all(facts.settled(s) for s in below)
        unfolded = chapter is None or section is chapter
        return Entry(
            section.id,
            section.title,
            lesson_path(lesson.id, section.id),
            is_read,
            section is here,
            tuple(map(entry, below)) if unfolded else (),
        )

    tops = [s for s in lesson.sections if s.level == 1 or _chapter(lesson, s) is None]
    return [entry(section) for section in tops]


def _exercises(contents: Contents, section: Section) -> list[Link]:
    titles = {each.exercise.id: each.exercise.title for each in contents.exercises}
    return [Link(titles[id_], exercise_path(id_)) for id_ in section.exercises if id_ in titles]


def _practice(facts: Facts, section: Section) -> str | None:
    """Return where further questions on a section are asked, or None if there are none."""
    if not any(question.section == section.id for question in facts.practice):
        return None
    return f"{practice_path(facts.lesson.id)}/next?section={section.id}"


routes = [
    Route("/lessons", lessons_page),
    Route("/lesson/{lesson}", contents_page),
    Route("/lesson/{lesson}/glossary", glossary_page),
    Route("/lesson/{lesson}/summary", summary_page),
    Route("/lesson/{lesson}/{section}", section_page),
    Route("/lesson/{lesson}/{section}/read", read_section, methods=["POST"]),
]
