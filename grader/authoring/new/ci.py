"""Templates of what validates a course at every change: a workflow, a pre-commit hook and a container."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from grader.authoring.new.yaml_text import text
from grader.content.course import COURSE_FILE

WORKFLOW = ".github/workflows/course.yml"
HOOK = ".pre-commit-config.yaml"
CONTAINER = "Containerfile"

_WORKFLOW = """\
# Validates what a push or a pull request changes. Written by `course new ci`.
name: course
on:
  push:
  pull_request:
permissions:
  contents: read
jobs:
  validate:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v4
        with:
          fetch-depth: 0  # the commit before the change is needed, too
      - uses: actions/setup-python@v5
        with:
          python-version: "3.12"
      - name: Install
        run: |
          sudo apt-get update
          sudo apt-get install -y --no-install-recommends bubblewrap
          # lets bubblewrap confine the code of tests
          sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0 || true
          pip install {packages}
      - name: Validate what changed
        env:
          BASE: ${{ github.event.pull_request.base.sha || github.event.before }}
        run: |
          if git cat-file -e "$BASE^{commit}" 2> /dev/null; then
            git diff --name-only -z "$BASE...HEAD" | xargs -0 -r {command} --
          else
            {command}
          fi
"""
_HOOK = """\
# Validates the parts of the course that a commit changes. Written by `course new ci`.
# To switch it on: pip install pre-commit && pre-commit install
repos:
  - repo: local
    hooks:
      - id: course-validate
        name: course validate
        entry: {entry}
        language: system
        files: {files}
        require_serial: true
"""
_CONTAINER = """\
# Validates the course as an ordinary user, with bubblewrap. Written by `course new ci`.
#
#   podman build --tag course-validate --file Containerfile .
#   podman run --rm --security-opt unmask=ALL --volume "$PWD:/course:ro" course-validate
#   podman run --rm --security-opt unmask=ALL --volume "$PWD:/course:ro" course-validate exercise-words
#
# `unmask=ALL` lets bubblewrap give the tests a /proc of their own. Without it they run, but are not confined.
# Docker needs --security-opt systempaths=unconfined --security-opt seccomp=unconfined, and on a host with
# AppArmor also --security-opt apparmor=unconfined.
FROM python:3.12-slim
RUN apt-get update && apt-get install -y --no-install-recommends bubblewrap && rm -rf /var/lib/apt/lists/*
{copy}RUN pip install --no-cache-dir {packages}
RUN useradd --create-home author
USER author
WORKDIR /course
ENTRYPOINT {entry}
"""


def ci_files(place: str, packages: Sequence[str], wheel: str | None = None) -> dict[str, str]:
    """Return the files by path, from the top of a repository whose directory `place` holds the course.

    `place` is "." if the repository is the course. `packages` are what pip installs; `wheel` is the one
    among them that is a file of the repository.
    """
    course = ["course"] if place == "." else ["course", "--course", place]
    command = shlex.join([*course, "validate"])
    prefix = "" if place == "." else f"{re.escape(place)}/"
    content = rf"^{prefix}((lessons|quizzes|exercises)/|{re.escape(COURSE_FILE)}$)"
    listed = shlex.join(packages)
    copy = "" if wheel is None else f"COPY {json.dumps([wheel, _directory(wheel)])}\n"
    return {
        WORKFLOW: _filled(_WORKFLOW, packages=listed, command=command),
        HOOK: _filled(_HOOK, entry=text(command), files=text(content)),
        CONTAINER: _filled(_CONTAINER, copy=copy, packages=listed, entry=json.dumps([*course, "validate"])),
    }


def top_of_repository(course: Path) -> Path | None:
    """Return the top of the Git repository that a course is in, or None."""
    root = course.resolve()
    return next((each for each in (root, *root.parents) if (each / ".git").exists()), None)


def _directory(path: str) -> str:
    """Return where a file is, as the destination of COPY."""
    return f"{PurePosixPath(path).parent}/"


def _filled(template: str, **parts: str) -> str:
    for name, part in parts.items():
        template = template.replace(f"{{{name}}}", part)
    return template
