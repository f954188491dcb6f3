"""The checks before any test: the file parses and loads, and the functions match their contracts."""

from __future__ import annotations

import pytest
from judging import PATIENT, exercise_of, session

from grader.judge.jobs import Limits
from grader.judge.report import Outcome
from grader.judge.server.gates import Gate, closed_gates

EXERCISE = exercise_of({"f(a, b=1)": {"x": "any"}, "g(a)": {"x": "any"}})
G = "\ndef g(a): return a\n"


def gates(source: str, limits: Limits = PATIENT) -> dict[str, Gate]:
    with session(source, EXERCISE, limits) as worker:
        return closed_gates(worker, EXERCISE)


@pytest.fixture(scope="module")
def good_shapes() -> dict[str, Gate]:
    """Return the gates of functions that can be called as promised, all in one worker."""
    shapes = [
        "def NAME(a, b=1): return a",
        "def NAME(a, b): return a",
        "def NAME(a, b=2, c=3): return a",
        "def NAME(a, **rest): return a",
        "def NAME(*args, **rest): return a",
        "def NAME(a, b, *, c=0): return a",
        "NAME = lambda a, b=1: a",
        "NAME = functools.partial(lambda c, a, b: a, 0)",
        "@functools.lru_cache\ndef NAME(a, b=1): return a",
        "@functools.wraps(lambda a, b: a)\ndef NAME(*given): return given",
        "class NAME:\n    def __init__(self, a, b=1): pass",
        "class C:\n    def __call__(self, a, b): return a\nNAME = C()",
        "def outer():\n    def inner(a, b): return a\n    return inner\nNAME = outer()",
        "if True:\n    def NAME(a, b): return a",
    ]
    names = [f"f{n}" for n in range(len(shapes))]
    source = "import functools\n" + "\n".join(
        s.replace("NAME", n) for s, n in zip(shapes, names, strict=True)
    )
    exercise = exercise_of({f"{name}(a, b=1)": {"x": "any"} for name in names})
    with session(source, exercise) as worker:
        closed = closed_gates(worker, exercise)
    return {shape: closed[name] for shape, name in zip(shapes, names, strict=True) if name in closed}


def test_every_callable_with_the_promised_parameters_is_let_in(good_shapes: dict[str, Gate]) -> None:
    assert good_shapes == {}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("" + G, "There is no function called f in your file."),
        ("f = 3" + G, "f is defined in your file, but it is not a function."),
        ("def f(a): return a" + G, "f should take (a, b), but yours is missing b."),
        ("def f(x, y): return x" + G, "f should take (a, b), but yours is missing a and b."),
        ("def f(a, b, c): return a" + G, "f should take (a, b), but yours also requires c."),
        ("def f(a, b, *, c): return a" + G, "f should take (a, b), but yours also requires c."),
        ("def f(a, b=1):\n    '''Words.'''" + G, "f is still blank: write its body."),
    ],
)
def test_one_function_that_is_not_ready_closes_its_own_gate_only(source: str, says: str) -> None:
    assert gates(source) == {"f": (Outcome.NOT_RUN, says)}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("x = 1\ndef f(:\n", "Python cannot read your code: invalid syntax (line 2 of my.py)."),
        ("x = 1\n1 / 0\n" + G, "ZeroDivisionError: division by zero (line 2 of my.py)."),
        ("def h():\n    return [][1]\nh()\n", "IndexError: list index out of range (line 2 of my.py)."),
        (
            "name = input('?')\n",
            "input() cannot be used here because nobody can answer. Remove it (line 1 of my.py).",
        ),
        ("import helper_of_mine\n", "Only your file and the course's libraries"),
        ("import sys\nsys.exit(0)\n", "SystemExit: 0 (line 2 of my.py)."),
        ("raise KeyboardInterrupt\n", "KeyboardInterrupt (line 1 of my.py)."),
        ("from __future__ import braces\n", "not a chance"),
    ],
)
def test_a_file_that_does_not_load_says_why_and_where(source: str, says: str) -> None:
    closed = gates(source)
    assert set(closed) == {"f", "g"} and len(set(closed.values())) == 1
    outcome, message = closed["f"]
    assert outcome is Outcome.NOT_RUN and says in message


def test_a_file_that_never_finishes_loading_is_timed_out() -> None:
    outcome, message = gates("while True: pass", Limits(load=0.7))["f"]
    assert outcome is Outcome.TIMED_OUT and "before any test could start" in message


def test_a_file_that_ends_python_is_crashed() -> None:
    assert gates("import os\nos._exit(0)")["f"][0] is Outcome.CRASHED


def test_a_file_that_asks_for_too_much_memory_is_told_so() -> None:
    assert gates("x = bytearray(10**13)")["g"][0] is Outcome.OUT_OF_MEMORY


def test_warnings_and_stderr_are_no_failure() -> None:
    source = "import sys, warnings\nwarnings.warn('careful')\nprint('oops', file=sys.stderr)\n"
    assert gates(source + "def f(a, b): return a" + G) == {}
