"""`course new ci` in a Git repository: its hook and its workflow validate what has changed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from running import Run

EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"
FILES = (".github/workflows/course.yml", ".pre-commit-config.yaml", "Containerfile")
pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(repository: Path, *args: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(
        ["git", *who, *args], cwd=repository, capture_output=True, text=True, check=True, timeout=60
    )
    return done.stdout.strip()


def parsed(path: Path) -> Any:
    return yaml.load(path.read_text(), yaml.BaseLoader)  # in YAML 1.1, `on` would be True


def in_shell(script: str, repository: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a script where `course` is the one that is tested."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(
        ["bash", "-e", "-c", script],
        cwd=repository,
        env={**os.environ, "PATH": path, "COURSE_HOME": str(repository / ".git/home"), **env},
        capture_output=True,
        text=True,
        timeout=120,
    )


def course_in(repository: Path, place: str, run: Run) -> Path:
    """Return the directory of a course in a repository, with the files of `course new ci`."""
    course = shutil.copytree(EXAMPLE, repository / place)
    git(repository, "init", "-q")
    done = run("--course", course, "new", "ci")
    assert done.returncode == 0, done.stderr
    assert "pip needs an index that has course-grader." in done.stdout
    assert [(repository / name).is_file() for name in FILES] == [True] * 3
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Begin")
    return course


def break_lesson(place: Path) -> None:
    lesson = place / "lessons/day1.yaml"
    lesson.write_text(lesson.read_text().replace("questions: [day1-q1", "questions: [day1-q9"))


def test_the_hook_validates_what_is_committed(run: Run, tmp_path: Path) -> None:
    repository = tmp_path / "repository"
    place = course_in(repository, "my course", run)
    (hook,) = parsed(repository / ".pre-commit-config.yaml")["repos"][0]["hooks"]
    assert hook["language"] == "system" and hook["require_serial"] == "true"

    def commit() -> subprocess.CompletedProcess[str]:
        """Run the hook as pre-commit does: with the staged files that match its pattern."""
        git(repository, "add", ".")
        staged = git(repository, "diff", "--cached", "--name-only", "-z").split("\0")
        chosen = [name for name in staged if name and re.search(hook["files"], name)]
        return (
            in_shell(f"{hook['entry']} {shlex.join(chosen)}", repository) if chosen else in_shell("", place)
        )

    (place / "notes.txt").write_text("mine")
    assert commit().stdout == ""
    break_lesson(place)
    done = commit()
    assert done.returncode == 2 and "day1.yaml:" in done.stdout and "day1-q9" in done.stdout, done.stderr


def test_the_workflow_validates_what_a_push_changes(run: Run, tmp_path: Path) -> None:
    repository = place = course_in(tmp_path / "repository", ".", run)
    workflow = parsed(repository / FILES[0])
    assert [*workflow["on"]] == ["push", "pull_request"]
    script = workflow["jobs"]["validate"]["steps"][-1]["run"]
    before = git(repository, "rev-parse", "HEAD")
    (place / "notes.txt").write_text("mine")
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Note")
    done = in_shell(script, repository, BASE=before)
    assert done.returncode == 0 and "there is nothing to validate" in done.stdout, done.stderr
    break_lesson(place)
    git(repository, "commit", "-q", "-a", "-m", "Break")
    done = in_shell(script, repository, BASE=before)
    assert done.returncode == 123 and "day1-q9" in done.stdout, done.stderr  # of xargs


def test_an_existing_file_is_replaced_only_on_request(run: Run, tmp_path: Path) -> None:
    course = shutil.copytree(EXAMPLE, tmp_path / "course")
    run("--course", course, "new", "ci")
    (course / ".pre-commit-config.yaml").write_text("repos: []\n")
    done = run("--course", course, "new", "ci")
    assert "Replace it? (y, n)" in done.stdout and "is not changed" in done.stdout
    assert "Containerfile is up to date." in done.stdout
    assert (course / ".pre-commit-config.yaml").read_text() == "repos: []\n"
    run("--course", course, "new", "ci", input="y\n")
    assert "course-validate" in (course / ".pre-commit-config.yaml").read_text()


def test_a_wheel_has_to_be_in_the_repository(run: Run, tmp_path: Path) -> None:
    course = shutil.copytree(EXAMPLE, tmp_path / "repository/course")
    git(tmp_path / "repository", "init", "-q")
    for place in (course, tmp_path):
        (place / "grader.whl").write_bytes(b"")
    for named in ("course/grader.whl", course / "grader.whl"):
        done = run("--course", course, "new", "ci", "--package", named)
        assert done.returncode == 0, done.stderr
        recipe = (tmp_path / "repository/Containerfile").read_text()
        assert 'COPY ["course/grader.whl", "course/"]' in recipe
    wrong = {"no.whl": "there is no file no.whl", tmp_path / "grader.whl": "is outside the repository"}
    for name, says in wrong.items():
        done = run("--course", course, "new", "ci", "--package", name)
        assert done.returncode == 2 and says in done.stderr
