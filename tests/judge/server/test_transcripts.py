"""A warm judge does not repeat a test that has ended on the same answers, and results stay the same."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from corpus import sampled
from hypothesis import given, settings
from hypothesis import strategies as st
from judging import submission, write_exercise

from grader.content.course import Course
from grader.judge.client.judge import Judge
from grader.judge.jobs import Limits
from grader.judge.report import Report, TestResult

FUNCTIONS = {"double(x)": {"y": "array"}, "sum_of(f, n)": {"s": "float"}}
SOLUTION = """
    import numpy as np
    def double(x): return 2 * np.asarray(x, dtype=float)
    def sum_of(f, n): return float(sum(f(k) for k in range(n)))
"""
VISIBLE = '''
    @pytest.mark.points(1, function="double")
    def test_shown(learner):
        """Two is four."""
        assert_array_equal(learner.double(np.array([2.0])), [4.0], "It should be 4")
'''
HIDDEN = '''
    def note(test):
        with open(RAN, "a") as ran:
            print(test, file=ran)

    @pytest.mark.points(1, function="double")
    def test_all(learner, rng):
        """All are doubled, and the argument stays."""
        note("all")
        for n in (1, 3):
            x = rng.normal(size=n)
            assert_allclose(learner.double(x), 2 * x, "Not all are doubled")
            learner.assert_unchanged()

    @pytest.mark.points(1, function="double")
    def test_keyword(learner):
        """The argument can be passed by its name."""
        learner.double(np.array([1.0]))
        assert_array_equal(learner.double(x=np.array([2.0])), [4.0], "It should be 4")

    @pytest.mark.points(1, function="sum_of")
    def test_sum(learner, rng):
        """Each number is used once."""
        note("sum")
        seen = []
        def f(k):
            seen.append(k)
            if len(seen) > 4:
                raise AssertionError("It calls f too often")
            return float(k * k)
        assert learner.sum_of(f, 3) == 5.0, "The sum is not right"
        assert sorted(seen) == [0, 1, 2], "Not each number was used once"

    @pytest.fixture
    def once(learner):
        return learner.sum_of(lambda k: 2.0, 1)

    @pytest.mark.points(1, function="sum_of")
    def test_fixture(learner, once):
        """A fixture may call, too."""
        note("fixture")
        assert (once, learner.sum_of(lambda k: 3.0, 1)) == (2.0, 3.0), "The sums are not right"

    @pytest.mark.points(1, function="sum_of")
    def test_refusal(learner):
        """A negative number of terms is refused."""
        note("refusal")
        with learner.raises(TypeError, "without a function"):
            learner.sum_of(None, 2)
        assert learner.sum_of(lambda k: 1.0, 0) == 0.0, "The empty sum is 0"
'''
DOUBLES = {
    "right": "def double(x): return 2 * np.asarray(x, dtype=float)",
    "right, written otherwise": "def double(x):\n    y = np.asarray(x, dtype=float)\n    return y + y",
    "talks": "def double(x):\n    print(x)\n    return 2.0 * x",
    "wrong": "def double(x): return 3 * x",
    "wrong the second time": "n = 0\ndef double(x):\n    global n\n    n += 1\n    return (2 + n // 3) * x",
    "changes": "def double(x):\n    x *= 2\n    return x",
    "raises": "def double(x):\n    if len(x) > 1: raise KeyError(x)\n    return 2 * x",
    "dies": "import os\ndef double(x):\n    if len(x) == 3: os._exit(3)\n    return 2 * x",
    "loops": "def double(x):\n    while len(x) == 3: pass\n    return 2 * x",
    "renamed": "def double(a): return 2 * np.asarray(a, dtype=float)",
    "another kind": "def double(x): return [2 * v for v in x]",
}
SUMS = {
    "right": "def sum_of(f, n): return float(sum(f(k) for k in range(n)))",
    "backwards": "def sum_of(f, n): return float(sum(f(k) for k in reversed(range(n))))",
    "one too few": "def sum_of(f, n): return float(sum(f(k) for k in range(1, n)))",
    "asks twice": "def sum_of(f, n): return float(sum(f(k) + 0 * f(k) for k in range(n)))",
    "does not ask": "def sum_of(f, n): return n * n - 4.0 if n else 0.0",
    "swallows": "def sum_of(f, n):\n    try: return float(sum(map(f, range(n))))\n    except: return 0.0",
}
SOURCES = [f"import numpy as np\n{one}\n{other}\n" for one in DOUBLES.values() for other in SUMS.values()]
LIMITS = Limits(load=30, call=1.0)


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("ran") / "tests"


@pytest.fixture(autouse=True)
def nothing_has_run(ran: Path) -> None:
    ran.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory, ran: Path) -> Course:
    hidden = f"RAN = {str(ran)!r}\n" + "\n".join(line[4:] for line in HIDDEN.splitlines())
    return write_exercise(tmp_path_factory.mktemp("course"), FUNCTIONS, SOLUTION, VISIBLE, hidden)


@pytest.fixture(scope="module")
def warm() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


def verdict(judge: Judge, course: Course, source: str, seed: int = 1) -> Report:
    return judge.check(course, "exercise-x", submission(source), seed, limits=LIMITS)


def run_again(ran: Path) -> list[str]:
    """Return the tests whose bodies ran since the last call."""
    names = ran.read_text().split() if ran.exists() else []
    ran.unlink(missing_ok=True)
    return names


def source_of(double: str, sum_of: str) -> str:
    return f"import numpy as np\n{DOUBLES[double]}\n{SUMS[sum_of]}\n"


def test_another_program_that_does_the_same_is_asked_but_its_tests_are_not_run(
    course: Course, ran: Path
) -> None:
    with Judge() as judge:
        assert verdict(judge, course, source_of("right", "right")).passed
        assert run_again(ran) == ["all", "sum", "fixture", "refusal"]
        assert verdict(judge, course, source_of("right, written otherwise", "right")).passed
        # calls of a fixture cannot be replayed, and the line of an error differs between programs
        assert run_again(ran) == ["fixture", "refusal"]
        wrong = verdict(judge, course, source_of("wrong", "right"))
        # the last one runs on the solution, to find out how the results are related
        assert run_again(ran) == ["all", "fixture", "refusal", "all"]
        assert verdict(judge, course, source_of("wrong", "right") + "# mine\n").tests == wrong.tests
        assert run_again(ran) == ["fixture", "refusal", "all"]


def test_another_seed_and_another_version_are_other_tests(course: Course, ran: Path) -> None:
    file = course.exercise_dir("exercise-x") / "hidden_tests.py"
    with Judge() as judge:
        verdict(judge, course, source_of("right", "right"))
        run_again(ran)
        verdict(judge, course, source_of("right", "right"), seed=2)
        assert "all" in run_again(ran)
        before = file.read_text()
        file.write_text(before.replace("* x, ", "* x + 1, "))
        try:
            assert not verdict(judge, Course(course.root), source_of("right", "right")).passed
        finally:
            file.write_text(before)


def test_an_unseen_warning_is_another_answer(tmp_path: Path) -> None:
    """It counts even where learner code hides the text that Python writes."""
    hidden = """
        @pytest.mark.points(1, function="grow")
        def test_quiet(learner):
            "It grows without a warning."
            learner.grow(np.array([1000.0]))
            learner.assert_no_warning()
        """
    quiet = "import numpy as np\ndef grow(x): return x * np.inf\n"
    warns = "import io, sys\nimport numpy as np\nsys.stderr = io.StringIO()\ndef grow(x): return np.exp(x)\n"
    course = write_exercise(tmp_path, {"grow(x)": {"y": "array"}}, quiet, "", hidden)
    with Judge() as judge:
        assert verdict(judge, course, quiet).passed
        [test] = verdict(judge, course, warns).tests
    assert (test.outcome.value, test.message) == (
        "failed",
        "grow shows a RuntimeWarning, as numpy does for a number that is too large.",
    )


def test_functions_of_arrays_need_neither_keras_nor_matplotlib(tmp_path: Path) -> None:
    """Neither the judge nor the worker imports them, so that a check of such an exercise is fast."""
    heavy = "{'tensorflow', 'keras', 'matplotlib'} & {name.partition('.')[0] for name in sys.modules}"
    visible = f"""
        import sys
        @pytest.mark.points(1, function="loaded")
        def test_light(learner):
            "Nothing heavy is there."
            assert not {heavy}, "the judge has imported it"
            assert learner.loaded() == 0, "the worker has imported it"
        """
    solution = f"import sys\ndef loaded(): return len({heavy})\n"
    course = write_exercise(tmp_path, {"loaded()": {"n": "int"}}, solution, visible, "")
    with Judge() as judge:
        [test] = verdict(judge, course, solution).tests
    assert (test.outcome.value, test.message) == ("passed", "")


_alone: dict[str, tuple[TestResult, ...]] = {}


@pytest.mark.parametrize("classes", sampled({"few": 3, "many": 15}, few=["few"]))
def test_a_verdict_is_that_of_a_judge_that_knows_nobody_else(
    course: Course, warm: Judge, classes: int
) -> None:
    @settings(max_examples=classes)
    @given(sources=st.lists(st.sampled_from(SOURCES), min_size=2, max_size=5))
    def each_alone(sources: list[str]) -> None:
        for source in sources:
            if source not in _alone:
                with Judge() as judge:
                    _alone[source] = verdict(judge, course, source).tests
            assert verdict(warm, course, source).tests == _alone[source]

    each_alone()


# --- models ---

MODELS = {
    "plain": "keras.Sequential([keras.Input((2,)), keras.layers.Dense(units)])",
    "names": "keras.Sequential([keras.Input((2,), name='a'), keras.layers.Dense(units, name='b')], name='c')",
    "graph": "(lambda i: keras.Model(i, keras.layers.Dense(units)(i)))(keras.Input((2,)))",
    "zeros": "keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, kernel_initializer='zeros')])",
    "relu": "keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, activation='relu')])",
    "frozen": "keras.Sequential([keras.Input((2,)), keras.layers.Dense(units, trainable=False)])",
}
OPTIMIZERS = {
    "own": "keras.optimizers.SGD()",
    "slow": "keras.optimizers.SGD(0.1)",
    "shared": "shared",
    "used": "used()",
}


def builder(model: str = "plain", optimizer: str = "own", before: int = 0) -> str:
    """Return a program. Models built `before` change the names and tokens of later ones."""
    return f"""
import keras
shared = keras.optimizers.SGD()
def used():
    optimizer = keras.optimizers.SGD()
    optimizer.iterations.assign(3)
    return optimizer
def build(units):
    model = {MODELS[model]}
    model.compile({OPTIMIZERS[optimizer]}, "mse")
    return model
for _ in range({before}):
    build(2)
"""


@pytest.fixture(scope="module")
def building(tmp_path_factory: pytest.TempPathFactory, ran: Path) -> Course:
    hidden = f"""
    from grader.testing import optimizer_token

    @pytest.mark.points(1, function="build")
    def test_models(learner):
        \"\"\"Each model has its own optimizer.\"\"\"
        with open({str(ran)!r}, "a") as ran:
            print("models", file=ran)
        one, other = learner.build(2), learner.build(2)
        assert optimizer_token(one) != optimizer_token(other), "Two models share an optimizer"
    """
    root = tmp_path_factory.mktemp("building")
    return write_exercise(root, {"build(units)": {"model": "model"}}, builder(), "", hidden)


@pytest.mark.exhaustive
def test_the_names_of_layers_and_what_was_built_before_make_no_other_model(
    building: Course, warm: Judge, ran: Path
) -> None:
    same = [builder(), builder("names"), builder("graph"), builder(before=3), builder("names", before=1)]
    assert all(verdict(warm, building, source, seed=1).passed for source in same)
    assert run_again(ran) == ["models"]


@pytest.mark.exhaustive
def test_other_weights_options_and_optimizers_make_another_model(
    building: Course, warm: Judge, ran: Path
) -> None:
    others = [builder(), builder("zeros"), builder("relu"), builder("frozen")]
    others += [builder(optimizer="slow"), builder(optimizer="used")]
    # with another seed, nothing is known from the other tests
    assert all(verdict(warm, building, source, seed=2).passed for source in others)
    assert len(run_again(ran)) == len(others)
    for _ in range(2):  # a shared optimizer is remembered too
        assert not verdict(warm, building, builder(optimizer="shared"), seed=2).passed
    assert len(run_again(ran)) == 1
