"""The README's commands do what it says, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
REFERENCE = ROOT / "docs" / "reference"
COMMANDS = re.findall(r"```sh\n(.+)\n```", (ROOT / "README.md").read_text("utf-8"))


def test_the_first_command_records_nothing_and_ends_with_the_first_step(
    command: str, environment: dict[str, str], home: Path
) -> None:
    install, *steps = COMMANDS[0].split(" && course ")
    assert install.endswith("pip install -c constraints.txt '.[web]'")
    last = steps.pop()
    assert last.endswith(" && course")
    said = []
    for step in (*steps, last.removesuffix(" && course"), ""):
        done = subprocess.run(
            [command, *step.split()], cwd=ROOT, env=environment, capture_output=True, text=True, input=""
        )
        assert done.returncode == 0, done.stderr
        said.append(done.stdout)
    *_, quiz, check, _ = said
    assert quiz.endswith("To see what to do next: `course`\n")
    assert check.endswith("All tests passed. Next: course\n")
    assert done.stdout.startswith("Welcome!") and "Next: course learn day4\n" in done.stdout
    assert not home.exists()


def test_the_second_command_installs_and_runs_the_tests() -> None:
    """.ci/run takes it from the README."""
    assert COMMANDS[1].startswith("python3 -m venv .venv-dev && ")
    assert COMMANDS[1].endswith(" && .venv-dev/bin/python -m pytest -n auto")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_to_files_and_headings(page: Path) -> None:
    for target, anchor in re.findall(r"\]\(([^)#:]+)(?:#([^)]*))?\)", page.read_text("utf-8")):
        path = page.parent / target
        assert path.exists(), target
        assert not anchor or anchor in headings(path), f"{target}#{anchor}"


def headings(page: Path) -> set[str]:
    """Return the anchors of a page's headings, as GitHub and MyST make them."""
    found = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in found}


def test_the_reference_is_that_of_the_code(tmp_path: Path) -> None:
    subprocess.run([sys.executable, REFERENCE / "make.py", tmp_path], check=True)
    for path in tmp_path.iterdir():
        kept = (REFERENCE / path.name).read_text("utf-8")
        assert path.read_text("utf-8") == kept, "run `python docs/reference/make.py`"


def test_the_pages_build_as_a_site(tmp_path: Path) -> None:
    pytest.importorskip("sphinx")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-q", "-W", "-n", ROOT / "docs", tmp_path / "site"],
        capture_output=True,
        text=True,
    )
    assert built.returncode == 0, built.stderr


def test_every_command_is_on_a_page() -> None:
    from grader.cli import COMMANDS as commands

    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert not [name for name in commands if not re.search(rf"course (--course \S+ )?{name}\b", text)]
