"""Places in Python files: what a mistake can change besides its own function."""

from __future__ import annotations

from pathlib import Path

import pytest

from grader.authoring.places import PythonPlaces

SOLUTION = """
import numpy as np
LIMIT = 3
def helper(x): return x
def f(x, n=2): return helper(x)
def g(x): return np.sum(x)
"""


def changes_only_f(mistake: str, directory: Path) -> bool:
    for name, text in (("solution.py", SOLUTION), ("mistake.py", mistake)):
        (directory / name).write_text(text)
    return PythonPlaces(directory / "mistake.py").changes_only("f", PythonPlaces(directory / "solution.py"))


@pytest.mark.parametrize(
    "mistake",
    [
        '"""What is wrong."""\nimport numpy as np\ndef f(x, n=-2): return x',
        "import math\nSMALL = 1e-3\ndef own(x): return math.pi\ndef f(x, n=2): return own(SMALL)",
        "from math import pi\nSIZES = {'a': (1, 2)}\ndef f(x, *, n=None): return pi",
    ],
)
def test_definitions_of_its_own_change_only_the_function(mistake: str, tmp_path: Path) -> None:
    assert changes_only_f(mistake, tmp_path)


@pytest.mark.parametrize(
    "mistake",
    [
        "def helper(x): return 0\ndef f(x, n=2): return helper(x)",
        "LIMIT = 4\ndef f(x, n=2): return x",
        "import math as np\ndef f(x, n=2): return x",
        "np.sum = max\ndef f(x, n=2): return x",
        "np.random.seed(0)\ndef f(x, n=2): return x",
        "SEEN = np.zeros(3)\ndef f(x, n=2): return x",
        "def f(x, n=np.random.seed(0)): return x",
        "@np.vectorize\ndef f(x, n=2): return x",
        "if LIMIT:\n    def g(x): return 0\ndef f(x, n=2): return x",
    ],
)
def test_other_statements_may_change_more(mistake: str, tmp_path: Path) -> None:
    assert not changes_only_f(mistake, tmp_path)
