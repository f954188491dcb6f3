"""The text of `nbgrader_config.py`."""

from __future__ import annotations

TEMPLATE = '''\
"""nbgrader settings for this course, written by `course nbgrader build`. Edit them as you like.

Run nbgrader in this directory, for example: nbgrader generate_assignment {lesson}
"""

import os

c = get_config()  # noqa: F821

here = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.root = here
c.CourseDirectory.course_id = {course_id!r}

# The database of scores. For PostgreSQL: "postgresql://user:password@host/database"
c.CourseDirectory.db_url = "sqlite:///" + os.path.join(here, "gradebook.db")

# The exchange directory, if everybody works on this machine. Create it with mode 1777: everyone can write,
# and nobody can rename or delete what others have made there.
# c.Exchange.root = "/srv/nbgrader/exchange"

# --- releasing ---

# nbgrader's default list, except that ClearMarkedSolutions keeps the course's starters; ClearSolutions
# would not.
c.GenerateAssignment.preprocessors = [
{release}]

# --- grading ---

# A file that is not a notebook gets 0 points and a note. Grading continues with the next submission.
# A notebook that has another name is graded as the notebook whose cells it holds.
c.Autograde.exporter_class = "grader.notebook.plugin.ReadAnything"

# nbgrader's default list, with KeepFirst instead of DeduplicateIds. It repairs cells and their metadata:
# duplicated, deleted or changed cells do not stop the grading either.
c.Autograde.sanitize_preprocessors = [
{sanitize}]

# A test cell that a learner deleted is restored and graded.
c.OverwriteCells.add_missing_cells = True

# nbgrader's default list, with GradeWithJudge instead of Execute. Learners' code runs confined, in a
# different process from the course's tests. The judge writes scores and feedback into the test cells.
# Test cells of your own run after the learner's cells, in the same process, as in plain nbgrader.
c.Autograde.autograde_preprocessors = [
{autograde}]

# The course to grade with: a directory, or "" for the course in the package.
c.GradeWithJudge.course = {course!r}

# Each run of `nbgrader autograde` draws the inputs of hidden tests anew, and records the seed in the metadata
# of the autograded notebook. To reproduce scores, set that seed, but only for as long as that takes: with the
# same inputs, learners could find them out over several submissions.
# c.GradeWithJudge.seed = 1

# False also grades on machines without a sandbox; the feedback then says so.
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


def config_text(lesson: str, course_id: str, course: str) -> str:
    """Return the file's text; `course` is a directory, or empty for the bundled course."""

    def listed(names: tuple[str, ...]) -> str:
        return "".join(f'    "{name}",\n' for name in names)

    return TEMPLATE.format(
        lesson=lesson,
        course_id=course_id,
        course=course,
        release=listed(RELEASE),
        sanitize=listed(SANITIZE),
        autograde=listed(AUTOGRADE),
    )
