"""Every sentence of a contract has a test, or is marked as something that no test asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from contract_sentences import CONTRACTS
from contract_sentences.kinds import ADVICE, GIVEN, SUMMARY

from grader.content.course import Course

COURSE = Course.bundled()
FUNCTIONS = [(exercise, name) for exercise, functions in CONTRACTS.items() for name in functions]


def function_by_test(exercise: str) -> dict[str, str]:
    """Return test -> function."""
    sources = [
        (Path(COURSE.exercise_dir(exercise)) / f"{kind}_tests.py").read_text("utf-8")
        for kind in ("visible", "hidden")
    ]
    mark = re.compile(r'points\(.*?function="(\w+)"\)\n(?:@.*\n)*def (test_\w+)')
    return {test: function for source in sources for function, test in mark.findall(source)}


def test_every_exercise_and_function_is_listed() -> None:
    assert set(CONTRACTS) == set(COURSE.exercise_ids)
    for exercise, functions in CONTRACTS.items():
        assert set(functions) == {"", *(f.name for f in COURSE.exercise(exercise).functions)}


@pytest.mark.parametrize(("exercise", "name"), FUNCTIONS)
def test_the_sentences_are_those_of_the_contract(exercise: str, name: str) -> None:
    function = COURSE.exercise(exercise).function(name)
    text = function.text if function else COURSE.exercise(exercise).text
    assert " ".join(says for says, _ in CONTRACTS[exercise][name]) == " ".join(text.split())


@pytest.mark.parametrize(("exercise", "name"), FUNCTIONS)
def test_each_has_a_test_of_its_function(exercise: str, name: str) -> None:
    tests = function_by_test(exercise)
    for says, tested in CONTRACTS[exercise][name]:
        if tested not in (ADVICE, GIVEN, SUMMARY):
            assert tested, says
            assert {tests.get(test) for test in tested.split()} <= ({name} if name else {*tests.values()}), (
                says
            )


def test_every_hidden_test_is_listed() -> None:
    for exercise, functions in CONTRACTS.items():
        listed = {
            test for sentences in functions.values() for _, tested in sentences for test in tested.split()
        }
        hidden = (Path(COURSE.exercise_dir(exercise)) / "hidden_tests.py").read_text("utf-8")
        assert {*re.findall(r"^def (test_\w+)", hidden, re.MULTILINE)} <= listed
