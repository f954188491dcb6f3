"""Runs what the tutorials show: each page is one session in a directory of its own.

A `console` block holds commands after `$ `, what they print, and what is typed at their prompts. `...`
stands for any text. A `python` block that begins with `# FILE` replaces the functions in that file, or is
added to it.
"""

from __future__ import annotations

import doctest
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pexpect
import pytest
from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser

ROOT = Path(__file__).parents[1]
COLUMNS = 100
SECONDS = 300  # a busy machine is not a failure
LONG = ("nbgrader.md", "cluster.md")
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
TYPED = re.compile(r"^(?P<prompt>[^$].*(?:\([^()]*\)|q to quit): )(?P<typed>\S.*)$")
HEAD = re.compile(r"# (?P<file>[\w/.-]+)\n")
FUNCTION = r"^def {}\(.*?(?=^(?:def|class|if|@)\b|\Z)"


def begin(namespace: dict[str, Any]) -> None:
    """Make the directory of a session, and the environment of a newcomer."""
    top = Path(tempfile.mkdtemp(prefix="docs-"))
    for name in ("work", "home", "run"):
        (top / name).mkdir(mode=0o700)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    own = {"PATH": path, "COURSE_HOME": str(top / "home"), "XDG_RUNTIME_DIR": str(top / "run")}
    plain = {
        "COLUMNS": str(COLUMNS),
        "TERM": "dumb",
        "COURSE_CONFIDENCE": "off",
        "PS1": "",
        "LC_ALL": "C.UTF-8",
    }
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("COURSE_", "PYTEST_"))}
    namespace.update(top=top, cwd=top / "work", environment=kept | own | plain | {"COURSE": str(ROOT)})


def end(namespace: dict[str, Any]) -> None:
    """Stop the judge that the session has started, and delete its directory."""
    subprocess.run(
        [Path(sys.executable).with_name("course"), "doctor", "--stop"],
        env=namespace["environment"],
        capture_output=True,
    )
    shutil.rmtree(namespace["top"])


def run_console(example: Example) -> str | None:
    """Run the commands of a block, and return how what they print differs from what is shown."""
    for step in re.split(r"^\$ ", str(example.parsed), flags=re.MULTILINE)[1:]:
        command, _, shown = step.partition("\n")
        while command.endswith("\\"):
            more, _, shown = shown.partition("\n")
            command = f"{command}\n{more}"
        printed = _run(
            command,
            [match.groupdict() for match in map(TYPED.match, shown.split("\n")) if match],
            example.namespace,
        )
        wanted = doctest.Example(command, shown)
        if not doctest.OutputChecker().check_output(shown.strip(), printed.strip(), FLAGS):
            return f"$ {command}\n{doctest.OutputChecker().output_difference(wanted, printed, FLAGS)}"
    return None


def edit_file(example: Example) -> str | None:
    """Put the code of a block that names a file into the file."""
    head = HEAD.match(str(example.parsed))
    if head is None:
        return None
    path: Path = example.namespace["cwd"] / head["file"]
    code = str(example.parsed)[head.end() :].strip("\n") + "\n"
    source = path.read_text("utf-8") if path.exists() else ""
    for name in re.findall(r"^def (\w+)\(", code, re.MULTILINE):
        found = re.search(FUNCTION.format(name), source, re.MULTILINE | re.DOTALL)
        if found:
            source = source[: found.start()] + source[found.end() :]
    main = source.find("if __name__")
    at = len(source) if main < 0 else main
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{source[:at]}{code}\n\n{source[at:]}", "utf-8")
    return None


def _run(command: str, typed: list[dict[str, str]], namespace: dict[str, Any]) -> str:
    """Return what a command prints at a terminal, with what is typed at its prompts."""
    place = namespace["top"] / "cwd"
    child = pexpect.spawn(
        "bash",
        ["-c", f"{command}\npwd > {place}"],
        cwd=str(namespace["cwd"]),
        env=namespace["environment"] | {"COURSE_PLAIN": "1"},
        encoding="utf-8",
        dimensions=(1000, COLUMNS),
        timeout=SECONDS,
    )
    printed = ""
    for each in typed:
        child.expect_exact(each["prompt"])
        printed += child.before + each["prompt"]
        child.sendline(each["typed"])
    child.expect(pexpect.EOF)
    child.close()
    if place.exists():
        namespace["cwd"] = Path(place.read_text("utf-8").strip())
    return (printed + child.before).replace("\r\n", "\n")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the long tutorials to the exhaustive tests."""
    for item in items:
        if item.path.name in LONG and item.path.is_relative_to(ROOT / "docs"):
            item.add_marker(pytest.mark.exhaustive)


pytest_collect_file = Sybil(
    parsers=[CodeBlockParser("console", run_console), CodeBlockParser("python", edit_file)],
    patterns=["tutorials/*.md"],
    setup=begin,
    teardown=end,
).pytest()
