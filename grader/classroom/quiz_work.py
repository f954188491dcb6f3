"""The quiz answers of one learner: which file counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import PurePosixPath

from grader.classroom.found_files import File
from grader.classroom.learner_work import LearnerWork, hash_of, refused_work
from grader.classroom.quiz_answers import Paper
from grader.classroom.results import Status
from grader.content.quiz import Quiz
from grader.errors import CourseError

ReadPaper = Callable[[bytes, PurePosixPath, Quiz], Paper]


def quiz_work(learner: str, file: File, quiz: Quiz, read: ReadPaper) -> LearnerWork:
    """Return the marked answers in a file."""
    try:
        paper = read(file.read(), PurePosixPath(file.where), quiz)
        answers = paper.marked(quiz)
    except CourseError as error:
        return refused_work(learner, quiz.id, file.where, error)
    refused = (why if q in why else f"{q}: {why}" for q, why in paper.refused.items())
    return LearnerWork(
        learner=learner,
        item=quiz.id,
        file=file.where,
        source=hash_of(*(f"{q.id}={q.answer}" for q in answers.questions)),
        answers=answers,
        problem="; ".join(filter(None, (*refused, paper.problem))) or None,
    )


def counting_answers(several: Sequence[LearnerWork]) -> LearnerWork:
    """Return the answers that count. If several files differ, return a problem instead of guessing."""
    several = sorted(several, key=lambda each: each.file)
    written = [each for each in several if not _is_blank(each)]
    kept = written or several[:1]
    if len({each.source for each in kept}) == 1:
        return kept[0]
    names = [each.file for each in kept]
    files = f"{', '.join(names[:-1])} and {names[-1]}"
    both = "both" if len(names) == 2 else "all"
    item = kept[0].item
    return LearnerWork(
        learner=kept[0].learner,
        item=item,
        file=kept[0].file,
        source=hash_of(*(each.source for each in kept)),
        status=Status.UNREADABLE,
        problem=f"{files} are {both} for {item}, but differ — hand in only the one that counts",
    )


def _is_blank(handed: LearnerWork) -> bool:
    """Return True if the file has no answers at all, for example an unused lesson notebook."""
    return handed.answers is not None and all(
        q.answer is None and q.feedback is None for q in handed.answers.questions
    )
