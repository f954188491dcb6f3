"""The text of `nbgrader_config.py`."""

from __future__ import annotations

import re

TEMPLATE = '''\
"""Settings of nbgrader for this course, written by `course nbgrader build`. Yours to change.

Run nbgrader in this directory, for example: nbgrader generate_assignment {lesson}
"""

import os

c = get_config()  # noqa: F821

here = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.root = here
c.CourseDirectory.course_id = {course_id!r}

# Where scores are kept; or PostgreSQL: "postgresql://user:password@host/database"
c.CourseDirectory.db_url = "sqlite:///" + os.path.join(here, "gradebook.db")

# Where assignments are handed out and in, if all work on one machine. It must exist, with mode 777.
# c.Exchange.root = "/srv/nbgrader/exchange"

# --- handing out ---

# nbgrader's own list, but for ClearMarkedSolutions: solution cells hold starters, which must stay.
c.GenerateAssignment.preprocessors = [
{release}]

# --- grading ---

# What cannot be read as a notebook gets 0 points and a note, and does not end the grading.
c.Autograde.exporter_class = "grader.notebook.plugin.ReadAnything"

# nbgrader's own list, but for KeepFirst, which mends what learners have done to cells and their metadata:
# duplicated, deleted and changed cells do not end the grading either.
c.Autograde.sanitize_preprocessors = [
{sanitize}]

# A test cell that a learner has deleted comes back, and is graded.
c.OverwriteCells.add_missing_cells = True

# nbgrader's own list, but for GradeWithJudge in the place of Execute: learners' code runs apart from
# the tests and confined, and the judge writes scores and feedback into the test cells.
c.Autograde.autograde_preprocessors = [
{autograde}]

# The course to grade with: a directory, or "" for the one that comes with the package.
c.GradeWithJudge.course = {course!r}

# What the hidden tests draw their numbers from. The same seed gives the same scores again.
c.GradeWithJudge.seed = {seed}

# False grades without confinement where this machine has none; the feedback then says so.
# c.GradeWithJudge.sandbox = True
'''

RELEASE = (
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "grader.notebook.release.ClearMarkedSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
)
SANITIZE = (
    "nbgrader.preprocessors.ClearOutput",
    "grader.notebook.plugin.KeepFirst",
    "nbgrader.preprocessors.OverwriteKernelspec",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
)
AUTOGRADE = (
    "grader.notebook.plugin.GradeWithJudge",
    "nbgrader.preprocessors.IgnorePattern",
    "nbconvert.preprocessors.ClearMetadataPreprocessor",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
)


def config_text(lesson: str, course_id: str, course: str, seed: int) -> str:
    """Return the file's text; `course` is a directory, or empty for the bundled course."""

    def listed(names: tuple[str, ...]) -> str:
        return "".join(f'    "{name}",\n' for name in names)

    return TEMPLATE.format(
        lesson=lesson,
        course_id=course_id,
        course=course,
        seed=seed,
        release=listed(RELEASE),
        sanitize=listed(SANITIZE),
        autograde=listed(AUTOGRADE),
    )


def seed_of(config: str) -> int | None:
    """Return the seed in the text of a config, which a new one should keep; None if there is none."""
    found = re.search(r"^c\.GradeWithJudge\.seed *= *(\d+)", config, re.MULTILINE)
    return int(found.group(1)) if found else None
