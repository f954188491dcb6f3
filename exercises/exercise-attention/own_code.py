"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

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


def of_rows(*rows):
    """Return a mask for one sequence from texts such as "yes no no", in short "ynn"."""
    return np.array([[[letter == "y" for letter in row] for row in rows]])


SOME_KEYS = ["ynn", "nyn", "nny", "yyn", "yny", "nyy"]


def empty_row(rng):
    """Return rows of which one leaves its query no key."""
    return rng.sample(["nnn", rng.choice([*SOME_KEYS, "yyy", "yyy", "yyy"])], 2)


def mask_edges(rng):
    """Masks that leave each query at least one key, and some that do not."""
    pairs = [
        *(empty_row(rng) for _ in range(6)),
        *(rng.sample(SOME_KEYS[:3] * 2 + SOME_KEYS, 2) for _ in range(12)),
    ]
    calls = []
    for pair in pairs:
        depth = rng.choice([4, 16, 128])
        calls.append((*arrays((1, 2, depth), (1, 3, depth), (1, 3, rng.choice([5, 12]))), of_rows(*pair)))
    return calls


def bad_attention(rng):
    size = rng.randrange(5, 9)
    return rng.choice(
        [
            arrays(q=(2, 4)),
            arrays(k=(1, 3, size)),
            arrays(q=(2, 2, 4)),
            arrays(v=(1, size, 5)),
            (*arrays(), Shown(np.ones((1, 2, size), dtype=bool), f"mask of shape {(1, 2, size)}")),
            (*arrays(), of_rows(*empty_row(rng))),
        ]
    )


def factors_of(numbers):
    return Shown(
        np.array([[[n] for n in numbers]]) * np.ones(DEPTH), f"{[[[n] for n in numbers]]} * np.ones({DEPTH})"
    )


def moved_keys(rng):
    """The same number added to all keys changes no weight, and neither does the order of equal keys."""
    values = np.array([[rng.sample(range(1, 10), 1) for _ in range(3)]])
    numbers, scale = (
        rng.choice([[0, 2, 4], [0, 0, 2], [0, 2, 2], [2, 4, 4], [4, 0, 2]]),
        rng.choice([True, False]),
    )

    def call(keys, factor=1, is_scaled=scale):
        q = [[factor, 0, 0, 0]]
        shown = Shown(np.log(2) * np.array([q]), f"np.log(2) * np.array({[q]})")
        return shown, factors_of(keys), values, None, is_scaled

    more = rng.sample([1, 2, 3, 4, 5, 6, 8, 10, 20, -1, -2, -4], 7)
    same = [call([n + each for n in numbers]) for each in more[:4]]
    for keys in (numbers, [n + more[4] for n in numbers], [n + more[5] for n in numbers]):
        same.append(
            call(keys, 1 if scale else 2, not scale) if not scale else call([n // 2 for n in keys], 1, False)
        )
    other = [call([2 * n for n in numbers]), call(numbers, 2), call(numbers, -1), call(numbers[::-1])]
    other += [
        call([n + each for n in numbers], rng.choice([1, 2, 4]), rng.choice([True, False])) for each in more
    ]
    other += [call([numbers[0] + each, *numbers[1:]]) for each in more[:3]]
    return call(numbers), [*same, *other]


EDGES = {"attention": mask_edges}
SAME = {"attention": moved_keys}
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
