"""Import rules: which way imports point, and what a process with learner code may import."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# the only modules of ours that a process with learner code may load
MODULES = {"grader", "grader.judge", "grader.judge.preload", "grader.judge.worker", "grader.judge.wire"}
PACKAGES = {"grader.judge.worker", "grader.judge.wire"}


def is_allowed(module: str) -> bool:
    return module in MODULES or module.rpartition(".")[0] in PACKAGES


def test_imports_follow_the_layers() -> None:
    """The contracts are in pyproject.toml."""
    tool = Path(sys.executable).with_name("lint-imports")
    if not tool.exists():
        pytest.skip("import-linter is not installed")
    done = subprocess.run([tool], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stdout


def test_a_worker_imports_no_tests_answers_or_scores() -> None:
    """Indirect imports count too: every module that a worker reaches must be allowed."""
    grimp = pytest.importorskip("grimp")
    graph = grimp.build_graph("grader", cache_dir=None)
    workers = {"grader.judge.worker", *graph.find_descendants("grader.judge.worker")}
    imported = set().union(*(graph.find_upstream_modules(module) for module in workers))
    assert len(workers) > 5
    assert not [module for module in imported if not is_allowed(module)]


def test_a_worker_process_loads_only_what_is_allowed() -> None:
    """A real worker process confirms the import graph."""
    spy = "import sys; import grader.judge.worker.__main__, grader.judge.worker.zygote; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", spy], capture_output=True, text=True, cwd=ROOT, check=True)
    ours = {name for name in done.stdout.split() if name.split(".")[0] == "grader"}
    assert {name for name in ours if name.startswith("grader.judge.worker")}
    assert not [name for name in ours if not is_allowed(name)]


MAP = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def paths_in(text: str) -> set[str]:
    """Return the files and folders that a page names, such as `judge/jobs.py` or `cli/`."""
    return {name for name in re.findall(r"`([\w./-]+)`", text) if name.endswith((".py", "/"))}


def exists(path: str) -> bool:
    """Return True if the path exists in grader/, at the root, or in an exercise's folder."""
    return any((ROOT / start / path).exists() for start in ("grader", ".", *EXERCISES))


EXERCISES = [str(path.relative_to(ROOT)) for path in (ROOT / "exercises").iterdir() if path.is_dir()]


@pytest.mark.parametrize("path", sorted(paths_in(MAP)))
def test_every_path_on_the_map_exists(path: str) -> None:
    assert exists(path)


def test_a_missing_path_is_noticed() -> None:
    assert paths_in("`judge/jobs.py`, `cli/` and `Report`") == {"judge/jobs.py", "cli/"}
    assert not exists("judge/check.py")


@pytest.mark.parametrize(
    "folder", sorted(p.name for p in (ROOT / "grader").iterdir() if (p / "__init__.py").exists())
)
def test_every_folder_is_on_the_map(folder: str) -> None:
    assert f"{folder}/" in MAP
