"""Try an exercise's `own_code.py` on the reference solution."""

from __future__ import annotations

from grader.authoring.known_runs import KnownRuns, question_key
from grader.authoring.material import ExerciseFiles, digests
from grader.content.course import OWN_CODE, Course
from grader.content.problem import Problem
from grader.judge.client.judge import default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.jobs import MakeWhich
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell


def own_code_problems(
    judges: JudgePool, course: Course, files: ExerciseFiles, known: KnownRuns | None = None
) -> list[Problem]:
    """Return a problem for each function about which no question can be made.

    Raises ContentError if the file cannot be run or names a function that does not exist.
    """
    exercise = files.exercise
    path = course.exercise_dir(exercise.id) / OWN_CODE
    if not path.is_file():
        return []
    known = known or KnownRuns()
    names = tuple(function.name for function in exercise.functions)
    keys = {name: question_key(exercise, files.digests, name) for name in names}
    asked = {name: known.asked[key] for name, key in keys.items() if key in known.asked}
    if open_names := tuple(name for name in names if name not in asked):
        solution = Submission("solution.py", (Cell("solution.py", files.solution.source),))
        seed = known.seeds.get(exercise.id, default_seed(course, exercise.id))
        made = judges.make_questions(
            course, Task(exercise.id, solution, seed), open_names, MakeWhich.ONE_EACH
        )
        found = {own.function for own in made}
        asked |= {name: name in found for name in open_names}
        if digests(files.directory) == files.digests:
            known.asked |= {keys[name]: asked[name] for name in open_names}
    return [
        Problem(
            str(path),
            1,
            f"no question can be made about the solution's {name}",
            f"add calls of {name} to CALLS whose results differ",
        )
        for name in names
        if not asked[name]
    ]
