"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

from itertools import permutations

import numpy as np

from grader.testing import Shown, Wrong, question

DEPTH = 4  # with a root that is easy


def queries(count):
    """A query whose scores are multiples of log(2), so its weights are powers of 2, and one of zeros."""
    rows = [[1, 0, 0, 0], [0, 0, 0, 0]][:count]
    return Shown(np.log(2) * np.array([rows]), f"np.log(2) * np.array({[rows]})")


def keys(rng):
    factors = [[[n] for n in rng.sample(rng.choice([[0, 2, 4], [0, 0, 2], [0, 2, 2], [2, 4, 4]]), 3)]]
    return Shown(np.array(factors) * np.ones(DEPTH), f"np.array({factors}) * np.ones({DEPTH})")


def masks(rng, count):
    """No mask, or one that hides a key from each query."""
    hidden = [rng.randrange(3) for _ in range(count)]
    return rng.choice([None, np.array([[[n != each for n in range(3)] for each in hidden]])])


def attention_call(rng):
    count, width = rng.choice([1, 2]), rng.choice([1, 2])
    v = np.array([[rng.sample(range(1, 10), width) for _ in range(3)]])
    return queries(count), keys(rng), v, masks(rng, count), rng.choice([True, False])


CALLS = {
    "attention": attention_call,
    "build_attention_model": lambda rng: (
        rng.randrange(3, 10),
        rng.randrange(2, 7),
        rng.randrange(1, 5),
        rng.randrange(1, 4),
    ),
}


def of_shape(name, *shape):
    return Shown(np.ones(shape), f"{name} of shape {shape}")


def arrays(q=(1, 2, 4), k=(1, 3, 4), v=(1, 3, 5)):
    return of_shape("q", *q), of_shape("k", *k), of_shape("v", *v)


def two_rows(rng, count):
    """Different masks for two queries and three keys that leave each query a key."""
    rows = [[True, False, False], [False, True, False], [False, False, True], [True, False, True]]
    return [np.array([pair]) for pair in rng.sample([*permutations(rows, 2)], count)]


def without_keys(rng, mask):
    """Leave one of the queries no key."""
    mask[0, rng.randrange(2)] = False
    return mask


def mask_edges(rng):
    """Masks that leave each query at least one key, and one that does not."""
    first, *others = two_rows(rng, 4)
    return rng.sample([(*arrays(), mask) for mask in (without_keys(rng, first), *others)], 4)


def bad_attention(rng):
    size = rng.randrange(5, 9)
    return rng.choice(
        [
            arrays(q=(2, 4)),
            arrays(k=(1, 3, size)),
            arrays(q=(2, 2, 4)),
            arrays(v=(1, size, 5)),
            (*arrays(), Shown(np.ones((1, 2, size), dtype=bool), f"mask of shape {(1, 2, size)}")),
            (*arrays(), without_keys(rng, *two_rows(rng, 1))),
        ]
    )


EDGES = {"attention": mask_edges}
RAISING = {"attention": bad_attention}


@question("attention", level=1)
def weights_of_the_first_query(code, call):
    """What is in `weights[0, 0]`, the weights of the first query, for {call}?"""
    _, weights = code.run(call)
    yield weights[0, 0]
    yield from code.mistakes(lambda result: result[1][0, 0])
    yield Wrong(np.array([1.0, 1.0, 1.0]), "The weights of a query add up to 1.", "weights-add-up-per-key")
    yield Wrong(weights[0, 0][::-1], "These weights belong to the keys in the opposite order.")


@question("attention", level=1, kind="shape")
def shape_of_the_results(code, call):
    """What is the shape of `out` for {call}?"""
    q, _, v, *_ = call
    out, weights = code.run(call)
    count, width = q.value.shape[1], v.shape[2]
    yield out.shape
    yield Wrong((1, 3, width), "There is one result per query.", "attention-answers-per-input")
    yield Wrong((1, count, DEPTH), "A result is an average of values.", "keys-are-what-is-read")
    yield Wrong(weights.shape, "That is the shape of `weights`.")
    yield Wrong((1, width), "Each query has a result of its own.")


@question("build_attention_model", level=1, kind="number")
def weights_of_the_model(code, call):
    """How many weights does the model have that your function returns for {call}?"""
    steps, units, features, outputs = call
    layer, dense = 4 * units * (units + features + 1), (units + 1) * outputs
    yield code.run(call).weights
    yield Wrong(
        layer + (steps * units + 1) * outputs,
        "The average over the steps leaves the Dense layer a single vector.",
        "longer-sequence-more-weights",
    )
    yield Wrong(layer + dense + 1, "`Attention` learns no scale by default.", "use-scale-divides")
    yield Wrong(layer, "The Dense layer has weights, too.")
    yield Wrong(layer + 3 * units * units + dense, "`Attention` compares the states as they are.")
    yield Wrong(4 * units * (units + features) + units * outputs, "The biases are missing.")


@question("build_attention_model", level=1, kind="shape")
def output_of_the_model(code, call):
    """What is the output shape of the model that your function returns for {call}?"""
    steps, units, _, outputs = call
    yield code.run(call).output_shape
    yield Wrong(
        (None, steps, outputs),
        "The average over the steps comes before the Dense layer.",
        "one-output-per-step-confusion",
    )
    yield Wrong((None, units), "That is what the Dense layer reads.")
    yield Wrong((None, 1, outputs), "The average removes the axis of the steps.")
