"""Whatever a function returns, and whatever a worker sends, there is a report on it."""

from __future__ import annotations

import base64
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from judging import by_id, submission, write_exercise
from sound_course import SoundCourse

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.jobs import Limits
from grader.judge.report import Outcome, Report
from grader.judge.wire import values as v
from grader.judge.wire.messages import Returned, framed

LIMITS = Limits(load=60, call=10, submission=120)
KINDS = ("array", "float", "int", "bool", "string", "list", "dict", "figure", "model", "any")
RIGHT = {
    "array": "np.arange(6.0).reshape(2, 3) * x",
    "float": "2.5 * x",
    "int": "int(x)",
    "bool": "x > 1",
    "string": "'x' * int(x)",
    "list": "[x, 2 * x]",
    "dict": "{'a': x, 'b': 2 * x}",
    "any": "(x, [x])",
}
FIGURE = """
import matplotlib.pyplot as plt
def f_figure(x):
    figure, axes = plt.subplots()
    axes.plot([1, 2], [x, x])
    return figure
"""
USES = {
    "array": "(value + 1).sum()",
    "float": "round(value + 0.5, 3)",
    "int": "2 ** min(value, 40) + sum(range(min(value, 10)))",
    "bool": "not value or value & True",
    "string": "value.encode() + b'.'",
    "list": "np.asarray(value, dtype=float).sum()",
    "dict": "sorted((key, float(item)) for key, item in value.items())",
    "figure": "np.asarray(value.axes[0].lines[0].y).sum()",
    "model": "value.count_params()",
    "any": "str(value) + f'{value[0]:.3f}' + repr(np.array(value[1]))",
}


def function(kind: str, value: str) -> str:
    return f"def f_{kind}(x):\n    return {value}\n"


def use_in_a_test(kind: str, visible: bool) -> str:
    name = "visible" if visible else "hidden"
    return f'''
    @pytest.mark.points(1, function="f_{kind}")
    def test_{kind}_{name}(learner):
        """It is right."""
        value = learner.f_{kind}(3.0)
        used = {USES[kind]}
        learner.f_any(value) if "{kind}" not in ("figure", "model") else None
        if "{kind}" in ("float", "array", "list"):
            assert_allclose(value, {RIGHT.get(kind, "0").replace("x", "3.0")}, "It is not right")
        assert used is not None, "It cannot be used"
'''


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """Return a course with a function of each kind but models, and a known mistake in each."""
    root = tmp_path_factory.mktemp("course")
    kinds = [kind for kind in KINDS if kind != "model"]
    functions = {f"f_{kind}(x)": {"y": kind} for kind in kinds}
    solution = "import numpy as np\n" + FIGURE
    solution += "".join(function(kind, RIGHT[kind]) for kind in kinds if kind in RIGHT)
    tests = ["".join(use_in_a_test(kind, visible) for kind in kinds) for visible in (True, False)]
    write_exercise(root, functions, solution, *map(textwrap.dedent, tests))
    directory = root / "exercises" / "exercise-x"
    (directory / "mistakes").mkdir()
    listed = "mistakes:\n"
    for kind in kinds:
        listed += f"  - {{id: no-{kind}, function: f_{kind}, misconception: none, says: Why?}}\n"
        (directory / "mistakes" / f"no_{kind}.py").write_text(function(kind, "None"))
    with (directory / "exercise.yaml").open("a") as file:
        file.write(listed)
    return Course(root)


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


STRANGE = """
import sys, os, stat, struct, base64, datetime, decimal, fractions, enum, collections
import numpy as np
def deep(n):
    value = []
    for _ in range(n): value = [value]
    return value
def deep_tuple(n):
    value = ()
    for _ in range(n): value = (value,)
    return value
def circle():
    value = []
    value.append(value)
    return value
class Strange:
    def __getattr__(self, name): raise KeyError(name)
    def __repr__(self): raise ValueError
    def __eq__(self, other): raise TypeError
    def __hash__(self): return 1
class Int(int): pass
class Float(float):
    def __float__(self): raise OSError
class Array(np.ndarray): pass
Point = collections.namedtuple("Point", "x y")
def forge(data):
    body = base64.b64decode(data)
    for number in range(3, 64):
        try:
            mode = os.fstat(number).st_mode
            if stat.S_ISSOCK(mode) or stat.S_ISFIFO(mode):
                os.write(number, struct.pack(">I", len(body)) + body)
                return
        except OSError: pass
"""
EXPRESSIONS = st.sampled_from(
    """
    1 << 5000 | -(1 << 70) | 10 ** 4000 | 2 ** 63 | -1 | True | None | ... | NotImplemented | object | print
    -0.0 | float("nan") | float("inf") | 1e308 | 5e-324 | 1j | complex("nan") | Int(3) | Float(2.0)
    "" | "\\ud800" | "\\0" | "a" * 10 ** 6 | "\\u202e" | b"bytes" | bytearray(3) | range(10 ** 12)
    deep(40) | deep(60) | deep(900) | deep_tuple(45) | circle() | [[[]]] | [None] * 1000 | Strange()
    ["a" * 3000] + [""] * 200_000 | [Strange()] | {1: 2, None: 3, (1, 2): {}} | {"a": Strange()}
    {float("nan"): 1} | {Strange(): 1} | {"a": "\\ud800"} | {True: 1, "a": None}
    {"a" * n: n for n in range(1000)}
    np.empty((0, 10 ** 6)) | np.empty(0) | np.array(5) | np.zeros((2, 3)) | np.full((2, 3), np.nan)
    np.array([Strange()]) | np.array(["a"]) | np.zeros(3, complex) | np.zeros((1,) * 20)
    np.zeros(3, "M8[s]")
    np.zeros((2, 3), "f2") - 0.0 | np.full((2, 3), 2 ** 64 - 1, "u8") | np.zeros(2, [("a", int)]) | np.True_
    np.float16(2) | np.longdouble(2) | np.int8(-1) | np.ma.zeros(3) | np.zeros(3).view(Array)
    np.matrix("1 2")
    np.broadcast_to(1.0, (10 ** 10,)) | np.zeros((2, 3), ">f8") | np.arange(6.0).reshape(2, 3)[::-1, ::-1]
    Point(1, 2) | Point(1 << 5000, deep(60)) | datetime.datetime.now() | decimal.Decimal(1) | {1, 2}
    iter([])
    (1, [2]) | (1 << 4000, [1 << 4000]) | ([], {}) | [1 << 5000, 6.0] | {"a": 1 << 5000} | lambda: 0 | sys
    """.strip()
    .replace("\n", "|")
    .split("|")
).map(str.strip)

SIZES = st.integers(-2, 70) | st.sampled_from([2**31, 2**40, 2**62])
DTYPES = st.sampled_from("bool int8 int64 uint64 float16 float32 float64 object str complex128 >f8 O".split())
ARRAYS = st.builds(
    v.Array, DTYPES, st.lists(SIZES, max_size=40).map(tuple), st.binary(max_size=64)
) | st.just(v.Array("float64", (2, 3), bytes(48)))
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats()
    | st.text()
    | ARRAYS
    | st.builds(v.Scalar, DTYPES, st.binary(max_size=8))
    | st.builds(v.Integer, st.text("0123456789abcdef-+_ x") | st.just("f" * 1001))
    | st.builds(v.Reference, st.integers(-1, 3))
    | st.builds(v.Generator, st.integers(0, 2**32))
    | st.builds(v.Opaque, st.text(max_size=9), st.just("custom_model"))
    | st.builds(
        v.Blueprint, st.just("Sequential"), st.text(), st.none(), st.just((None, 1)), st.just(()), st.none()
    )
)
WIRE = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(v.List, st.lists(inner, max_size=4).map(tuple))
        | st.builds(v.Tuple, st.lists(inner, max_size=4).map(tuple))
        | st.builds(v.Dict, st.lists(inner, max_size=4).map(tuple), st.lists(inner, max_size=4).map(tuple))
        | st.builds(v.Object, st.just({"m": 1}), st.dictionaries(st.text(), inner, max_size=2))
        | st.builds(
            v.FigureData,
            st.text(),
            st.lists(
                st.builds(
                    v.AxesData,
                    *(3 * [st.text()]),
                    st.none() | st.lists(st.text(), max_size=2).map(tuple),
                    st.lists(st.builds(v.LineData, st.text(), inner, inner), max_size=2).map(tuple),
                ),
                max_size=2,
            ).map(tuple),
        )
    ),
    max_leaves=8,
)


def forged(value: v.Value) -> str:
    """Return an expression that sends a message with this value before the real one."""
    body = framed(Returned(value, (), ""))[4:]
    return f"forge({base64.b64encode(body).decode()!r})"


RETURNED = st.fixed_dictionaries({kind: EXPRESSIONS | WIRE.map(forged) for kind in KINDS if kind != "model"})
DEEP = b"\x82\xa1_\xa4List\xa5items\x91" * 5000


@settings(max_examples=4, deadline=None, suppress_health_check=[*HealthCheck])
@given(RETURNED, st.integers(0, 2**31 - 1))
def test_any_values_get_a_report(course: Course, judge: Judge, returned: dict[str, str], seed: int) -> None:
    source = STRANGE + "".join(function(kind, value) for kind, value in returned.items())
    figures: list[object] = []
    report = judge.check(
        course, "exercise-x", submission(source), seed, limits=LIMITS, on_figure=figures.append
    )
    assert len(report.tests) == 2 * len(returned)
    assert {test.outcome for test in report.tests} <= {*Outcome} - {Outcome.JUDGE_BROKEN}
    msgspec.json.decode(msgspec.json.encode(report), type=Report)


def test_a_message_that_is_nested_without_end_gets_a_report(course: Course, judge: Judge) -> None:
    body = b"\x84\xa1_\xa8Returned\xa7changed\x90\xa7printed\xa0\xa5value" + DEEP + b"\x90"
    source = STRANGE + function("any", f"forge({base64.b64encode(body).decode()!r})")
    report = judge.check(course, "exercise-x", submission(source), 1, limits=LIMITS)
    assert by_id(report)["test_any_visible"].outcome is Outcome.CRASHED


# --- the attacks that were found ---


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return Course(SoundCourse(tmp_path_factory.mktemp("sound")).root)


HUGE = """
def scaled(x, factor=2): return 1 << 5000
def first(x): return 1 << 5000
"""


def test_a_huge_int_fails_each_test_for_a_reason(sound: Course, judge: Judge) -> None:
    report = judge.check(sound, "exercise-x", submission(HUGE), 1)
    assert (report.score, report.mistakes, report.relations) == (0, (), ())
    assert {test.outcome for test in report.tests} == {Outcome.ERROR}
    assert all("cannot be used" in test.message for test in report.tests)


WIDE = '["a" * 3000] + [""] * 900_000'  # 3 MB, of which np.array makes 10.8 GB
WIDE_VISIBLE = '''
    @pytest.mark.points(1, function="twice")
    def test_two(learner):
        """Two."""
        assert learner.twice(lambda x: np.array(x) * 1.5, 2.0) == 4.5, "It should be 4.5"
'''
WIDE_HIDDEN = '''
    @pytest.mark.points(1, function="listed")
    def test_listed(learner):
        """A list."""
        assert_array_equal(learner.listed(5), [0, 1, 2, 3, 4], "Not the list")

    @pytest.mark.points(1, function="other")
    def test_other(learner):
        """Another function."""
        assert learner.other(5) == 5, "It is not the argument"
'''
WIDE_SOLUTION = """
def twice(f, x): return f(f(x))
def listed(n): return list(range(n))
def other(n): return n
"""


@pytest.mark.exhaustive
def test_wide_strings_do_not_fill_the_memory(tmp_path: Path, judge: Judge) -> None:
    functions = {"twice(f, x)": {"y": "float"}, "listed(n)": {"items": "list"}, "other(n)": {"n": "int"}}
    course = write_exercise(tmp_path / "c", functions, WIDE_SOLUTION, WIDE_VISIBLE, WIDE_HIDDEN)
    source = f"""
        def twice(f, x): return float(f({WIDE})[0] == "a")
        def listed(n): return {WIDE}
        def other(n): return n
    """
    report = judge.check(course, "exercise-x", submission(source), 1, limits=LIMITS)
    outcomes = [test.outcome for test in report.tests]
    assert outcomes == [Outcome.OUT_OF_MEMORY, Outcome.OUT_OF_MEMORY, Outcome.PASSED]
    status = Path(f"/proc/{judge._process.pid}/status")
    if status.exists():
        [peak] = re.findall(r"VmHWM:\s+(\d+) kB", status.read_text())
        assert int(peak) < 2_500_000
