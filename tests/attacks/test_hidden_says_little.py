"""Submissions that try to tell a hidden input through everything that learners see of a hidden test."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hidden_choices import HiddenTests
from judging import submission, write_exercise

from grader.content.course import Course
from grader.content.libraries import USUAL
from grader.judge import sentences
from grader.judge.client.judge import Judge
from grader.judge.report import Report
from grader.judge.server.session import seed_of_worker
from grader.wording import listed

FUNCTIONS = {"add(a, b)": {"sum": "int"}, "half(a, b=1, c=1)": {"h": "array"}}
SOLUTION = "def add(a, b): return a + b\ndef half(a, b=1, c=1): return a / 2\n"
VISIBLE = '''
    @pytest.mark.points(1, function="add")
    def test_add(learner):
        """Two and two are four."""
        assert learner.add(2, 2) == 4, "2 + 2 should be 4"
'''
HIDDEN = '''
    SUM = Contract(
        "add",
        {
            "a": Domain(lambda rng: int(rng.integers(2**32)), edges={"zero": 0, "one": 1}),
            "b": Domain(1, excluded={"text": "x"}),
        },
        {"sum": Result("The sum is wrong")},
    )

    @pytest.mark.points(1, function="add")
    def test_sums(learner, rng):
        """Any two numbers are added."""
        a = int(rng.integers(2**32))
        assert learner.add(a, 2) == a + 2, "The sum is wrong"
        learner.assert_unchanged()

    @pytest.mark.points(1, function="add")
    def test_all_sums(learner, reference, rng):
        """All numbers are added."""
        check_results(SUM, learner, reference, rng)

    @pytest.mark.points(1, function="add")
    def test_refusals(learner, reference, rng):
        """Texts raise ValueError."""
        check_refusals(SUM, learner, reference, rng)

    @pytest.mark.points(1, function="half")
    def test_halves(learner, rng):
        """Numbers are halved."""
        a = rng.integers(2**32, size=1)
        assert_allclose(learner.half(a, [a], [a]), a / 2, "It is not the half")
        learner.assert_unchanged()
'''
SEEDS = range(1, 7)
# advice follows from the kind of error and the source
ADVICE = (
    "",
    *(f" {each}" for each in (sentences.no_files(), sentences.no_network(), sentences.no_access())),
    f" {sentences.no_library('', listed([*USUAL]))}",
    " `keras.utils.np_utils` is called `keras.utils` in Keras 3.",
)

# each tells `n`, a number of 32 bits, of which it learns in a hidden test
WAYS = {
    "kinds and lines of errors": """
        import builtins
        kinds = [n for n in sorted(dir(builtins)) if n.endswith("Error") and n[0] in "ABCDEFGHIJKLO"]
        line, kind = divmod(n, len(kinds))
        exec(compile("\\n" * (line % 300) + f"raise {kinds[kind]}", __file__, "exec"), {})
    """,
    "names and texts of errors": "raise type(f'E{n}', (ValueError,), {})(f'leak {n}')",
    "a name": "eval(f'name_{n}')",
    "a module": "__import__(f'module_{n}')",
    "a file": "open(f'/{n}')",
    "names of types": "return type(f'T{n}', (), {'__module__': f'M{n}'})()",
    "results": "return n",
    "shapes": "return __import__('numpy').zeros((n % 1000, 1 + n // 1000 % 90))",
    "dtypes": "return __import__('numpy').zeros(3, dtype=['f4', 'i1', 'u2', 'S3', 'O', 'c8', '?'][n % 7])",
    "numbers of results": "return (0,) * (n % 1000)",
    "printed text": "print(n); raise ValueError",
    "warnings": "__import__('warnings').warn(str(n)); return None",
    "standard error": "__import__('sys').stderr.write(f'{n}\\n'); return None",
    "an old name of Keras": """
        keras = type("K", (), {})()
        if n % 2: keras.backend.mean
        keras.utils.np_utils
    """,
    "the reason why a model is refused": """
        class Model: pass
        Model.__module__, Model.__name__ = "keras.src.models", f"Layer{n}"
        return Model()
    """,
    "a process that exits": "__import__('os')._exit(n % 256)",
    "a nested value": "return [[[n]], {n: str(n)}, (n,)]",
}
HEAD = """
def tell(n):
{}
def add(a, b):
    if (a, b) == (2, 2):
        return 4
    return tell(int(a))
def half(a, b=1, c=1):
    bits = int(a[0])
    if bits & 1: a += 1
    if bits & 2: b.append(1)
    if bits & 4: c.append(1)
    return tell(bits)
"""


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    with Judge() as judge:
        yield judge


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Course:
    return write_exercise(tmp_path_factory.mktemp("course"), FUNCTIONS, SOLUTION, VISIBLE, HIDDEN)


def rest(report: Report) -> bytes:
    """Return what a report says besides the messages of hidden tests, the seed and the time that it took."""
    shown = tuple(test for test in report.tests if test.visible)
    return msgspec.json.encode(msgspec.structs.replace(report, tests=shown, seed=0, seconds=0.0))


@pytest.mark.parametrize("way", WAYS)
def test_a_hidden_input_does_not_get_out(judge: Judge, course: Course, way: str) -> None:
    """What a hidden test says is on a list that does not depend on its inputs, of 32 bits in each run."""
    code = "\n".join(f"    {line}" for line in WAYS[way].removeprefix("\n").split("\n"))
    mine = submission(HEAD.format(code) + "\n" * 400)  # lines that an error can name
    reports = [judge.check(course, "exercise-x", mine, seed) for seed in SEEDS]
    assert len({rest(report) for report in reports}) == 1
    hidden = HiddenTests(course.exercise("exercise-x"), course.exercise_dir("exercise-x"))
    for test in (test for report in reports for test in report.tests if not test.visible):
        allowed = hidden.choices(test.id)
        known = [each for each in ADVICE if test.message.endswith(each)]
        assert test.message.removesuffix(max(known, key=len)) in allowed


SEEK_THE_SEED = """
import gc, sys
found = [each.seed for each in gc.get_objects() if type(each).__name__ == "Load"]
frame = sys._getframe()
while frame:
    found.append(getattr(frame.f_locals.get("message"), "seed", None))
    frame = frame.f_back
def add(a, b):
    print("seeds", found)
    return 0
"""


def test_visible_tests_do_not_show_the_seed_of_hidden_inputs(judge: Judge, course: Course) -> None:
    report = judge.check(course, "exercise-x", submission(SEEK_THE_SEED), seed=731604925)
    message = next(test.message for test in report.tests if test.visible)
    assert f"{seed_of_worker(731604925)}" in message and "731604925" not in message
    assert {seed_of_worker(seed) for seed in range(5000)} == {*range(256)}
