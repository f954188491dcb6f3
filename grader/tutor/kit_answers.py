"""A kit's quiz: the learner's answers are recorded and written to a file, and marked by the instructor."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from grader.content.course import content_hash
from grader.content.file_names import answers_stem
from grader.content.kit import SealedQuestion, SealedQuiz
from grader.errors import CourseError, EnvironmentProblem
from grader.files import write_whole
from grader.progress.attempt import Attempt, in_time
from grader.tutor.recording import Recorder, new_attempt

_FIRST_LINE = "# Answers to the quiz {}, written by `course quiz`."

Answers = dict[str, str]  # question id -> answer


class UnmarkedQuestion(Struct, frozen=True):
    """The answer to one question. Everything that the instructor decides is None."""

    id: str
    answer: str | None
    correct: None = None
    score: None = None
    feedback: None = None
    misconception: None = None
    points: float = 1.0


class UnmarkedQuiz(Struct, frozen=True):
    """The output of `course quiz --json` in a kit. It has the fields of QuizResult."""

    quiz: str
    version: str
    score: None
    max_score: float
    questions: tuple[UnmarkedQuestion, ...]


def unmarked(quiz: SealedQuiz, answers: Mapping[str, str]) -> UnmarkedQuiz:
    """Return answers in the shape of a marked quiz."""
    questions = tuple(
        UnmarkedQuestion(q.id, answers.get(q.id), points=float(q.worth)) for q in quiz.questions
    )
    return UnmarkedQuiz(quiz.id, quiz.version, None, quiz.points, questions)


def recorded_answers(quiz: SealedQuiz, attempts: Iterable[Attempt]) -> Answers:
    """Return the latest answer to each question that has not changed since."""
    hashes = {question.id: content_hash(question) for question in quiz.questions}
    return {
        attempt.item: attempt.answer
        for attempt in in_time(attempts)
        if attempt.kind == "given" and attempt.answer and hashes.get(attempt.item) == attempt.content_hash
    }


def record_answers(quiz: SealedQuiz, answers: Mapping[str, str], recorder: Recorder) -> None:
    """Record answers by question id, all or none."""
    questions = [question for question in quiz.questions if question.id in answers]
    recorder.add(*(answer_attempt(recorder.now, question, answers[question.id]) for question in questions))


def answer_attempt(
    now: datetime, question: SealedQuestion, answer: str, hints: int = 0, seconds: float | None = None
) -> Attempt:
    """Return the attempt that records an answer. `hints` is the number of hints opened before it."""
    version = content_hash(question)
    return new_attempt(now, "given", question.id, version, answer=answer, hints=hints, seconds=seconds)


def hints_opened(question: SealedQuestion, attempts: Iterable[Attempt]) -> int:
    """Return how many hints to the question are recorded."""
    version = content_hash(question)
    return max((a.hints for a in attempts if a.kind == "hint" and a.content_hash == version), default=0)


def answers_file(quiz: SealedQuiz) -> Path:
    """Return the file that the learner hands in, in the current directory."""
    return Path(f"{answers_stem(quiz.id)}.yaml")


def check_ours(path: Path, quiz: SealedQuiz) -> None:
    """Make sure that no file is overwritten but one that `write_answers` wrote.

    Raises CourseError, or EnvironmentProblem if the file cannot be read.
    """
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            first_line = file.readline().strip()
    except FileNotFoundError:
        return
    except OSError as error:
        raise EnvironmentProblem(f"{path} cannot be read: {error.strerror} — move it away") from None
    if first_line != _FIRST_LINE.format(quiz.id):
        raise CourseError(
            f"{path} already exists, and `course quiz` did not write it — rename it, or record its answers: "
            f"course quiz {quiz.id} --answers {path}"
        )


def write_answers(path: Path, quiz: SealedQuiz, answers: Mapping[str, str]) -> None:
    """Write the file that the learner hands in. Raises EnvironmentProblem."""
    advice = f"your answers are kept; run `course quiz {quiz.id}` in a directory you can write to"
    write_whole(path, answers_text(quiz, answers).encode(), advice)


def answers_text(quiz: SealedQuiz, answers: Mapping[str, str]) -> str:
    """Return the text of the file that the learner hands in."""
    ids = [question.id for question in quiz.questions if question.id in answers]
    lines = [
        _FIRST_LINE.format(quiz.id),
        *(f"{id_}: {json.dumps(answers[id_], ensure_ascii=False)}" for id_ in ids),
        "",
    ]
    return "\n".join(lines)
