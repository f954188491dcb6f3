"""The judge process never unpickles, executes or imports any part of a submission."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from arena import FUNCTIONS, HIDDEN, HONEST, LIMITS, VISIBLE
from judging import write_exercise

import grader
from grader.judge.jobs import Job
from grader.judge.wire.messages import Cell

PACKAGE = Path(grader.__file__).parent
TRUSTED = sorted(
    path for path in PACKAGE.rglob("*.py") if not path.is_relative_to(PACKAGE / "judge" / "worker")
)
MODULES = {
    "pickle",
    "_pickle",
    "cPickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "joblib",
    "runpy",
    "code",
}
CALLS = {"eval", "exec", "compile", "__import__"}
AUTHORS = (
    PACKAGE / "judge" / "own_code" / "authored.py"
)  # runs a file of the course, as pytest runs its tests
METHODS = (
    "from_config model_from_json load_model load_weights deserialize deserialize_keras_object run_path"
    " exec_module unsafe_load full_load enable_unsafe_deserialization"
).split()


def test_the_code_is_found() -> None:
    assert PACKAGE / "judge" / "server" / "session.py" in TRUSTED


@pytest.mark.parametrize("path", TRUSTED, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_code_has_no_way_to_run_data(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names = {(node.module or "").partition(".")[0]}
        else:
            names = set()
        assert not names & MODULES, f"line {node.lineno}: {names}"  # type: ignore[attr-defined]
        if isinstance(node, ast.Call):
            called = node.func
            runs = isinstance(called, ast.Name) and called.id in CALLS
            assert not runs or path == AUTHORS, f"line {node.lineno}"
            assert not (isinstance(called, ast.Attribute) and called.attr in METHODS), f"line {node.lineno}"
            allowing = [k for k in node.keywords if k.arg == "allow_pickle"]
            assert all(isinstance(k.value, ast.Constant) and k.value.value is False for k in allowing)


HOOKED = """
import os, sys

seen = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_APPEND)

def watch(event, arguments):
    if event == "pickle.find_class":
        report(event, arguments)
    elif event == "marshal.loads":  # importlib uses it for installed modules
        if not sys._getframe(1).f_code.co_filename.startswith("<frozen importlib"):
            report(event, "")
    elif event == "compile" and isinstance(arguments[1], (str, bytes)) and is_learner_s(arguments[1]):
        report(event, arguments[1])
    elif event == "exec" and is_learner_s(arguments[0].co_filename):
        report(event, arguments[0].co_filename)
    elif event == "import" and arguments[0] in ("submission", "my", "evil"):
        report(event, arguments[0])
    elif event == "exec" and arguments[0].co_filename.endswith("hidden_tests.py"):
        report("control", "hidden tests")

def is_learner_s(name):
    return os.fsdecode(name) in ("my.py", "solution.py", "submission", "evil.py")  # the judge's names

def report(*what):
    os.write(seen, (repr(what) + "\\n").encode())

sys.addaudithook(watch)
from grader.judge.server.job_runner import JobRunner
from grader.judge.server.serve import serve
serve(JobRunner())
"""
EVIL = """
import os, pickle, sys, types
class Bomb:
    def __reduce__(self):
        return os.system, ("true",)
sys.modules["evil"] = types.ModuleType("evil")
def double(x):
    return pickle.dumps(Bomb()) if len(x) > 1 else Bomb()
def total(x):
    return compile("1", "my.py", "exec")
def twice(f, x):
    f(Bomb())
    return sys.modules["evil"]
"""


@pytest.mark.parametrize("source", [HONEST, EVIL], ids=["honest", "evil"])
def test_an_audit_hook_in_the_judge_sees_nothing_of_the_submission_run(tmp_path: Path, source: str) -> None:
    course = write_exercise(tmp_path / "course", FUNCTIONS, HONEST, VISIBLE, HIDDEN)
    (tmp_path / "nowhere").mkdir()
    cells = (Cell("my.py", source),)
    job = Job(str(course.root), "exercise-x", "my.py", cells, 1, str(tmp_path / "cache"), LIMITS)
    with subprocess.Popen(
        [sys.executable, "-P", "-c", HOOKED, tmp_path / "seen"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=tmp_path / "nowhere",
        env=os.environ | {"TMPDIR": str(tmp_path / "nowhere")},
    ) as judge:
        assert judge.stdin is not None and judge.stdout is not None
        judge.stdin.write(msgspec.json.encode(job) + b"\n")
        judge.stdin.flush()
        answers = []
        for line in judge.stdout:
            answers.append(json.loads(line))
            if "report" in answers[-1]:
                break
        judge.stdin.close()
        judge.wait(timeout=30)
    assert answers[-1]["report"]["score"] == (4 if source == HONEST else 0)
    assert set((tmp_path / "seen").read_text().splitlines()) == {"('control', 'hidden tests')"}
