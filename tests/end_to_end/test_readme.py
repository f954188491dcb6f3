"""The README's commands do what it says, and its links lead somewhere."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    assert not [target for target in targets if not (page.parent / target).exists()]


def test_every_command_is_on_a_page() -> None:
    from grader.cli import COMMANDS as commands

    text = "".join(page.read_text("utf-8") for page in PAGES)
    assert not [name for name in commands if not re.search(rf"course (--course \S+ )?{name}\b", text)]
