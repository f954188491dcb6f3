"""The same class graded into SQLite and into a PostgreSQL server of its own: the same scores."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from nbgrader_commands import BIN, Nbgrader
from sound_course import SOLUTION, SoundCourse

from grader.cli.nbgrader import grades as grades_command
from grader.errors import CourseError

if importlib.util.find_spec("nbgrader") is None:
    pytest.skip("nbgrader is not installed: pip install 'course-grader[instructor]'", allow_module_level=True)
if importlib.util.find_spec("psycopg") is None:
    pytest.skip("psycopg is not installed: pip install 'course-grader[postgresql]'", allow_module_level=True)

PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))  # as Debian has them
if not PROGRAMS:
    pytest.skip("PostgreSQL is not installed: apt-get install postgresql", allow_module_level=True)

SECRET = "s3cret-pass"
WRONG = "wr0ng-pass"


class Server:
    """A server on a socket in a directory of its own."""

    def __init__(self, place: Path) -> None:
        self.place = place
        # the server refuses to run as root
        self._user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] * (
            os.getuid() == 0
        )

    def run(self, program: str, *args: str | Path) -> None:
        command = [*self._user, str(PROGRAMS[-1].with_name(program)), *map(str, args)]
        # to a file: the server keeps what it inherits open
        with (self.place / "said").open("a") as said:
            done = subprocess.run(
                command, cwd=self.place, stdin=subprocess.DEVNULL, stdout=said, stderr=said, timeout=120
            )
        assert done.returncode == 0, (self.place / "said").read_text()

    def url(self, database: str, password: str = SECRET) -> str:
        return f"postgresql://course:{password}@/{database}?host={self.place}"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    # not below pytest's directory, which only its owner may enter; and a socket's path must be short
    place = Path(tempfile.mkdtemp(prefix="pg-"))
    server = Server(place)
    try:
        (place / "password").write_text(SECRET)
        if os.getuid() == 0:
            for path in (place, place / "password"):
                shutil.chown(path, "postgres", "postgres")
        access = ("--username=course", "--auth=scram-sha-256", f"--pwfile={place / 'password'}")
        server.run("initdb", "--pgdata=data", "--encoding=UTF8", "--locale=C", "--no-sync", *access)
        options = f"-F -c listen_addresses='' -c unix_socket_directories='{place}'"
        server.run("pg_ctl", "start", "--wait", "--pgdata=data", "--log=log", f"--options={options}")
        try:
            yield server
        finally:
            server.run("pg_ctl", "stop", "--wait", "--pgdata=data", "--mode=immediate")
    finally:
        shutil.rmtree(place)


def execute(url: str, *statements: str) -> list[Any]:
    """Execute statements, each at once, and return what the last one gives."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            cursor = connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


def command(*args: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if name != "COURSE_DIR"}
    done = subprocess.run(
        [str(BIN / args[0]), *map(str, args[1:])],
        cwd=cwd, env=kept, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert "Traceback" not in done.stderr and SECRET not in done.stdout + done.stderr, done.stderr
    return done


def grades(directory: Path, *options: str) -> Any:
    done = command("course", "nbgrader", "grades", "--json", *options, cwd=directory)
    assert (done.returncode, done.stderr) == (0, "")
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def nbgrader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nbgrader]:
    nbgrader = Nbgrader(tmp_path_factory.mktemp("nbgrader"))
    yield nbgrader
    nbgrader.close()


@pytest.fixture(scope="module")
def graded(server: Server, nbgrader: Nbgrader, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return two directories with the same submissions, graded into SQLite and into PostgreSQL."""
    work = tmp_path_factory.mktemp("class")
    SoundCourse(work / "course")
    lite, post = work / "lite", work / "post"
    done = command(
        "course", "--course", work / "course", "nbgrader", "build", "tiny", "--course-dir", lite, cwd=work
    )
    assert done.returncode == 0, done.stderr
    shutil.copytree(lite, post)
    config = post / "nbgrader_config.py"
    text = config.read_text().replace(f"root = {str(lite)!r}", f"root = {str(post)!r}")
    old = 'c.CourseDirectory.db_url = "sqlite:///" + os.path.join(here, "gradebook.db")'
    assert old in text
    execute(server.url("postgres"), "CREATE DATABASE rnn101")
    config.write_text(text.replace(old, f"c.CourseDirectory.db_url = {server.url('rnn101')!r}"))
    for directory in (lite, post):
        said = nbgrader(work, directory, "generate_assignment", "tiny")
        hand_in(directory)
        # the submissions are those of this file: nothing need be confined
        said += nbgrader(work, directory, "autograde", "tiny", "--GradeWithJudge.sandbox=False")
        assert SECRET not in said
    return lite, post


def hand_in(directory: Path) -> None:
    """Ada writes the solution of one function and answers; bob hands in the starter, and no quiz."""
    for learner in ("ada", "bob"):
        place = directory / "submitted" / learner / "tiny"
        shutil.copytree(directory / "release" / "tiny", place)
        (place / "timestamp.txt").write_text("2030-01-02 03:04:05 UTC")
    (directory / "submitted" / "bob" / "tiny" / "tiny.ipynb").unlink()
    for name, grade_id, source in (
        ("exercise-x", "exercise-x--scaled", SOLUTION.partition("def first")[0]),
        ("tiny", "tiny-q1", "answer_tiny_q1 = 'b'"),
    ):
        file = directory / "submitted" / "ada" / "tiny" / f"{name}.ipynb"
        notebook = json.loads(file.read_text())
        [cell] = [
            c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id
        ]
        cell["source"] = source
        file.write_text(json.dumps(notebook))


@pytest.mark.exhaustive
def test_both_gradebooks_give_the_same_scores(graded: tuple[Path, Path], server: Server) -> None:
    lite, post = graded
    expected = grades(lite)
    assert grades(post) == expected  # by the URL in the config
    assert not (post / "gradebook.db").exists()
    [tiny] = expected["assignments"]
    found = {
        result["learner"]["id"]: {each["item"]: (each["score"], each["status"]) for each in result["scores"]}
        for result in tiny["results"]
    }
    assert found["ada"]["scaled"] == (3.0, "graded") and found["ada"]["first"] == (0.0, "graded")
    assert found["ada"]["tiny-q1"] == (1.0, "graded")
    assert found["bob"]["exercise-x"] == (0.0, "graded")
    assert found["bob"]["tiny-q1"] == (None, "not_submitted")


@pytest.mark.exhaustive
def test_a_url_alone_is_enough(graded: tuple[Path, Path], server: Server) -> None:
    lite, _ = graded
    by_url, by_file = (
        CliRunner().invoke(grades_command, ["--json", "--db", url]).output
        for url in (server.url("rnn101"), f"sqlite:///{lite / 'gradebook.db'}")
    )
    assert by_url == by_file
    # without the files, a notebook that is missing has nbgrader's zero
    [tiny] = json.loads(by_url)["assignments"]
    assert [result["score"] for result in tiny["results"]] == [4.0, 0.0]


def test_what_is_wrong_with_a_server_is_told_without_the_password(server: Server, tmp_path: Path) -> None:
    execute(server.url("postgres"), "CREATE DATABASE rnn102", "CREATE DATABASE vacant")
    gone = server.url("rnn102").replace(str(server.place), str(tmp_path / "gone"))
    for url, code, said in (
        (server.url("rnn102", password=WRONG), 3, 'password authentication failed for user "course"'),
        (server.url("nothing"), 3, 'database "nothing" does not exist'),
        (gone, 3, "and that the server runs"),
        (server.url("vacant"), 2, "is not an nbgrader gradebook"),
        (server.url("vacant").replace("postgresql:", "postgresql+other:"), 3, "course-grader[postgresql]"),
    ):
        done = CliRunner().invoke(grades_command, ["--db", url])
        error = done.exception
        assert isinstance(error, CourseError) and error.exit_code == code
        assert said in str(error) and " — " in str(error) and "\n" not in str(error)
        assert SECRET not in str(error) and WRONG not in str(error)
    # nbgrader itself would have made its tables
    assert execute(server.url("vacant"), "SELECT count(*) FROM pg_stat_user_tables") == [(0,)]
