"""Calls and questions about learners' own code. Inputs are small enough to follow by hand."""

import numpy as np

from grader.testing import Shown, Wrong, question

MODES = ["concat", "sum", "ave"]
OTHER_MODES = ["mul", "max", "mean", "add", "average", "stack"]


def sequences(rng, steps):
    """Two sequences of one feature, in which no number occurs twice."""
    X = np.array(rng.sample(range(1, 13), 2 * steps)).reshape(2, steps, 1)
    return Shown(X.astype(float), f"np.array({X.tolist()})")


def running_sum(x, h):
    """Return the sum of all inputs that the cell has read."""
    return x + 0 if h is None else h + x


def running_max(x, h):
    return x + 0 if h is None else np.maximum(h, x)


def forward_call(rng):
    merge = rng.choice(MODES)
    cells = [rng.choice([running_sum, running_max]) for _ in range(2)]
    return sequences(rng, 3 if merge == "concat" else rng.choice([3, 4])), *cells, merge


def sum_so_far(x, **_):
    return np.cumsum(x, axis=1)


def sum_from_here(x, **_):
    return np.cumsum(x[:, ::-1], axis=1)[:, ::-1]


def previous_input(x, **_):
    """Return the input of the step before; 0 at the first step."""
    return np.concatenate([np.zeros_like(x[:, :1]), x[:, :-1]], axis=1)


def next_input(x, **_):
    return np.concatenate([x[:, 1:], np.zeros_like(x[:, :1])], axis=1)


def causal_call(rng):
    """Seldom a network that is not causal, because then most programs stop in the first round."""
    networks = [sum_so_far, previous_input] * 3 + [rng.choice([sum_from_here, next_input])]
    return rng.choice(networks), rng.choice([4, 5, 6]), 1


def build_call(rng):
    sizes = rng.randrange(3, 9), rng.randrange(1, 5), rng.randrange(2, 7), rng.randrange(1, 4)
    return *sizes, rng.choice(MODES)


CALLS = {
    "bidirectional_forward": forward_call,
    "build_bidirectional": build_call,
    "is_causal": causal_call,
}


def of_shape(*shape):
    return Shown(np.ones(shape), f"X of shape {shape}")


def forward_edges(rng):
    """Small arrays, of which some have another number of axes, and modes, of which some are unknown."""

    def shape(axes):
        return [rng.randrange(1, 5), rng.randrange(1, 13), 1, 1][:axes]

    right = [(shape(3), rng.choice(MODES)) for _ in range(9)]
    wrong = [(shape(rng.choice([2, 4])), rng.choice(MODES)) for _ in range(4)]
    wrong += [(shape(3), rng.choice(OTHER_MODES)) for _ in range(4)]
    return [(of_shape(*size), running_sum, running_sum, mode) for size, mode in (*right, *wrong)]


def build_edges(rng):
    """Modes of which some are unknown. There are few calls, because each one builds a model."""
    modes = [*MODES, "concat", *rng.sample(OTHER_MODES, 4)]
    return [(rng.randrange(3, 20), *build_call(rng)[1:4], mode) for mode in modes]


def bad_forward(rng):
    good = sequences(rng, 3)
    bad = of_shape(rng.randrange(2, 5), 3)
    X, mode = rng.choice([(good, rng.choice(OTHER_MODES)), (bad, rng.choice(MODES))])
    return X, running_sum, running_sum, mode


def single_step(rng):
    """At a single step, neither cell has anything to remember, so the cells do not matter."""
    rows, merge = rng.sample(range(1, 20), 2), rng.choice(MODES)
    cells = [rng.choice([running_sum, running_max]) for _ in range(2)]
    pairs = [[one, two] for one in (running_sum, running_max) for two in (running_sum, running_max)]

    def call(cells, rows=rows, merge=merge):
        X = np.array(rows, dtype=float).reshape(2, 1, 1)
        return Shown(X, f"np.array({X.tolist()})"), *cells, merge

    modes = [mode for mode in MODES if mode != merge]
    other = [call(pair, merge=mode) for pair in [cells, cells, *pairs] for mode in modes]
    other += [call(pair, [rows[0], rng.randrange(1, 20)]) for pair in [cells, cells, *pairs]]
    other += [call(pair, rows[::-1]) for pair in (cells, cells[::-1])]
    return call(cells), [*map(call, pairs), *other]


SAME = {"bidirectional_forward": single_step}
EDGES = {"bidirectional_forward": forward_edges, "build_bidirectional": build_edges}
RAISING = {"bidirectional_forward": bad_forward}


@question("bidirectional_forward", level=1)
def first_row(code, call):
    """What is in `result[0, 0]`, the row of the first step of the first sequence, for {call}?"""
    result = code.run(call)
    row = result[0, 0]
    yield row
    yield from code.mistakes(lambda result: result[0, 0].reshape(len(row)))  # of another length: no option
    yield Wrong(result[0, -1], "That is the row of the last step.")
    yield Wrong(result[1, 0], "That is the first row of the second sequence.")
    yield Wrong(result[0, 1], "That is the row of the second step.")


@question("bidirectional_forward", level=2)
def last_state_received(code, call):
    """In {call}, what is `h` in the last call of `step_b`? Only its numbers are listed."""
    calls = code.calls(call, lambda calls: [(each.name, *each.given) for each in calls])
    forward = [(x, h) for name, x, h in calls if name == "step_f"]
    backward = [(x, h) for name, x, h in calls if name == "step_b"]
    x, h = map(np.array, backward[-1])
    yield h
    yield Wrong(x, "That is `x`, the inputs of this step.")
    yield Wrong(np.array(backward[-2][1]), "That is `h` in the call before.")
    yield Wrong(np.array(forward[-1][1]), "That is `h` in the last call of `step_f`.")
    yield Wrong(h + x, "The inputs of this step are not part of it yet.")


@question("build_bidirectional", level=1, kind="number")
def weights_of_both_directions(code, call):
    """How many weights does the model have that your function returns for {call}?"""
    steps, features, units, outputs, merge = call
    layer = 4 * units * (units + features + 1)
    joined, other = (2 * units, units) if merge == "concat" else (units, 2 * units)
    dense = (joined + 1) * outputs
    yield code.run(call).weights
    yield Wrong(layer + dense, "Each direction has its own weights.", "directions-share-weights")
    yield Wrong(
        2 * layer + (other + 1) * outputs,
        f"With merge={merge!r}, the Dense layer reads {joined} numbers per step.",
        "merging-needs-no-choice",
    )
    yield Wrong(2 * layer, "The Dense layer has weights, too.")
    yield Wrong(8 * units * (units + features) + joined * outputs, "The biases are missing.")
    yield Wrong(2 * layer + steps * dense, "All steps share the weights of the Dense layer.")


@question("build_bidirectional", level=1, kind="shape")
def outputs_of_the_model(code, call):
    """What is the output shape of the model that your function returns for {call}?"""
    steps, _, units, outputs, merge = call
    yield code.run(call).output_shape
    joined = 2 * units if merge == "concat" else units
    yield Wrong((None, steps, joined), "That is what the Bidirectional layer passes on.")
    yield Wrong((None, steps, 2 * outputs), "The Dense layer does not belong to the two directions.")
    yield Wrong(
        (None, outputs), "The network has outputs at each time step.", "sequence-shrinks-to-one-state"
    )


@question("is_causal", level=2, kind="number")
def calls_of_predict(code, call):
    """How many times does {call} call `predict`?"""
    _, steps, _ = call
    count = code.calls(call, len)
    yield count
    yield Wrong(count + 1, "One less. Does your code stop early, or leave a step out?")
    yield Wrong(count - 1, "One more. Is there also a call with unchanged inputs?")
    yield Wrong(steps, "That is the number of time steps.")


@question("is_causal", level=2, kind="number")
def first_change(code, call):
    """Compare the inputs of the first two calls of `predict` in {call}. Which is the first time step
    where they differ? Count steps from 0."""

    def first_difference(calls):
        one, other = (np.array(each.given[0]) for each in calls[:2])
        return int(np.argmax((one != other).any(axis=(0, 2)))) if (one != other).any() else None

    step = code.calls(call, first_difference)
    yield step
    yield Wrong(step - 1, "At this step, both inputs are still equal.")
    yield Wrong(step + 1, "They differ at an earlier step already.")
    yield Wrong(step + 2, "They differ at an earlier step already.")
