"""The schemas in a real editor: the language server that editors use, with the files of a course.

`npm install yaml-language-server`, and its `node_modules/.bin` on PATH.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from judging import course_command

pytestmark = pytest.mark.exhaustive
EXAMPLE = Path(__file__).parents[2] / "examples" / "text-statistics"


class Server:
    """A language server on a pipe, as an editor runs it."""

    def __init__(self, command: str, root: Path) -> None:
        self._pipes = subprocess.Popen([command, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._count = 0
        self._seen: dict[str, list[dict[str, Any]]] = {}
        self.ask("initialize", {"processId": None, "rootUri": root.as_uri(), "capabilities": {}})
        self._send({"method": "initialized", "params": {}})
        wanted = {"validate": True, "hover": True, "completion": True, "schemaStore": {"enable": False}}
        self._send({"method": "workspace/didChangeConfiguration", "params": {"settings": {"yaml": wanted}}})

    def ask(self, method: str, params: dict[str, Any]) -> Any:
        self._count += 1
        self._send({"id": self._count, "method": method, "params": params})
        while (message := self._receive()).get("id") != self._count or "method" in message:
            self._answer(message)
        return message.get("result")

    def open(self, path: Path, text: str | None = None) -> list[dict[str, Any]]:
        """Open a file, and return what the editor underlines."""
        text = path.read_text("utf-8") if text is None else text
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        while path.as_uri() not in self._seen:
            self._answer(self._receive())
        return self._seen.pop(path.as_uri())

    def close(self) -> None:
        self._pipes.kill()
        self._pipes.communicate()

    def _answer(self, message: dict[str, Any]) -> None:
        if message.get("method") == "textDocument/publishDiagnostics":
            self._seen[message["params"]["uri"]] = message["params"]["diagnostics"]
        elif "id" in message and "method" in message:
            self._send({"id": message["id"], "result": None})

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._pipes.stdin
        self._pipes.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._pipes.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._pipes.stdout
        size = 0
        while line := self._pipes.stdout.readline().strip():
            name, _, value = line.decode().partition(":")
            size = int(value) if name.lower() == "content-length" else size
        assert size, "the server has ended"
        return dict(json.loads(self._pipes.stdout.read(size)))


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("edited") / "course"
    shutil.copytree(EXAMPLE, root, ignore=shutil.ignore_patterns("schemas"))
    course_command("schema", "--all", "schemas", cwd=root).check_returncode()
    return root


@pytest.fixture(scope="module")
def server(course: Path) -> Iterator[Server]:
    command = shutil.which("yaml-language-server")
    if command is None:
        pytest.skip("there is no yaml-language-server here")
    server = Server(command, course)
    yield server
    server.close()


def test_the_files_of_a_course_have_no_flaws(server: Server, course: Path) -> None:
    files = sorted(course.rglob("*.yaml"))
    assert {path.name for path in files} >= {
        "course.yaml",
        "day1.yaml",
        "exercise.yaml",
        "equivalent_mutants.yaml",
    }
    assert not [(path.name, each["message"]) for path in files for each in server.open(path)]


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("lessons/day1.yaml", "title: Counting words", "titel: Counting words", "titel"),
        ("quizzes/day1.yaml", "kind: multiple", "kind: several", "Value is not accepted"),
        ("quizzes/practice/day1.yaml", "decimals: 2", "decimals: two", "Incorrect type"),
        (
            "exercises/exercise-words/exercise.yaml",
            "{result: list}",
            "{result: sequence}",
            "Value is not accepted",
        ),
        ("course.yaml", "tensorflow: false", "tensorflow: perhaps", "Incorrect type"),
    ],
)
def test_a_slip_is_underlined_while_it_is_typed(
    server: Server, course: Path, name: str, old: str, new: str, message: str
) -> None:
    path = course / name
    text = path.read_text("utf-8").replace(old, new, 1)
    copy = path.with_name(f"slip-{path.name}")
    found = server.open(copy, text)
    line = text[: text.index(new)].count("\n")
    assert [each for each in found if message in each["message"]], found
    assert any(each["range"]["start"]["line"] <= line <= each["range"]["end"]["line"] for each in found)


def test_a_field_is_explained_with_an_example(server: Server, course: Path) -> None:
    path = course / "lessons" / "hover.yaml"
    text = (course / "lessons/day1.yaml").read_text("utf-8")
    server.open(path, text)
    line = text[: text.index("    belief:")].count("\n")
    place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": line, "character": 6}}
    shown = server.ask("textDocument/hover", place)["contents"]["value"]
    assert "The wrong idea in the words of someone who holds it" in shown
    assert "A share compares a part with the rest" in shown


def test_missing_fields_are_offered(server: Server, course: Path) -> None:
    path = course / "quizzes" / "complete.yaml"
    text = "# yaml-language-server: $schema=../schemas/quiz.json\nid: x\n"
    server.open(path, text)
    place = {"textDocument": {"uri": path.as_uri()}, "position": {"line": 2, "character": 0}}
    offered = server.ask("textDocument/completion", place)
    labels = {each["label"] for each in (offered["items"] if isinstance(offered, dict) else offered)}
    assert {"title", "lesson", "questions"} <= labels
