"""The essays of a class: what learners wrote, for an instructor to read and to mark."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from grader.classroom.catalogue import Catalogue
from grader.classroom.class_report import Essay, EssayAnswer
from grader.classroom.results import Place, Result
from grader.content.questions import EssayQuestion
from grader.quiz.result import QuestionResult


def essays(results: Iterable[Result], catalogue: Catalogue) -> tuple[Essay, ...]:
    """Return each essay of the quizzes with its answers, sorted by learner."""
    found: dict[tuple[str, str], Essay] = {}
    for result, written in handed_in(results):
        if written.answer is None:
            continue
        name = written.id
        question = catalogue.question(result.item, name)
        essay = found.get((result.item, name)) or Essay(
            work=result.item,
            question=name,
            prompt="" if question is None else " ".join(question.prompt.split()),
            points=written.points,
            criteria=question.criteria if isinstance(question, EssayQuestion) else (),
            answers=(),
        )
        given = EssayAnswer(learner=result.learner, text=written.answer, points=result.points_for(name))
        found[result.item, name] = essay.with_answer(given)
    return tuple(found.values())


def handed_in(results: Iterable[Result]) -> Iterator[tuple[Result, QuestionResult]]:
    """Yield the essays of each quiz that was handed in, sorted by work and learner, also those left empty.

    A group's work is one. It carries the name of the member who handed it in, or of the first one.
    """
    whose: dict[Place, Result] = {}
    for result in sorted(results, key=lambda each: (each.handed_in_by is not None, each.learner)):
        whose.setdefault(result.place, result)
    for result in sorted(whose.values(), key=lambda each: (each.item, each.learner)):
        for question in result.answers.questions if result.answers is not None else ():
            if question.correct is None:
                yield result, question
