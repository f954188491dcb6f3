"""`course check --plot FILE`: draw the learner's figures beside the reference solution's."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import CourseError, EnvironmentProblem
from grader.tutor.figures import IN_A_KIT, Figures, no_reference

if TYPE_CHECKING:
    from grader.content.course import Course
    from grader.content.exercise import Exercise
    from grader.judge.report import Report

FORMATS = (".png", ".svg", ".pdf")


def require_plot_file(file: Path) -> None:
    """Raise CourseError or EnvironmentProblem, before the check, if no picture can be written there."""
    if file.suffix.lower() not in FORMATS:
        raise CourseError(
            f"{file} cannot be drawn: its name does not end like a picture's — "
            "end its name in .png, .svg or .pdf"
        )
    if not file.parent.is_dir() or file.is_dir():
        reason = "it is a directory" if file.is_dir() else f"there is no directory {file.parent}"
        raise EnvironmentProblem(
            f"{file} cannot be written: {reason} — name a file in a directory you can write to"
        )


class Plotter(Figures):
    """Collects the figures of one check and writes the picture after it."""

    def __init__(self, file: Path, course: Course, exercise: Exercise) -> None:
        super().__init__()
        self._file, self._exercise, self._course = file, exercise, course

    def finish(self, report: Report) -> str:
        """Write the picture if there is one. Return a line about it. Raises EnvironmentProblem."""
        if not self.pairs:
            return f"No picture was written: {self._nothing_to_draw(report)}"
        from grader.files import write_whole
        from grader.plotting import picture

        data = picture(self.pairs, self._file.suffix.lower()[1:], no_reference(self._course))
        write_whole(self._file, data)
        return f"Wrote {self._file}" + (f". {IN_A_KIT}" if self._course.kit is not None else "")

    def _nothing_to_draw(self, report: Report) -> str:
        """Return the reason why the check received no figure."""
        names = [each.name for each in self._exercise.functions if "figure" in each.returns.values()]
        if not names:
            return f"no visible test of {self._exercise.id} drew a figure."
        failed = (t for t in report.tests if t.visible and t.function in names and t.message)
        reason = next((test.message.partition("\n")[0] for test in failed), "")
        return reason or f"no visible test received a figure from {' or '.join(names)}."
