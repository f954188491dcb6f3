"""A small course, and the installed `course` run as its users run it."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from running import Run
from tiny_course import write_course

# who runs the tests in the background ignores Ctrl-C, and what the tests start would inherit that
signal.signal(signal.SIGINT, signal.default_int_handler)

# a busy machine is not a failure; COURSE_TEST_EXAMPLES=1000 looks harder
settings.register_profile(
    "course",
    max_examples=int(os.environ.get("COURSE_TEST_EXAMPLES", "50")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("course")

# no test leaves a judge in memory; those that want one say so
os.environ["COURSE_WARM"] = "off"


# files whose tests take more than a quarter of a minute, the slowest first
SLOW = (
    "nbgrader",  # all that share its course
    *(
        f"tests/{file}.py"
        for file in (
            "end_to_end/test_nbgrader_postgres",
            "end_to_end/test_recognition_corpus",
            "end_to_end/test_notebook_magics",
            "end_to_end/test_nbgrader_own_cells",
            "end_to_end/test_check_lstm",
            "end_to_end/test_grade_cluster",
            "judge/client/test_resident",
            "judge/models/test_models",
            "end_to_end/test_honest_work",
            "judge/server/test_transcripts",
            "end_to_end/test_learn_command",
            "end_to_end/test_validate_command",
            "end_to_end/test_isolation",
            "end_to_end/test_notebook_front_ends",
            "end_to_end/test_grade_command",
            "end_to_end/test_nbgrader_other_names",
            "end_to_end/test_nbgrader_prefetch",
            "end_to_end/test_learn_pages",
            "end_to_end/test_old_keras_messages",
            "end_to_end/test_wheel",
            "end_to_end/test_kit_command",
            "end_to_end/test_check_interrupted",
            "attacks/test_submissions",
            "attacks/test_resident_judge",
            "attacks/test_hostile_models",
            "attacks/test_killed",
            "attacks/test_hand_ins",
            "attacks/test_ordinary_user",
        )
    ),
)


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_auto_num_workers() -> int:
    """Return two processes more than processors, because many tests wait for the processes they start."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(optionalhook=True)  # of pytest-xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Keep the tests of a file in one process, and all that share the course of nbgrader.

    Slow files begin first, so that no process is left with one while the others are done.
    xdist's groups would not do: pytest 9.2 ignores them.
    """
    from xdist.scheduler import LoadScopeScheduling

    @cache
    def process_of(file: str) -> str:
        return "nbgrader" if "nbgrader_course" in (config.rootpath / file).read_text("utf-8") else file

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return process_of(nodeid.partition("::")[0])

        def _assign_work_unit(self, node: Any) -> None:
            slow = next((file for file in SLOW if file in self.workqueue), None)
            if slow is not None:
                self.workqueue.move_to_end(slow, last=False)
            super()._assign_work_unit(node)

    return Scheduling(config, log)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """A running Chromium."""
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if path is None:
        pytest.skip("there is no Chromium here: apt install chromium")
    with playwright.sync_playwright() as running:
        chromium = running.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """The directory of a small course."""
    return write_course(tmp_path / "tiny-course")


@pytest.fixture(scope="session")
def command() -> str:
    """The installed console script."""
    return str(Path(sys.executable).with_name("course"))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Where the learner's log is kept in this test."""
    return tmp_path / "home"


@pytest.fixture
def environment(home: Path) -> dict[str, str]:
    """The environment of a learner: a fresh COURSE_HOME, nothing else of ours."""
    mine = {"COURSE_DIR", "COLUMNS", "NO_COLOR", "PAGER", "LESS", "COURSE_CONFIDENCE"}
    kept = {name: value for name, value in os.environ.items() if name not in mine}
    return kept | {"COURSE_HOME": str(home), "TERM": "xterm", "PYTHONWARNINGS": "error"}


@pytest.fixture
def unasked(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a learner who does not want to be asked how sure they are."""
    return environment | {"COURSE_CONFIDENCE": "off"}


@pytest.fixture(scope="session")
def nbgrader_course(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    """The course of tests/end_to_end/nbgrader_course.py, where alone it can be asked for.

    All attackers hand in if an exhaustive test of it runs, and a few if none does.
    """
    if importlib.util.find_spec("nbgrader") is None:
        pytest.skip("nbgrader is not installed: pip install 'course-grader[instructor]'")
    from nbgrader_class import FEW_ATTACKERS, attackers
    from nbgrader_course import NbgraderCourse

    items = (item for item in request.session.items if isinstance(item, pytest.Function))
    asking = [item for item in items if "nbgrader_course" in item.fixturenames]
    everybody = any(item.get_closest_marker("exhaustive") for item in asking)
    hostile = attackers() if everybody else FEW_ATTACKERS
    with NbgraderCourse(tmp_path_factory.mktemp("teaching"), hostile) as course:
        yield course


@pytest.fixture
def run(command: str, environment: dict[str, str], tmp_path: Path) -> Run:
    """Run `course` with arguments; its `input` is a pipe. No traceback may ever be seen."""

    def run_course(
        *args: str | Path, input: str = "", env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [command, *map(str, args)],
            input=input,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=60,
            cwd=tmp_path,
            env=environment | (env or {}),
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    return run_course
