"""What an author reads of a validation: short paths, and what is wrong beside the verdict."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from grader.authoring.mutation_proof import Mutation, Survivor
from grader.authoring.placeholders import placeholders
from grader.authoring.proof import Matrix
from grader.authoring.validation import ExerciseProof, Validation
from grader.authoring.watching import State
from grader.cli.text import screen
from grader.cli.validate_lines import lines
from grader.cli.validate_watch import changed_lines
from grader.content.problem import Problem
from grader.files import near


def test_placeholders_come_last_and_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    unwritten = placeholders("a: 'TODO: write it'", tmp_path / "b.yaml")
    wrong = Problem(str(tmp_path / "a.yaml"), 3, "it is wrong", "fix it")
    shown = Validation(course="", ok=False, problems=(wrong, *unwritten), exercises=(), seconds=1.0)
    assert [*lines(shown, screen())] == [
        "a.yaml:3: it is wrong — fix it",
        "b.yaml:1: this is still to be written: TODO: write it — replace it",
        "",
        "Not proven. One thing is broken, and one placeholder is left (1 s).",
    ]


def test_many_placeholders_are_one_line_per_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    many = placeholders("".join(f"a{n}: 'TODO: write it'\n" for n in range(50)), tmp_path / "a.yaml")
    two = placeholders("b: ['TODO: one', 'TODO: two']", tmp_path / "b.yaml")
    wrong = Problem(str(tmp_path / "b.yaml"), 9, "it is wrong", "fix it")
    shown = Validation(course="", ok=False, problems=(*many, *two, wrong), exercises=(), seconds=1.0)
    assert [*lines(shown, screen())] == [
        "b.yaml:9: it is wrong — fix it",
        "a.yaml:1: 50 placeholders, in lines 1, 2, 3, 4, 5, 6, 7, 8 … — replace them",
        "b.yaml:1: 2 placeholders, in line 1 — replace them",
        "",
        "Not proven. One thing is broken, and 52 placeholders are left (1 s).",
    ]
    before = msgspec.structs.replace(shown, problems=(wrong,))
    assert next(changed_lines(before, State(shown), screen())).startswith("new: a.yaml:1: 50 ")


def test_a_survivor_is_shown_once_with_its_change_and_its_program() -> None:
    survivor = Survivor(
        function="f", line="return x + 1", change="+ -> -", number=3, diff="-  x + 1\n+  x - 1", definition=""
    )
    mutation = Mutation(
        mutants=1, tried=1, failing=0, timed_out=0, equivalent=0, survivors=(survivor,)
    )  # fmt: skip
    proof = ExerciseProof(id="exercise-x", version="0", seeds=(1,), matrix=Matrix(), mutation=mutation)
    problem = Problem("exercises/exercise-x/solution.py", 3, survivor.what, "add a test")
    shown = Validation(course="", ok=False, problems=(problem,), exercises=(proof,), seconds=1.0)
    found = [*lines(shown, screen(), {"exercise-x": ["drafts/f_1.py"]})]
    start = next(i for i, line in enumerate(found) if line.startswith("exercises/exercise-x/solution.py:3:"))
    assert found[start + 2 : -2] == ["    -  x + 1", "    +  x - 1", "    program: drafts/f_1.py"]
    assert sum("x - 1" in line for line in found) == 1


@pytest.mark.parametrize(("path", "shown"), [("a/b.yaml", "a/b.yaml"), ("../c.yaml", "../c.yaml")])
def test_only_paths_below_the_current_directory_are_shortened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str, shown: str
) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert near(path) == shown
    assert near(tmp_path / "here" / "a" / "b.yaml") == "a/b.yaml"
    assert near(tmp_path / "c.yaml") == str(tmp_path / "c.yaml")
