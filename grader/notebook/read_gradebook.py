"""Read an nbgrader gradebook, in SQLite or PostgreSQL, without changing it.

nbgrader's own `Gradebook` creates missing tables and courses when it opens a
database, and starts a program for that. So this module uses only its tables and
its ways of counting, over a read-only connection.
"""

from __future__ import annotations

import math
import sqlite3
import warnings
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from grader.errors import CourseError, EnvironmentProblem
from grader.notebook.build import CONFIG
from grader.notebook.grades import (
    CellGrade,
    ClassMember,
    Files,
    GradedCell,
    GradedSubmission,
    HandedIn,
    Record,
)
from grader.notebook.other_names import Released, other_names

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

DATABASE = "gradebook.db"
SERVER_SECONDS = 10  # how long to wait for a server
BUSY_SECONDS = 5.0  # how long to wait for another process that writes
EXAMPLES = "sqlite:///path/gradebook.db or postgresql://user:password@host/database"
SUBMITTED = "submitted"  # nbgrader's name of the directory


class Gradebook(Struct, frozen=True):
    """The assignments and learners in a gradebook."""

    records: tuple[Record, ...]
    learners: tuple[ClassMember, ...]


def read_gradebook(url: str) -> Gradebook:
    """Read the database at a URL. Raises CourseError."""
    with warnings.catch_warnings():
        # about nbgrader's tables and imports
        warnings.simplefilter("ignore")
        _import("sqlalchemy")
        from sqlalchemy.exc import SQLAlchemyError

        address = _parsed(url)
        shown, engine = shown_url(address), _engine(address)
        _import("nbgrader.api")  # last: it takes seconds
        try:
            with engine.connect() as connection:
                if address.get_backend_name() == "sqlite":
                    connection.exec_driver_sql("BEGIN")  # all queries see the same state of the database
                _check_tables(connection, shown)
                return Gradebook(tuple(_records(connection)), tuple(_learners(connection)))
        except SQLAlchemyError as error:
            raise _problem(error, address, shown) from None
        finally:
            engine.dispose()


def database_of(directory: Path) -> str:
    """Return the URL of an nbgrader directory's gradebook: from its config, else gradebook.db.

    The config is executed, as nbgrader does. Raises CourseError.
    """
    if not directory.is_dir():
        raise CourseError(
            f"there is no directory {directory} — name your nbgrader directory with --course-dir"
        )
    settings: Any = {}
    if (directory / CONFIG).is_file():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            settings = _settings(directory)
    root = directory.resolve() / str(settings.get("root") or ".")
    url = settings.get("db_url")
    if not isinstance(url, str) or not url:
        return f"sqlite:///{root / DATABASE}"
    head, mark, path = url.partition("sqlite:///")
    if mark and not head and path and not path.startswith(":"):
        return f"sqlite:///{directory.resolve() / path}"  # nbgrader runs in this directory
    return url


def handed_in(directory: Path, released: Mapping[str, Released] | None = None) -> HandedIn:
    """Return the notebooks in nbgrader's directory of submissions.

    `released` are the notebooks of each assignment, by which files with another name are found.
    """
    found: dict[str, dict[str, Files]] = {}
    for place in sorted(directory.glob(f"{SUBMITTED}/*/*/")):
        if place.is_dir():
            files = [path for path in place.iterdir() if path.is_file()]
            others = other_names(files, (released or {}).get(place.name, {}))
            named = {path.stem: path.name for path in files if path.suffix == ".ipynb"}
            renamed = {notebook: names[0] for notebook, names in others.items()}
            found.setdefault(place.name, {})[place.parent.name] = renamed | named
    return found


def _settings(directory: Path) -> Any:
    """Return the settings of CourseDirectory in the config."""
    try:
        from traitlets.config.loader import PyFileConfigLoader
    except ImportError:
        raise EnvironmentProblem(NO_NBGRADER) from None
    try:
        config = PyFileConfigLoader(CONFIG, path=str(directory.resolve())).load_config()
    except Exception as error:
        message = " ".join(str(error).split())
        raise CourseError(
            f"{directory / CONFIG} cannot be run: {type(error).__name__}: {message} — "
            "fix it, or name the gradebook with --db"
        ) from None
    return config.get("CourseDirectory", {})


# --- opening ---

NO_NBGRADER = "nbgrader is not installed — pip install 'course-grader[instructor]'"


def _import(name: str) -> None:
    try:
        import_module(name)
    except ImportError:
        raise EnvironmentProblem(NO_NBGRADER) from None


def _parsed(url: str) -> URL:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        address = make_url(url)
        backend = address.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend not in ("sqlite", "postgresql"):
        # the input is not repeated, because it may hold a password
        raise CourseError(f"this is not the URL of a gradebook — write {EXAMPLES}")
    return address


def shown_url(address: URL) -> str:
    """Return the URL without its password and parameters, which may be secret."""
    if address.get_backend_name() == "sqlite":
        return address.database or ":memory:"
    from sqlalchemy.engine import URL

    plain = URL.create("postgresql", address.username, None, address.host, address.port, address.database)
    return plain.render_as_string()


def _engine(address: URL) -> Engine:
    from sqlalchemy import create_engine
    from sqlalchemy.exc import NoSuchModuleError
    from sqlalchemy.pool import NullPool

    if address.get_backend_name() == "sqlite":
        path = Path(address.database or ":memory:")
        if not path.is_file():
            raise CourseError(
                f"there is no gradebook at {path} — run nbgrader autograde first, or name another with --db"
            )

        def opened() -> sqlite3.Connection:
            uri = f"{path.resolve().as_uri()}?mode=ro"
            return sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)

        return create_engine("sqlite://", creator=opened, poolclass=NullPool)
    seconds = {} if "connect_timeout" in address.query else {"connect_timeout": SERVER_SECONDS}
    try:
        engine = create_engine(address, connect_args=seconds, poolclass=NullPool)
    except (ImportError, NoSuchModuleError):
        raise EnvironmentProblem(
            f"{shown_url(address)} cannot be read without a driver for {address.drivername} — "
            "pip install 'course-grader[postgresql]'"
        ) from None
    # all queries see the same state of the database
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _check_tables(connection: Connection, shown: str) -> None:
    """Raise CourseError if a table or column is missing."""
    from nbgrader.api import Base
    from sqlalchemy import inspect

    inspector = inspect(connection)
    existing = {*inspector.get_table_names()}
    if not {"student", "assignment", "grade"} <= existing:
        raise CourseError(
            f"{shown} is not an nbgrader gradebook — run nbgrader autograde first, or name another with --db"
        )
    for name, table in Base.metadata.tables.items():
        columns = {column["name"] for column in inspector.get_columns(name)} if name in existing else set()
        if not {*table.columns.keys()} <= columns:
            raise CourseError(
                f"{shown} was written by another version of nbgrader — make a copy of it, "
                "then run: nbgrader db upgrade"
            )


def _problem(error: Any, address: URL, shown: str) -> CourseError:
    """Return the error to raise for an error of the database."""
    message = str(getattr(error, "orig", None) or error).strip()
    lines = [line.strip() for line in message.splitlines() if line.strip()] or [type(error).__name__]
    fatal = [line.partition("FATAL:")[2].strip() for line in lines if "FATAL:" in line]
    why = (fatal or lines)[0]
    if address.password and str(address.password) in why:
        why = type(error).__name__
    if address.get_backend_name() == "sqlite":
        if "locked" in why:
            return EnvironmentProblem(f"{shown} is being written to — try again when nbgrader has finished")
        if "not a database" in why:
            return CourseError(f"{shown} is not a gradebook: {why} — name the gradebook with --db")
        return EnvironmentProblem(f"{shown} cannot be read: {why} — check the file and its permissions")
    return EnvironmentProblem(
        f"{shown} cannot be read: {why} — check user, password, host and database, and that the server runs"
    )


# --- reading ---


def _learners(connection: Connection) -> Iterator[ClassMember]:
    from nbgrader.api import Student
    from sqlalchemy import select

    query = select(Student.id, Student.last_name, Student.first_name, Student.email)
    for row in connection.execute(query):
        yield ClassMember(*(value or "" for value in row))


def _records(connection: Connection) -> Iterator[Record]:
    from nbgrader.api import Assignment
    from sqlalchemy import select

    cells, submissions, notebooks = _cells(connection), _submissions(connection), _notebooks(connection)
    query = select(Assignment.id, Assignment.name, Assignment.duedate, Assignment.max_score)
    for key, name, due, max_score in connection.execute(query):
        yield Record(
            *(name, _time(due), max_score, tuple(cells.get(key, ()))),
            *(submissions.get(key, {}), notebooks.get(key, {})),
        )


def _notebooks(connection: Connection) -> dict[str, dict[str, frozenset[str]]]:
    """Return assignment -> notebook -> the grade ids of its cells."""
    from nbgrader.api import Notebook, SourceCell
    from sqlalchemy import select

    ids: dict[str, set[str]] = {}
    for notebook, cell in connection.execute(select(SourceCell.notebook_id, SourceCell.name)):
        ids.setdefault(notebook, set()).add(cell)
    found: dict[str, dict[str, frozenset[str]]] = {}
    for key, assignment, name in connection.execute(
        select(Notebook.id, Notebook.assignment_id, Notebook.name)
    ):
        found.setdefault(assignment, {})[name] = frozenset(ids.get(key, ()))
    return found


def _cells(connection: Connection) -> dict[str, list[GradedCell]]:
    """Return assignment -> the cells with points."""
    from nbgrader.api import GradeCell, Notebook, SolutionCell, TaskCell
    from sqlalchemy import select

    query = select(SolutionCell.notebook_id, SolutionCell.name)
    written = {(notebook_id, name) for notebook_id, name in connection.execute(query)}
    cells: dict[str, list[GradedCell]] = {}
    for table in (GradeCell, TaskCell):
        query = select(
            *(Notebook.assignment_id, Notebook.id, Notebook.name),
            *(table.name, table.max_score, table.cell_type),
        ).where(table.notebook_id == Notebook.id)
        for assignment, notebook_id, notebook, name, max_score, cell_type in connection.execute(query):
            # nbgrader leaves text, and cells that learners write in, to manual grading
            automatic = table is GradeCell and cell_type == "code" and (notebook_id, name) not in written
            cells.setdefault(assignment, []).append(GradedCell(notebook, name, max_score, automatic))
    return cells


def _submissions(connection: Connection) -> dict[str, dict[str, GradedSubmission]]:
    """Return assignment -> learner -> submission.

    nbgrader's `SubmittedAssignment.score` is the same sum, but reads all grades again for each submission.
    """
    from nbgrader.api import SubmittedAssignment as Submitted
    from nbgrader.api import SubmittedNotebook
    from sqlalchemy import select

    penalties: dict[str, list[float]] = {}
    query = select(SubmittedNotebook.assignment_id, SubmittedNotebook.late_submission_penalty)
    for submission, penalty in connection.execute(query):
        penalties.setdefault(submission, []).append(penalty or 0.0)
    grades = _grades(connection)
    submissions: dict[str, dict[str, GradedSubmission]] = {}
    query = select(Submitted.id, Submitted.assignment_id, Submitted.student_id, Submitted.timestamp)
    for key, assignment, learner, time in connection.execute(query):
        own = grades.get(key, [])
        submissions.setdefault(assignment, {})[learner] = GradedSubmission(
            score=math.fsum(grade.score for _, grade in own),
            late_penalty=math.fsum(penalties.get(key, [])),
            submitted=_time(time),
            grades=dict(own),
        )
    return submissions


def _grades(connection: Connection) -> dict[str, list[tuple[tuple[str, str], CellGrade]]]:
    """Return submission -> notebook, cell and grade. Like nbgrader, include removed cells."""
    from nbgrader.api import BaseCell, Grade, Notebook, SubmittedNotebook
    from sqlalchemy import select

    query = (
        select(
            *(SubmittedNotebook.assignment_id, Notebook.name, BaseCell.name),
            *(Grade.score, Grade.auto_score, Grade.manual_score, Grade.extra_credit),
            Grade.needs_manual_grade,
        )
        .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
        .outerjoin(Notebook, SubmittedNotebook.notebook_id == Notebook.id)
        .outerjoin(BaseCell, Grade.cell_id == BaseCell.id)
    )
    grades: dict[str, list[tuple[tuple[str, str], CellGrade]]] = {}
    for submission, notebook, cell, *values in connection.execute(query):
        grades.setdefault(submission, []).append(((notebook, cell), CellGrade(*values)))
    return grades


def _time(value: Any) -> str:
    return "" if value is None else value.isoformat(sep=" ")
