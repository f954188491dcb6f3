"""A class of any size on the course of this repository: graded work of all kinds, without a judge.

The functions, known mistakes, misconceptions and questions are the course's. Scores and answers are drawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from random import Random

from class_samples import report, test_result
from msgspec.structs import replace

from grader.classroom.results import Result, Status
from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.quiz import Quiz
from grader.judge.report import NamedMistake, Outcome, Report, TestResult, UnnamedBehavior
from grader.quiz.answer import mark
from grader.quiz.drawn_values import drawn_quiz
from grader.quiz.result import QuestionResult, QuizResult

ROOT = Path(__file__).parents[1]
EXERCISES = ("exercise-lstm", "exercise-rnn")
QUIZ = "day4"
TESTS = 4  # of each function
NAMES = (
    "Ada Lovelace", "Bob O'Neill", "Chen Wei", "Dora Maar", "Élodie Durand", "Farid Haddad", "Grace Hopper",
    "Hiro Tanaka", "Inés Ortiz", "Jan Novák", "Katherine Johnson", "Liam Byrne", "Maryam Mirzakhani",
    "Noor Khan", "Olga Ladyzhenskaya", "Pablo Ruiz", "Quentin Blake", "Rosa Parks", "Sven Olsson",
    "Tara Singh",
)  # fmt: skip


@cache
def course() -> Course:
    return Course(ROOT)


def whole_class(size: int, seed: int = 0) -> list[Result]:
    """Return the results of a class: strong and weak learners, some of whose work is missing."""
    rng = Random(seed)
    quiz = drawn_quiz(course().quiz(QUIZ), 0)
    results = []
    for number in range(size):
        turn, place = divmod(number, len(NAMES))
        learner = NAMES[place] + (f" {turn + 1}" if turn else "")
        strength = rng.betavariate(3, 1.5)
        for each in EXERCISES:
            draw = rng.random()
            if draw < 0.08:
                continue
            status = Status.UNREADABLE if draw < 0.11 else Status.FAILED if draw < 0.12 else Status.GRADED
            results.append(_exercise(course().exercise(each), learner, strength, rng, status))
        if rng.random() < 0.9:
            results.append(_quiz(quiz, learner, strength, rng))
    return results


def whole_code(results: list[Result]) -> Mapping[str, Mapping[str, str]]:
    """Return code for the graded exercises: the starter and own functions. Every sixth one is a copy."""
    code: dict[str, dict[str, str]] = {}
    for place, result in enumerate(results):
        if result.report is None:
            continue
        own = code.setdefault(result.item, {})
        starter = (ROOT / "exercises" / result.item / "starter.py").read_text()
        written = _functions(Random(f"{result.item} {place}"))
        if len(own) % 6 == 5:
            written = [*own.values()][-1].removeprefix(starter).replace("total", "summe")
        own[result.learner] = starter + written
    return code


def _functions(rng: Random) -> str:
    """Return functions that another learner would not write in the same way."""
    lines = ["", ""]
    for number in range(6):
        lines.append(f"def step_{number}(values, size):  # <b>{number}</b>")
        lines.append("    total = []")
        for _ in range(rng.randint(2, 6)):
            sign, other = rng.choice("+-*/%"), rng.choice("+-*/%")
            lines.append(f"    total.append(values[size {sign} {rng.randint(1, 9)}] {other} len(total))")
            if rng.random() < 0.5:
                lines.append(f"    if size {rng.choice('<>')} {rng.randint(1, 9)}: total.sort(key=abs)")
        lines.append("    return total")
    return "\n".join(lines) + "\n"


def _exercise(exercise: Exercise, learner: str, strength: float, rng: Random, status: Status) -> Result:
    best = float(TESTS * len(exercise.functions))
    result = Result(
        learner=learner,
        item=exercise.id,
        file=f"{learner}/{exercise.id}.py",
        source=f"{learner} {exercise.id}",
        status=status,
        score=0.0,
        max_score=best,
        problem=None if status is Status.GRADED else "it is empty",
    )
    if status is not Status.GRADED:
        return result
    graded = _report(exercise, strength, rng)
    return replace(result, report=graded, score=graded.score)


def _report(exercise: Exercise, strength: float, rng: Random) -> Report:
    tests: list[TestResult] = []
    mistakes: list[NamedMistake] = []
    unnamed: list[UnnamedBehavior] = []
    for function in exercise.functions:
        if rng.random() < strength:
            wrong: list[int] = []
        else:
            wrong = sorted(rng.sample(range(TESTS), rng.randint(1, TESTS)))
        own = [
            test_result(f"{function.name}-{n}", float(n not in wrong), function=function.name)
            for n in range(TESTS)
        ]
        if len(wrong) == TESTS and rng.random() < 0.5:
            outcome = rng.choice([Outcome.NOT_RUN, Outcome.TIMED_OUT, Outcome.ERROR])
            own = [replace(test, outcome=outcome) for test in own]
        tests += own
        failed = tuple(test.id for test in own if not test.score)
        known = [each for each in exercise.mistakes if each.function == function.name]
        if failed and known and rng.random() < 0.7:
            each = rng.choice(known)
            mistakes.append(
                NamedMistake(id=each.id, misconception=each.misconception, says=each.says, tests=failed)
            )
        elif failed:
            digest = f"g{function.name[:4]}{len(failed)}"
            unnamed.append(UnnamedBehavior(function=function.name, digest=digest, tests=failed))
    return replace(report(tests), exercise=exercise.id, mistakes=tuple(mistakes), unnamed=tuple(unnamed))


def _quiz(quiz: Quiz, learner: str, strength: float, rng: Random) -> Result:
    questions = []
    for question in quiz.questions:
        options = list(question.option_ids)  # type: ignore[union-attr]
        right = next(each for each in options if question.option(each).correct)  # type: ignore[union-attr]
        found = mark(question, right if rng.random() < strength else rng.choice(options))
        questions.append(
            QuestionResult(
                question.id, found.correct, found.score, found.answer, found.feedback, found.misconception
            )
        )
    score = sum(each.score for each in questions)
    best = float(len(questions))
    return Result(
        learner=learner,
        item=quiz.id,
        file=f"{learner}/{quiz.id}.yaml",
        source="x",
        status=Status.GRADED,
        score=score,
        max_score=best,
        answers=QuizResult(quiz.id, "v1", score, best, tuple(questions)),
    )
