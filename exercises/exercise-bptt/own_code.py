"""Calls and questions about learners' own code. The numbers are small, and tanh of ±20 is ±1."""

import numpy as np

from grader.testing import Shown, Wrong, named, question, varied


def forward_call(rng):
    """Unit 0 is the sign of the input, and unit 1 depends on the unit 0 of the step before."""
    steps = rng.choice([2, 3, 4])
    X = np.array([[float(rng.choice([-1, 0, 1]))] for _ in range(steps - 1)] + [[rng.choice([-1.0, 1.0])]])
    return named(
        X=X,
        Wx=np.array([[20.0, 0.0]]),
        Wh=np.array([[0.0, rng.choice([40.0, -40.0])], [0.0, 0.0]]),
        b=np.array([0.0, rng.choice([20.0, -20.0])]),
    )


def backward(rng, steps):
    """Return a sequence whose gradients are whole numbers or halves."""
    return {
        "X": np.array([[float(n)] for n in rng.sample(range(1, 7), steps)]),
        "H": np.array([[rng.choice([0.5, -0.5])] for _ in range(steps)] + [[rng.choice([0.0, 0.5, -0.5])]]),
        "Wx": np.array([[float(rng.choice([2, 3, -1]))]]),
        "Wh": np.array([[float(rng.choice([2, -1, -2]))]]),
        "dh_T": np.array([float(4 ** (steps - 1) * rng.choice([4, 8]))]),
    }


def norms_call(rng):
    """Return weights that keep, swap, drop or add up two units, and an error of a whole length."""
    factor, steps = rng.choice([2.0, -3.0, 0.5, -0.5]), rng.choice([2, 3, 4])
    units = rng.choice([[[1, 0], [0, 1]], [[0, 1], [1, 0]], [[1, 1], [0, 0]], [[1, 0], [0, 0]]])
    H = np.zeros((steps + 1, 2))
    if rng.random() < 0.5:
        H[rng.randrange(steps + 1)] = 0.5  # the slope of tanh is 0.75 there
    dh_T = np.array(rng.choice([[24.0, 32.0], [48.0, 64.0], [40.0, 96.0], [32.0, -24.0]]))
    return named(Wh=factor * np.array(units) + 0.0, H=H, dh_T=dh_T)  # + 0.0: no -0.0


WHOLE = [((1, 2), 2, 3), ((2, 3), 6, 7), ((1, 4), 8, 9), ((2, 6), 9, 11), ((6, 6), 7, 11), ((2, 4), 4, 6)]


def clip_call(rng):
    """Return arrays whose common norm is a whole number, and a limit on either side of it."""
    numbers, other, norm = rng.choice(WHOLE)
    signs = [rng.choice([1.0, -1.0]) for _ in numbers]
    grads = [np.array([n * sign for n, sign in zip(numbers, signs, strict=True)]), np.array([float(other)])]
    rng.shuffle(grads)
    return grads, rng.choice([norm / 2, 2.0 * norm])


def truncated_call(rng):
    steps = rng.choice([2, 3, 3, 4])
    return named(**backward(rng, steps), k=rng.randrange(1, steps + 2))


CALLS = {
    "rnn_forward": forward_call,
    "rnn_backward": lambda rng: named(**backward(rng, rng.choice([2, 2, 3]))),
    "gradient_norms": norms_call,
    "clip_by_global_norm": clip_call,
    "truncated": truncated_call,
}


def limits(rng):
    """Limits just above zero are fine, but zero and limits below it are not."""
    arrays = [[0.0, 0.0], [3.0, 4.0], [0.1, 0.0], [6.0, 8.0], [5.0], [0.0, 12.0], [30.0, 40.0]]
    numbers = [0.0, 0, -0.5, -0.25, -1, 0.0, 0.1, 0.5, 0.25, 1, 1.5, 2, 0.05, 0.01, 10]
    return [([np.array(rng.choice(arrays))], number) for number in numbers]


def cuts(rng):
    """Any number of steps from 1 is fine, even more than there are."""
    none = [cut(n, rng.choice([0, 0, -1, -n])) for n in rng.sample(range(2, 15), 6)]
    return [*none, *(cut(n, rng.choice([1, n, n + 1])) for n in rng.sample(range(2, 15), 9))]


def cut(steps, k, factor=1.0):
    """Return a call whose arrays are known by their names. `factor` is that of the error."""
    arrays = (
        np.ones((steps, 1)),
        np.zeros((steps + 1, 1)),
        np.ones((1, 1)),
        np.ones((1, 1)),
        np.array([factor]),
    )
    error = {0: "zeros", 1: "dh_T"}.get(factor, f"{factor:g} * dh_T")
    return tuple(map(Shown, (*arrays, k), (f"X of shape {(steps, 1)}", "H", "Wx", "Wh", error, f"k={k}")))


EDGES = {"clip_by_global_norm": limits, "truncated": cuts}


def same_states(rng):
    """As tanh of ±20 is ±1, only the sign of each input matters."""
    first = forward_call(rng)
    X = first[0].value

    def call(X):
        return varied(first, X=X)

    def stretched():
        return X * np.array([[float(rng.choice([1, 1, 2, 3, 5, 7, 9, 12]))] for _ in X])

    def changed():
        other = rng.choice([X.copy(), stretched()])
        place = rng.randrange(len(X))
        other[place] = rng.choice(
            [n for n in (-2.0, -1.0, 0.0, 1.0, 3.0, 12.0) if np.sign(n) != np.sign(X[place])]
        )
        return other + 0.0  # + 0.0: no -0.0

    return first, [*(call(stretched() + 0.0) for _ in range(8)), *(call(changed()) for _ in range(10))]


def same_norms(rng):
    """Signs do not matter for a norm, as long as they change for all numbers of an array."""
    first = norms_call(rng)
    Wh, H, dh_T = (each.value for each in first)

    def call(weights=1.0, error=1.0, states=1.0):
        arrays = {"Wh": (weights, Wh), "H": (states, H), "dh_T": (error, dh_T)}
        return varied(first, **{name: n * each + 0.0 for name, (n, each) in arrays.items() if n != 1})

    same = [call(-1.0), call(error=-1.0), call(-1.0, -1.0), call(2.0, 1.0), call(2.0, 0.5), call(-0.5, 2.0)]
    same += [call(-1.0, states=-1.0), call(states=-1.0), call(1.0, -1.0, -1.0)]
    other = [call(factor, sign) for factor in (2.0, -2.0, 0.5, -0.5) for sign in (1.0, -1.0)]
    other += [call(sign, factor) for factor in (2.0, -2.0, 0.5, 3.0) for sign in (1.0, -1.0)]
    return first, [*same, *other]


def same_clipping(rng):
    """Limits above the norm change nothing."""
    numbers, other, norm = rng.choice(WHOLE)
    base = rng.choice([1.0, -1.0]), rng.choice([1.0, -1.0])

    def call(limit, one=1.0, two=1.0):
        arrays = np.array(numbers) * one * base[0], np.array([float(other)]) * two * base[1]
        return [*arrays], limit

    above = rng.sample([norm, norm + 0.5, norm + 1, norm + 2.5, 2 * norm, 10 * norm, 12 * norm, 100], 8)
    below = [norm - 1, norm - 0.5, norm - 0.25, norm / 2, 0.5, 1.5, norm - 1.5, norm - 0.75]
    factors = [(-1.0, 1.0), (1.0, -1.0), (-1.0, -1.0), (3.0, 1.0), (1.0, 2.0), (1.0, -3.0)]
    wrong = [call(limit) for limit in below] + [call(rng.choice(above), *each) for each in factors]
    return call(above[0]), [*map(call, above[1:]), *wrong]


def same_cut(rng):
    """If `k` is the number of steps or larger, no step is cut off."""
    steps = rng.randrange(4, 9)
    k = steps + rng.randrange(3)
    same = [cut(steps, each) for each in range(steps, 16) if each != k]
    other = [cut(steps, each) for each in range(1, steps)]
    for factor in (2.0, 0.5, 0.0, 0.0, 0.0):
        other.append(cut(steps, rng.randrange(1, 16), factor))
    other += [cut(steps + more, rng.randrange(steps, 16)) for more in (-2, -1, 1, 2)]
    return cut(steps, k), [*same, *other]


SAME = {
    "rnn_forward": same_states,
    "gradient_norms": same_norms,
    "clip_by_global_norm": same_clipping,
    "truncated": same_cut,
}


@question("rnn_forward", level=1, kind="shape")
def shape_of_the_states(code, call):
    """What is the shape of `H`, the array that your function returns for {call}?"""
    H = code.run(call)
    X, *_ = (each.value for each in call)
    yield H.shape
    yield Wrong((len(X), H.shape[1]), "The state before the first step has a row, too.")
    yield Wrong((len(X) + 1, X.shape[1]), "A row of `H` has one number per unit, not per feature.")
    yield Wrong((H.shape[1], len(X) + 1), "Each state is a row.")
    yield Wrong((len(X) + 1,), "A state is a row of numbers, one per unit.")


@question("rnn_forward", level=1)
def second_state(code, call):
    """What is in `H[2]`, the state after the second step, for {call}? Note that tanh of ±20 is ±1."""
    H = code.run(call)
    first, second = H[2]
    yield H[2]
    yield from code.mistakes(lambda result: np.clip(result[2], -1, 1))
    yield Wrong(H[1], "That is the state after the first step.")
    yield Wrong(np.array([first, -second]), "Add up again what the second unit gets, from which state?")
    yield Wrong(np.array([second, first]), "Each column of the weights belongs to one unit. The order stays.")


@question("rnn_backward", level=1)
def gradient_of_the_recurrent_weight(code, call):
    """Which number is in `grads["Wh"]` for {call}?"""
    yield code.run(call)["Wh"]
    yield from code.mistakes(lambda grads: grads["Wh"])


@question("rnn_backward", level=1)
def gradient_of_the_first_input(code, call):
    """Which number is in `grads["x"][0]`, the gradient for the first input, for {call}?"""
    x = code.run(call)["x"]
    yield x[0]
    yield Wrong(x[-1], "That is the gradient for the last input.")
    yield from code.mistakes(lambda grads: grads["x"][0])


@question("gradient_norms", level=1)
def first_norm(code, call):
    """What is `norms[0]`, the first entry that your function returns, for {call}?"""
    norms = code.run(call)
    yield norms[0]
    yield Wrong(norms[-1], "That is the norm of `dh_T`, which belongs to the last state.")
    yield Wrong(norms[1], "That belongs to the state after it: the error has one more step to go.")
    if len(norms) < 5:  # always, and the right one would mostly be in the middle
        yield from code.mistakes(lambda result: result[0])
    for t, norm in enumerate(norms[2:-1], 2):
        yield Wrong(norm, f"That belongs to `H[{t}]`.")


@question("clip_by_global_norm", level=1)
def first_array(code, call):
    """Which numbers are in `clipped[0]`, the first array that your function returns, for {call}?"""
    grads, limit = call
    (clipped, norm) = code.run(call)
    yield clipped[0]
    yield Wrong(grads[0] * limit / norm, "The norm is within the limit, so nothing changes.")
    yield Wrong(grads[0], "The norm is above the limit, so all numbers are scaled.")
    yield Wrong(grads[0] * norm / limit, "The factor is the limit divided by the norm, and at most 1.")
    yield Wrong(np.clip(grads[0], -limit, limit), "The limit is about the norm, not about single numbers.")


@question("clip_by_global_norm", level=1, kind="number")
def norm_of_all(code, call):
    """What is `norm`, the second result of your function, for {call}?"""
    grads, limit = call
    yield code.run(call)[1]
    yield Wrong(limit, "That is the limit. Your function returns the norm before clipping.")
    yield Wrong(sum(np.linalg.norm(each) for each in grads), "The norms of the arrays do not add up.")
    yield Wrong(sum(np.sum(each**2) for each in grads), "The square root is missing.")
    yield Wrong(sum(np.sum(np.abs(each)) for each in grads), "A norm adds up squares, not sizes.")


@question("truncated", level=1, kind="number")
def rows_that_are_not_zero(code, call):
    """How many rows of `grads["x"]` differ from zero for {call}?"""
    steps, k = len(call[0].value), call[-1].value
    yield int(np.count_nonzero(code.run(call)["x"].any(axis=1)))
    yield Wrong(steps, "That is the number of all rows. Inputs before the last `k` get no gradient.")
    yield Wrong(k, "There are no more rows than steps.")
    yield Wrong(k + 1, "`k` steps read `k` inputs. Only of the states, there is one more.")
    if k < steps:
        yield Wrong(steps - k, "That is the number of steps that are cut off.")


@question("truncated", level=1)
def gradient_of_the_bias(code, call):
    """Which number is in `grads["b"]` for {call}?"""
    yield code.run(call)["b"]
    _, H, _, Wh, error, _ = (each.value for each in call)
    total = np.zeros(1)
    if len(H) == 3:
        yield Wrong(total, "The last step always contributes.")
    for steps, state in enumerate(H[:0:-1], 1):
        total, error = total + error * (1 - state**2), (error * (1 - state**2)) @ Wh.T
        yield Wrong(
            total,
            f"That is the sum over the last {steps} steps." if steps > 1 else "That is the last step alone.",
        )
