"""The files of `course new ci`: what they run, whatever the directory and the packages are called."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path
from typing import Any

import pytest
import yaml

from grader.authoring.new.ci import CONTAINER, HOOK, WORKFLOW, ci_files, top_of_repository

PLACES = [".", "course", "my course", "a/b-c.d", "it's"]
PACKAGES = ("course-grader>=0.1.0", "pandas>=2.2")


def parsed(text: str) -> Any:
    return yaml.load(text, yaml.BaseLoader)  # in YAML 1.1, `on` would be True


def words(place: str) -> list[str]:
    return ["course", "validate"] if place == "." else ["course", "--course", place, "validate"]


@pytest.mark.parametrize("place", PLACES)
def test_all_run_the_same_command(place: str) -> None:
    made = ci_files(place, PACKAGES)
    (hook,) = parsed(made[HOOK])["repos"][0]["hooks"]
    assert shlex.split(hook["entry"]) == words(place)
    *_, last = [line for line in made[CONTAINER].splitlines() if line]
    assert json.loads(last.removeprefix("ENTRYPOINT ")) == words(place)
    step = parsed(made[WORKFLOW])["jobs"]["validate"]["steps"][-1]["run"]
    assert shlex.split(step.splitlines()[-2]) == words(place)


@pytest.mark.parametrize("place", PLACES)
def test_the_hook_runs_for_content_only(place: str) -> None:
    (hook,) = parsed(ci_files(place, PACKAGES)[HOOK])["repos"][0]["hooks"]
    before = "" if place == "." else f"{place}/"
    for name in (
        "course.yaml",
        "lessons/day1.yaml",
        "exercises/x/data/story.txt",
        "quizzes/practice/day1.yaml",
    ):
        assert re.search(hook["files"], before + name), name
    for name in ("README.md", "course.yaml.bak", "tools/lessons/x.yaml"):
        assert not re.search(hook["files"], before + name), name
    assert place == "." or not re.search(hook["files"], "lessons/day1.yaml")


def test_the_container_validates_as_an_ordinary_user() -> None:
    lines = [line for line in ci_files(".", PACKAGES)[CONTAINER].splitlines() if line[:1] not in ("", "#")]
    assert lines[0] == "FROM python:3.12-slim"
    assert "install -y --no-install-recommends bubblewrap" in lines[1]
    assert lines[2] == "RUN pip install --no-cache-dir 'course-grader>=0.1.0' 'pandas>=2.2'"
    assert [line.partition(" ")[0] for line in lines[3:]] == ["RUN", "USER", "WORKDIR", "ENTRYPOINT"]


@pytest.mark.parametrize(
    ("wheel", "copy"),
    [("tools/a.whl", '["tools/a.whl", "tools/"]'), ("a b.whl", '["a b.whl", "./"]')],
)
def test_the_container_gets_the_wheel_before_it_is_installed(wheel: str, copy: str) -> None:
    made = ci_files("course", (wheel, "pandas>=2.2"), wheel)[CONTAINER]
    assert f"COPY {copy}\nRUN pip install --no-cache-dir {shlex.quote(wheel)} 'pandas>=2.2'\n" in made


def test_the_top_of_the_repository_is_found(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "a/b").mkdir(parents=True)
    assert top_of_repository(tmp_path / "a/b") == tmp_path
