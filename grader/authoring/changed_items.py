"""The parts of a course that changed files belong to, so that only these are validated again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePosixPath

from grader.authoring.validation import Validation
from grader.content.course import COURSE_FILE, Course
from grader.content.figures import file_names
from grader.content.lesson import Lesson
from grader.content.quiz import Practice, Quiz


def named_items(course: Course, names: Iterable[str], here: Path) -> tuple[str, ...] | None:
    """Return the ids of parts that are named by an id or by a file, each once; None for the whole course.

    Files are named as seen from `here`. One that is no content of the course stands for nothing.
    """
    known = {*course.lesson_ids, *course.quiz_ids, *course.exercise_ids}
    found: dict[str, None] = {}
    for name in names:
        if name in known or not _is_path(name, here):
            found[name] = None
            continue
        items = _items_of(course, here / name, known)
        if items is None:
            return None
        found |= dict.fromkeys(items)
    return tuple(found)


def _is_path(name: str, here: Path) -> bool:
    return "/" in name or "." in name or (here / name).exists()


def _items_of(course: Course, file: Path, known: set[str]) -> tuple[str, ...] | None:
    """Return what a file belongs to. What another part may refer to, if it is gone, is the whole course."""
    try:
        inside = PurePosixPath(file.resolve().relative_to(course.root.resolve()))
    except ValueError:
        return ()
    match inside.parts:
        case (name,) if name == COURSE_FILE:
            return None
        case ("lessons", "figures", *rest):
            figure = "/".join(rest)
            return tuple(_parts_with(course, figure)) if file.exists() else None
        case ("exercises", item, _, *_) | ("quizzes", "practice", item) | ("lessons" | "quizzes", item):
            item = item.removesuffix(".yaml")
            return (item,) if item in known and file.exists() else None
    return ()


def _parts_with(course: Course, figure: str) -> Iterator[str]:
    """Yield the ids of the lessons and quizzes that show a figure. Practice has the id of its lesson."""
    parts: list[Lesson | Quiz | Practice] = [*map(course.lesson, course.lesson_ids)]
    parts += [*map(course.quiz, course.quiz_ids), *map(course.practice, course.practice_ids)]
    for part in parts:
        if figure in file_names(part.pictures):
            yield part.id


def validate_each(
    course: Course, items: tuple[str, ...] | None, validate: Callable[[str | None], Validation]
) -> Validation:
    """Validate each item, or the whole course if `items` is None, and return one result."""
    validations = [*map(validate, (None,) if items is None else items)]
    if len(validations) == 1:
        return validations[0]
    problems = {problem for each in validations for problem in each.problems}
    return Validation(
        course=str(course.root),
        ok=all(each.ok for each in validations),
        problems=tuple(sorted(problems, key=lambda p: (p.file, p.line, p.what))),
        warnings=tuple(dict.fromkeys(problem for each in validations for problem in each.warnings)),
        exercises=tuple(proof for each in validations for proof in each.exercises),
        seconds=round(sum(each.seconds for each in validations), 2),
    )
