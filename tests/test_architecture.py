"""The rules of the house: which way imports point, and what may be imported inside the walls."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# everything of ours that a process with learner code in it may hold
MODULES = {"grader", "grader.judge", "grader.judge.preload", "grader.judge.worker", "grader.judge.wire"}
PACKAGES = {"grader.judge.worker", "grader.judge.wire"}


def is_allowed(module: str) -> bool:
    return module in MODULES or module.rpartition(".")[0] in PACKAGES


def test_the_layers_hold() -> None:
    """The contracts are in pyproject.toml."""
    tool = Path(sys.executable).with_name("lint-imports")
    if not tool.exists():
        pytest.skip("import-linter is not installed")
    done = subprocess.run([tool], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_a_worker_holds_no_tests_no_answers_and_no_scores() -> None:
    """Not even indirectly: what a worker imports may itself import only what is allowed."""
    grimp = pytest.importorskip("grimp")
    graph = grimp.build_graph("grader", cache_dir=None)
    workers = {"grader.judge.worker", *graph.find_descendants("grader.judge.worker")}
    imported = set().union(*(graph.find_upstream_modules(module) for module in workers))
    assert len(workers) > 5
    assert not [module for module in imported if not is_allowed(module)]


def test_a_worker_process_loads_only_what_is_allowed() -> None:
    """The same as Python itself sees it."""
    spy = "import sys; import grader.judge.worker.__main__, grader.judge.worker.zygote; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, cwd=ROOT, check=True)
    ours = {name for name in done.stdout.split() if name.split(".")[0] == "grader"}
    assert {name for name in ours if name.startswith("grader.judge.worker")}
    assert not [name for name in ours if not is_allowed(name)]
