"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

import numpy as np

from grader.testing import ModelStandIn, Shown, Wrong, question

KINDS = ["rnn", "lstm", "gru"]


class Counter(ModelStandIn):
    """A model whose error is the number of epochs for which it was trained."""

    def __init__(self, name, params):
        super().__init__(name, params)
        self._epochs = 0

    def _learn(self, x, y):
        self._epochs += 1

    def _answer(self, x):
        return np.full(len(x), self._epochs**0.5)


def compare_call(rng):
    names = rng.sample(KINDS, 2)
    sizes = {name: rng.randrange(10, 90) for name in names}
    n, m, epochs = rng.randrange(3, 9), rng.randrange(3, 9), rng.randrange(2, 6)

    def builder(name):
        return lambda seed: Counter(name, sizes[name])

    data = tuple(np.zeros(shape) for shape in ((n, 4, 1), (m, 4, 1), (n,), (m,)))
    shown = ", ".join(f"{name!r}: models of {size} weights" for name, size in sizes.items())
    return (
        Shown({name: builder(name) for name in names}, f"{{{shown}}}"),
        Shown(data, "data"),
        epochs,
        rng.sample(range(1, 9), rng.choice([2, 3, 4])),
    )


CALLS = {
    "build_model": lambda rng: (
        rng.choice(KINDS),
        rng.randrange(3, 9),
        rng.randrange(2, 7),
        rng.randrange(1, 4),
    ),
    "count_params": lambda rng: (rng.choice(KINDS), rng.randrange(2, 7), rng.randrange(1, 5)),
    "match_units": lambda rng: (rng.choice(KINDS), rng.randrange(60, 400), rng.randrange(1, 4)),
    "compare": compare_call,
}


def least(kind, n):
    """The number of weights of a layer with one unit."""
    return {"rnn": n + 2, "lstm": 4 * (n + 2), "gru": 3 * (n + 3)}[kind]


def unit_edges(rng):
    """Budgets that are just enough for one unit, and some that are too small."""
    kinds = [(rng.choice(KINDS), rng.randrange(1, 9)) for _ in range(15)]
    more = [rng.choice([-2, -1, -1]) if number < 6 else rng.choice([0, 0, 1, 2]) for number in range(15)]
    return [(kind, least(kind, n) + extra, n) for (kind, n), extra in zip(kinds, more, strict=True)]


def bad_budget(rng):
    kind, n = rng.choice(KINDS), rng.randrange(1, 4)
    return rng.choice([(kind, least(kind, n) - 1, n), (kind.upper(), 100, n)])


def weights_of(kind, units, n):
    blocks, biases = {"rnn": (1, 1), "lstm": (4, 1), "gru": (3, 2)}[kind]
    return blocks * units * (units + n + biases)


def same_units(rng):
    """Budgets between one size and the next give the same number of units."""
    kind, n, units = rng.choice(KINDS), rng.randrange(1, 4), rng.randrange(3, 10)
    sizes = [weights_of(kind, units + more, n) for more in range(-1, 4)]

    def budgets(first, last):
        return [(kind, budget, n) for budget in rng.sample(range(first, last), min(5, last - first))]

    base = rng.choice([sizes[1], sizes[2] - 1, rng.randrange(sizes[1], sizes[2])])
    same = [call for call in budgets(sizes[1], sizes[2]) if call[1] != base]
    other = [*budgets(sizes[0], sizes[1]), *budgets(sizes[2], sizes[3]), *budgets(sizes[3], sizes[4])]
    other += [(kind, base, n + more) for more in (3, 5, 8)] + [
        (each, base, n) for each in KINDS if each != kind
    ]
    return (kind, base, n), [*same, *other]


EDGES = {"match_units": unit_edges}
SAME = {"match_units": same_units}
RAISING = {"match_units": bad_budget}


@question("count_params", level=1, kind="number")
def weights_of_a_layer(code, call):
    """Which number does your function return for {call}?"""
    kind, units, features = call
    blocks = {"rnn": 1, "lstm": 4, "gru": 3}[kind]
    yield code.run(call)
    yield Wrong(blocks * units * (units + features), "The biases are missing.")
    if kind == "gru":
        yield Wrong(
            3 * units * (units + features + 1), "With `reset_after`, a GRU has two biases per unit and block."
        )
    else:
        yield Wrong(units * (units + features + 1), "That is one block. How many has this kind of layer?")
    yield from code.mistakes(lambda result: result)


@question("build_model", level=1, kind="number")
def weights_of_the_model(code, call):
    """How many weights does the model have that your function returns for {call}?"""
    kind, _, units, features = call
    blocks, biases = {"rnn": (1, 1), "lstm": (4, 1), "gru": (3, 2)}[kind]
    layer = blocks * units * (units + features + biases)
    yield code.run(call).weights
    yield Wrong(layer, "The Dense layer has weights, too.")
    yield Wrong(blocks * units * (units + features) + units + 1, "The recurrent layer has biases, too.")


@question("match_units", level=1, kind="number")
def largest_layer(code, call):
    """Which number of units does your function return for {call}?"""
    units = code.run(call)
    yield units
    yield Wrong(units + 1, "That layer would need more weights than the budget allows.")
    yield Wrong(units - 1, "One more unit would still fit.")
