"""The essays of a class: what learners wrote, for an instructor to read and to mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.classroom.catalogue import Catalogue
from grader.classroom.class_report import Essay, EssayAnswer
from grader.classroom.results import Result
from grader.content.questions import EssayQuestion


def essays(results: Iterable[Result], catalogue: Catalogue) -> tuple[Essay, ...]:
    """Return each essay of the quizzes with its answers, sorted by learner."""
    found: dict[tuple[str, str], Essay] = {}
    for result in sorted(results, key=lambda each: (each.item, each.learner)):
        for name, answer, points in _written(result):
            question = catalogue.question(result.item, name)
            essay = found.get((result.item, name)) or Essay(
                work=result.item,
                question=name,
                prompt="" if question is None else " ".join(question.prompt.split()),
                points=points,
                criteria=question.criteria if isinstance(question, EssayQuestion) else (),
                answers=(),
            )
            given = EssayAnswer(learner=result.learner, text=answer, points=result.points_for(name))
            found[result.item, name] = essay.with_answer(given)
    return tuple(found.values())


def _written(result: Result) -> Iterator[tuple[str, str, float]]:
    """Yield the id, the answer and the points of each essay that a learner wrote. A group's work is one."""
    if result.answers is not None and result.handed_in_by is None:
        for each in result.answers.questions:
            if each.correct is None and each.answer is not None:
                yield each.id, each.answer, each.points
