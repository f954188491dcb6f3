"""The plug-ins that make `nbgrader autograde` grade with the judge; nbgrader's config names them.

`ReadAnything` reads submissions, `KeepFirst` repairs them, and `GradeWithJudge`
replaces nbgrader's `Execute`. The rest of nbgrader is unchanged.
"""

from __future__ import annotations

import atexit
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from fnmatch import fnmatchcase
from functools import lru_cache, partial
from glob import glob
from pathlib import Path
from typing import Any

import nbformat
from msgspec import Struct, structs
from nbconvert.exporters import NotebookExporter
from nbgrader.api import Gradebook
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Integer, Unicode

from grader.content.course import Course
from grader.content.notebook_cells import read_cell
from grader.content.questions import Question
from grader.errors import CourseError
from grader.judge.client.capacity import sensible_jobs
from grader.judge.client.confinement import require_walls, required_confinement
from grader.judge.client.missing_libraries import require_libraries
from grader.judge.client.pool import Task
from grader.judge.helper_files import in_directory, with_helpers
from grader.judge.report import Report
from grader.judge.submission import Submission
from grader.notebook import grading, repair
from grader.notebook.expected import SubmittedNotebook, exercises_of, expected_submission
from grader.notebook.grading import Grade
from grader.notebook.origin import origin_of
from grader.notebook.other_names import note, other_names
from grader.notebook.prefetch import Checked, PrefetchingJudges
from grader.quiz.drawn_values import drawn
from grader.quiz.notebook_answers import typed_answer

# in the resources of a conversion
PROBLEM = "course_problem"  # the reason why the file could not be read
OTHERS = "course_others"  # the files that hold the notebook under another name
OTHERWISE = "c.GradeWithJudge.sandbox = False"

_Released = dict[str, tuple[repair.Original, ...]]  # the released notebooks and their cells


class _Others(Struct, frozen=True):
    """The files that hold a notebook under another name; the newest first.

    `graded` is True if the first of them is graded, because no file has the right name.
    """

    files: tuple[str, ...]
    graded: bool


class ReadAnything(NotebookExporter):  # type: ignore[misc]
    """Reads any file, even an invalid notebook, as a notebook that can be graded.

    For `c.Autograde.exporter_class`. nbgrader creates it after it has listed the
    submitted notebooks and before it touches the first. So it also stops the command
    if nothing can be graded here, adds the notebooks that have another name, and lets
    judges work ahead.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._others: dict[str, _Others] = {}  # by the path with the right name
        grader = GradeWithJudge(parent=self)
        try:
            grader.check_surroundings()
        except CourseError as error:
            self.log.error(str(error))
            raise NbGraderException(str(error)) from None
        if isinstance(self.parent, Autograde):
            originals = _released(self.parent.coursedir)
            self._add_other_names(self.parent, originals)
            grader.judge_ahead([*self._to_convert(self.parent, originals)])

    def _add_other_names(self, converter: Autograde, originals: _Released) -> None:
        """List each notebook that has another name under its right name. No file is changed."""
        coursedir = converter.coursedir
        released = {name: frozenset(cell.grade_id for cell in cells) for name, cells in originals.items()}
        pattern = coursedir.format_path(
            coursedir.submitted_directory, coursedir.student_id, coursedir.assignment_id
        )
        for place in glob(pattern) if released else ():  # noqa: PTH207  (the pattern and paths are nbgrader's)
            listed = {*converter.assignments.get(place, ())}
            for notebook, files in other_names(_files(Path(place)), released).items():
                if not fnmatchcase(notebook, coursedir.notebook_id):
                    continue
                path = str(Path(place, f"{notebook}.ipynb"))
                self._others[path] = _Others(files, graded=path not in listed)
                listed = {*listed, path} - {str(Path(place, file)) for file in files}
            if listed:
                converter.assignments[place] = sorted(listed)

    def _to_convert(self, converter: Autograde, originals: _Released) -> Iterator[SubmittedNotebook]:
        """Yield the released notebooks that nbgrader will convert, in its order."""
        coursedir = converter.coursedir
        masters = Path(coursedir.format_path(coursedir.source_directory, ".", coursedir.assignment_id))
        for place, paths in sorted(converter.assignments.items()):
            if not _is_skipped(converter, place):
                yield from (
                    SubmittedNotebook(path.stem, self._source(str(path)), masters, originals[path.stem])
                    for path in map(Path, sorted(paths))
                    if path.stem in originals
                )

    def _source(self, filename: str) -> Path:
        """Return the file that holds a notebook."""
        path, others = Path(filename), self._others.get(filename)
        return path.with_name(others.files[0]) if others is not None and others.graded else path

    def from_filename(self, filename: str, resources: Any = None, **kwargs: Any) -> Any:
        """Read a file like the base class; `resources` also hold what was found about it."""
        path, others = Path(filename), self._others.get(filename)
        if others is not None:
            self.log.warning("%s: %s", path.parent, note(path.stem, others.files, others.graded))
        source = self._source(filename)
        notebook, problem = repair.read_notebook(source)
        if problem:
            self.log.warning("%s cannot be read as a notebook: %s", source, problem)
        resources = {} if resources is None else resources
        resources["metadata"] = {"name": path.stem, "path": str(path.parent)}
        resources[PROBLEM], resources[OTHERS] = problem, others
        return self.from_notebook_node(nbformat.from_dict(notebook), resources, **kwargs)


class KeepFirst(NbGraderPreprocessor):  # type: ignore[misc]
    """Restores the released nbgrader metadata of every cell, and puts missing tests back.

    In `c.Autograde.sanitize_preprocessors`, it replaces nbgrader's DeduplicateIds.
    """

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Repair the cells, and leave notes for `GradeWithJudge` in the notebook's metadata."""
        about, others = resources["nbgrader"], resources.get(OTHERS)
        with Gradebook(about["db_url"]) as gradebook:
            originals = [*_originals(gradebook.find_notebook(about["notebook"], about["assignment"]))]
            if others is not None and others.graded:
                _take_back_zeros(gradebook, about)
        cells, notes = repair.repair_cells(nb.cells, originals)
        if problem := resources.get(PROBLEM):
            notes = {repair.ALL: [f"The submitted file cannot be read as a notebook: {problem}."]}
        if others is not None:
            notes.setdefault(repair.ALL, []).append(note(about["notebook"], others.files, others.graded))
        for grade_id, texts in notes.items():
            self.log.warning("%s: %s: %s", about["student"], grade_id or about["notebook"], " ".join(texts))
        nb.cells = [nbformat.from_dict(cell) for cell in cells]
        nb.metadata[repair.NOTES] = notes
        return nb, resources


class GradeWithJudge(NbGraderPreprocessor):  # type: ignore[misc]
    """Grades the learner's cells with the judge, and writes scores and feedback into the test cells.

    The learner's own cells get the outputs that they produced. An instructor's own tests
    run after them, in the same process, and get outputs as in plain nbgrader.

    In `c.Autograde.autograde_preprocessors`, it replaces nbgrader's Execute.
    """

    course = Unicode("", help="A course directory; empty for the course in the package.").tag(config=True)
    seed = Integer(
        None,
        allow_none=True,
        help="The seed for the inputs of the tests, to reproduce scores. Default: a new one for each run.",
    ).tag(config=True)
    sandbox = Bool(True, help="Refuse to grade on machines that cannot confine learner code.").tag(
        config=True
    )

    def check_surroundings(self) -> None:
        """Raise CourseError if nothing can be graded on this machine."""
        _course(self.course)
        if self.sandbox:
            _check_walls()

    def judge_ahead(self, notebooks: Sequence[SubmittedNotebook]) -> None:
        """Let judges check these notebooks while nbgrader converts the ones before them."""
        course = _course(self.course)

        def expected() -> Iterator[Task]:
            for notebook in notebooks:
                with suppress(Exception):  # the conversion of this notebook reports what is wrong
                    submission = expected_submission(notebook)
                    for exercise in exercises_of(notebook.originals, course.exercise_ids):
                        if submission.cells:
                            require_libraries(course, [exercise])
                            yield self._task(course, exercise, submission)

        count = sum(len(exercises_of(each.originals, course.exercise_ids)) for each in notebooks)
        _JUDGES.begin(course, expected(), count, sensible_jobs())

    def preprocess(self, nb: Any, resources: Any) -> Any:
        """Grade the notebook. Raises CourseError if the course is broken or this machine cannot grade."""
        self.check_surroundings()
        course, name = _course(self.course), resources["nbgrader"]["notebook"]
        file = f"{name}.ipynb"
        find = in_directory(Path(resources.get("metadata", {}).get("path") or "."))
        submission = with_helpers(grading.submission_of(nb.cells, file), find)
        version_notes = [*self._version_notes(course, nb, name)]
        reports: dict[str, Checked] = {}
        for cell in nb.cells:
            if not read_cell(cell).is_test or read_cell(cell).is_own_test:
                continue
            grade_id, points = cell.metadata.nbgrader.grade_id, cell.metadata.nbgrader.points
            notes = [*repair.notes_for(nb.metadata, grade_id), *version_notes]
            grade = self._grade(course, nb, submission, reports, grade_id, points, notes)
            cell.outputs = [nbformat.from_dict(output) for output in grading.outputs(grade)]
        for cell, outputs in self._cell_outputs(course, nb, submission, reports):
            cell["outputs"] = [nbformat.from_dict(output) for output in outputs]
        graded = [_record(checked.report) for checked in reports.values()]
        nb.metadata["course"] = {**nb.metadata.get("course", {}), "graded": graded}
        return nb, resources

    def _grade(
        self,
        course: Course,
        nb: Any,
        submission: Submission,
        reports: dict[str, Checked],
        grade_id: str,
        points: float,
        notes: list[str],
    ) -> Grade:
        named = grading.exercise_of(grade_id)
        if named is not None and named[0] in course.exercise_ids:
            exercise, function = named
            if not submission.cells:
                return Grade(0.0, ("There is no code in the notebook.", *(f"Note: {note}" for note in notes)))
            is_first = exercise not in reports
            if is_first:
                reports[exercise] = self._check(course, exercise, submission)
            report = reports[exercise].report
            grade = grading.function_grade(report, course.exercise(exercise), function, points, notes)
            return grading.with_loading(grade, report) if is_first else grade
        question = _questions(course).get(grading.question_of(grade_id))
        if question is not None:
            typed = typed_answer(map(read_cell, nb.cells), question.id)
            return grading.answer_grade(question, typed, points, notes)
        self.log.warning(
            "%s is a test for nothing in the course, so it got 0 points. "
            "Grade it by hand, or build the assignment again",
            grade_id,
        )
        return Grade(0.0, grading.UNKNOWN_TEST)

    def _check(self, course: Course, exercise: str, submission: Submission) -> Checked:
        require_libraries(course, [exercise])
        checked = _JUDGES.check(course, self._task(course, exercise, submission))
        report = structs.replace(checked.report, notes=(*submission.notes, *checked.report.notes))
        if self.sandbox:
            require_walls(report.environment.confinement, OTHERWISE)
        return Checked(report, checked.cells)

    def _task(self, course: Course, exercise: str, submission: Submission) -> Task:
        return Task(exercise, submission, _SEED if self.seed is None else self.seed)

    def _cell_outputs(
        self, course: Course, nb: Any, submission: Submission, reports: dict[str, Checked]
    ) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
        """Yield the learner's cells and the instructor's own tests, with their outputs.

        Own tests run in a worker of their own, so that they do not affect the course's.
        """
        cells = [*map(read_cell, nb.cells)]
        own_tests = any(cell.is_own_test for cell in cells)
        # a lesson's notebook has answers only, which are read and need not run
        runs_alone = not any(cell.is_test for cell in cells) or any(cell.is_manual_code for cell in cells)
        if own_tests or (runs_alone and not reports):
            with_tests = grading.with_own_tests(nb.cells, submission)
            run = _JUDGES.run_cells(course, self._task(course, next(iter(reports), ""), with_tests))
            if self.sandbox:
                require_walls(run.confinement, OTHERWISE)
            yield from grading.own_test_outputs(nb.cells, run, partial(repair.notes_for, nb.metadata))
            yield from grading.shown_outputs(nb.cells, run.cells)
        else:
            for checked in [*reports.values()][:1]:  # all exercises have run the same cells
                yield from grading.shown_outputs(nb.cells, checked.cells)

    def _version_notes(self, course: Course, nb: Any, name: str) -> Iterator[str]:
        """Yield a note if the notebook was built from another version of the course."""
        origin = origin_of(nb.metadata)
        if origin is not None and not origin.is_current(course):
            self.log.warning(
                "%s was built from version %s, which is not the current one", name, origin.version
            )
            yield (
                f"The notebook was built from version {origin.version} of the course. "
                "It is graded with the current version."
            )


def _released(coursedir: Any) -> _Released:
    """Return the assignment's notebooks, each with its released cells."""
    try:
        with Gradebook(coursedir.db_url, coursedir.course_id) as gradebook:
            notebooks = gradebook.find_assignment(coursedir.assignment_id).notebooks
            return {each.name: tuple(_originals(each)) for each in notebooks}
    except Exception:  # nbgrader opens the gradebook next, and reports what is wrong with it
        return {}


def _is_skipped(converter: Autograde, place: str) -> bool:
    """Return True if nbgrader will skip a submission because it is excluded or was graded before.

    In doubt, return False.
    """
    coursedir = converter.coursedir
    found = re.match(converter._format_source("(?P<assignment>.*)", "(?P<student>.*)", escape=True), place)
    if found is None:
        return False
    if found["student"] in coursedir.student_id_exclude.split(","):
        return True
    graded = coursedir.format_path(coursedir.autograded_directory, found["student"], found["assignment"])
    if converter.force or coursedir.notebook_id != "*" or not Path(graded).exists():
        return False
    with suppress(Exception):  # nbgrader reads the same timestamps, and reports what is wrong with them
        submitted, earlier = map(coursedir.get_existing_timestamp, (place, graded))
        return submitted is None or earlier is None or submitted <= earlier
    return False


def _files(place: Path) -> list[Path]:
    """Return the files of a submission; none if they cannot be listed, which nbgrader reports."""
    with suppress(OSError):
        return [path for path in place.iterdir() if path.is_file()]
    return []


def _take_back_zeros(gradebook: Any, about: Any) -> None:
    """Mark a notebook as not graded. nbgrader gives 0 before grading if no file has the right name."""
    submitted = gradebook.find_submission_notebook(about["notebook"], about["assignment"], about["student"])
    for grade in submitted.grades:
        grade.auto_score, grade.needs_manual_grade = None, True
    gradebook.db.commit()


def _record(report: Report) -> dict[str, Any]:
    """Return the data to reproduce a report."""
    confinement = report.environment.confinement.says
    about = {"exercise": report.exercise, "version": report.version}
    return {**about, "seed": report.seed, "confinement": confinement}


def _originals(notebook: Any) -> Iterator[repair.Original]:
    """Yield the released cells of a notebook, from the gradebook."""
    graded = {cell.name: cell.max_score for cell in notebook.grade_cells}
    tasks = {cell.name: cell.max_score for cell in notebook.task_cells}
    solutions = {cell.name for cell in notebook.solution_cells}
    for cell in notebook.source_cells:
        yield repair.Original(
            grade_id=cell.name,
            cell_type=cell.cell_type,
            source=cell.source or "",
            checksum=cell.checksum,
            locked=bool(cell.locked),
            grade=cell.name in graded,
            solution=cell.name in solutions,
            task=cell.name in tasks,
            points=graded.get(cell.name, tasks.get(cell.name)),
        )


# --- shared by all submissions of one command ---


_JUDGES = PrefetchingJudges()
_SEED = secrets.randbelow(2**31)  # of this run; the metadata of the notebooks hold it
atexit.register(_JUDGES.close)


@lru_cache(maxsize=1)
def _check_walls() -> None:
    required_confinement(OTHERWISE)


@lru_cache(maxsize=4)
def _course(directory: str) -> Course:
    return Course(Path(os.path.abspath(directory))) if directory else Course.bundled()  # noqa: PTH100


@lru_cache(maxsize=4)
def _questions(course: Course) -> dict[str, Question]:
    """Return all quiz questions, with the values of the first attempt."""
    return {q.id: drawn(q, 0) for quiz_id in course.quiz_ids for q in course.quiz(quiz_id).questions}
