"""Sample results of a class, in the form that `course grade` writes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from zlib import crc32

import msgspec

from grader.classroom.results import Result, Status
from grader.judge.confinement import Confinement
from grader.judge.report import Environment, NamedMistake, Outcome, Report, TestResult
from grader.quiz.answer import mark
from grader.quiz.result import QuestionResult, QuizResult

ENVIRONMENT = Environment(
    python="3.11", numpy="2", tensorflow="2", keras="3", platform="x", threads=1, confinement=Confinement.NONE
)


def test_result(name: str, score: float, points: float = 1.0, function: str = "add") -> TestResult:
    outcome = Outcome.PASSED if score == points else Outcome.FAILED
    return TestResult(
        id=name,
        function=function,
        title=f"Title of {name}.",
        outcome=outcome,
        points=points,
        score=score,
        message="",
        visible=False,
    )


test_result.__test__ = False  # type: ignore[attr-defined]


def report(tests: Sequence[TestResult], misconceptions: Sequence[str] = ()) -> Report:
    score, best = sum(t.score for t in tests), sum(t.points for t in tests)
    return Report(
        exercise="exercise-sum",
        version="v1",
        score=score,
        max_score=best,
        passed=score == best,
        tests=tuple(tests),
        mistakes=tuple(
            NamedMistake(id=f"m-{m}", misconception=m, says="Look.", tests=()) for m in misconceptions
        ),
        seed=1,
        environment=ENVIRONMENT,
        seconds=1.0,
    )


def exercise_result(
    learner: str,
    scores: Mapping[str, float] | Sequence[float],
    source: str | None = None,
    misconceptions: Sequence[str] = (),
) -> Result:
    """Return a graded exercise with one point per test. Tests without names are called a, b, c …"""
    named = scores if isinstance(scores, Mapping) else dict(zip("abcdefghijkl", scores, strict=False))
    graded = report([test_result(name, score) for name, score in named.items()], misconceptions)
    return Result(
        learner=learner,
        item="exercise-sum",
        file=f"{learner}/exercise_sum.py",
        source=source or hex(crc32(learner.encode())),
        status=Status.GRADED,
        score=graded.score,
        max_score=graded.max_score,
        report=graded,
    )


def quiz_result(learner: str, answers: Mapping[str, str | None]) -> Result:
    """Return the graded quiz of the tiny course with these answers."""
    from tiny_course import QUIZ

    from grader.content.decode import decode
    from grader.content.quiz import Quiz

    questions = []
    for question in decode(QUIZ, "tiny.yaml", Quiz).questions:
        answer = answers.get(question.id)
        if answer is None:
            questions.append(QuestionResult(question.id, False, 0.0, None, None, None))
        else:
            m = mark(question, answer)
            questions.append(
                QuestionResult(question.id, m.correct, m.score, m.answer, m.feedback, m.misconception)
            )
    score = sum(q.score for q in questions)
    return Result(
        learner=learner,
        item="tiny",
        file=f"{learner}/tiny.yaml",
        source="x",
        status=Status.GRADED,
        score=score,
        max_score=3.0,
        answers=QuizResult("tiny", "v1", score, 3.0, tuple(questions)),
    )


def unreadable(learner: str, item: str = "exercise-sum") -> Result:
    return Result(
        learner=learner,
        item=item,
        file=f"{learner}/exercise_sum.py",
        source="",
        status=Status.UNREADABLE,
        score=0.0,
        max_score=2.0,
        problem="it is empty",
    )


def failed(learner: str, item: str = "exercise-sum") -> Result:
    return msgspec.structs.replace(unreadable(learner, item), status=Status.FAILED, problem="no memory")


def write_results(directory: Path, results: Sequence[Result]) -> Path:
    """Write the results where `course grade` does, and return the directory."""
    directory.mkdir(parents=True, exist_ok=True)
    lines = [msgspec.json.encode(result) for result in results]
    (directory / "results.jsonl").write_bytes(b"".join(line + b"\n" for line in lines))
    return directory
