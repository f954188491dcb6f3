"""Networks of an exercise: what is trained on which wave, and what authors may get wrong."""

from __future__ import annotations

import math

import pytest

from grader.content.decode import decode
from grader.content.exercise import Exercise
from grader.content.problem import ContentError

EXERCISE = """\
id: exercise-x
title: X
lesson: x
text: Words.
functions:
  - {signature: "build(n, units=3)", text: Do it., returns: {model: model}, hints: [Think.]}
  - {signature: "count(n)", text: Do it., returns: {n: int}, hints: [Think.]}
networks:
  - {id: mine, title: Mine, call: CALL, window: 4, wave: {values: 50, period: 20, level: 1}}
"""


def read(call: str, *edit: str) -> Exercise:
    return decode(EXERCISE.replace("CALL", call).replace(*(edit or ("", ""))), "exercise.yaml", Exercise)


def test_a_network_is_a_call_and_a_wave() -> None:
    (network,) = read('"build(4, units=8)"').networks
    assert network.function == "build"
    assert network.arguments == ([4], {"units": 8})
    assert network.training_windows == 36
    assert network.wave.series[:2] == pytest.approx([1, 1 + math.sin(2 * math.pi / 20)])
    assert len(network.wave.series) == 50


@pytest.mark.parametrize(
    ("call", "edit", "says"),
    [
        ('"bild(4)"', (), "'bild' is not defined"),
        ('"count(4)"', (), "count does not return one model"),
        ('"build(4, unit=8)"', (), "'unit' is not defined"),
        ('"build(4, 5, 6)"', (), "too many arguments"),
        ('"build(open)"', (), "is not a call"),
        ('"build("', (), "is not a call"),
        ('"build(*[4])"', (), "is not a call"),
        ('"build(4)"', ("window: 4", "window: 50"), "no windows of 50 values"),
        ('"build(4)"', ("values: 50", "values: 5000"), "a wave has 10 to 500 values"),
        ('"build(4)"', ("period: 20", "period: 1"), "the period 1.0 is not usable"),
        ('"build(4)"', ("level: 1", "amplitude: 0"), "flat or too large"),
        ('"build(4)"', ("window: 4", "window: 4, factor: 0"), "cannot be scaled"),
        ('"build(4)"', ("window: 4", "window: 4, steps: 9999"), "9999 steps are not possible"),
        ('"build(4)"', ("window: 4", "window: 4, train_fraction: 1"), "no window is left"),
    ],
)
def test_flaws_are_named(call: str, edit: tuple[str, ...], says: str) -> None:
    with pytest.raises(ContentError) as error:
        read(call, *edit)
    assert says in str(error.value)
