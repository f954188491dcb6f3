"""Loading the learner's source: statements that fail end alone, and the functions are described."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from types import ModuleType

import pytest
from loading_undone import undo_loading  # noqa: F401

from grader.judge.wire.messages import Cell, FunctionInfo, SourceFile, Stop
from grader.judge.worker import surroundings
from grader.judge.worker.loading import Loader


def notebook(*sources: str) -> tuple[Cell, ...]:
    return tuple(Cell(f"code cell {n}", source, notebook=True) for n, source in enumerate(sources, start=1))


def file(source: str) -> tuple[Cell, ...]:
    return (Cell("my.py", source),)


def load(
    cells: tuple[Cell, ...], seconds: float = 30, files: tuple[SourceFile, ...] = ()
) -> tuple[ModuleType, list[Stop]]:
    loader = Loader(seconds, seconds)
    surroundings.write_files(files)
    surroundings.prepare(loader.run)
    return loader.load(cells), loader.stops


def stop_of(source: str, seconds: float = 30) -> Stop:
    """Return the only stop of a source."""
    [stop] = load(file(source), seconds)[1]
    return stop


def test_cells_run_in_order_as_one_module() -> None:
    module, stops = load(notebook("x = 1", "%matplotlib inline\ndef f():\n    return x + 1", "x = 5"))
    assert module.f() == 6 and stops == []


def values(*cells: Cell) -> list[object]:
    found: list[object] = []
    Loader(30, 30).load(cells, found.append)
    return found


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("x = 1\nx + 2", 3),
        ("3", 3),
        ("def f():\n    return 1\nf()", 1),
        ("'words'", "words"),
        ("from __future__ import annotations\ndef f(a: Unknown): ...\nf.__annotations__['a']", "Unknown"),
        ("async def f():\n    return 4\nawait f()", 4),
        ("x = 1", None),
        ("x = 1\nx;", None),
        ("print()", None),
        ("if True:\n    3", None),
        ("%matplotlib inline", None),
        ("1 / 0", None),
        ("", None),
        ("# nothing", None),
    ],
)
def test_the_value_of_a_cell_is_that_of_its_last_expression(source: str, value: object) -> None:
    assert values(*notebook(source)) == [value]


def test_a_py_file_has_no_value() -> None:
    assert values(Cell("my.py", "3")) == [None]


def test_a_last_expression_runs_once_and_in_its_place() -> None:
    module, _ = load(notebook("ran = []", "ran.append(1)\nran.append(2)", "ran.append(3)"))
    assert module.ran == [1, 2, 3]


def test_what_is_too_deep_for_a_syntax_tree_runs_as_a_whole() -> None:
    """The compiler accepts deeper source text than syntax trees."""
    module, stops = load(notebook(f"x = 7{'+1' * 1_500}", "x"))
    assert module.x == 1_507 and stops == []


def test_the_program_at_the_end_does_not_run() -> None:
    module, _ = load(file("ran = False\nif __name__ == '__main__':\n    ran = True"))
    assert module.ran is False


# --- statements that fail ---


@pytest.mark.parametrize(
    ("failing", "type_", "line"),
    [
        ("1 / 0", "ZeroDivisionError", 2),
        ("undefined_name", "NameError", 2),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", 2),
        ("raise SystemExit(3)", "SystemExit", 2),
        ("exit()", "SystemExit", 2),
        ("quit()", "SystemExit", 2),
        ("import sys; sys.exit('bye')", "SystemExit", 2),
        ("input('?')", "EOFError", 2),
        ("exit(); input()", "SystemExit", 2),
        ("open('data.csv')", "FileNotFoundError", 2),
        ("x = bytearray(10**15)", "MemoryError", 2),
        ("assert False", "AssertionError", 2),
        ("def f(n): return f(n)\nf(1)", "RecursionError", 3),
        ("for n in range(3):\n    if n == 2:\n        [][n]", "IndexError", 4),
        ("with open('a') as a, open('b'):\n    pass", "FileNotFoundError", 2),
        ("class Own(BaseException): pass\nraise Own('x')", "Own", 3),
        ("return 3", "SyntaxError", 2),
        ("x = = 2", "SyntaxError", 2),
        ("y = (1,\nz = 2", "SyntaxError", 2),
        ("    x = 1", "IndentationError", 2),
        ("print 'old'", "SyntaxError", 2),
        ("x = '\0'", "SyntaxError", 2),
        ("from __future__ import braces", "SyntaxError", 2),
        ("from no_such_module import *", "ModuleNotFoundError", 2),
    ],
)
def test_a_failing_statement_ends_alone(failing: str, type_: str, line: int) -> None:
    before, after = "def before(): return 1", "def after(): return 2"
    module, stops = load(file(f"{before}\n{failing}\n{after}\n"))
    assert (module.before(), module.after()) == (1, 2)
    assert (stops[0].type, stops[0].line, stops[0].label) == (type_, line, "my.py")


def test_the_statements_of_a_cell_are_independent_like_those_of_a_file() -> None:
    """So a notebook and the .py file that Jupyter makes of it get the same score."""
    module, stops = load(notebook("x = 1", "y = 0\n\nx / y\ndef f(): return x", "z = 1"))
    assert module.f() == module.z == 1
    assert [(stop.label, stop.line) for stop in stops] == [("code cell 2", 3)]


def test_a_syntax_error_leaves_out_only_its_own_block() -> None:
    first = 'def f():\n    """Say (\n\nhi."""\n    return 1\n\n'
    source = f"{first}def g(:\n    return 2\n\n@staticmethod\ndef h():\n    return 3\n"
    module, [stop] = load(file(source))
    assert module.f() == 1 and module.h() == 3 and not hasattr(module, "g")
    assert (stop.line, stop.defines, stop.syntax) == (7, ("g",), True)


def test_a_stop_names_what_it_would_have_defined() -> None:
    stop = stop_of("import functools\n@functools.no_such_thing\ndef f():\n    pass\n")
    assert (stop.line, stop.defines) == (2, ("f",))
    stop = stop_of("if 1 / 0:\n    def f(): pass\nelse:\n    g = 1\n")
    assert set(stop.defines) == {"f", "g"}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no interval timers")
@pytest.mark.parametrize(
    "endless",
    [
        "while True: pass",
        "import time; time.sleep(1000)",
        "while True:\n    try:\n        while True: pass\n    except Exception: pass",
        "import subprocess; subprocess.run(['sleep', '1000'])",
        "get_ipython().system('sleep 1000')",
    ],
)
def test_a_statement_that_never_ends_is_stopped(endless: str) -> None:
    started = time.monotonic()
    module, [stop] = load(file(f"{endless}\ndef f(): return 1"), seconds=1)
    assert module.f() == 1
    assert stop.timed_out
    assert time.monotonic() - started < 5


@pytest.mark.skipif(sys.platform == "win32", reason="there are no interval timers")
def test_many_slow_statements_leave_time_for_the_definitions_after_them() -> None:
    started = time.monotonic()
    module, stops = load(file("while True: pass\n" * 30 + "def f(): return 1"), seconds=1)
    assert module.f() == 1 and len(stops) == 30
    assert time.monotonic() - started < 3


def test_the_number_of_stops_is_limited() -> None:
    assert len(load(file("1 / 0\n" * 1000))[1]) == 50


# --- what honest files do with their functions and around them ---


def test_what_functions_need_from_below_the_main_guard_is_there() -> None:
    source = (
        "ran = []\ndef f(): return math.floor(UNITS + g())\n"
        "if __name__ == '__main__':\n    import math\n    UNITS = 3\n    ran.append(1)\n"
        "    unused = [][0]\n    def g(): return 0.5\n    f()\n"
    )
    module, stops = load_with(source, "f")
    assert (module.f(), module.ran, stops) == (3, [], [])
    assert not hasattr(module, "unused")


def test_functions_below_the_main_guard_are_there() -> None:
    module, _ = load_with("if '__main__' == __name__:\n    def f(): return 4\n    f()", "f")
    assert module.f() == 4


def load_with(source: str, *functions: str) -> tuple[ModuleType, list[Stop]]:
    loader = Loader(30, 30)
    surroundings.prepare(loader.run)
    return loader.load(file(source), functions=functions), loader.stops


@pytest.mark.parametrize(
    "after", ["f = f()", "for f in range(3): pass", "del f", "f = None", "with open('a', 'w') as f: pass"]
)
def test_a_function_whose_name_is_given_to_another_value_is_put_back(after: str) -> None:
    loader = Loader(30, 30)
    module = loader.load(file(f"def f(): return 1\n{after}\n"), functions=("f",))
    assert module.f() == 1 and loader.overwritten == ["f"]


def test_a_function_that_is_replaced_by_another_is_not_put_back() -> None:
    module, _ = load_with("def f(): return 1\nf = lambda: 2", "f")
    assert module.f() == 2


def test_one_missing_module_of_several_in_a_try_costs_only_itself() -> None:
    source = (
        "try:\n    import seaborn_not_here as sns\n    import math\n    from os import path\n"
        "except ImportError:\n    print('install it')\n"
    )
    module, stops = load(file(source))
    assert module.math.floor(1.5) == 1 and module.path and stops == []
    with pytest.raises(ModuleNotFoundError):
        module.sns.set()


def test_a_program_sees_no_arguments() -> None:
    source = "import argparse\nparser = argparse.ArgumentParser()\nparser.add_argument('--n', default=3)\n"
    module, stops = load(file(f"{source}args = parser.parse_args()\nimport sys\ncount = len(sys.argv)"))
    assert (module.args.n, module.count, stops) == (3, 1, [])


@pytest.mark.parametrize("restart", ["import os\nos._exit(0)", "import os\nos.abort()"])
def test_a_restart_of_the_kernel_ends_alone(restart: str) -> None:
    module, [stop] = load(file(f"{restart}\ndef f(): return 1"))
    assert module.f() == 1 and stop.type == "SystemExit"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no interval timers")
def test_a_statement_that_swallows_its_end_is_told_all_the_same() -> None:
    slow = "try:\n    while True: pass\nexcept BaseException:\n    pass"
    _, [stop] = load(file(slow), seconds=0.4)
    assert stop.timed_out


@pytest.mark.parametrize("invisible", "\u00a0 \u200b \ufeff \u2028 \u2060".split(" "))
def test_characters_that_nobody_can_see_cost_nothing(invisible: str) -> None:
    module, stops = load(file(f"x = 1\ndef{invisible} f():\n   {invisible} return x{invisible}\n"))
    assert module.f() == 1 and stops == []


def test_an_invisible_mark_before_a_function_costs_nothing() -> None:
    module, stops = load(file("x = 1\n\ufeffdef f(): return 1\n"))
    assert module.f() == 1 and stops == []


def test_positions_in_messages_are_those_of_the_file() -> None:
    stop = stop_of("x = 1\n\n\ny = 'abc\n")
    assert stop.line == 4 and "line 1" not in stop.text


# --- imports ---


def test_a_missing_module_costs_nothing_until_it_is_used() -> None:
    source = (
        "import pandas_is_not_here as pd, math\nfrom sklearn_is_not_here.svm import SVC\n"
        "import math.no_such_part\n"
        "def f(x: pd.DataFrame | None): return math.floor(x)\ndef g(): return SVC()\n"
    )
    module, stops = load(file(source))
    assert stops == [] and module.f(2.5) == 2
    with pytest.raises(ModuleNotFoundError, match="No module named 'sklearn_is_not_here'"):
        module.g()


def test_a_name_that_a_module_lacks_costs_nothing_until_it_is_used() -> None:
    module, stops = load(file("from math import floor, no_such_name\ndef f(): return no_such_name(1)"))
    assert stops == [] and module.floor(1.5) == 1
    with pytest.raises(ImportError, match="no_such_name"):
        module.f()


def test_a_program_may_find_out_that_a_module_is_missing() -> None:
    source = "try:\n    import no_such_module as m\nexcept ImportError:\n    m = None"
    module, stops = load(file(source))
    assert module.m is None and stops == []


def test_helper_modules_are_imported_and_run_statement_by_statement() -> None:
    helper = SourceFile("helpers/tools.py", "import no_such_module\n1 / 0\ndef double(x): return 2 * x\n")
    source = "from helpers.tools import double\ndef f(x): return double(x)"
    module, stops = load(file(source), files=(SourceFile("helpers/__init__.py", ""), helper))
    assert module.f(4) == 8
    assert [(Path(stop.label).as_posix(), stop.line) for stop in stops] == [("helpers/tools.py", 2)]


@pytest.mark.skipif(sys.platform == "win32", reason="there are no interval timers")
def test_a_statement_that_imports_a_helper_keeps_its_own_limit() -> None:
    started = time.monotonic()
    source = "if True:\n    import tools\n    while True: pass\ndef f(): return 1"
    module, [stop] = load(file(source), 1, (SourceFile("tools.py", "x = 1"),))
    assert module.f() == 1 and stop.timed_out
    assert time.monotonic() - started < 5


def test_a_helper_that_a_function_imports_later_has_no_limit_left_over() -> None:
    slow = SourceFile("tools.py", "import time\ntime.sleep(0.3)\nthree = 3")
    module, stops = load(file("def f():\n    import tools\n    return tools.three"), 0.2, (slow,))
    assert module.f() == 3 and stops == []


def test_a_helper_never_replaces_a_library() -> None:
    module, _ = load(file("import math"), files=(SourceFile("math.py", "floor = 3"),))
    assert module.math.floor(2.5) == 2


def test_files_outside_the_working_directory_are_not_written(tmp_path: Path) -> None:
    surroundings.write_files((SourceFile("../out.py", ""), SourceFile(str(tmp_path / "abs.py"), "")))
    assert not (tmp_path.parent / "out.py").exists() and not (tmp_path / "abs.py").exists()


# --- functions ---


def info(source: str, name: str = "f", others: tuple[str, ...] = ()) -> FunctionInfo:
    loader = Loader(30, 30)
    return loader.find(loader.load(file(source)), name, others)


@pytest.mark.parametrize(
    "body",
    [
        "pass",
        "...",
        '"""Only words."""',
        "raise NotImplementedError",
        "raise NotImplementedError('f')",
        '"""Words."""\n    raise NotImplementedError("f")',
    ],
)
def test_blanks_are_seen(body: str) -> None:
    assert info(f"def f(a):\n    {body}").blank


@pytest.mark.parametrize("body", ["return None", "raise ValueError", "x = 1", "if 0:\n        pass"])
def test_any_other_body_is_an_attempt(body: str) -> None:
    assert not info(f"def f(a):\n    {body}").blank


def test_the_last_definition_counts() -> None:
    assert not info("def f(): ...\ndef f(): return 1").blank
    assert info("def f(): return 1\ndef f(): ...").blank
    assert not info("def f(): ...\nf = len").blank


def test_what_is_not_there_and_what_is_not_a_function() -> None:
    assert info("") == FunctionInfo(exists=False)
    assert info("f = 3") == FunctionInfo(exists=True)


@pytest.mark.parametrize(
    "near", ["create_sequence", "createSequences", "Create_Sequences", "create_sequnces"]
)
def test_a_near_name_is_found(near: str) -> None:
    assert info(f"def {near}(a): ...", "create_sequences") == FunctionInfo(exists=False, near=near)


def test_a_name_that_is_asked_for_itself_is_not_near() -> None:
    assert info("def f2(a): ...", "f1", ("f1", "f2")).near == ""
    assert info("from math import floor", "floors").near == ""


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f(a, b=1, *, c): ...", ["a", "b", "c"]),
        ("f = lambda a: a", ["a"]),
        ("import functools\nf = functools.partial(lambda a, b: a, b=1)", ["a", "b"]),
        ("import functools\ndef g(a): ...\n@functools.wraps(g)\ndef f(*x): ...", ["a"]),
        ("class f:\n    def __init__(self, a): ...", ["a"]),
    ],
)
def test_parameters_of_every_kind_of_callable(source: str, names: list[str]) -> None:
    parameters = info(source).parameters
    assert parameters is not None and [p.name for p in parameters] == names


def test_parameters_that_cannot_be_known() -> None:
    assert info("f = max").parameters is None
