"""Which variable has a value when a function returns: from source to question, without a judge."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from grader.content.exercise import Function
from grader.content.questions import SingleQuestion
from grader.judge.own_code.drafts import Draft
from grader.judge.own_code.facts import Facts, read_outline
from grader.judge.own_code.outcomes import Case, Outcome
from grader.judge.own_code.probe_log import read_log
from grader.judge.own_code.templates import holds
from grader.judge.worker.source_outline import outline

STEPS = """
def scaled(value):
    low = value - 1
    high = value + 3
    return high - low

def total(values):
    low = 300
    first = values[0] + 100
    last = values[-1] + 200
    count = len(values)
    sizes = [count]
    shape = (count, 1)
    sizes.append(first)
    for value in values:
        first = first + value
    scaled(first)
    return first
"""
VALUES = [5, 6, 7]
HELD = {"`first`": "123", "`last`": "207", "`count`": "3", "`value`": "7"}


def facts_of(source: str, seed: int = 0) -> Facts:
    """Run `total` with probes in this process."""
    read = read_outline(outline([source]))
    names: dict[str, Any] = {}
    exec(read.probes, names)
    exec(read.probed[0], names)
    kind, value, items = names["_qlc_run"]("total", VALUES)
    assert kind == "value"
    return Facts(
        function=Function(signature="total(values)", text="", returns={"sum": "int"}, concepts=("sums",)),
        number=0,
        outline=read,
        cases=(Case(f"total({VALUES})", Outcome(value)),),
        edges=tuple,
        same=lambda: None,
        log=read_log(items),
        stopped=None,
        own=frozenset(range(len(source.split("\n")) + 1)),
        vary=None,
        mistakes=list,
        confirm=lambda change, outcome: True,
        place=lambda line: f"line {line}",
        rng=Random(seed),
    )


def asked(source: str, seed: int = 0) -> tuple[Draft, SingleQuestion]:
    draft = holds(facts_of(source, seed))
    assert draft is not None and isinstance(draft.question, SingleQuestion)
    return draft, draft.question


def test_the_key_is_the_variable_with_the_value_and_every_variable_can_be_the_key() -> None:
    keys = set()
    for seed in range(40):
        draft, question = asked(STEPS, seed)
        key = question.text_of(question.answer)
        keys.add(key)
        assert (
            f"Which variable is {HELD[key]} when line {draft.lines[0]} (`return first`) runs?"
            in question.prompt
        )
        assert {option.text for option in question.options} <= HELD.keys()
    assert keys == HELD.keys()


def test_a_wrong_variable_is_explained_by_its_own_value() -> None:
    _, question = asked(STEPS)
    for option in question.options:
        assert option.correct or option.why == f"This variable is {HELD[option.text]} then."


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    return first\n", "    return (first := first + 1) - 1\n"),  # assigns without a probe
        ("    last = values[-1] + 200\n    count = len(values)\n", "    last = count = 7\n"),
        ("    last = values[-1] + 200\n    count = len(values)\n", "    last, count = [1], 'three'\n"),
        ("def total(values):\n", "def total(values):\n    return scaled(values[0])\n"),
    ],
    ids=["unseen", "equal", "other kinds", "no variables"],
)
def test_what_is_not_certain_or_has_too_few_options_is_not_asked(old: str, new: str) -> None:
    assert old in STEPS
    assert holds(facts_of(STEPS.replace(old, new))) is None


NESTED = """    def again():
        nonlocal last
        last = 1
    again()
    return first
"""


def test_a_variable_that_a_nested_function_rebinds_is_left_out() -> None:
    source = STEPS.replace("    return first\n", NESTED)
    options = [option for seed in range(9) for option in asked(source, seed)[1].options]
    assert {option.text for option in options} == {"`first`", "`count`", "`value`"}
