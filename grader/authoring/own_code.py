"""Try an exercise's `own_code.py` on the reference solution."""

from __future__ import annotations

from collections.abc import Iterator

from grader.authoring.material import ExerciseFiles
from grader.content.course import OWN_CODE, Course
from grader.content.problem import Problem
from grader.judge.client.judge import default_seed
from grader.judge.client.pool import JudgePool, Task
from grader.judge.jobs import MakeWhich
from grader.judge.submission import Submission
from grader.judge.wire.messages import Cell


def own_code_problems(judges: JudgePool, course: Course, files: ExerciseFiles) -> Iterator[Problem]:
    """Yield a problem for each function about which no question can be made.

    Raises ContentError if the file cannot be run or names a function that does not exist.
    """
    exercise = files.exercise
    path = course.exercise_dir(exercise.id) / OWN_CODE
    if not path.is_file():
        return
    names = tuple(function.name for function in exercise.functions)
    solution = Submission("solution.py", (Cell("solution.py", files.solution.source),))
    task = Task(exercise.id, solution, default_seed(course, exercise.id))
    asked = {own.function for own in judges.make_questions(course, task, names, MakeWhich.ONE_EACH)}
    for name in names:
        if name not in asked:
            what = f"no question can be made about the solution's {name}"
            yield Problem(str(path), 1, what, f"add calls of {name} to CALLS whose results differ")
