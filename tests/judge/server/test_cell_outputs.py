"""The outputs of the learner's cells: one by one, limited, and safe from a lying worker."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judging import PATIENT, exercise_of

from grader.judge.jobs import Limits, ShownCell
from grader.judge.sandbox.plain import PlainWorkers
from grader.judge.sandbox.sources import Setting
from grader.judge.server.cell_outputs import shown_cells, without_control
from grader.judge.server.gates import load_verdict
from grader.judge.server.session import Session
from grader.judge.submission import Submission
from grader.judge.wire import messages as m

EXERCISE = exercise_of({"f(a)": {"x": "any"}})
F = "def f(a):\n    return a"


def notebook(*sources: str) -> tuple[m.Cell, ...]:
    return tuple(m.Cell(f"code cell {n}", source, notebook=True) for n, source in enumerate(sources, 1))


def shown(*sources: str, limits: Limits = PATIENT) -> list[ShownCell]:
    """Load the cells in a worker and return their outputs."""
    found: list[ShownCell] = []
    setting = Setting(modules=(), memory=limits.memory, fonts="/nonexistent", hidden=())
    with Session(Submission("x", notebook(*sources)), ("f",), PlainWorkers(setting), limits, 1) as session:
        load_verdict(session, EXERCISE, found.extend)
    return found


def test_each_cell_shows_what_it_printed_and_its_value() -> None:
    assert shown(
        "print('one')\nimport sys\nprint('two', file=sys.stderr)", F, "f(7)", "print(f(8)); f('x')"
    ) == [
        ShownCell("code cell 1", "one\ntwo\n"),
        ShownCell("code cell 2"),
        ShownCell("code cell 3", "", "7"),
        ShownCell("code cell 4", "8\n", "'x'"),
    ]


def test_what_is_printed_while_functions_are_looked_up_belongs_to_no_cell() -> None:
    source = "def __getattr__(name):\n    print('asked for', name)\n    raise AttributeError"
    assert shown(source) == [ShownCell("code cell 1")]


def test_a_cell_that_raises_says_where_and_the_next_one_runs() -> None:
    helper = "def g(x):\n    return 1 / x"
    assert shown("print(1)", helper, "print(2)\ng(0)", "print(3)") == [
        ShownCell("code cell 1", "1\n"),
        ShownCell("code cell 2"),
        ShownCell(
            "code cell 3",
            "2\n",
            error_type="ZeroDivisionError",
            error="ZeroDivisionError: division by zero (line 2 of code cell 3)",
        ),
        ShownCell("code cell 4", "3\n"),
    ]
    [leaves] = shown("raise SystemExit('bye')")
    assert leaves.error == "SystemExit: bye (line 1 of code cell 1)"


def test_a_cell_that_does_not_parse_says_so() -> None:
    assert shown("print(1)", "x = (\ny = 1") == [
        ShownCell("code cell 1", "1\n"),
        ShownCell(
            "code cell 2",
            error_type="SyntaxError",
            error="SyntaxError: '(' was never closed (line 1 of code cell 2)",
        ),
    ]


STUBBORN = "if True:\n    import signal\n    signal.setitimer(signal.ITIMER_REAL, 0)\n    while True: pass"


@pytest.mark.parametrize("source", ["import ctypes\nprint(1, flush=True)\nctypes.string_at(0)", STUBBORN])
def test_cells_of_a_load_that_never_ended_show_nothing(source: str) -> None:
    assert shown("print(0)", source, limits=Limits(load=2.0)) == []


def test_much_is_cut_and_control_characters_go() -> None:
    many, moved, long = shown(
        "print('x' * 1_000_000)", "print('a\\x1b[2Jb\\rc\\x08')\n'\x85'", "'y' * 50_000"
    )
    assert len(many.printed) < m.MAX_OUTPUT + 100 and "bytes left out" in many.printed
    assert moved.printed == "abc\n"
    assert m.MAX_OUTPUT < len(long.value) < m.MAX_OUTPUT + 100


def test_all_together_are_cut_too() -> None:
    cells = shown(*["print('x' * 9_000)"] * 40)
    assert len(cells) == 40
    assert sum(len(cell.printed) for cell in cells) <= m.MAX_OUTPUTS
    assert len(cells[0].printed) == 9_001


def test_a_score_is_shown_however_much_was_printed() -> None:
    assert shown(*["print('x' * 9_000)"] * 40, "print('x' * 9_000)\n12.25")[-1].value == "12.25"


HOSTILE = """
class C:
    def __repr__(self):
        BODY
C()
"""


@pytest.mark.parametrize(
    "body",
    [
        "raise SystemExit",
        "return 3",
        "return '\\ud800'",
        "raise MemoryError",
        "return self.__repr__()",
        "import time; time.sleep(1000)",
    ],
)
def test_a_repr_that_fails_costs_nothing(body: str) -> None:
    limits = Limits(load=10, statement=1)
    first, last = shown(HOSTILE.replace("BODY", body), f"{F}\nprint('still here')", limits=limits)
    assert first.value in ("", "?") and not first.error and last.printed == "still here\n"


# --- true and false claims of a worker ---

CELLS = notebook("a", "b")
_texts = st.text(max_size=30) | st.just("x" * (m.MAX_OUTPUT + 100))
_outputs = st.lists(st.builds(m.CellOutput, _texts, _texts), max_size=40).map(tuple)
_stops = st.builds(
    m.Stop,
    label=st.sampled_from(["code cell 1", "code cell 2", "elsewhere"]),
    line=st.integers(),
    type=st.text(max_size=5),
    bases=st.just(()),
    text=_texts,
    syntax=st.booleans(),
)
_replies = st.builds(m.Loaded, st.just({}), _outputs, st.lists(_stops, max_size=5).map(tuple))


@given(_replies)
def test_whatever_a_worker_says_is_of_these_cells_and_bounded(reply: m.Loaded) -> None:
    cells = shown_cells(CELLS, reply)
    assert {cell.label for cell in cells} <= {"code cell 1", "code cell 2"}
    for cell in cells:
        for text in (cell.printed, cell.value):
            assert len(text) <= m.MAX_OUTPUT + 100
        for text in (cell.printed, cell.value, cell.error, cell.error_type):
            assert text == without_control(text)


def test_the_whole_is_bounded_whatever_a_worker_says() -> None:
    full = m.CellOutput("x" * m.MAX_OUTPUT, "y" * m.MAX_OUTPUT)
    cells = shown_cells(notebook(*["a"] * 50), m.Loaded({}, (full,) * 50))
    shown = sum(len(cell.printed) + len(cell.value) for cell in cells)
    assert m.MAX_OUTPUTS <= shown <= m.MAX_OUTPUTS + 50 * m.SHORT_VALUE
