"""The magics `%check`, `%%check` and `%quiz`."""

from __future__ import annotations

import asyncio
import os
import shlex
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

import click
from IPython import display as ipython
from IPython.core.magic import Magics, line_cell_magic, line_magic, magics_class

from grader.cli.common import Recording, current_course, current_recorder
from grader.content.course import Course
from grader.errors import CourseError
from grader.judge.client.judge import Cancelled
from grader.jupyter.executed_cells import executions
from grader.jupyter.judges import KernelJudges
from grader.jupyter.open_notebook import exercise_to_check, open_notebook
from grader.jupyter.waiting import waiting

NO_RECORD, NEW, PRACTICE, ASK = "--no-record", "--new", "--practice", "--ask"


class Arguments(NamedTuple):
    """What follows a magic on its line."""

    id: str
    options: frozenset[str]

    @property
    def recording(self) -> Recording:
        return Recording.OFF if NO_RECORD in self.options else Recording.ON


def read_arguments(line: str, magic: str, known: Collection[str]) -> Arguments:
    """Read an optional id and options. Raises CourseError."""
    usage = f"use %{magic} [ID] {' '.join(f'[{option}]' for option in known)}"
    try:
        words = shlex.split(line, comments=True)
    except ValueError:
        raise CourseError(f"a quote is not closed — {usage}") from None
    options = [word for word in words if word.startswith("-")]
    ids = [word for word in words if not word.startswith("-")]
    if unknown := [option for option in options if option not in known]:
        raise CourseError(f"%{magic} has no option {unknown[0]} — {usage}")
    if ids[1:]:
        raise CourseError(f"%{magic} takes one id, but here are {len(ids)} — {usage}")
    return Arguments(ids[0] if ids else "", frozenset(options))


@magics_class
class CourseMagics(Magics):
    """The course in a notebook. Kept by the shell, together with the judge."""

    def __init__(self, shell: Any) -> None:
        super().__init__(shell)
        self._shell = shell
        self._judges: KernelJudges | None = None
        self._cell_ids: dict[int, str] = {}

    @line_cell_magic
    def check(self, line: str, cell: str | None = None) -> None:
        """Check what this notebook has defined so far.

        %check [EXERCISE] [--no-record] [--ask]     in a cell of its own
        %%check [EXERCISE] [--no-record] [--ask]    above a cell: runs the cell first

        You don't need to save first. If EXERCISE is left out, it is the exercise that the notebook is
        named after or was made for, or the one whose functions are defined. With --ask, questions
        about the code of the functions that passed follow. Type the letter of an option.
        """
        with _errors_in_one_line(), _command():
            arguments = read_arguments(line, "check", [NO_RECORD, ASK])
            if cell is None or self._run(cell):
                self._check(arguments)

    @line_magic
    def quiz(self, line: str) -> None:
        """Take a quiz: type an option's letter, h for a hint, s to skip, q to quit.

        %quiz ID [--practice] [--new] [--no-record]
        """
        from grader.jupyter.quiz import take_quiz

        with _errors_in_one_line(), _command():
            arguments = read_arguments(line, "quiz", [PRACTICE, NEW, NO_RECORD])
            take_quiz(arguments.id, arguments.options, arguments.recording)

    # --- for IPython ---

    def note_cell_id(self, info: Any) -> None:
        """Remember which cell is executed. IPython calls this before each execution."""
        cell_id = getattr(info, "cell_id", None)
        if info.store_history and isinstance(cell_id, str):
            self._cell_ids[self._shell.execution_count] = cell_id

    def warm_up(self) -> None:
        """Start a judge in the background. A broken course is reported when a check needs it."""
        with suppress(CourseError), _command():
            course = current_course()
            try:
                exercise_id = self._exercise(course, "")
            except CourseError:
                exercise_id = next(iter(course.exercise_ids), "")
            if exercise_id:
                self._running_judges.warm_up(course, exercise_id)

    def close(self) -> None:
        """End the judge."""
        if self._judges is not None:
            self._judges.close()
            self._judges = None

    # --- checking ---

    def _run(self, cell: str) -> bool:
        """Run the cell as always; return False if it was interrupted. Raises CourseError if it cannot run."""
        if _has_running_loop() and self._shell.should_run_async(
            cell, transformed_cell=self._shell.transform_cell(cell)
        ):
            raise CourseError(
                "%%check cannot run a cell with await — run the cell without it, then %check in the next one"
            )
        result = self._shell.run_cell(cell, store_history=False)  # shows values and errors
        return not isinstance(result.error_in_exec, KeyboardInterrupt)

    @property
    def _running_judges(self) -> KernelJudges:
        if self._judges is None:
            self._judges = KernelJudges()
        return self._judges

    def _exercise(self, course: Course, asked: str) -> str:
        names = self._shell.user_ns
        defined = [name for name, value in names.items() if callable(value)]
        return exercise_to_check(course, asked, open_notebook(names, os.environ), defined)

    def _check(self, arguments: Arguments) -> None:
        from grader.jupyter.checking import Check, mark_answers

        course, recorder = current_course(), current_recorder(arguments.recording)
        notebook = open_notebook(self._shell.user_ns, os.environ)
        executed = executions(self._shell.history_manager.input_hist_raw, self._cell_ids)
        if lesson := notebook.lesson(course, arguments.id):
            mark_answers(course, lesson, notebook, executed, recorder)
            return
        exercise = course.exercise(self._exercise(course, arguments.id))
        check = Check(course, exercise, notebook, executed, Path.cwd())
        recorder.prepare()
        with waiting(f"Checking {exercise.id} …", hasattr(self._shell, "kernel")) as say:
            report = check.report(self._running_judges)
            say(f"Checked {exercise.id} in {report.seconds:.1f} s.")
        display: Any = ipython.display
        display(check.view(report))
        recorder.record_check(report)
        if figures := check.figures():
            display(figures)
        if ASK in arguments.options:
            check.ask(self._running_judges, report, recorder)


def _has_running_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True


@contextmanager
def _command() -> Iterator[None]:
    """Let `current_course` and `current_recorder` work as in a command. Closes what they opened."""
    root = os.environ.get("COURSE_DIR")
    with click.Context(click.Command("course"), obj=Path(root) if root else None):
        yield


@contextmanager
def _errors_in_one_line() -> Iterator[None]:
    """Print an error that the user can act on, without a traceback."""
    try:
        yield
    except KeyboardInterrupt:
        print("course: stopped. Nothing was recorded.", file=sys.stderr)
    except Cancelled:
        print("course: the judge was closed — run %load_ext grader.notebook again", file=sys.stderr)
    except CourseError as error:
        print(f"course: {error}", file=sys.stderr)


_loaded: dict[Any, CourseMagics] = {}  # by shell


def load(shell: Any) -> None:
    """Register the magics in a shell, and start a judge in the background."""
    magics = CourseMagics(shell)
    shell.register_magics(magics)
    shell.events.register("pre_run_cell", magics.note_cell_id)
    _loaded[shell] = magics
    magics.warm_up()


def unload(shell: Any) -> None:
    """End the judge of a shell."""
    magics = _loaded.pop(shell, None)
    if magics is not None:
        shell.events.unregister("pre_run_cell", magics.note_cell_id)
        magics.close()
