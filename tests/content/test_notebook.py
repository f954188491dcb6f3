"""A starter becomes a notebook with the same code: one cell per function, below its contract."""

from __future__ import annotations

import ast
import json
from typing import Any

import nbformat
import pytest

from grader.content.exercise import Exercise, Function
from grader.content.notebook import starter_notebook

STARTER = '''"""Words about the file."""

import math
from pathlib import Path

# where things are
HERE = Path()


def helper(x):
    return x


# above it
@staticmethod
def first(x):
    """Doc."""
    # inside
    raise NotImplementedError


def second():
    raise NotImplementedError


if __name__ == "__main__":
    first(1)
'''
EXERCISE = Exercise(
    id="exercise-x",
    title="The title",
    lesson="x",
    text="The *text*.\n",
    functions=(
        Function(signature="first(x)", text="First's contract.", returns={"y": "int"}),
        Function(signature="second()", text="Second's contract.", returns={"y": "int"}),
    ),
)


@pytest.fixture
def cells() -> list[dict[str, Any]]:
    return list(json.loads(starter_notebook(EXERCISE, STARTER))["cells"])


def test_nbformat_finds_nothing_wrong() -> None:
    nbformat.validate(nbformat.reads(starter_notebook(EXERCISE, STARTER), as_version=4))


def test_the_code_is_the_starter_s_in_its_order(cells: list[dict[str, Any]]) -> None:
    sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    code = "\n".join(source for source in sources if not source.startswith("%"))
    expected = ast.parse(STARTER)
    del expected.body[0]  # the docstring
    assert ast.dump(ast.parse(code)) == ast.dump(expected)


def test_each_function_has_a_cell_under_its_contract(cells: list[dict[str, Any]]) -> None:
    shown = [(cell["cell_type"], "".join(cell["source"])) for cell in cells]
    kinds = "markdown code code markdown code markdown code markdown code code"
    assert [kind for kind, _ in shown] == kinds.split()
    assert shown[0][1] == "# The title\n\nThe *text*."
    assert shown[3][1] == "## first\n\nFirst's contract."
    assert shown[4][1].startswith("# above it\n@staticmethod\ndef first(x):")
    assert "# inside" in shown[4][1] and "# where things are" in shown[2][1]


def test_the_notebook_checks_itself_before_the_program_runs(cells: list[dict[str, Any]]) -> None:
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code[0] == "%load_ext grader.notebook"
    assert code[-2] == "%check exercise-x" and code[-1].startswith("if __name__")


def test_the_same_starter_gives_the_same_notebook() -> None:
    assert starter_notebook(EXERCISE, STARTER) == starter_notebook(EXERCISE, STARTER)


def test_cells_have_ids_of_their_own(cells: list[dict[str, Any]]) -> None:
    assert len({cell["id"] for cell in cells}) == len(cells)
