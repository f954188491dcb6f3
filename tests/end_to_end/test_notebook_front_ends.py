"""`%check` in a real kernel, and in JupyterLab with a browser."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from judging import course_command, descendants, is_running, wait_until, write_exercise
from kernels import recorded
from sound_course import SoundCourse

nbformat = pytest.importorskip("nbformat")

SCALED = "def scaled(x, factor=2):\n    return x * factor"
SECOND = "def first(x):\n    return float(x[1])"
KERNEL_IS_READY = """() => {
    const kernel = window.jupyterapp?.shell.currentWidget?.context?.sessionContext?.session?.kernel
    return kernel?.connectionStatus === 'connected' && kernel?.status === 'idle'
}"""
SECONDS = 60  # for a front end to show something


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> SoundCourse:
    return SoundCourse(tmp_path_factory.mktemp("course"))


@pytest.fixture
def settings(sound: SoundCourse, tmp_path: Path) -> dict[str, str]:
    """The environment of a front end that knows nothing of this machine's user."""
    kept = {n: value for n, value in os.environ.items() if not n.startswith(("JPY_", "JUPYTER", "COURSE_"))}
    own = {"COURSE_DIR": str(sound.root), "COURSE_HOME": str(tmp_path / "home"), "COURSE_WARM": "off"}
    own |= {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    own |= {f"JUPYTERLAB_{name}_DIR": str(tmp_path / name) for name in ("SETTINGS", "WORKSPACES")}
    return kept | own | {"IPYTHONDIR": str(tmp_path / "ipython")}


@pytest.fixture
def notebook(sound: SoundCourse, tmp_path: Path) -> Path:
    """The notebook of `course start`, with functions in it."""
    place = tmp_path / "notebooks"
    place.mkdir()
    done = course_command("--course", sound.root, "start", "exercise-x", "--notebook", cwd=place)
    assert done.returncode == 0, done.stderr
    path = place / "exercise_x.ipynb"
    written = json.loads(path.read_text())
    for cell in written["cells"]:
        for source in (SCALED, SECOND):
            if "".join(cell["source"]).startswith(source.partition("(")[0]):
                cell["source"] = source
    path.write_text(json.dumps(written))
    return path


# --- a kernel ---


def test_a_kernel_shows_the_report_and_leaves_no_judge(
    notebook: Path, settings: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nbclient = pytest.importorskip("nbclient")
    pytest.importorskip("ipykernel")
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    read: Any = nbformat.read(notebook, as_version=4)
    read.cells.append(nbformat.v4.new_code_cell(f"%%check\n{SECOND.replace('1', '0')}\n1 / 0"))
    read.cells.append(nbformat.v4.new_code_cell("%check --no-record"))
    read.cells.append(nbformat.v4.new_code_cell("%%check\nimport asyncio\nawait asyncio.sleep(0)"))
    read.cells.append(nbformat.v4.new_code_cell("%quiz tiny --no-record"))
    client = nbclient.NotebookClient(
        read, kernel_name="python3", timeout=SECONDS, resources={"metadata": {"path": str(notebook.parent)}}
    )
    with client.setup_kernel():
        for number, cell in enumerate(read.cells):
            client.execute_cell(cell, number)
        pid = client.km.provisioner.pid
        started = descendants(pid)
        assert started
    wait_until(lambda: not any(map(is_running, started)), 30)
    *_, checked, run_and_checked, again, waits, quiz = read.cells
    line, shown = checked.outputs
    assert re.fullmatch(r"Checked exercise-x in \d+\.\d s\.", line.data["text/plain"])
    assert "X: 3 of 4 points" in shown.data["text/plain"]
    assert shown.data["text/html"].startswith('<div class="course-report"')
    error, _, shown = run_and_checked.outputs
    assert (error.output_type, error.ename) == ("error", "ZeroDivisionError")
    assert "X: 4 of 4 points" in shown.data["text/plain"]
    assert "X: 4 of 4 points" in again.outputs[-1].data["text/plain"]
    assert waits.outputs[0].text.startswith("course: %%check cannot run a cell with await")
    assert "take the quiz in a terminal" in quiz.outputs[-1].text
    assert [report.score for report in recorded(tmp_path / "home")] == [3, 4]


# --- JupyterLab ---


def is_listening(port: int) -> bool:
    """Tell whether a server on this machine accepts connections at a port."""
    with socket.socket() as tried:
        return tried.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def lab(notebook: Path, settings: dict[str, str]) -> Iterator[str]:
    """The address of a JupyterLab that serves the notebook's directory."""
    jupyterlab = pytest.importorskip("jupyterlab")
    built = Path(jupyterlab.__file__).parents[4] / "share" / "jupyter" / "lab"
    options = [
        "--no-browser",
        "--port=0",
        "--allow-root",
        "--IdentityProvider.token=",
        "--expose-app-in-browser",
    ]
    options += [f"--app-dir={built}", f"--ServerApp.root_dir={notebook.parent}"]
    log = notebook.parent.parent / "lab.log"
    with log.open("w") as file:
        command = [sys.executable, "-m", "jupyterlab", *options]
        server = subprocess.Popen(command, cwd=notebook.parent, env=settings, stderr=file, stdout=file)
    address = re.compile(r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab")
    try:
        wait_until(lambda: address.search(log.read_text()) is not None, 60, log.read_text)
        found = address.search(log.read_text())
        assert found is not None
        # the address is in the log before the server listens
        wait_until(lambda: is_listening(int(found[1])), 60, log.read_text)
        yield f"http://127.0.0.1:{found[1]}/lab"
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page of a new profile."""
    page = chromium.new_page()
    page.set_default_timeout(SECONDS * 1000)
    yield page
    page.close()


def open_notebook(page: Any, lab: str, name: str) -> None:
    """Open a notebook and wait for its kernel."""
    page.goto(f"{lab}/tree/{name}?reset")
    page.wait_for_function(KERNEL_IS_READY)


def run_all_cells(page: Any) -> None:
    """Run all cells, with two clicks."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()


def assert_accessible(page: Any) -> None:
    """Assert that axe finds nothing in the reports."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=".course-report")
    assert found.violations_count == 0, found.generate_report()
    assert found.response["passes"]


def test_in_jupyterlab_two_clicks_lead_to_an_accessible_verdict(
    page: Any, lab: str, notebook: Path, tmp_path: Path
) -> None:
    open_notebook(page, lab, notebook.name)
    run_all_cells(page)
    report = page.locator(".course-report")
    report.wait_for()
    assert "X: 3 of 4 points" in report.inner_text() and "Where does counting start?" in report.inner_text()
    assert [check.score for check in recorded(tmp_path / "home")] == [3]
    assert_accessible(page)
    page.evaluate("jupyterapp.commands.execute('apputils:change-theme', {theme: 'JupyterLab Dark'})")
    page.wait_for_function("document.body.dataset.jpThemeLight === 'false'")
    assert_accessible(page)


@pytest.mark.exhaustive
def test_in_jupyterlab_a_quiz_is_typed(page: Any, lab: str, notebook: Path, tmp_path: Path) -> None:
    from test_quiz_command import rows

    quiz: Any = nbformat.read(notebook, as_version=4)  # with the name of its kernel
    quiz.cells = [nbformat.v4.new_code_cell(s) for s in ("%load_ext grader.notebook", "%quiz tiny")]
    nbformat.write(quiz, notebook.with_name("quiz.ipynb"))
    open_notebook(page, lab, "quiz.ipynb")
    run_all_cells(page)
    field = page.locator(".jp-Stdin-input")
    field.fill("b")
    field.press("Enter")
    page.get_by_text("Score: 1 of 1").first.wait_for()
    assert rows(tmp_path / "home") == [("answer", "tiny-q1", "b", 1.0)]


@pytest.mark.exhaustive
def test_in_jupyterlab_own_figures_stand_beside_the_reference_s(
    page: Any, lab: str, notebook: Path, tmp_path: Path
) -> None:
    from test_notebook_magics import DRAWING, DRAWN, SEEN

    course = write_exercise(tmp_path / "drawn", DRAWN, DRAWING, SEEN, "")
    drawn: Any = nbformat.read(notebook, as_version=4)
    sources = (
        f"import os\nos.environ['COURSE_DIR'] = {str(course.root)!r}",
        "%load_ext grader.notebook",
        f"%%check exercise-x\n{DRAWING}",
    )
    drawn.cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(drawn, notebook.with_name("drawn.ipynb"))
    open_notebook(page, lab, "drawn.ipynb")
    run_all_cells(page)
    picture = page.locator(".course-report img")
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") > 500
    assert "the reference is on the right" in picture.get_attribute("alt")
    assert page.get_by_text("Yours: numbers, 2 points, x 0 to 1, y 1 to 2.").count() == 1
    assert_accessible(page)


def test_jupyter_console_shows_the_verdict(
    sound: SoundCourse, settings: dict[str, str], tmp_path: Path
) -> None:
    """It ignores replacements of what was shown before."""
    pexpect = pytest.importorskip("pexpect")
    pytest.importorskip("jupyter_console", reason="jupyter console is not installed")
    command = ["-m", "jupyter_console", "--simple-prompt", "--kernel=python3"]
    console = pexpect.spawn(
        sys.executable, command, cwd=str(tmp_path), env=settings, encoding="utf-8", timeout=SECONDS
    )
    for line in ("%load_ext grader.notebook", "first = lambda x: float(x[0])", "%check exercise-x"):
        console.expect(r"In \[\d+\]")
        console.sendline(line)
    console.expect("X: 1 of 4 points")
    console.close(force=True)
