"""The proof of a course or of one part of it: reads everything, runs what must be run."""

from __future__ import annotations

import time
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from grader.authoring.leaks import leak_problems
from grader.authoring.material import ExerciseFiles, Material
from grader.authoring.proof import Matrix, Runs, findings, matrix
from grader.authoring.references import (
    exercise_problems,
    lesson_problems,
    practice_problems,
    quiz_problems,
)
from grader.authoring.running import Tell, judge_pool, run_all
from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.problem import ContentError, Problem
from grader.errors import UnknownIdError
from grader.judge.client.pool import JudgePool

SEEDS = 20


class ExerciseProof(Struct, frozen=True, kw_only=True):
    """What was run for one exercise, and the matrix of it."""

    id: str
    version: str
    seeds: tuple[int, ...]  # of the solution
    matrix: Matrix


class Validation(Struct, frozen=True, kw_only=True):
    """`course validate --json` prints exactly this."""

    course: str
    ok: bool
    problems: tuple[Problem, ...]
    exercises: tuple[ExerciseProof, ...]
    seconds: float


def validate(
    course: Course,
    wanted: str | None = None,
    seeds: int = SEEDS,
    tell: Tell = lambda exercise, done, total: None,
) -> Validation:
    """Prove the whole course, or what is called `wanted`.

    Raises CourseError for an unknown id or a kit, EnvironmentProblem if the judge cannot run here.
    """
    course.check_whole("be validated")
    started = time.monotonic()
    _check_id(course, wanted)
    material = Material.of(course)
    problems = [problem for problem in material.problems if _is_about(problem, wanted, course)]
    proofs = []
    for lesson in material.lessons.values():
        if wanted in (None, lesson.id):
            problems += lesson_problems(material, lesson)
    for quiz in material.quizzes.values():
        if wanted in (None, quiz.id):
            problems += quiz_problems(material, quiz)
    for practice in material.practice.values():
        if wanted in (None, practice.id):
            problems += practice_problems(material, practice)
    with judge_pool() as judges:
        for exercise in material.exercises.values():
            if wanted in (None, exercise.id):
                found, proof = _prove(material, exercise, judges, seeds, tell)
                problems += found
                proofs.append(proof)
    problems = sorted({_relative(p, course) for p in problems}, key=lambda p: (p.file, p.line, p.what))
    return Validation(
        course=str(course.root),
        ok=not problems,
        problems=tuple(problems),
        exercises=tuple(proofs),
        seconds=round(time.monotonic() - started, 2),
    )


def _prove(
    material: Material, exercise: Exercise, judges: JudgePool, seeds: int, tell: Tell
) -> tuple[list[Problem], ExerciseProof]:
    """Look at one exercise, and run it if all that it needs is there."""
    course, files, runs = material.course, ExerciseFiles(material, exercise), Runs()
    broken = files.problems()
    problems = [*exercise_problems(material, exercise), *broken]
    if not any(problem.file in files.needed for problem in broken):
        problems += leak_problems(files)
        try:
            runs = run_all(judges, course, files, seeds, tell)
            problems += findings(files, runs)
        except ContentError as error:
            problems += error.problems
    proof = ExerciseProof(
        id=exercise.id,
        version=course.exercise_version(exercise.id),
        seeds=tuple(dict.fromkeys(report.seed for report in runs.solution)),
        matrix=matrix(files, runs),
    )
    return problems, proof


def _check_id(course: Course, wanted: str | None) -> None:
    known = {*course.lesson_ids, *course.quiz_ids, *course.exercise_ids}
    if wanted is not None and wanted not in known:
        raise UnknownIdError("lesson, quiz or exercise", wanted, known)


def _is_about(problem: Problem, wanted: str | None, course: Course) -> bool:
    path = Path(problem.file)
    return wanted is None or path.stem == wanted or path.is_relative_to(course.exercise_dir(wanted))


def _relative(problem: Problem, course: Course) -> Problem:
    """The judge knows the course by another name than the user."""
    path, root = Path(problem.file), course.root.resolve()
    if path.is_absolute() and path.is_relative_to(root):
        return replace(problem, file=str(course.root / path.relative_to(root)))
    return problem
