"""Validation of a course or of one part: reads all files, and runs the exercises' tests."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from grader.authoring.data_files import can_read_data
from grader.authoring.figure_colors import figure_warnings
from grader.authoring.guidance import guidance_problems
from grader.authoring.hidden_messages import message_problems
from grader.authoring.known_runs import KnownRuns
from grader.authoring.leaks import leak_problems
from grader.authoring.libraries import library_problems
from grader.authoring.material import ExerciseFiles, Material
from grader.authoring.mutants import Mutant, sample
from grader.authoring.mutants import mutants as all_mutants
from grader.authoring.mutation_proof import Mutation, mutant_problems, mutation
from grader.authoring.own_code import own_code_problems
from grader.authoring.placeholders import course_placeholders, unwritten
from grader.authoring.proof import Matrix, Runs, findings, matrix
from grader.authoring.references import (
    exercise_problems,
    lesson_problems,
    practice_problems,
    quiz_problems,
    quiz_warnings,
    unused_draws,
)
from grader.authoring.running import Tell, judge_pool, run_all
from grader.authoring.slips import course_slips, exercise_slips
from grader.content.course import Course
from grader.content.equivalents import EquivalentMutant
from grader.content.exercise import Exercise
from grader.content.problem import ContentError, Problem
from grader.errors import UnknownIdError
from grader.judge.client.pool import JudgePool
from grader.judge.preload import needed_for

SEEDS = 20  # default number of seeds for the solution


class ExerciseProof(Struct, frozen=True, kw_only=True):
    """The runs of one exercise: its version, the seeds, and the matrix of failed tests."""

    id: str
    version: str
    seeds: tuple[int, ...]  # seeds with which the solution was run
    matrix: Matrix
    mutation: Mutation | None  # None if no mutants were asked for


class Validation(Struct, frozen=True, kw_only=True):
    """The result of a validation. `course validate --json` prints exactly this.

    `warnings` are about what this machine could not try, and about what may be meant: the order of
    options, drawn values that an answer does not use, colors of figures. They do
    not affect `ok`.
    """

    course: str
    ok: bool
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    exercises: tuple[ExerciseProof, ...]
    seconds: float


class Reading(Struct, frozen=True):
    """A course as it was read: what is wrong without running anything, and the exercises that can be run."""

    course: Course
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    exercises: tuple[ExerciseFiles, ...]  # those with the most imports first, because judges share these
    ready: frozenset[str]  # exercises that have all that is needed to run them


def validate(
    course: Course,
    item_id: str | None = None,
    seeds: int = SEEDS,
    tell: Tell = lambda exercise, done, total: None,
    mutants: int = 0,
) -> Validation:
    """Validate the whole course, or only the lesson, quiz or exercise with this id.

    The solution of an exercise is run with `seeds` seeds. Of its mutants, at most `mutants` are
    tried; the choice changes only with the exercise. `tell` is called after each
    run. Raises CourseError for an unknown id or a kit, and EnvironmentProblem if the
    judge cannot run here.
    """
    started = time.monotonic()
    reading = read(course, None if item_id is None else (item_id,))
    with judge_pool() as judges:
        proven = [prove(reading, files, judges, seeds, tell, mutants=mutants) for files in reading.exercises]
    return conclude(reading, proven, time.monotonic() - started)


def read(course: Course, items: Collection[str] | None = None) -> Reading:
    """Read a course, or the parts with these ids, and find all that is wrong without running anything.

    Raises CourseError for an unknown id or a kit.
    """
    course.check_whole("be validated")
    _check_ids(course, items or ())
    material = Material.of(course)
    found = [*material.problems, *course_slips(course), *course_placeholders(course)]
    problems = [p for p in found if items is None or any(_is_about(p, item, course) for item in items)]
    warnings: list[Problem] = []
    exercises, ready = [], set()
    for lesson in material.lessons.values():
        if items is None or lesson.id in items:
            problems += lesson_problems(material, lesson)
            warnings += figure_warnings(material, lesson)
    for quiz in material.quizzes.values():
        if items is None or quiz.id in items:
            problems += quiz_problems(material, quiz)
            warnings += figure_warnings(material, quiz)
            warnings += [*quiz_warnings(material, quiz), *unused_draws(material, quiz)]
    for practice in material.practice.values():
        if items is None or practice.id in items:
            problems += practice_problems(material, practice)
            warnings += [*figure_warnings(material, practice), *unused_draws(material, practice)]
    for exercise in sorted(material.exercises.values(), key=_imports, reverse=True):
        if items is None or exercise.id in items:
            files = ExerciseFiles(material, exercise)
            broken = files.problems()
            lacking, untried = library_problems(files)
            problems += [*exercise_problems(material, exercise), *broken, *lacking]
            warnings += untried
            exercises.append(files)
            is_whole = not lacking and can_read_data(course, exercise)
            if is_whole and not any(p.file in files.needed for p in (*broken, *unwritten(files))):
                problems += [*exercise_slips(files), *guidance_problems(files), *leak_problems(files)]
                ready.add(exercise.id)
    return Reading(course, tuple(problems), tuple(warnings), tuple(exercises), frozenset(ready))


def prove(
    reading: Reading,
    files: ExerciseFiles,
    judges: JudgePool,
    seeds: int,
    tell: Tell,
    *,
    mutants: int = 0,
    known: KnownRuns | None = None,
) -> tuple[list[Problem], ExerciseProof]:
    """Run an exercise if it is ready, except for runs that are `known`. Return what the runs show."""
    course, exercise, runs = reading.course, files.exercise, Runs()
    known = known or KnownRuns()
    version = course.exercise_version(exercise.id)
    made: list[Mutant] = []
    listed: tuple[EquivalentMutant, ...] = ()
    problems: list[Problem] = []
    if exercise.id in reading.ready:
        try:
            listed = course.equivalent_mutants(exercise.id)
            if mutants or listed:
                made = all_mutants(files.solution.source, [f.name for f in exercise.functions])
            runs = run_all(judges, course, files, seeds, tell, sample(made, mutants, version), known)
            problems += [*findings(files, runs), *message_problems(files, runs.mistakes)]
            problems += mutant_problems(files, made, runs.mutants, listed)
            problems += own_code_problems(judges, course, files, known)
        except ContentError as error:
            problems += error.problems
    return problems, ExerciseProof(
        id=exercise.id,
        version=version,
        seeds=tuple(dict.fromkeys(report.seed for report in runs.solution)),
        matrix=matrix(files, runs),
        mutation=mutation(files.solution.source, made, runs.mutants, listed) if mutants else None,
    )


def conclude(
    reading: Reading, proven: Sequence[tuple[list[Problem], ExerciseProof]], seconds: float
) -> Validation:
    """Return the result of a validation, its problems sorted by place."""
    problems = [*reading.problems, *(problem for found, _ in proven for problem in found)]
    unique = {_relative(problem, reading.course) for problem in problems}
    return Validation(
        course=str(reading.course.root),
        ok=not unique,
        problems=tuple(sorted(unique, key=lambda p: (p.file, p.line, p.what))),
        warnings=reading.warnings,
        exercises=tuple(sorted((proof for _, proof in proven), key=lambda proof: proof.id)),
        seconds=round(seconds, 2),
    )


def _imports(exercise: Exercise) -> int:
    """Return the number of modules to import for an exercise. What the first one needs, all judges share."""
    return len(needed_for(exercise.kinds))


def _check_ids(course: Course, items: Collection[str]) -> None:
    known = {*course.lesson_ids, *course.quiz_ids, *course.exercise_ids}
    for item in items:
        if item not in known:
            raise UnknownIdError("lesson, quiz or exercise", item, known)


def _is_about(problem: Problem, item: str, course: Course) -> bool:
    path = Path(problem.file)
    return path.stem == item or path.is_relative_to(course.exercise_dir(item))


def _relative(problem: Problem, course: Course) -> Problem:
    """Return the problem with the path that the user gave, where the judge reported the resolved path."""
    path, root = Path(problem.file), course.root.resolve()
    if path.is_absolute() and path.is_relative_to(root):
        return replace(problem, file=str(course.root / path.relative_to(root)))
    return problem
