"""Loading the learner's source: magics are dropped, line numbers stay, blanks are detected."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from grader.judge.wire.messages import Cell, FunctionInfo
from grader.judge.worker.loading import MODULE, Unparsable, find, load, without_magics


@pytest.fixture(autouse=True)
def no_module_left() -> Iterator[None]:
    yield
    sys.modules.pop(MODULE, None)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("%matplotlib inline\nx = 1", "pass\nx = 1"),
        ("x = 1\n!pip install numpy\ny = 2", "x = 1\npass\ny = 2"),
        ("files = !ls", "pass"),
        ("now = %time", "pass"),
        ("?len", "pass"),
        ("len?", "pass"),
        ("len??", "pass"),
        ("if True:\n    %time\ny = 1", "if True:\n    pass\ny = 1"),
        ("def f():\n    !ls\n    return 1", "def f():\n    pass\n    return 1"),
        ("%%bash\nls | wc", ""),
        ("\n%%writefile a.py\nx = 1", ""),
        ("%%html\n<b>", ""),
        ("%%time\nx = 1", "pass\nx = 1"),
        ("%%capture out\nx = 1", "pass\nx = 1"),
        ("%time x = f(1)", "x = f(1)"),
    ],
)
def test_magics_and_shell_lines_are_dropped(cell: str, kept: str) -> None:
    assert without_magics(cell) == kept


@pytest.mark.parametrize(
    "code",
    [
        "x = (7\n% 3)",
        "text = '''\n%matplotlib inline\n!ls\n'''",
        "x = 7 \\\n  % 3",
        "# really?\nx = 1",
        "x != 3",
        "'what?'",
    ],
)
def test_python_that_only_looks_like_magic_stays(code: str) -> None:
    assert without_magics(code) == code


def test_a_mistake_beside_a_magic_stays_a_mistake() -> None:
    assert without_magics("%matplotlib inline\nx = = 2") == "pass\nx = = 2"


def notebook(*sources: str) -> tuple[Cell, ...]:
    return tuple(Cell(f"code cell {n}", source, notebook=True) for n, source in enumerate(sources, start=1))


def test_cells_run_in_order_as_one_module() -> None:
    module, _ = load(notebook("x = 1", "%matplotlib inline\ndef f():\n    return x + 1", "x = 5"))
    assert module.f() == 6


def values(*cells: Cell) -> list[object]:
    found: list[object] = []
    load(cells, found.append)
    return found


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("x = 1\nx + 2", 3),
        ("3", 3),
        ("def f():\n    return 1\nf()", 1),
        ("'words'", "words"),
        ("from __future__ import annotations\ndef f(a: Unknown): ...\nf.__annotations__['a']", "Unknown"),
        ("x = 1", None),
        ("x = 1\nx;", None),
        ("print()", None),
        ("if True:\n    3", None),
        ("%matplotlib inline", None),
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


def test_what_is_too_deep_to_be_cut_in_two_runs_as_a_whole() -> None:
    """The compiler accepts deeper source text than syntax trees."""
    module, _ = load(notebook(f"x = 7{'+1' * 1_500}\nx"))
    assert module.x == 1_507


def test_an_error_in_a_last_expression_names_its_line() -> None:
    ran: list[object] = []
    with pytest.raises(ZeroDivisionError) as caught:
        load(notebook("x = 1", "y = 0\n\nx / y", "z = 1"), ran.append)
    assert (caught.traceback[-1].path, caught.traceback[-1].lineno) == ("code cell 2", 2)
    assert ran == [None]


def test_a_syntax_error_names_its_cell_and_line_and_nothing_runs() -> None:
    with pytest.raises(Unparsable) as caught:
        load(notebook("raise SystemExit", "x = 1", "%time\ny = (\nz = 2"))
    assert caught.value.label == "code cell 3"
    assert isinstance(caught.value.error, SyntaxError) and caught.value.error.lineno == 2


def test_a_py_file_keeps_everything() -> None:
    with pytest.raises(Unparsable):
        load((Cell("my.py", "%matplotlib inline"),))


def test_zero_bytes_do_not_parse() -> None:
    with pytest.raises(Unparsable):
        load((Cell("my.py", "x = '\0'"),))


def test_the_program_at_the_end_does_not_run() -> None:
    module, _ = load((Cell("my.py", "ran = False\nif __name__ == '__main__':\n    ran = True"),))
    assert module.ran is False


def info(source: str, name: str = "f") -> FunctionInfo:
    return find(*load((Cell("my.py", source),)), name)


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


def test_what_is_not_there_and_what_is_not_a_function() -> None:
    assert info("") == FunctionInfo(exists=False)
    assert info("f = 3") == FunctionInfo(exists=True)


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
