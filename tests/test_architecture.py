"""The rules of the house: which way imports point, and what may be imported inside the walls."""

from __future__ import annotations

import re
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


MAP = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def paths_in(text: str) -> set[str]:
    """The files and folders that a page names: `judge/jobs.py`, `cli/`."""
    return {name for name in re.findall(r"`([\w./-]+)`", text) if name.endswith((".py", "/"))}


def is_there(path: str) -> bool:
    """Paths on the map begin in grader/ or at the root; an exercise's files are in each exercise."""
    return any((ROOT / start / path).exists() for start in ("grader", ".", *EXERCISES))


EXERCISES = [str(path.relative_to(ROOT)) for path in (ROOT / "exercises").iterdir() if path.is_dir()]


@pytest.mark.parametrize("path", sorted(paths_in(MAP)))
def test_what_the_map_names_is_there(path: str) -> None:
    assert is_there(path)


def test_a_path_that_is_gone_would_be_seen() -> None:
    assert paths_in("`judge/jobs.py`, `cli/` and `Report`") == {"judge/jobs.py", "cli/"}
    assert not is_there("judge/check.py")


@pytest.mark.parametrize(
    "folder", sorted(p.name for p in (ROOT / "grader").iterdir() if (p / "__init__.py").exists())
)
def test_every_folder_is_on_the_map(folder: str) -> None:
    assert f"{folder}/" in MAP
