"""What a worker reads in a submission's source: lines, changes, and a copy with probes."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from grader.judge.own_code.facts import Change, read_outline
from grader.judge.worker.probes import PROBES
from grader.judge.worker.source_outline import outline

ROOT = Path(__file__).parents[3]
SOURCE = '''\
LIMIT = 3

def total(values, start=0):
    """Add them up."""
    if start < 0:
        raise ValueError(f"start is {start + 1}")
    result = start
    for value in values[start:LIMIT]:
        result += value
    return result
'''


def changes(source: str) -> list[tuple[int, str, str]]:
    """Return each change: its line, and that line without and with it."""
    found = read_outline(outline([source]))
    return [(change.line, found.text(change.id), found.changed_text(change)) for change in found.changes]


def run(source: str, name: str, *args: Any) -> list[Any]:
    """Run a call of the copy with probes."""
    names: dict[str, Any] = {}
    exec(PROBES, names)
    exec(read_outline(outline([source])).probed[0], names)
    result: list[Any] = names["_qlc_run"](name, *args)
    return result


def test_changes_edit_one_line_inside_a_function() -> None:
    assert sorted(changes(SOURCE)) == [
        (5, "if start < 0:", "if start < 1:"),
        (5, "if start < 0:", "if start <= 0:"),
        (6, 'raise ValueError(f"start is {start + 1}")', "pass"),
        (7, "result = start", "pass"),
        (8, "for value in values[start:LIMIT]:", "for value in values[start + 1:LIMIT]:"),
        (8, "for value in values[start:LIMIT]:", "for value in values[start:LIMIT + 1]:"),
        (9, "result += value", "pass"),
        (9, "result += value", "result = value"),
    ]


def test_changes_count_characters_not_bytes() -> None:
    assert (2, 'x = "äö" * 2', 'x = "äö" * 3') in changes('def f():\n    x = "äö" * 2\n    return x\n')


@pytest.mark.parametrize("exercise", ["exercise-lstm", "exercise-rnn", "exercise-gru"])
def test_every_change_of_a_solution_can_be_parsed_and_differs(exercise: str) -> None:
    source = (ROOT / "exercises" / exercise / "solution.py").read_text("utf-8")
    found = read_outline(outline([source]))
    assert len(found.changes) > 20
    before = ast.dump(ast.parse(source))
    for change in found.changes[::9]:
        (changed,) = found.changed(change)
        assert ast.dump(ast.parse(changed)) != before
        pairs = zip(source.split("\n"), changed.split("\n"), strict=True)
        assert [n for n, (old, new) in enumerate(pairs, 1) if old != new] == [change.line]


def test_probes_tell_lines_assignments_and_rounds() -> None:
    kind, value, log = run(SOURCE, "total", [5, 7, 9])
    assert (kind, value) == ("value", 21)
    assert [item[:2] for item in log if item[0] != "see"] == [
        *[("hit", 5), ("hit", 7), ("hit", 8), ("loop", 8)],
        *[("round", 8), ("hit", 9)] * 3,
        ("hit", 10),
    ]
    assert [item[4] for item in log if item[:2] == ("see", 9)] == [5, 12, 21]


def test_a_call_that_raises_keeps_its_log() -> None:
    kind, name, log = run(SOURCE, "total", [], -1)
    assert (kind, name, log[-1][:2]) == ("raised", "ValueError", ("hit", 6))


def test_sets_of_the_copy_have_another_order() -> None:
    """So a result that depends on the order is noticed, whatever the hash seed."""
    source = "def f(text):\n    return list({c for c in text}), list(set(text)), len(set(text) | {1})\n"
    assert run(source, "f", "abc")[1] == (["c", "b", "a"], ["c", "b", "a"], 4)


def test_new_arrays_of_the_copy_have_another_content() -> None:
    """So a result that depends on memory that was never written is noticed."""
    source = "import numpy as np\ndef f(n):\n    x = np.empty(n)\n    x[0] = 1\n    return x.tolist()\n"
    assert run(source, "f", 3)[1] == [1, 93, 93]


def test_names_in_classes_are_not_mangled() -> None:
    source = "class A:\n    def _f(self):\n        x = 1\n        return x\n\ndef g():\n    return A()._f()\n"
    assert run(source, "g")[1] == 1


@pytest.mark.parametrize("source", ["def f(:\n", "x = 1\n" * 100_000, "(" * 5000])
def test_what_cannot_be_parsed_has_no_outline(source: str) -> None:
    assert outline([source]) is None


def test_magics_are_read_as_in_a_notebook() -> None:
    found = read_outline(outline(["%matplotlib inline\ndef f():\n    return 1 + 1\n"]))
    assert {change.line for change in found.changes} == {3}
    assert isinstance(found.changes[0], Change)
