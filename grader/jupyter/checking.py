"""One check of a notebook that runs: its code, the report and what is shown of it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from grader.content.course import Course
from grader.content.exercise import Exercise
from grader.content.notebook_cells import CellType, NotebookCell
from grader.errors import SubmissionError
from grader.judge.client.missing_libraries import missing_note
from grader.judge.helper_files import in_directory, with_helpers
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.jupyter.executed_cells import Execution, code_of, learner_executions, without_old_stops
from grader.jupyter.figure_view import FigureView
from grader.jupyter.judges import KernelJudges
from grader.jupyter.open_notebook import OpenNotebook
from grader.jupyter.report_parts import report_parts
from grader.jupyter.report_view import ReportView
from grader.notebook.origin import OriginKind
from grader.tutor.checking import with_notes
from grader.tutor.figures import Figures, no_reference

if TYPE_CHECKING:
    from grader.tutor.recording import Recorder


class Check:
    """What is checked: the code that was executed so far, with the modules that it imports."""

    def __init__(
        self,
        course: Course,
        exercise: Exercise,
        notebook: OpenNotebook,
        executed: Sequence[Execution],
        directory: Path,
    ) -> None:
        """Raises SubmissionError if no cell has been executed."""
        self._course, self._exercise = course, exercise
        self._figures = Figures()
        self._own = learner_executions(executed, notebook.given)
        if not self._own:
            raise SubmissionError("none of your cells has run — run the cells with your functions first")
        submission = Submission(notebook.name, code_of(self._own))
        self._submission = with_helpers(submission, in_directory(directory))

    def report(self, judges: KernelJudges) -> Report:
        """Return the verdict. Raises as `Judge.check` does."""
        if note := missing_note(self._exercise):
            print(f"course: {note}", file=sys.stderr)
        report = judges.check(self._course, self._exercise.id, self._submission, self._figures.add)
        return without_old_stops(with_notes(report, self._submission), self._own)

    def ask(self, judges: KernelJudges, report: Report, recorder: Recorder) -> None:
        """Ask about the code of the functions that passed. Raises EnvironmentProblem."""
        from grader.cli.conversation import LearnerQuit
        from grader.cli.own_questions import ask_about_code
        from grader.jupyter.quiz import NotebookConversation

        make = partial(judges.make_questions, self._course)
        with suppress(LearnerQuit):
            ask_about_code(make, self._course, self._submission, report, recorder, NotebookConversation())

    def view(self, report: Report) -> ReportView:
        """Return what a notebook displays."""
        return ReportView(report_parts(report, self._exercise))

    def figures(self) -> FigureView | None:
        """Return the figures of the last report beside the reference's, or None if there are none."""
        pairs = self._figures.pairs
        return FigureView(pairs, no_reference(self._course)) if pairs else None


def mark_answers(
    course: Course, lesson_id: str, notebook: OpenNotebook, executed: Sequence[Execution], recorder: Recorder
) -> None:
    """Mark the answers in the cells of a lesson's notebook, as `course check` does. Raises CourseError."""
    from grader.cli.input_file import InputFile
    from grader.cli.lesson_notebook import check_lesson

    cells = tuple(NotebookCell(CellType.CODE, each.source) for each in executed)
    check_lesson(
        course, InputFile(OriginKind.LESSON, lesson_id, Path(notebook.name), cells), recorder, as_json=False
    )
