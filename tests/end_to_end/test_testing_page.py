"""The examples of the page about test tools are Python that uses only what it shows."""

from __future__ import annotations

import ast
import inspect
import re
from pathlib import Path

import pytest

from grader import testing

PAGE = (Path(__file__).parents[2] / "docs/reference/testing.md").read_text("utf-8")
EXAMPLES = re.findall(r"[.:]\n\n```python\n(.+?)\n```", PAGE, re.DOTALL)  # signatures follow a heading


@pytest.mark.parametrize("name", testing.__all__)
def test_every_public_name_is_on_the_page(name: str) -> None:
    assert f"### {name}\n" in PAGE or f"- `{name}`," in PAGE


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_is_python_with_the_right_arguments(example: str) -> None:
    for node in ast.walk(ast.parse(example)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        if node.func.id in testing.__all__:
            called = inspect.signature(getattr(testing, node.func.id))
            called.bind(*node.args, **{each.arg: each.value for each in node.keywords if each.arg})
