"""A watched generator draws as any other, and reports the probabilities of its first draws."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
import pytest

from grader.judge.wire.stand_in import Draw, Draws
from grader.judge.wire.values import MAX_REPORTED, Generator, decode, encode

P = [0.1, 0.2, 0.7]


def received(draws: Draws) -> Any:
    """Return the generator that learner code receives, connected to `draws`."""
    sent = encode(draws, reference=lambda _: 0)
    arrived = msgspec.msgpack.decode(msgspec.msgpack.encode(sent), type=Generator)
    return decode(arrived, lambda _: draws.report)


@pytest.mark.parametrize(
    "draw",
    [
        lambda rng: rng.choice(3, p=P),
        lambda rng: rng.choice(["a", "b", "c"], p=P),
        lambda rng: rng.choice(np.arange(3), size=5, p=P).tolist(),
        lambda rng: rng.choice(3),
        lambda rng: rng.multinomial(1, P).tolist(),
        lambda rng: rng.multinomial(4, P, size=2).tolist(),
        lambda rng: np.random.default_rng(rng).random(),
        lambda rng: rng.permutation(4).tolist(),
        lambda rng: rng.gumbel(size=3).tolist(),
    ],
)
def test_it_draws_what_a_generator_of_this_seed_draws(draw: Any) -> None:
    rng = received(Draws(5))
    assert isinstance(rng, np.random.Generator) and draw(rng) == draw(np.random.default_rng(5))


def test_single_draws_are_reported() -> None:
    draws = Draws(5)
    rng = received(draws)
    kept = rng.choice(3, p=P), rng.choice(["a", "b", "c"], p=P), int(np.argmax(rng.multinomial(1, P)))
    rng.random(), rng.choice(3), rng.choice(3, size=2, p=P)
    assert draws.seen == [
        Draw([0, 1, 2], P, kept[0]), Draw(["a", "b", "c"], P, kept[1]), Draw([0, 1, 2], P, kept[2])
    ]  # fmt: skip
    for _ in range(2 * MAX_REPORTED):
        rng.choice(3, p=P)
    assert len(draws.seen) == MAX_REPORTED


def test_probabilities_are_told_in_the_order_of_the_indices() -> None:
    indices = {"c": 0, "a": 1, "b": 2}
    assert Draw(["a", "b", "c"], P, "a").by_index(indices) == [0.7, 0.1, 0.2]
    assert Draw([2, 0, 1], P, 0).by_index(indices) == [0.2, 0.7, 0.1]
    assert Draw([0, 1], [0.5, 0.5], 0).by_index(indices) is None
    assert Draw(["x", "y", "z"], P, "x").by_index(indices) is None


@pytest.mark.parametrize(
    "report", [(None, None, None), ([0], [0.1, 0.9], 0), ([[0], [1]], P[:2], 0), ([0, 1], [1, "x"], 0)]
)
def test_malformed_reports_are_ignored(report: Any) -> None:
    draws = Draws(1)
    draws.report(*report)
    assert draws.seen == []
