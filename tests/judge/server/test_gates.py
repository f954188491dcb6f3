"""The checks before any test: the file parses and loads, and the functions match their contracts."""

from __future__ import annotations

import sys

import pytest
from judging import PATIENT, exercise_of, session

from grader.judge.jobs import Limits
from grader.judge.report import Outcome
from grader.judge.sentences import load_crashed
from grader.judge.server.gates import Gate, LoadVerdict, load_verdict

EXERCISE = exercise_of({"f(a, b=1)": {"x": "any"}, "g(a)": {"x": "any"}})
G = "\ndef g(a): return a\n"


def loaded(source: str, limits: Limits = PATIENT) -> LoadVerdict:
    with session(source, EXERCISE, limits) as worker:
        return load_verdict(worker, EXERCISE)


def gates(source: str, limits: Limits = PATIENT) -> dict[str, Gate]:
    return loaded(source, limits).gates


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
        "def NAME(x, b=1): return x",
        "def NAME(a, /, other): return a",
        "def NAME(x, y, z=3): return x",
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
        closed = load_verdict(worker, exercise).gates
    return {shape: closed[name] for shape, name in zip(shapes, names, strict=True) if name in closed}


def test_every_callable_with_the_promised_parameters_is_let_in(good_shapes: dict[str, Gate]) -> None:
    assert good_shapes == {}


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("" + G, "There is no function called f in your file."),
        (
            "def F(a, b): return a" + G,
            "There is no function called f in your file. You define F. Did you mean f?",
        ),
        ("f = 3" + G, "f is defined in your file, but it is not a function."),
        ("def f(a): return a" + G, "f should take (a, b), but yours is missing b."),
        ("def f(x): return x" + G, "f should take (a, b), but yours is missing b."),
        ("def f(*, x, y): return x" + G, "f should take (a, b), but yours is missing a and b."),
        ("def f(x, y, z): return x" + G, "f should take (a, b), but yours also requires z."),
        ("def f(a, b, c): return a" + G, "f should take (a, b), but yours also requires c."),
        ("def f(a, b, *, c): return a" + G, "f should take (a, b), but yours also requires c."),
        ("def f(a, b=1):\n    '''Words.'''" + G, "f is still blank: write its body."),
    ],
)
def test_one_function_that_is_not_ready_closes_its_own_gate_only(source: str, says: str) -> None:
    assert gates(source) == {"f": (Outcome.NOT_RUN, says)}


F = "def f(a, b=1): return a\n"


@pytest.mark.parametrize(
    ("failing", "says"),
    [
        ("1 / 0", "Line 2 of my.py stopped: ZeroDivisionError: division by zero."),
        ("name = input('?')", "input() cannot be used here because nobody can answer. Remove it."),
        ("import sys; sys.exit(0)", "Line 2 of my.py ends the program. The rest was run all the same."),
        ("raise KeyboardInterrupt", "Line 2 of my.py stopped: KeyboardInterrupt."),
        ("x = bytearray(10**13)", "Line 2 of my.py stopped: MemoryError."),
        (
            "print('a\\x1b[2J'); raise ValueError('a\\x1b[2Jb\\nc')",
            "Line 2 of my.py stopped: ValueError: ab c.",
        ),
        (
            "x = (1 +",
            "Python cannot read line 2 of my.py, so it was left out: '(' was never closed.\n"
            "    x = (1 +\n        ^",
        ),
    ],
)
def test_code_that_fails_beside_the_functions_closes_no_gate_and_is_told(failing: str, says: str) -> None:
    verdict = loaded(f"{F}{failing}{G}")
    assert verdict.gates == {}
    [stop] = verdict.stopped
    assert stop.place == "line 2 of my.py" and says in stop.message


@pytest.mark.skipif(sys.platform == "win32", reason="there are no interval timers")
def test_code_that_never_ends_beside_the_functions_closes_no_gate() -> None:
    verdict = loaded(f"{F}while True: pass{G}", Limits(load=10, statement=0.5))
    assert verdict.gates == {}
    assert "ran too long" in verdict.stopped[0].message and "__main__" in verdict.stopped[0].message


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (
            "def f(a, b=1:\n    return a\n",
            "f was left out, because Python cannot read line 1 of my.py: invalid syntax.",
        ),
        (
            "import functools\n@functools.fast\ndef f(a, b=1): return a\n",
            "f is not defined, because line 2 of my.py stopped: AttributeError: "
            "module 'functools' has no attribute 'fast'.",
        ),
        (
            "def f(a, b=1): ...\ndef f(a, b=1):\n    return a +\n",
            "f was left out, because Python cannot read line 3 of my.py: invalid syntax.",
        ),
    ],
)
def test_a_function_that_the_failing_code_would_have_defined_says_so(source: str, says: str) -> None:
    assert gates(source + G) == {"f": (Outcome.NOT_RUN, says)}


def test_a_function_that_there_is_no_memory_to_define_is_told_so() -> None:
    source = f"import functools\n@functools.partial(lambda n, f: bytearray(n), 10**13)\n{F}{G}"
    assert gates(source)["f"][0] is Outcome.OUT_OF_MEMORY


@pytest.mark.parametrize(
    "failing",
    [
        "class Own(SyntaxError):\n    lineno = property(lambda self: 1 / 0)\nraise Own",
        "class Own(Exception):\n    def __str__(self): raise SystemExit\nraise Own",
        "class Meta(type):\n    __name__ = property(lambda self: 1 / 0)\n"
        "class Own(Exception, metaclass=Meta): pass\nraise Own",
        "raise ImportError(name=5)",
    ],
)
def test_an_exception_that_cannot_be_described_is_one_stop(failing: str) -> None:
    verdict = loaded(f"{failing}\n{F}{G}")
    assert verdict.gates == {} and len(verdict.stopped) == 1


def test_code_that_breaks_its_own_worker_has_crashed() -> None:
    breaks = "import builtins\nbuiltins.ValueError = int\nraise KeyError\n"
    assert gates(breaks)["f"] == (Outcome.CRASHED, load_crashed())


def test_many_parameters_are_not_all_listed() -> None:
    many = ", ".join(f"p{n}" for n in range(200))
    [(_, message)] = gates(f"def f(a, b, {many}): return a{G}").values()
    assert message == "f should take (a, b), but yours also requires p0, p1, p2, p3 and 196 others."


def test_the_text_of_an_error_cannot_pose_as_a_verdict() -> None:
    verdict = loaded(f"{F}raise SyntaxError('x\\n\\nScore: 4 of 4 points.\\u202e'){G}")
    assert verdict.stopped[0].message.startswith(
        "Python cannot read line 2 of my.py, so it was left out: x Score: 4 of 4 points.\n    raise"
    )


def test_parameters_with_other_names_are_noted() -> None:
    verdict = loaded(f"def f(x, y=1): return x{G}")
    assert verdict.gates == {}
    assert verdict.notes == (
        "f has the parameters x instead of a and y instead of b. "
        "Calls by position work, but calls by keyword would fail.",
    )


def test_a_file_that_never_finishes_loading_is_timed_out() -> None:
    stubborn = (
        "if True:\n    import signal\n    signal.setitimer(signal.ITIMER_REAL, 0)\n    while True: pass"
    )
    outcome, message = gates(stubborn, Limits(load=0.7))["f"]
    assert outcome is Outcome.TIMED_OUT and "before any test could start" in message


def test_a_file_that_ends_python_is_crashed() -> None:
    assert gates("import ctypes\nctypes.string_at(0)")["f"][0] is Outcome.CRASHED


def test_warnings_and_stderr_are_no_failure() -> None:
    source = "import sys, warnings\nwarnings.warn('careful')\nprint('oops', file=sys.stderr)\n"
    assert gates(source + "def f(a, b): return a" + G) == {}
